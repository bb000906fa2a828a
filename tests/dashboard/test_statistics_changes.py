"""Change at a date: against Newton's method written here, and by simulating rates that do not change."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from dashboard.statistics import change_at, wilson

LAW = date(2021, 1, 1)


def quarters(shared, asked, first="2018-01-01", shared_high=None):
    starts = pd.date_range(first, periods=len(shared), freq="QS")
    high = shared if shared_high is None else shared_high
    ends = starts + pd.offsets.QuarterBegin(startingMonth=1)
    return pd.DataFrame(
        {"starts_on": starts, "ends_on": ends, "asked": asked, "shared_low": shared, "shared_high": high}
    )


def drawn(rates, asked=400, seed=1, spread=None):
    rng = np.random.default_rng(seed)
    rates = np.asarray(rates)
    if spread:
        rates = rng.beta(rates * spread, (1 - rates) * spread)
    return rng.binomial(asked, rates)


def by_newton(points, on):
    """Logistic regression by Newton's method, Pearson dispersion, limits by t: a second implementation."""
    middle = points["starts_on"] + (points["ends_on"] - points["starts_on"]) / 2
    years = ((middle - pd.Timestamp(on)) / pd.Timedelta(days=365.25)).to_numpy()
    later = (years > 0) * 1.0
    x = np.column_stack([np.ones(len(years)), years, later, years * later])
    n, y = points["asked"].to_numpy(float), points["shared_low"].to_numpy(float)
    b = np.zeros(4)
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ b))
        information = x.T @ (x * (n * p * (1 - p))[:, None])
        b = b + np.linalg.solve(information, x.T @ (y - n * p))
    dispersion = max(1.0, ((y - n * p) ** 2 / (n * p * (1 - p))).sum() / (len(years) - 4))
    half = stats.t.ppf(0.975, len(years) - 4) * np.sqrt(dispersion * np.linalg.inv(information)[2, 2])
    return np.exp([b[2] - half, b[2] + half]), dispersion


def by_weights(points, on):
    """The same model as a regression of the rate, weighted by residents asked, which takes scale="X2"."""
    years = ((points["starts_on"] - pd.Timestamp(on)) / pd.Timedelta(days=365.25)).to_numpy()
    later = (years >= 0) * 1.0
    x = np.column_stack([np.ones(len(years)), years, later, years * later])
    model = sm.GLM(
        points["shared_low"] / points["asked"], x, family=sm.families.Binomial(), var_weights=points["asked"]
    )
    return model.fit(scale="X2").scale


def test_the_dispersion_is_that_of_statsmodels_where_it_counts_residents():
    points = quarters(drawn([0.2] * 12 + [0.3] * 10, spread=40), 400)
    # Both slopes are free, so that the fitted rates do not depend on where inside a quarter its point lies.
    assert change_at(points, LAW).dispersion == pytest.approx(by_weights(points, LAW), rel=1e-3)


@pytest.mark.parametrize("spread", [None, 40])
def test_the_jump_agrees_with_a_second_implementation(spread):
    points = quarters(drawn([0.2] * 12 + [0.3] * 10, spread=spread), 400)
    found = change_at(points, LAW)
    limits, dispersion = by_newton(points, LAW)
    assert (found.odds_ratio_low, found.odds_ratio_high) == pytest.approx(tuple(limits), rel=1e-5)
    assert found.dispersion == pytest.approx(dispersion, rel=1e-5)
    assert (found.basis, found.points_before, found.points_after) == ("segmented", 12, 10)


def test_a_planted_jump_is_found_and_a_mere_trend_is_not():
    jump = change_at(quarters(drawn([0.2] * 12 + [0.35] * 12), 400), LAW)
    assert jump.odds_ratio_low > 1
    assert jump.p_value < 0.01
    trend = change_at(quarters(drawn(1 / (1 + np.exp(-np.linspace(-2.2, -0.4, 24))), seed=2), 400), LAW)
    assert trend.odds_ratio_low < 1 < trend.odds_ratio_high
    assert trend.after[0] > trend.before[1], "the rates differ, and yet there is no jump"


def test_rates_that_do_not_change_are_flagged_no_more_often_than_stated():
    found = [change_at(quarters(drawn([0.2] * 24, seed=seed, spread=60), 400), LAW).p_value for seed in range(300)]
    assert np.mean(np.array(found) < 0.05) <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 300)


def test_fewer_than_eight_points_on_a_side_give_two_intervals_only():
    points = quarters(drawn([0.2] * 12 + [0.35] * 7), 400)
    found = change_at(points, LAW, design_effect=2)
    assert (found.basis, found.odds_ratio_low, found.p_value) == ("two intervals", None, None)
    assert found.before == wilson(float(points["shared_low"][:12].sum()), 4800.0, design_effect=2)


def test_a_point_across_the_date_is_left_out_and_counted():
    points = quarters(drawn([0.2] * 24), 400)
    found = change_at(points, date(2021, 2, 10))
    assert (found.points_before, found.points_after, found.left_out) == (12, 11, 1)


def test_ranges_widen_the_jump():
    shared = drawn([0.04] * 12 + [0.12] * 12)
    exact = change_at(quarters(shared, 400), LAW)
    low = np.where(np.arange(24) < 12, 8, shared)
    ranged = change_at(quarters(low, 400, shared_high=np.where(np.arange(24) < 12, 20, shared)), LAW)
    assert ranged.odds_ratio_low < exact.odds_ratio_low
    assert ranged.odds_ratio_high > exact.odds_ratio_high


def test_ranges_that_allow_both_directions_prove_nothing():
    found = change_at(quarters(drawn([0.03] * 24), 400, shared_high=drawn([0.2] * 24)), LAW)
    assert found.odds_ratio_low < 1 < found.odds_ratio_high
    assert found.p_value == 1.0


def test_a_side_where_nobody_shared_gives_two_intervals_only():
    found = change_at(quarters([0] * 12 + [40] * 12, 400), LAW)
    assert found.basis == "two intervals"
    assert found.before[0] == 0.0


def test_nothing_on_one_side_is_no_error():
    found = change_at(quarters(drawn([0.2] * 4), 400), LAW)
    assert found.points_after == 0
    assert np.isnan(found.after).all()


def test_it_is_always_an_association():
    for count in (12, 24):
        assert change_at(quarters(drawn([0.2] * count), 400), LAW).reading == "association"
