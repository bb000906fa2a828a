"""Funnel plot: which agencies lie outside what chance and ordinary variation explain. Not a league table.

Two departures from the plain recipe (Spiegelhalter 2005), both found by simulating equal agencies:
- The mean of squared z after winsorising 10 % on each side is 0.68, not 1, where agencies vary by chance alone. It is
  divided by that, else clustered requests alone would put 11 % of equal agencies outside the 95 % limits.
- Where few residents say yes the normal limits are too tight above: at 3 % of 40 asked they flag 0.7 % beyond the
  upper 99.8 % limit, not 0.1 %. The limit is the wider of the normal one and the exact binomial one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy import special, stats

from dashboard.statistics.intervals import FloatArray

WARNING_Z = 1.96  # about 95 % of equal agencies lie inside
ALARM_Z = 3.09  # about 99.8 %
FEWEST_AGENCIES = 10  # under ten the spread between agencies is a guess: pages show the dots without limits
WINSORISED = 0.1

Method = Literal["multiplicative", "additive"]


@dataclass(frozen=True)
class Funnel:
    """Target, spread and verdicts.

    `target_low` and `target_high`: pooled rate with every range at its low and at its high end. `phi`: times the
    binomial variance; `tau2`: variance between agencies on top of it (one of them is in use, see `method`).
    `agencies`: as given, plus rate_low, rate_high, position_95, position_998 ("inside", "above", "below"), p_value.
    """

    target_low: float
    target_high: float
    phi: float
    tau2: float
    method: Method
    agencies: pd.DataFrame

    @property
    def target(self) -> float:
        """The middle of the pooled rate; exact where no range is in it."""
        return (self.target_low + self.target_high) / 2

    def limits(self, asked: Any, z: float = WARNING_Z) -> tuple[FloatArray, FloatArray]:
        """Lower and upper limit (0 to 1) at these numbers of residents asked: the curves of the plot."""
        sizes = np.asarray(asked, dtype=float)
        low, _ = limits(self.target_low, self._effective(sizes, self.target_low), z)
        _, high = limits(self.target_high, self._effective(sizes, self.target_high), z)
        return low, high

    def _effective(self, asked: FloatArray, target: float) -> FloatArray:
        return effective_size(asked, target, self.phi, self.tau2 if self.method == "additive" else None)


def funnel(agencies: pd.DataFrame, *, method: Method = "multiplicative") -> Funnel:
    """Limits and verdicts for one row per agency with columns asked (> 0), shared_low, shared_high.

    An agency is outside only if both ends of its range are, on the same side. `p_value` is two-sided, of the end
    nearer to the target; for `false_discovery`. Everything is inside where all said yes or nobody did.
    Source: Spiegelhalter 2005, Statistics in Medicine 24: 1185-1202.
    """
    asked = agencies["asked"].to_numpy(float)
    low, high = agencies["shared_low"].to_numpy(float), agencies["shared_high"].to_numpy(float)
    if np.any(asked <= 0) or np.any(low < 0) or np.any(low > high) or np.any(high > asked):
        raise ValueError("each agency needs asked > 0 and 0 <= shared_low <= shared_high <= asked")
    target_low, target_high = (float(yes.sum() / asked.sum()) if len(asked) else np.nan for yes in (low, high))
    phis, taus = zip(spread(low, asked), spread(high, asked), strict=True)
    fitted = Funnel(target_low, target_high, max(phis), max(taus), method, agencies)
    marked = agencies.assign(rate_low=low / asked, rate_high=high / asked)
    for column, z in (("position_95", WARNING_Z), ("position_998", ALARM_Z)):
        lower, upper = fitted.limits(asked, z)
        is_above, is_below = marked["rate_low"] > upper, marked["rate_high"] < lower
        marked[column] = np.select([is_above, is_below], ["above", "below"], "inside")
    marked["p_value"] = _p_values(fitted, asked, low, high)
    return replace(fitted, agencies=marked)


def spread(shared: FloatArray, asked: FloatArray) -> tuple[float, float]:
    """Overdispersion (phi, tau2) of exact counts, one per agency: phi at least 1, tau2 at least 0.

    phi = mean of squared z after winsorising 10 % each side, over its expectation for normal z (see above).
    tau2 = max(0, (I phi - (I - 1)) / (sum w - sum w^2 / sum w)), w = n / (t (1 - t)).
    """
    target = shared.sum() / asked.sum() if len(asked) else 0.0
    if len(asked) < 2 or target in (0.0, 1.0):
        return 1.0, 0.0
    weight = asked / (target * (1 - target))
    z = np.sort((shared / asked - target) * np.sqrt(weight))
    count = len(z)
    cut = int(WINSORISED * count)
    z = np.clip(z, z[cut], z[count - 1 - cut])
    phi = float((z**2).mean()) / winsorised_square(cut / count)
    tau2 = (count * phi - (count - 1)) / (weight.sum() - (weight**2).sum() / weight.sum())
    return max(1.0, phi), max(0.0, float(tau2))


def winsorised_square(share: float) -> float:
    """Expected square of a standard normal whose outer `share` on each side is pulled in; 1 for 0, 0.68 for 0.1."""
    if share == 0:
        return 1.0
    edge = stats.norm.isf(share)
    return float(1 - 2 * share - 2 * edge * stats.norm.pdf(edge) + 2 * share * edge**2)


def effective_size(asked: FloatArray, target: float, phi: float, tau2: float | None) -> FloatArray:
    """Number of independent answers with the same variance: asked / phi, or asked with tau2 added to the variance."""
    if tau2 is None:
        return asked / phi
    variance = target * (1 - target)
    return asked / (1 + asked * tau2 / variance) if variance > 0 else asked


def limits(target: float, size: FloatArray, z: float) -> tuple[FloatArray, FloatArray]:
    """Wider of t -+ z sqrt(t (1 - t) / size) and the exact binomial limits, read between whole numbers."""
    half = z * np.sqrt(target * (1 - target) / size)
    if target in (0.0, 1.0):
        return np.full_like(size, target), np.full_like(size, target)
    tail = stats.norm.sf(z)
    # Continuous in the count, so that the curve is smooth. Not a number: even 0 yeses are not rare enough.
    exact_low = np.nan_to_num(special.bdtrik(tail, size, target), nan=0.0) / size
    exact_high = (np.nan_to_num(special.bdtrik(1 - tail, size, target), nan=0.0) + 1) / size
    return (
        np.clip(np.minimum(target - half, exact_low), 0, 1),
        np.clip(np.maximum(target + half, exact_high), 0, 1),
    )


def _p_values(fitted: Funnel, asked: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
    """Two-sided p values that agree with the limits: p < 2 sf(z) exactly where the agency is outside them."""
    above = _tail(low / asked, fitted.target_high, fitted._effective(asked, fitted.target_high))
    below = _tail(1 - high / asked, 1 - fitted.target_low, fitted._effective(asked, fitted.target_low))
    return np.minimum(1.0, 2 * np.minimum(above, below))


def _tail(rate: FloatArray, target: float, size: FloatArray) -> FloatArray:
    """Chance of a rate this high or higher: the larger of the normal and the exact one."""
    if not 0 < target < 1:
        return np.ones_like(rate)
    normal = stats.norm.sf((rate - target) * np.sqrt(size / (target * (1 - target))))
    exact = special.betainc(np.maximum(rate * size, 1e-300), (1 - rate) * size + 1, target)
    return np.maximum(normal, np.where(rate > 0, exact, 1.0))
