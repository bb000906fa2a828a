"""Funnel limits: by hand, against scipy, and by simulating agencies that are equal."""

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats
from scipy.stats.mstats import winsorize
from statsmodels.stats.meta_analysis import combine_effects

from dashboard.statistics import ALARM_Z, WARNING_Z, funnel
from dashboard.statistics.funnel_limits import limits, spread, winsorised_square

BY_HAND = pd.DataFrame(
    {"asked": [100, 150, 100, 300, 200], "shared_low": [12, 30, 9, 55, 20], "shared_high": [12, 30, 9, 55, 20]},
    index=list("abcde"),
)


def agencies(asked, shared_low, shared_high=None):
    high = shared_low if shared_high is None else shared_high
    return pd.DataFrame({"asked": asked, "shared_low": shared_low, "shared_high": high})


def test_target_and_spread_are_those_reckoned_by_hand():
    found = funnel(BY_HAND)
    assert found.target == pytest.approx(0.148235, abs=5e-7)
    assert found.phi == pytest.approx(2.6226, abs=5e-5)
    assert found.tau2 == pytest.approx(0.001778, abs=5e-7)


def test_limits_follow_the_formula_where_many_are_asked():
    found, n = funnel(BY_HAND), 5000
    low, high = found.limits(n, WARNING_Z)
    half = 1.96 * np.sqrt(found.phi * found.target * (1 - found.target) / n)
    assert low == pytest.approx(found.target - half, abs=5e-4)
    assert high == pytest.approx(found.target + half, abs=5e-4)
    assert low <= found.target - half < found.target + half <= high
    added = funnel(BY_HAND, method="additive")
    low, _ = added.limits(n, ALARM_Z)
    variance = found.target * (1 - found.target) / n + found.tau2
    assert low == pytest.approx(found.target - 3.09 * np.sqrt(variance), abs=5e-4)


def test_the_spread_agrees_with_a_second_implementation():
    rng = np.random.default_rng(8)
    asked = rng.integers(30, 900, 47).astype(float)
    shared = rng.binomial(asked.astype(int), rng.beta(8, 32, 47)).astype(float)
    target = shared.sum() / asked.sum()
    z = (shared / asked - target) / np.sqrt(target * (1 - target) / asked)
    raw = float((winsorize(z, limits=(0.1, 0.1)) ** 2).mean())
    # What winsorising takes from a normal, by numbers instead of by the formula: the outer 4 of 47 on each side.
    draws = np.clip(stats.norm.ppf((np.arange(200_000) + 0.5) / 200_000), *stats.norm.ppf([4 / 47, 43 / 47]))
    assert spread(shared, asked)[0] == pytest.approx(raw / (draws**2).mean(), rel=1e-4)


@pytest.mark.parametrize("seed", range(5))
def test_the_variance_between_agencies_is_that_of_statsmodels_where_nothing_is_winsorised(seed):
    # Of fewer than ten agencies none is pulled in, and the target is the fixed-effect mean: DerSimonian and Laird.
    rng = np.random.default_rng(seed)
    asked = rng.integers(40, 900, 9).astype(float)
    shared = rng.binomial(asked.astype(int), rng.beta(6, 24, 9)).astype(float)
    target = shared.sum() / asked.sum()
    second = combine_effects(shared / asked, target * (1 - target) / asked, method_re="dl")
    assert second.mean_effect_fe == pytest.approx(target, rel=1e-12)
    assert second.tau2 > 0
    assert spread(shared, asked)[1] == pytest.approx(second.tau2, rel=1e-9)
    assert spread(shared, asked)[0] == pytest.approx(max(1.0, second.q / 9), rel=1e-9)


def test_no_variance_between_agencies_is_found_where_they_are_more_alike_than_chance():
    asked = np.array([100.0, 200.0, 300.0, 400.0])
    with np.errstate(invalid="ignore"):
        second = combine_effects(np.full(4, 0.2), 0.16 / asked, method_re="dl")
    # There it is below zero, which no variance can be.
    assert second.tau2 < 0
    assert spread(0.2 * asked, asked) == (1.0, 0.0)


def test_the_variance_between_many_agencies_solves_its_equation_of_moments():
    rng = np.random.default_rng(11)
    asked = rng.integers(30, 900, 47).astype(float)
    shared = rng.binomial(asked.astype(int), rng.beta(8, 32, 47)).astype(float)
    phi, tau2 = spread(shared, asked)
    # Q = y'Ay has mean trace(A V) where the rates vary by V; the moment estimate makes that the Q that was seen.
    target = shared.sum() / asked.sum()
    within = target * (1 - target) / asked
    weight = 1 / within
    matrix = np.diag(weight) - np.outer(weight, weight) / weight.sum()
    off = lambda between: np.trace(matrix @ np.diag(within + between)) - 47 * phi  # noqa: E731
    assert 0 < tau2 == pytest.approx(optimize.brentq(off, 0, 1, xtol=1e-14), rel=1e-8)


def test_additive_limits_are_those_of_a_normal_of_that_variance():
    found = funnel(BY_HAND, method="additive")
    variance = found.target * (1 - found.target) / np.array([100, 150, 100, 300, 200])
    rates = (BY_HAND["shared_low"] / BY_HAND["asked"]).to_numpy()
    second = combine_effects(rates, variance, method_re="dl")
    for n in (4000, 20_000):
        spread_of = np.sqrt(found.target * (1 - found.target) / n + second.tau2)
        low, high = found.limits(n, WARNING_Z)
        wanted = stats.norm.interval(1 - 2 * stats.norm.sf(WARNING_Z), loc=found.target, scale=spread_of)
        # The wider of the normal limit and the exact one of as many independent answers as have that variance.
        size = found.target * (1 - found.target) / spread_of**2
        exact = (stats.binom.isf(stats.norm.sf(WARNING_Z), round(size), found.target) + 1) / size
        assert low == pytest.approx(wanted[0], abs=4e-3)
        assert high == pytest.approx(max(wanted[1], exact), abs=1 / size)


def test_winsorising_is_made_good():
    assert winsorised_square(0.1) == pytest.approx(0.6787, abs=1e-4)
    assert winsorised_square(0.0) == 1.0
    # What the docstring says of leaving it out.
    assert 2 * stats.norm.sf(1.96 * np.sqrt(0.6787)) == pytest.approx(0.106, abs=1e-3)


@pytest.mark.parametrize(("rate", "smallest", "largest"), [(0.2, 30, 2000), (0.03, 20, 300), (0.5, 10, 100)])
@pytest.mark.parametrize("count", [12, 72])
def test_of_equal_agencies_no_more_are_flagged_than_stated(rate, smallest, largest, count):
    rng = np.random.default_rng(1)
    outside_95 = outside_998 = total = 0
    for _ in range(150):
        asked = np.exp(rng.uniform(np.log(smallest), np.log(largest), count)).astype(int)
        marked = funnel(agencies(asked, rng.binomial(asked, rate))).agencies
        outside_95 += int((marked["position_95"] != "inside").sum())
        outside_998 += int((marked["position_998"] != "inside").sum())
        total += count
    assert outside_95 / total <= 0.05
    assert outside_998 / total <= 0.002


def test_of_equal_agencies_with_clustered_requests_no_more_are_flagged_than_stated():
    rng = np.random.default_rng(4)
    outside_95 = outside_998 = total = 0
    for _ in range(150):
        requests = np.exp(rng.uniform(np.log(5), np.log(150), 72)).astype(int)
        shared = np.array([rng.binomial(10, rng.beta(0.8, 3.2, k)).sum() for k in requests])
        marked = funnel(agencies(requests * 10, shared)).agencies
        outside_95 += int((marked["position_95"] != "inside").sum())
        outside_998 += int((marked["position_998"] != "inside").sum())
        total += 72
    assert outside_95 / total <= 0.05
    # 21 of 10,800 are stated; two standard errors more are allowed to the simulation.
    assert outside_998 <= 21.6 + 2 * np.sqrt(21.6)


def test_plain_normal_limits_would_flag_more_than_stated_where_few_say_yes():
    upper_plain = 0.03 + 3.09 * np.sqrt(0.03 * 0.97 / 40)
    _, upper = limits(0.03, np.array([40.0]), 3.09)
    assert stats.binom.sf(np.floor(40 * upper_plain), 40, 0.03) == pytest.approx(0.007, abs=5e-4)
    assert stats.binom.sf(np.floor(40 * upper[0]), 40, 0.03) <= 0.001


def test_a_planted_outlier_is_found_on_its_side():
    rng = np.random.default_rng(6)
    asked = np.full(60, 400)
    shared = rng.binomial(asked, 0.2)
    shared[:2] = [160, 20]
    marked = funnel(agencies(asked, shared)).agencies
    assert marked["position_998"].tolist()[:2] == ["above", "below"]
    assert (marked["position_998"].tolist()[2:]) == ["inside"] * 58
    assert (marked["p_value"][:2] < 0.002).all()


def test_a_range_is_outside_only_if_all_of_it_is():
    asked, shared = [400] * 60, [80] * 56
    marked = funnel(agencies(asked, [*shared, 0, 0, 380, 85], [*shared, 20, 75, 400, 400])).agencies
    assert marked["position_998"].tolist()[-4:] == ["below", "inside", "above", "inside"]
    assert (marked["p_value"].iloc[-4:] < 0.05).tolist() == [True, False, True, False]


def test_where_ranges_leave_the_target_open_the_limits_hold_for_all_of_it():
    asked = [400] * 20
    found = funnel(agencies(asked, [0] * 10 + [20] * 10, [20] * 20))
    low_world, high_world = funnel(agencies(asked, [0] * 10 + [20] * 10)), funnel(agencies(asked, [20] * 20))
    assert (found.target_low, found.target_high) == (low_world.target, high_world.target)
    assert found.limits(400)[0] <= low_world.limits(400)[0]
    assert found.limits(400)[1] >= max(low_world.limits(400)[1], high_world.limits(400)[1])


@pytest.mark.parametrize("method", ["multiplicative", "additive"])
def test_the_p_value_and_the_limits_say_the_same(method):
    rng = np.random.default_rng(9)
    asked = rng.integers(10, 500, 400)
    marked = funnel(agencies(asked, rng.binomial(asked, rng.beta(4, 30, 400))), method=method).agencies
    for column, z in (("position_95", WARNING_Z), ("position_998", ALARM_Z)):
        outside = marked[column] != "inside"
        assert outside.any()
        assert ((marked["p_value"] < 2 * stats.norm.sf(z)) == outside).all()


@pytest.mark.parametrize("shared", [0, 50])
def test_where_all_or_none_said_yes_everything_is_inside(shared):
    marked = funnel(agencies([50] * 12, [shared] * 12)).agencies
    assert set(marked["position_95"]) == {"inside"}
    assert set(marked["p_value"]) == {1.0}


def test_rows_keep_their_index_and_impossible_rows_are_refused():
    assert funnel(BY_HAND).agencies.index.tolist() == list("abcde")
    with pytest.raises(ValueError, match="asked > 0"):
        funnel(agencies([0], [0]))
    assert funnel(agencies([], [])).agencies.empty
