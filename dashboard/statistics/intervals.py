"""Intervals for a rate of residents who shared a video: Wilson, for exact counts and for ranges."""

from __future__ import annotations

from typing import Any, overload

import numpy as np
import numpy.typing as npt
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

FloatArray = npt.NDArray[np.float64]
Column = FloatArray | pd.Series


@overload
def wilson(shared: float, asked: float, *, design_effect: float = ..., level: float = ...) -> tuple[float, float]: ...
@overload
def wilson(
    shared: Column, asked: Column, *, design_effect: float | Column = ..., level: float = ...
) -> tuple[FloatArray, FloatArray]: ...
def wilson(shared: Any, asked: Any, *, design_effect: Any = 1.0, level: float = 0.95) -> tuple[Any, Any]:
    """Lower and upper limit (0 to 1) of the rate shared / asked: Wilson's score interval.

    A design effect above 1 shrinks `asked` to the number of independent answers it is worth (asked / design effect);
    one below 1 counts as 1. Numbers give two floats, columns give two arrays. Where nobody was asked both are nan.
    Raises ValueError where shared is negative or larger than asked.
    Source: Wilson 1927, JASA 22: 209-212; Newcombe 1998, Statistics in Medicine 17: 857-872, method 3;
    effective size: Kish 1965, Survey Sampling, section 8.2.
    """
    yes, all_asked, effect = np.broadcast_arrays(*(np.asarray(v, dtype=float) for v in (shared, asked, design_effect)))
    if np.any(yes < 0) or np.any(yes > all_asked):
        raise ValueError("shared must lie between 0 and asked")
    known = all_asked > 0
    size = np.where(known, all_asked, 1.0) / np.fmax(effect, 1.0)
    rate = np.where(known, yes, 0.0) / np.where(known, all_asked, 1.0)
    low, high = proportion_confint(rate * size, size, alpha=1 - level, method="wilson")
    # Rounding leaves 1e-17 where the limit is exactly 0 or 1.
    low = np.where(known, np.where(rate == 0, 0.0, low), np.nan)
    high = np.where(known, np.where(rate == 1, 1.0, high), np.nan)
    return (float(low), float(high)) if low.ndim == 0 else (low, high)


@overload
def rate_interval(
    shared_low: float, shared_high: float, asked: float, *, design_effect: float = ..., level: float = ...
) -> tuple[float, float]: ...
@overload
def rate_interval(
    shared_low: Column, shared_high: Column, asked: Column, *, design_effect: float | Column = ..., level: float = ...
) -> tuple[FloatArray, FloatArray]: ...
def rate_interval(
    shared_low: Any, shared_high: Any, asked: Any, *, design_effect: Any = 1.0, level: float = 0.95
) -> tuple[Any, Any]:
    """Wilson interval where shared is known as a range: lower limit from shared_low, upper from shared_high.

    Wilson's limits grow with shared, so this covers every value in the range. Exact counts have low = high and
    get the plain interval. Raises ValueError where the ends are the wrong way round.
    """
    if np.any(np.asarray(shared_low) > np.asarray(shared_high)):
        raise ValueError("shared_low must not be larger than shared_high")
    low, _ = wilson(shared_low, asked, design_effect=design_effect, level=level)
    _, high = wilson(shared_high, asked, design_effect=design_effect, level=level)
    return low, high
