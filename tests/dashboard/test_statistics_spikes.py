"""Spikes in monthly requests against scipy's binomial, and by simulating months without a spike."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from dashboard.statistics import spikes

STEADY = [3, 4, 3, 5, 4, 3, 4, 5, 3, 4, 4, 3]


def test_a_poisson_month_is_held_against_its_history_exactly():
    # The history's variance is far below its mean, so phi is 1 and the test is the binomial one.
    found = spikes([*STEADY, 12]).iloc[-1]
    assert found["expected"] == pytest.approx(np.mean(STEADY))
    assert found["phi"] == 1.0
    total = sum(STEADY) + 12
    assert found["p_value"] == pytest.approx(stats.binomtest(12, total, 1 / 13, alternative="greater").pvalue)


def test_a_history_of_zeros_is_a_history():
    assert spikes([0] * 12 + [2]).iloc[-1]["p_value"] == pytest.approx((1 / 13) ** 2)
    assert spikes([0] * 13).iloc[-1]["p_value"] == 1.0


def test_less_than_a_year_of_history_gives_no_answer():
    found = spikes([*STEADY, 40])
    assert found["p_value"][:12].isna().all()
    assert found["p_value"].notna().tolist()[12]


def test_a_month_that_is_not_known_is_not_a_zero():
    found = spikes(pd.Series([*STEADY[:6], np.nan, *STEADY[6:], np.nan, 12]))
    assert math.isnan(found["p_value"].iloc[-2])
    assert found["p_value"].iloc[-1] == pytest.approx(spikes([*STEADY, 12])["p_value"].iloc[-1])


def test_only_the_last_two_years_count():
    long_ago = [90] * 12
    found = spikes([*long_ago, *STEADY, *STEADY, 12]).iloc[-1]
    assert found["expected"] == pytest.approx(np.mean(STEADY))


def test_history_that_varies_makes_a_spike_harder_to_claim():
    restless = [0, 9, 0, 8, 1, 10, 0, 7, 0, 9, 1, 3]
    assert sum(restless) == 48
    assert spikes([*restless, 12]).iloc[-1]["p_value"] > 10 * spikes([4] * 12 + [12]).iloc[-1]["p_value"]


@pytest.mark.parametrize("months", [12, 24])
@pytest.mark.parametrize(("mean", "spread"), [(0.5, 1), (5, 1), (2, 2), (5, 3), (20, 6)])
def test_months_without_a_spike_are_flagged_no_more_often_than_stated(mean, spread, months):
    rng = np.random.default_rng(14)
    size = (2000, months + 1)
    drawn = rng.poisson(mean, size) if spread == 1 else rng.negative_binomial(mean / (spread - 1), 1 / spread, size)
    p = np.array([spikes(row)["p_value"].iloc[-1] for row in drawn])
    assert (p < 0.05).mean() <= 0.05
    assert (p < 0.01).mean() <= 0.015


def test_a_series_keeps_its_months():
    months = pd.date_range("2025-01-01", periods=13, freq="MS")
    assert spikes(pd.Series([*STEADY, 12], index=months)).index.equals(months)
