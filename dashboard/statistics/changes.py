"""Did the rate change at a date that was named beforehand? An association, never a cause."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM

from dashboard.statistics.intervals import FloatArray, rate_interval

FEWEST_POINTS = 8
YEAR = 365.25 * 24 * 3600  # seconds


@dataclass(frozen=True)
class Change:
    """Rates on both sides of a date, and the jump at the date where there are enough points.

    `before` and `after`: Wilson limits of the pooled rates. `odds_ratio` with its limits: the jump in the odds of
    sharing at the date, trend taken out; None where a side has fewer than 8 points. `left_out`: points that
    straddle the date. `reading` is always "association".
    """

    basis: Literal["segmented", "two intervals"]
    before: tuple[float, float]
    after: tuple[float, float]
    points_before: int
    points_after: int
    left_out: int
    odds_ratio_low: float | None = None
    odds_ratio_high: float | None = None
    p_value: float | None = None
    dispersion: float | None = None
    reading: str = field(default="association", init=False)


def change_at(points: pd.DataFrame, on: date, *, design_effect: float = 1.0, level: float = 0.95) -> Change:
    """Compare the rate before and after `on`, a date named beforehand (a law, a new tool), never one found in the data.

    `points`: one row per period of one agency group and regime: starts_on, ends_on (first day after it), asked (> 0),
    shared_low, shared_high. At least 8 points on each side: binomial regression of shared on time, a jump at the
    date and a change of slope, with the dispersion from Pearson's X2 (not below 1) and t quantiles. Ranges: fitted at
    the low and at the high ends, apart on each side of the date; the widest limits and the largest p count.
    Fewer points, or a fit that the data cannot carry: the two intervals only.
    Source: Wagner et al. 2002, J. Clin. Pharm. Ther. 27: 299-309; McCullagh and Nelder 1989, section 4.5.
    """
    starts, ends = pd.to_datetime(points["starts_on"]), pd.to_datetime(points["ends_on"])
    moment = pd.Timestamp(on)
    is_before, is_after = ends <= moment, starts >= moment
    before, after = points[is_before], points[is_after]
    compared = Change(
        "two intervals",
        before=_interval(before, design_effect, level),
        after=_interval(after, design_effect, level),
        points_before=len(before),
        points_after=len(after),
        left_out=int((~(is_before | is_after)).sum()),
    )
    if min(len(before), len(after)) < FEWEST_POINTS:
        return compared
    used = points[is_before | is_after]
    seconds = (starts + (ends - starts) / 2 - moment).dt.total_seconds()[used.index]
    years: FloatArray = np.asarray(seconds, dtype=np.float64) / YEAR
    jumps = [_jump(used, years, world, level) for world in _worlds(used)]
    made = [jump for jump in jumps if jump is not None]
    if len(made) < len(jumps):
        return compared
    directions = {jump.is_up for jump in made}
    return replace(
        compared,
        basis="segmented",
        odds_ratio_low=min(jump.low for jump in made),
        odds_ratio_high=max(jump.high for jump in made),
        # Ranges so wide that the jump may go either way prove nothing, however small each p is.
        p_value=1.0 if len(directions) > 1 else max(jump.p_value for jump in made),
        dispersion=max(jump.dispersion for jump in made),
    )


def _interval(points: pd.DataFrame, design_effect: float, level: float) -> tuple[float, float]:
    low, high, asked = (float(points[name].sum()) for name in ("shared_low", "shared_high", "asked"))
    return rate_interval(low, high, asked, design_effect=design_effect, level=level)


class _Jump(NamedTuple):
    low: float
    high: float
    p_value: float
    dispersion: float
    is_up: bool


def _worlds(points: pd.DataFrame) -> list[tuple[str, str]]:
    """Which end of the ranges to take before and after: one pair where all are exact, else all four."""
    low, high = "shared_low", "shared_high"
    if (points[low] == points[high]).all():
        return [(low, low)]
    return [(low, low), (low, high), (high, low), (high, high)]


def _jump(points: pd.DataFrame, years: FloatArray, ends: tuple[str, str], level: float) -> _Jump | None:
    """Odds ratio of the jump at year 0; None where the likelihood has no maximum."""
    later = (years >= 0).astype(float)
    shared = np.where(later == 1, points[ends[1]], points[ends[0]]).astype(float)
    asked = points["asked"].to_numpy(float)
    # All yes or all no on one side: the likelihood has no maximum and the limits would mean nothing.
    if any(shared[later == side].sum() in (0, asked[later == side].sum()) for side in (0, 1)):
        return None
    design = np.column_stack([np.ones_like(years), years, later, years * later])
    fit = GLM(np.column_stack([shared, asked - shared]), design, family=Binomial()).fit()
    # What scale="X2" stands for, by hand: given counts of yes and no, statsmodels 0.15 leaves the number asked out of
    # X2, so that its scale is too small by that factor. Less spread than coin tosses is luck, hence at least 1.
    dispersion = max(1.0, float(fit.pearson_chi2 / fit.df_resid))
    jump, error, freedom = float(fit.params[2]), float(fit.bse[2]) * dispersion**0.5, fit.df_resid
    if not fit.converged or not np.isfinite(error) or error == 0:
        return None
    half = stats.t.isf((1 - level) / 2, freedom) * error
    p_value = 2 * stats.t.sf(abs(jump) / error, freedom)
    return _Jump(float(np.exp(jump - half)), float(np.exp(jump + half)), float(p_value), dispersion, jump > 0)
