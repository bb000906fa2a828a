"""Beta-binomial shrinkage against scipy's distribution and the posterior mean written by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from dashboard.statistics import fit_beta, shrunken_rates


def drawn(count=400, alpha=8.0, beta=32.0, seed=12):
    rng = np.random.default_rng(seed)
    asked = rng.integers(10, 400, count)
    return rng.binomial(asked, rng.beta(alpha, beta, count)), asked


def frame(shared, asked, shared_high=None):
    return pd.DataFrame(
        {"asked": asked, "shared_low": shared, "shared_high": shared if shared_high is None else shared_high}
    )


def test_the_prior_that_made_the_data_is_found():
    prior = fit_beta(*drawn(4000))
    assert prior.mean == pytest.approx(0.2, abs=0.005)
    assert prior.strength == pytest.approx(40, rel=0.1)


def test_no_other_prior_is_likelier():
    shared, asked = drawn()
    prior = fit_beta(shared, asked)
    best = stats.betabinom.logpmf(shared, asked, prior.alpha, prior.beta).sum()
    means, strengths = np.meshgrid(np.linspace(0.1, 0.3, 81), np.geomspace(5, 500, 81))
    grid = [
        stats.betabinom.logpmf(shared, asked, m * s, (1 - m) * s).sum()
        for m, s in zip(means.ravel(), strengths.ravel(), strict=True)
    ]
    assert best >= max(grid)
    assert best - max(grid) < 0.1, "the grid must come close, else it proves nothing"


def test_a_shrunken_rate_is_the_posterior_mean():
    shared, asked = drawn()
    prior = fit_beta(shared, asked)
    found = shrunken_rates(frame(shared, asked))["shrunken_rate"]
    weight = asked / (asked + prior.strength)
    assert found.to_numpy() == pytest.approx(weight * shared / asked + (1 - weight) * prior.mean)


def test_two_of_two_does_not_lead_the_list():
    shared, asked = drawn()
    rates = shrunken_rates(frame([*shared, 2, 170], [*asked, 2, 400]))["shrunken_rate"]
    assert rates.iloc[-2] < rates.iloc[-1]


def test_shrunken_rates_are_nearer_to_the_truth_than_raw_ones():
    rng = np.random.default_rng(3)
    truth, asked = rng.beta(8, 32, 500), rng.integers(10, 60, 500)
    shared = rng.binomial(asked, truth)
    found = shrunken_rates(frame(shared, asked))
    assert ((found["shrunken_rate"] - truth) ** 2).mean() < 0.6 * ((shared / asked - truth) ** 2).mean()
    held = (found["shrunken_rate_low"] <= truth) & (truth <= found["shrunken_rate_high"])
    assert held.mean() == pytest.approx(0.95, abs=0.03)


def test_agencies_that_are_equal_all_get_the_common_rate():
    rng = np.random.default_rng(4)
    asked = rng.integers(100, 400, 60)
    # Spread evenly below what chance would give: there is nothing to tell the agencies apart.
    found = shrunken_rates(frame(np.round(asked * 0.2), asked))["shrunken_rate"]
    assert found.to_numpy() == pytest.approx(0.2, abs=0.002)


def test_a_design_effect_pulls_harder():
    shared, asked = drawn(60)
    plain, pulled = (shrunken_rates(frame(shared, asked), design_effect=effect) for effect in (1, 4))
    assert pulled["shrunken_rate"].std() < plain["shrunken_rate"].std()
    pd.testing.assert_frame_equal(pulled, shrunken_rates(frame(shared / 4, asked / 4)))


def test_a_range_keeps_both_ends():
    shared, asked = drawn(60)
    found = shrunken_rates(frame([*shared, 0], [*asked, 300], [*shared, 15])).iloc[-1]
    exact_low = shrunken_rates(frame([*shared, 7.5], [*asked, 300])).iloc[-1]
    assert found["shrunken_rate"] == pytest.approx(exact_low["shrunken_rate"])
    assert found["shrunken_rate_low"] < exact_low["shrunken_rate_low"]
    assert found["shrunken_rate_high"] > exact_low["shrunken_rate_high"]


def test_nobody_shared_is_no_error_and_one_agency_is_refused():
    assert shrunken_rates(frame([0, 0], [50, 80]))["shrunken_rate"].max() < 1e-6
    with pytest.raises(ValueError, match="two agencies"):
        fit_beta([1], [10])
