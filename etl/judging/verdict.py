"""What the judge says: counts, refusals, and for every leak the recipe that recovers it. Public facts only."""

from dataclasses import asdict, dataclass, field
from typing import Any

from etl.judging.rules import ASKED_BEYOND_REQUESTS, ASKED_NEEDED, MIX_NEEDED, RANGES_FROM, WIDTH_NEEDED

LEAKS_TOLD = 5


@dataclass(frozen=True)
class Refusal:
    """A release that is not what it must be. `recipe`: what a reader could do with it; `rows`: how many are so."""

    rule: str
    where: str
    recipe: str
    rows: int = 1


@dataclass(frozen=True)
class Reach:
    """What all published rows leave open for one set of requests. Residents; `requests` is public and not a person.

    `excess_low` is the least that asked can exceed requests by.
    """

    requests: int
    asked_low: int
    asked_high: int
    shared_low: int
    shared_high: int
    not_shared_low: int
    not_shared_high: int
    excess_low: int

    @property
    def width(self) -> int:
        """How far asked stays uncertain."""
        return self.asked_high - self.asked_low

    def in_words(self) -> str:
        """What is then known, as a sentence part."""
        parts = [span("asked", self.asked_low, self.asked_high), span("shared", self.shared_low, self.shared_high)]
        parts.append(span("not shared", self.not_shared_low, self.not_shared_high))
        return ", ".join(parts)


def span(word: str, low: int, high: int) -> str:
    """'asked is 7 to 9', or 'asked is exactly 7'."""
    return f"{word} is exactly {low}" if low == high else f"{word} is {low} to {high}"


@dataclass(frozen=True)
class Leak:
    """A set of requests about which the published rows tell too much, and how to find it out."""

    where: str
    reach: Reach
    recipe: str

    def in_words(self) -> str:
        """Where, what, how."""
        wrong = []
        if self.reach.width < WIDTH_NEEDED:
            wrong.append(f"asked keeps a range {self.reach.width} wide ({WIDTH_NEEDED} needed)")
        if self.reach.shared_high < MIX_NEEDED:
            wrong.append(f"shared cannot reach {MIX_NEEDED}")
        if self.reach.not_shared_high < MIX_NEEDED:
            wrong.append(f"not shared cannot reach {MIX_NEEDED}")
        return f"{self.where}: {'; '.join(wrong)}.\n    How: {self.recipe}\n    Then known: {self.reach.in_words()}."


@dataclass(frozen=True)
class Verdict:
    """The judgement of releases taken together.

    A cell is one agency, program, regime, quarter, category, county and area. `published` cells are unions of whole
    blocks; `protected` ones hold something that no reader can work out. `combinations` are further sets judged:
    an agency's quarters, categories, and differences of published rows. Undecided counts as failure.
    """

    releases: tuple[str, ...] = ()
    blocks: int = 0
    cells: int = 0
    published: int = 0
    protected: int = 0
    failed: int = 0
    undecided: int = 0
    combinations: int = 0
    combinations_failed: int = 0
    seconds: float = 0.0
    refusals: tuple[Refusal, ...] = ()
    leaks: tuple[Leak, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @property
    def ok(self) -> bool:
        """True only if nothing can be recovered and nothing is in doubt."""
        return not (self.refusals or self.leaks or self.failed or self.undecided or self.combinations_failed)

    @property
    def narrowest(self) -> Leak | None:
        """The leak that tells most: the least uncertain asked, then the least open answers."""
        return min(self.leaks, key=lambda leak: severity(leak.reach), default=None)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {**asdict(self), "ok": self.ok}

    def report(self) -> str:
        """For a terminal: the numbers, then what is wrong, the narrowest leak first."""
        answer = "Nothing below a block can be recovered." if self.ok else "REFUSED."
        lines = [
            f"{answer} {len(self.releases)} releases judged together, {self.blocks:,} blocks, {self.cells:,} cells: "
            f"{self.published:,} published whole, {self.protected:,} protected, {self.failed:,} failed, "
            f"{self.undecided:,} undecided; {self.combinations:,} combinations judged, "
            f"{self.combinations_failed:,} failed; {self.seconds:.1f} s."
        ]
        for refusal in self.refusals:
            more = f" ({refusal.rows:,} rows in all)" if refusal.rows > 1 else ""
            lines.append(f"- {refusal.rule}: {refusal.where}{more}\n    How: {refusal.recipe}")
        told = sorted(self.leaks, key=lambda leak: severity(leak.reach))
        lines += [f"- {leak.in_words()}" for leak in told[:LEAKS_TOLD]]
        if len(told) > LEAKS_TOLD:
            lines.append(f"  and {len(told) - LEAKS_TOLD:,} more.")
        lines += [f"  note: {note}" for note in self.notes]
        return "\n".join(lines)


def severity(reach: Reach) -> tuple[int, int, int]:
    """Smaller is worse."""
    return reach.width, min(reach.shared_high, reach.not_shared_high), reach.asked_high


def open_enough(reach: Reach) -> bool:
    """True if asked stays uncertain and both answers stay possible."""
    return is_mixed(reach) and reach.width >= WIDTH_NEEDED


def is_known_safe(reach: Reach) -> bool:
    """True if the low limits show a set so large and mixed that it could be a block itself, or the sum of some."""
    if reach.excess_low < ASKED_BEYOND_REQUESTS:
        return False
    if reach.asked_low >= ASKED_NEEDED and min(reach.shared_low, reach.not_shared_low) >= MIX_NEEDED:
        return True
    return reach.asked_low >= RANGES_FROM and is_mixed(reach)


def is_mixed(reach: Reach) -> bool:
    """True if shared and not shared can each reach what is needed."""
    return min(reach.shared_high, reach.not_shared_high) >= MIX_NEEDED
