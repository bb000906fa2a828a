"""Consent: sums of whole blocks that lie inside a selection, and how much of it they cover. Nothing below a block."""

from dataclasses import dataclass

import pandas as pd

from dashboard import statistics
from dashboard.public_data.asking import Conditions, of_agencies, question
from dashboard.public_data.requests import requests_inside
from dashboard.releases import Release
from dashboard.selection import Selection

# Under this share of the selection's requests a figure is "partly published" and says n of m.
FULL_COVERAGE = 0.8


@dataclass(frozen=True)
class Consent:
    """The answer to "how often did residents who were asked share?" for one selection.

    `shared_low` and `shared_high` are equal where every block is exact. `rate_low` and `rate_high` are the 95 %
    interval (0 to 1), None where nobody counted was asked. `responded` is the sum over the blocks that show it and
    `asked_of_responded` what those blocks asked: the only denominator it may be divided by.
    """

    asked: int
    shared_low: int
    shared_high: int
    responded: int
    asked_of_responded: int
    shared_low_of_responded: int
    shared_high_of_responded: int
    blocks: int
    agencies: int
    requests_covered: int
    requests_in_selection: int
    requests_with_asked: int
    design_effect: float
    rate_low: float | None
    rate_high: float | None
    status: str

    @property
    def coverage(self) -> float | None:
        """Share of the selection's requests that the blocks rest on, 0 to 1; None without requests."""
        if not self.requests_in_selection:
            return None
        # A request withdrawn since leaves the counts at once, and its block stays.
        return min(1.0, self.requests_covered / self.requests_in_selection)

    @property
    def is_range(self) -> bool:
        """Whether any block of the sum gives the number who shared only as a range."""
        return self.shared_low != self.shared_high

    @property
    def rate(self) -> float | None:
        """shared / asked where it is exact, else None: a range has no single rate."""
        return self.shared_low / self.asked if self.asked and not self.is_range else None


def inside(selection: Selection) -> Conditions:
    """Conditions on a row of consent_blocks (alias blocks) joined with agencies: the block lies wholly inside.

    Wholly: each of its categories, counties and areas is picked, its first quarter begins on or after `since` and its
    last quarter ends on or before `until`. Channel and legal basis are not kept in blocks, so that with one of them
    picked no block lies inside.
    """
    where = of_agencies(selection)
    where.add("blocks.program_id = $program", program=selection.program)
    where.add("blocks.regime_id = $regime", regime=selection.regime)
    where.add("list_has_all($categories, string_split(blocks.categories, '|'))", categories=selection.categories)
    where.add("list_has_all($counties, string_split(blocks.counties, '|'))", counties=selection.counties)
    where.add("list_has_all($areas, string_split(blocks.areas, '|'))", areas=selection.areas)
    where.add("blocks.first_quarter >= $since", since=selection.since)
    where.add("last_day(blocks.last_quarter + interval 2 month) <= $until", until=selection.until)
    if selection.channel or selection.legal_basis:
        where.add("false")
    return where


@question
def blocks_inside(release: Release, selection: Selection) -> pd.DataFrame:
    """One row per block that lies wholly inside the selection, as in table consent_blocks."""
    where = inside(selection)
    return release.query(
        f"""
        select blocks.*
        from consent_blocks as blocks
        join agencies on blocks.agency_id = agencies.agency_id
        where {where.sql}
        order by blocks.agency_id, blocks.first_quarter, blocks.block_id
        """,
        where.values,
    )


def _counts_inside(release: Release, selection: Selection) -> pd.DataFrame:
    """The counts alone of the blocks inside: a country has half a million of them, and texts are slow to hand over.

    Columns: agency_id (a number that stands for it here), requests, asked, responded, shared_low, shared_high.
    """
    where = inside(selection)
    return release.query(
        f"""
        select agencies.rowid as agency_id, blocks.requests, blocks.asked, blocks.responded, blocks.shared_low,
            blocks.shared_high
        from consent_blocks as blocks
        join agencies on blocks.agency_id = agencies.agency_id
        where {where.sql}
        """,
        where.values,
    )


@question
def usual_design_effect(release: Release) -> float | None:
    """The usual design effect inside one agency over the whole release; None where too few blocks tell."""
    return statistics.reference_design_effect(_counts_inside(release, Selection()))


@question
def consent(release: Release, selection: Selection) -> Consent:
    """The consent figure of a selection: sum of the whole blocks inside it, coverage, 95 % interval, status."""
    blocks = _counts_inside(release, selection)
    where = requests_inside(selection)
    requests, with_asked = release.rows(
        f"""
        select coalesce(sum(counts.requests), 0)::bigint, coalesce(sum(counts.requests_with_asked), 0)::bigint
        from request_counts as counts
        join agencies on counts.agency_id = agencies.agency_id
        where {where.sql}
        """,
        where.values,
    )[0]
    asked, low, high = (int(blocks[name].sum()) for name in ("asked", "shared_low", "shared_high"))
    told = blocks[blocks["responded"].notna()]
    effect, limits = 1.0, None
    if asked:
        usual = usual_design_effect(release) if statistics.needs_reference(blocks) else None
        effect = statistics.design_effect(blocks, reference=usual).value
        limits = statistics.rate_interval(low, high, asked, design_effect=effect)
    covered = int(blocks["requests"].sum())
    return Consent(
        asked=asked,
        shared_low=low,
        shared_high=high,
        responded=int(told["responded"].sum()),
        asked_of_responded=int(told["asked"].sum()),
        shared_low_of_responded=int(told["shared_low"].sum()),
        shared_high_of_responded=int(told["shared_high"].sum()),
        blocks=len(blocks),
        agencies=blocks["agency_id"].nunique(),
        requests_covered=covered,
        requests_in_selection=requests,
        requests_with_asked=with_asked,
        design_effect=effect,
        rate_low=limits[0] if limits else None,
        rate_high=limits[1] if limits else None,
        status=_status(release, selection, covered, requests, with_asked),
    )


def _status(release: Release, selection: Selection, covered: int, requests: int, with_asked: int) -> str:
    if covered:
        return "published" if covered >= FULL_COVERAGE * requests else "partly_published"
    if with_asked:
        return "pending"
    regime = release.rows(
        "select has_request_tool, agency_sees_who_was_asked = 'no' and denominator_known_to <> 'agency' from regimes "
        "where regime_id = $regime",
        {"regime": selection.regime},
    )
    if regime and not regime[0][0]:
        return "no_request_tool"
    # Where the agency counts how many it asked, it could say so, even if it never learns whom.
    if regime and regime[0][1]:
        return "not_measurable"
    return "not_reported"
