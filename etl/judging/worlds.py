"""Which whole-number worlds agree with rows that overlap: limits by HiGHS, each met by a world checked exactly.

A world gives every set of requests (an atom) a number of residents asked, answered and shared. HiGHS works in floating
point, so a world counts only after it was rounded and every row recomputed in whole numbers.
"""

from dataclasses import dataclass, field, replace

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from etl.judging.rules import ASKED_NEEDED, MIX_NEEDED, WIDTH_NEEDED
from etl.judging.verdict import Reach, is_safe

SECONDS_EACH = 10.0
OPTIMAL, OUT_OF_TIME, INFEASIBLE = 0, 1, 2


@dataclass(frozen=True)
class Row:
    """One published fact as low <= sum of weights x unknowns <= high. `says` is how a reader would quote it."""

    says: str
    weights: dict[int, int]
    low: float
    high: float
    is_press: bool = False


@dataclass
class Problem:
    """Unknowns (whole numbers between limits) and the rows that tie them. Limits of an unknown: see `unknown`."""

    low: list[int] = field(default_factory=list)
    high: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def unknown(self, low: int, high: int) -> int:
        """A new unknown; returns its place."""
        self.low.append(low)
        self.high.append(high)
        return len(self.low) - 1

    def add(self, says: str, weights: dict[int, int], low: float, high: float, *, is_press: bool = False) -> None:
        """A new row."""
        self.rows.append(Row(says, weights, low, high, is_press))


class Worlds:
    """The worlds of one problem. Every world found is kept: one world often answers many questions."""

    def __init__(self, problem: Problem, *, press_only: bool = False) -> None:
        self.rows = [row for row in problem.rows if row.is_press or not row.says or not press_only]
        self.size = len(problem.low)
        self.low = np.array(problem.low, dtype="int64")
        self.high = np.array(problem.high, dtype="int64")
        entries = [(place, at, weight) for place, row in enumerate(self.rows) for at, weight in row.weights.items()]
        places, columns, weights = (list(part) for part in zip(*entries, strict=True)) if entries else ([], [], [])
        self.matrix = sparse.csr_matrix((weights, (places, columns)), shape=(len(self.rows), self.size), dtype="int64")
        self.row_low = np.array([row.low for row in self.rows])
        self.row_high = np.array([row.high for row in self.rows])
        self.found = np.empty((0, self.size), dtype="int64")
        self.solved = 0

    def extreme(self, weights: np.ndarray, *, most: bool) -> tuple[int | None, bool]:
        """The largest or smallest value of a weighted sum, and whether that is proved; None if no world was found."""
        sign = -1 if most else 1
        constraints = LinearConstraint(self.matrix.astype(float), self.row_low, self.row_high) if self.rows else ()
        answer = milp(
            sign * weights.astype(float),
            integrality=np.ones(self.size),
            bounds=Bounds(self.low, self.high),
            constraints=constraints,
            options={"time_limit": SECONDS_EACH, "mip_rel_gap": 0.0},
        )
        self.solved += 1
        if answer.x is None or not self.keep(np.rint(answer.x).astype("int64")):
            return None, answer.status == INFEASIBLE
        return int(self.found[-1] @ weights), answer.status == OPTIMAL

    def keep(self, world: np.ndarray) -> bool:
        """Keep a world if every limit and every row holds in whole numbers."""
        sums = self.matrix @ world
        holds = (world >= self.low).all() and (world <= self.high).all()
        if not (holds and (sums >= self.row_low).all() and (sums <= self.row_high).all()):
            return False
        self.found = np.vstack([self.found, world])
        return True

    def reach(self, asked: np.ndarray, shared: np.ndarray, requests: np.ndarray, listed: int) -> Reach | None:
        """What stays open for a set, given as weights over the unknowns; None where rows contradict or time ran out.

        Its requests are `listed` plus `requests` (weights, where their number is itself unknown).

        Stops as soon as the worlds found prove the set safe, so limits may be wider in truth than they are told.
        """
        if not len(self.found) and self.extreme(asked, most=True)[0] is None:
            return None
        seen = self.seen(asked, shared, requests, listed)
        if open_enough(seen):
            return seen
        certain = True
        for weights, most in ((asked, True), (asked, False), (shared, True), (asked - shared, True)):
            value, proved = self.extreme(weights, most=most)
            certain = certain and proved and value is not None
            seen = self.seen(asked, shared, requests, listed)
            if open_enough(seen):
                return seen
        # Not open enough: is it safe as it is known? That needs the lower limits too.
        if seen.asked_low >= ASKED_NEEDED:
            for weights in (shared, asked - shared, asked - requests):
                value, proved = self.extreme(weights, most=False)
                certain = certain and proved and value is not None
            seen = self.seen(asked, shared, requests, listed)
        return replace(seen, is_certain=certain)

    def seen(self, asked: np.ndarray, shared: np.ndarray, requests: np.ndarray, listed: int) -> Reach:
        """The limits that the worlds found so far show."""
        people, yes, sent = self.found @ asked, self.found @ shared, self.found @ requests
        no = people - yes
        return Reach(
            requests=listed,
            asked_low=int(people.min()),
            asked_high=int(people.max()),
            shared_low=int(yes.min()),
            shared_high=int(yes.max()),
            not_shared_low=int(no.min()),
            not_shared_high=int(no.max()),
            excess_low=int((people - sent).min()) - listed,
        )

    def arithmetic(self, weights: np.ndarray, *, most: bool) -> str:
        """Which published rows, added and subtracted, give the limit: the multipliers of the linear programme."""
        sign = -1.0 if most else 1.0
        same = self.row_low == self.row_high
        matrix = self.matrix.astype(float)
        upper, lower = ~same & np.isfinite(self.row_high), ~same & np.isfinite(self.row_low)
        blocks = [part for part in (matrix[upper], -matrix[lower]) if part.shape[0]]
        answer = linprog(
            sign * weights.astype(float),
            A_ub=sparse.vstack(blocks) if blocks else None,
            b_ub=np.concatenate([self.row_high[upper], -self.row_low[lower]]) if blocks else None,
            A_eq=matrix[same] if same.any() else None,
            b_eq=self.row_low[same] if same.any() else None,
            bounds=np.column_stack([self.low, self.high]),
            method="highs",
        )
        if answer.status != OPTIMAL:
            return "all rows together"
        multipliers = np.zeros(len(self.rows))
        if same.any():
            multipliers[same] = answer.eqlin.marginals * sign
        if blocks:
            tight = answer.ineqlin.marginals * sign
            multipliers[np.flatnonzero(upper)] += tight[: upper.sum()]
            multipliers[np.flatnonzero(lower)] -= tight[upper.sum() :]
        used = [
            (value, row) for value, row in zip(multipliers, self.rows, strict=True) if abs(value) > 1e-7 and row.says
        ]
        used.sort(key=lambda pair: -pair[0])
        return " ".join(f"{'plus' if value > 0 else 'minus'} {times(abs(value))}[{row.says}]" for value, row in used)


def times(value: float) -> str:
    """A multiplier as a reader would write it; nothing for one."""
    return "" if abs(value - 1) < 1e-7 else f"{value:g} x "


def open_enough(reach: Reach) -> bool:
    """True if worlds were found that leave asked wide and both answers possible."""
    mixed = reach.shared_high >= MIX_NEEDED and reach.not_shared_high >= MIX_NEEDED
    return mixed and reach.width >= WIDTH_NEEDED


def adds_to(joint: Reach, press: Reach | None) -> bool:
    """True if the joint rows tell more of an unsafe set than the press figures alone, in what makes it unsafe."""
    if press is None:
        return True
    narrower = joint.width < WIDTH_NEEDED and joint.width < press.width
    fewer = joint.shared_high < MIX_NEEDED and joint.shared_high < press.shared_high
    fewer_not = joint.not_shared_high < MIX_NEEDED and joint.not_shared_high < press.not_shared_high
    return not is_safe(joint) and (narrower or fewer or fewer_not)
