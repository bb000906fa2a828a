"""A month with unusually many requests, held against the same agency's own earlier months."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from dashboard.statistics.intervals import FloatArray

FEWEST_MONTHS = 12  # one of each season
WINDOW_MONTHS = 24  # longer ago an agency was a different one


def spikes(requests: Any, *, window: int = WINDOW_MONTHS, fewest: int = FEWEST_MONTHS) -> pd.DataFrame:
    """One row per month of one agency and one regime, oldest first: requests, expected, p_value, phi.

    `requests`: consecutive months; 0 is a true zero, nan a month that is not known. Only earlier months inside the
    window count as history. `expected` is their mean. `p_value` is the chance of so many requests or more if this
    month were like its history; nan with fewer than 12 known months. A Series keeps its index.

    Poisson counts: given the total of k months of history and this month, this month is binomial with chance
    1 / (k + 1): an exact test without a nuisance parameter (Przyborowski and Wilenski 1940, Biometrika 31: 313-323).
    Months vary by more than that: counts are divided by phi, the variance of the history over its mean (at least 1;
    McCullagh and Nelder 1989, section 6.2), pushed up by one standard error because 12 months tell it badly.
    A spike inside the history makes later ones harder to find, not easier.
    """
    counts: FloatArray = np.asarray(requests, dtype=float)
    known = ~np.isnan(counts)
    value = np.where(known, counts, 0.0)
    months, total, squares = (_before(v, window) for v in (known.astype(float), value, value**2))
    enough = months >= max(fewest, 2)
    k = np.where(enough, months, 2.0)
    mean = total / k
    variance = (squares - total * mean) / (k - 1)
    ratio = variance / np.where(mean > 0, mean, 1.0)
    phi = np.maximum(1.0, ratio * (1 + np.sqrt(2 / (k - 1))))
    # P(X >= x) for X binomial(total + x, 1 / (k + 1)) is a beta integral, which also takes counts divided by phi.
    p_value = np.where(value > 0, special.betainc(np.maximum(value, 1e-300) / phi, total / phi + 1, 1 / (k + 1)), 1.0)
    usable = enough & known
    return pd.DataFrame(
        {
            "requests": counts,
            "expected": np.where(enough, mean, np.nan),
            "p_value": np.where(usable, p_value, np.nan),
            "phi": np.where(enough, phi, np.nan),
        },
        index=requests.index if isinstance(requests, pd.Series) else None,
    )


def _before(values: FloatArray, window: int) -> FloatArray:
    """Sum of the `window` values before each position, the position itself left out."""
    running = np.concatenate([[0.0], np.cumsum(values)])
    end = np.arange(len(values))
    return running[end] - running[np.maximum(end - window, 0)]
