"""Is the difference between two rates real? An interval and one of two verdicts, never a ranking."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import sqrt
from typing import Final, Literal

from dashboard.statistics.intervals import rate_interval, wilson

DIFFERS: Final = "differs"
CANNOT_TELL: Final = "cannot be told apart"


@dataclass(frozen=True)
class Rate:
    """A rate as published: residents who shared (a range, or low = high), residents asked, design effect."""

    shared_low: float
    shared_high: float
    asked: float
    design_effect: float = 1.0

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Wilson limits of this rate, 0 to 1."""
        return rate_interval(
            self.shared_low, self.shared_high, self.asked, design_effect=self.design_effect, level=level
        )


@dataclass(frozen=True)
class Difference:
    """First rate minus second, from -1 to 1.

    `estimate_low` and `estimate_high` are equal where both counts are exact. `low` and `high` are the limits.
    """

    estimate_low: float
    estimate_high: float
    low: float
    high: float
    level: float
    verdict: Literal["differs", "cannot be told apart"]


def difference(first: Rate, second: Rate, *, level: float = 0.95) -> Difference:
    """First rate minus second with Newcombe's hybrid score interval; "differs" only where the interval leaves out 0.

    Ranges: the widest interval over every pair of their ends. Raises ValueError where nobody was asked.
    Source: Newcombe 1998, Statistics in Medicine 17: 873-890, method 10.
    """
    if min(first.asked, second.asked) <= 0:
        raise ValueError("a difference needs residents asked on both sides")
    ends = [
        _newcombe(first, yes_1, second, yes_2, level)
        for yes_1, yes_2 in product({first.shared_low, first.shared_high}, {second.shared_low, second.shared_high})
    ]
    low, high = min(end[0] for end in ends), max(end[1] for end in ends)
    return Difference(
        estimate_low=first.shared_low / first.asked - second.shared_high / second.asked,
        estimate_high=first.shared_high / first.asked - second.shared_low / second.asked,
        low=low,
        high=high,
        level=level,
        verdict=DIFFERS if low > 0 or high < 0 else CANNOT_TELL,
    )


def level_for(comparisons: int, level: float = 0.95) -> float:
    """Return the level for each of several intervals so that all hold together with `level` (Bonferroni).

    Six agencies make 15 pairs; at 95 % each, one pair in twenty differs by chance alone.
    """
    return 1 - (1 - level) / max(comparisons, 1)


def _newcombe(first: Rate, yes_1: float, second: Rate, yes_2: float, level: float) -> tuple[float, float]:
    rate_1, rate_2 = yes_1 / first.asked, yes_2 / second.asked
    low_1, high_1 = wilson(yes_1, first.asked, design_effect=first.design_effect, level=level)
    low_2, high_2 = wilson(yes_2, second.asked, design_effect=second.design_effect, level=level)
    gap = rate_1 - rate_2
    return (
        gap - sqrt((rate_1 - low_1) ** 2 + (high_2 - rate_2) ** 2),
        gap + sqrt((high_1 - rate_1) ** 2 + (rate_2 - low_2) ** 2),
    )
