"""Which whole-number worlds agree with rows that overlap: limits by HiGHS, each met by a world checked exactly.

A world gives every set of requests (an atom) a number of residents asked, answered and shared. No solver is believed.
That a number can be reached is shown by a world, rounded and recomputed in whole numbers against every row. That it
cannot be passed is shown by multipliers of the published rows (duality of linear programmes), from which the limit is
reckoned anew. Integer programmes run without presolve: that of HiGHS 1.12 (in scipy 1.17) calls wrong values optimal
even on six unknowns (found by our property test; upstream issues 2900, 3043, 3073).
"""

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from etl.judging.rules import MIX_NEEDED, WIDTH_NEEDED
from etl.judging.verdict import Reach, is_known_safe, open_enough

State = Literal["open", "safe", "narrow", "unsure"]
SECONDS_EACH = 10.0
OPTIMAL = 0
DRAWS_EACH = 8
ROUNDING = 1e-6


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
    counts: list[int] = field(default_factory=list)  # places of the unknowns that are numbers of requests

    def unknown(self, low: int, high: int) -> int:
        """A new unknown; returns its place."""
        self.low.append(low)
        self.high.append(high)
        return len(self.low) - 1

    def add(self, says: str, weights: dict[int, int], low: float, high: float, *, is_press: bool = False) -> None:
        """A new row."""
        self.rows.append(Row(says, weights, low, high, is_press))


@dataclass(frozen=True)
class Limit:
    """A limit of a sum: the value that a world reaches (None: no world found) and the one that multipliers show."""

    reached: int | None
    shown: int
    multipliers: np.ndarray
    is_optimal: bool = False

    @property
    def is_certain(self) -> bool:
        """True if both meet, or the solver says that nothing lies between."""
        return self.reached == self.shown or self.is_optimal


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
        self.row_low = np.array([row.low for row in self.rows], dtype=float)
        self.row_high = np.array([row.high for row in self.rows], dtype=float)
        self.same = self.row_low == self.row_high
        self.upper = np.flatnonzero(~self.same & np.isfinite(self.row_high))
        self.lower = np.flatnonzero(~self.same & np.isfinite(self.row_low))
        matrix = self.matrix.astype(float)
        self.unequal = sparse.vstack([matrix[self.upper], -matrix[self.lower]]).tocsr()
        self.unequal_limits = np.concatenate([self.row_high[self.upper], -self.row_low[self.lower]])
        self.equal = matrix[self.same]
        self.counts = np.array(problem.counts, dtype="int64")
        self.found = np.empty((0, self.size), dtype="int64")
        self.solved = 0

    def look_around(self, times: int) -> None:
        """Collect worlds at random corners (always the same ones): they answer most questions before they are asked.

        Numbers of requests are drawn by a whole-number programme, then held while the people are drawn several times.
        """
        rng = np.random.default_rng(0)
        for round_ in range(times):
            costs = rng.standard_normal(self.size)
            low, high = self.low.copy(), self.high.copy()
            if len(self.counts):
                if round_ % DRAWS_EACH == 0 and self.whole(costs) is None:
                    return
                drawn = self.found[-1][self.counts]
                low[self.counts] = high[self.counts] = drawn
            _, _, candidate = self.linear(costs, low, high)
            if candidate is not None:
                self.keep(candidate)

    def keep(self, world: np.ndarray) -> bool:
        """Keep a world if every limit and every row holds in whole numbers."""
        sums = self.matrix @ world
        holds = (world >= self.low).all() and (world <= self.high).all()
        if not (holds and (sums >= self.row_low).all() and (sums <= self.row_high).all()):
            return False
        self.found = np.vstack([self.found, world])
        return True

    def limit(self, weights: np.ndarray, *, most: bool) -> Limit:
        """The largest or smallest value of a weighted sum: what a world reaches and what multipliers show."""
        sign = -1 if most else 1
        outer, multipliers, candidate = self.linear(sign * weights)
        if candidate is not None and self.keep(candidate) and sign * int(candidate @ weights) == outer:
            return Limit(sign * outer, sign * outer, multipliers * sign)
        is_optimal = self.whole(sign * weights)
        inner = None if is_optimal is None else int(self.found[-1] @ weights)
        return Limit(inner, sign * outer, multipliers * sign, is_optimal=bool(is_optimal))

    def whole(self, costs: np.ndarray) -> bool | None:
        """Find and keep a world of least cost: whether the solver calls it the best, None if none was found."""
        answer = milp(
            costs.astype(float),
            integrality=np.ones(self.size),
            bounds=Bounds(self.low, self.high),
            constraints=LinearConstraint(self.matrix.astype(float), self.row_low, self.row_high) if self.rows else (),
            options={"time_limit": SECONDS_EACH, "mip_rel_gap": 0.0, "presolve": False},
        )
        self.solved += 1
        if answer.x is None or not self.keep(np.rint(answer.x).astype("int64")):
            return None
        return answer.status == OPTIMAL

    def linear(
        self, costs: np.ndarray, low: np.ndarray | None = None, high: np.ndarray | None = None
    ) -> tuple[int, np.ndarray, np.ndarray | None]:
        """Solve for the least cost without whole numbers: a lower limit, its multipliers, and the solution rounded.

        The limit is not the solver's value: it is reckoned from the multipliers, and holds whatever they are. Other
        limits of the unknowns than the problem's (`low`, `high`) are for finding worlds only.
        """
        answer = linprog(
            costs.astype(float),
            A_ub=self.unequal,
            b_ub=self.unequal_limits,
            A_eq=self.equal,
            b_eq=self.row_low[self.same],
            bounds=np.column_stack([self.low if low is None else low, self.high if high is None else high]),
            method="highs",
        )
        self.solved += 1
        multipliers = np.zeros(len(self.rows))
        candidate = None
        if answer.status == OPTIMAL:
            multipliers[self.same] = answer.eqlin.marginals
            multipliers[self.upper] += answer.ineqlin.marginals[: len(self.upper)]
            multipliers[self.lower] -= answer.ineqlin.marginals[len(self.upper) :]
            candidate = np.rint(answer.x).astype("int64")
        return self.reckoned(costs, multipliers), multipliers, candidate

    def reckoned(self, costs: np.ndarray, multipliers: np.ndarray) -> int:
        """The least that costs can come to by these multipliers: sum of rows at their limits and unknowns at theirs."""
        multipliers = np.where(np.isfinite(self.row_low) | (multipliers < 0), multipliers, 0.0)
        multipliers = np.where(np.isfinite(self.row_high) | (multipliers > 0), multipliers, 0.0)
        left = costs - self.matrix.T @ multipliers
        by_rows = np.where(multipliers > 0, multipliers * finite(self.row_low), multipliers * finite(self.row_high))
        by_unknowns = np.where(left > 0, left * self.low, left * self.high)
        return int(np.ceil(by_rows.sum() + by_unknowns.sum() - ROUNDING))

    def reach(self, asked: np.ndarray, shared: np.ndarray, requests: np.ndarray, listed: int) -> tuple[Reach, State]:
        """What worlds show to be open for a set, given as weights over the unknowns, and what follows.

        Its requests are `listed` plus `requests` (weights, where their number is itself unknown). Stops as soon as the
        set is proved open or safe, so the truth may be wider than what is told. 'unsure' where rows contradict each
        other or time ran out.
        """
        if not len(self.found) and self.limit(asked, most=True).reached is None:
            return Reach(listed, *[0] * 7), "unsure"
        if open_enough(seen := self.seen(asked, shared, requests, listed)):
            return seen, "open"
        if is_known_safe(self.bounded(seen, asked, shared, requests)):
            return seen, "safe"
        certain = True
        for weights, most in ((asked, True), (asked, False), (shared, True), (asked - shared, True)):
            certain = self.limit(weights, most=most).is_certain and certain
            if open_enough(seen := self.seen(asked, shared, requests, listed)):
                return seen, "open"
        if is_known_safe(self.bounded(seen, asked, shared, requests)):
            return seen, "safe"
        return seen, "narrow" if certain else "unsure"

    def bounded(self, seen: Reach, asked: np.ndarray, shared: np.ndarray, requests: np.ndarray) -> Reach:
        """The same with low limits that multipliers show: sure, and no higher than the truth."""
        lows = (asked, shared, asked - shared, asked - requests)
        asked_low, shared_low, not_shared_low, excess_low = (self.linear(low)[0] for low in lows)
        return replace(
            seen,
            asked_low=asked_low,
            shared_low=shared_low,
            not_shared_low=not_shared_low,
            excess_low=excess_low - seen.requests,
        )

    def seen(self, asked: np.ndarray, shared: np.ndarray, requests: np.ndarray, listed: int) -> Reach:
        """The limits that the worlds found so far reach."""
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
        """Which published rows, added and subtracted, give the limit."""
        multipliers = self.limit(weights, most=most).multipliers
        used = [(x, row) for x, row in zip(multipliers, self.rows, strict=True) if abs(x) > ROUNDING and row.says]
        used.sort(key=lambda pair: -pair[0])
        return " ".join(f"{'plus' if value > 0 else 'minus'} {times(abs(value))}[{row.says}]" for value, row in used)


def finite(limits: np.ndarray) -> np.ndarray:
    """Limits with 0 for none, where a multiplier of 0 would else give no number."""
    return np.where(np.isfinite(limits), limits, 0.0)


def times(value: float) -> str:
    """A multiplier as a reader would write it; nothing for one."""
    return "" if abs(value - 1) < ROUNDING else f"{value:g} x "


def adds_to(joint: Reach, press: Reach) -> bool:
    """True if all rows together tell more of a narrow set than the press figures alone, in what makes it narrow."""
    narrower = joint.width < WIDTH_NEEDED and joint.width < press.width
    fewer = joint.shared_high < MIX_NEEDED and joint.shared_high < press.shared_high
    fewer_not = joint.not_shared_high < MIX_NEEDED and joint.not_shared_high < press.not_shared_high
    return narrower or fewer or fewer_not
