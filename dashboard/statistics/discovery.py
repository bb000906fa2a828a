"""When many things are tested at once: keep the share of false alarms among the finds in check."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from statsmodels.stats.multitest import multipletests

from dashboard.statistics.intervals import FloatArray


def false_discovery(p_values: Any, *, rate: float = 0.05) -> pd.DataFrame:
    """One row per p value, same order (and index, for a Series): p_value, q_value, is_found.

    Of everything found, `rate` are false on average. A test that could not be made (nan) is not counted and
    never found. Source: Benjamini and Hochberg 1995, JRSS B 57: 289-300.
    """
    values: FloatArray = np.asarray(p_values, dtype=float)
    index = p_values.index if isinstance(p_values, pd.Series) else None
    made = ~np.isnan(values)
    q_value, found = np.full(values.shape, np.nan), np.zeros(values.shape, dtype=bool)
    if made.any():
        found[made], q_value[made], _, _ = multipletests(values[made], alpha=rate, method="fdr_bh")
    return pd.DataFrame({"p_value": values, "q_value": q_value, "is_found": found}, index=index)
