"""Design effect: simulated requests with a known clustering, and a second implementation by statsmodels."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from dashboard.statistics import design_effect, reference_design_effect, wilson
from dashboard.statistics.clustering import ASSUMED_CORRELATION, FEWEST_CLUSTERS, assumed_design_effect, tally

ASKED_PER_REQUEST = 15


def requests_of_one_agency(rng, requests, rate=0.2, correlation=0.0):
    """Residents who shared, per request of 15 asked; answers inside a request correlate."""
    if correlation == 0:
        return rng.binomial(ASKED_PER_REQUEST, rate, requests)
    strength = 1 / correlation - 1
    return rng.binomial(ASKED_PER_REQUEST, rng.beta(rate * strength, (1 - rate) * strength, requests))


def close_when_safe(shared, agency="a"):
    """Blocks that close as soon as 2 shared and 2 did not, as published ones do: their size depends on the answers."""
    rows, run = [], [0, 0, 0]
    for yes in shared:
        run = [run[0] + 1, run[1] + ASKED_PER_REQUEST, run[2] + int(yes)]
        if run[2] >= 2 and run[1] - run[2] >= 2:
            rows.append((agency, *run, run[2]))
            run = [0, 0, 0]
    return pd.DataFrame(rows, columns=["agency_id", "requests", "asked", "shared_low", "shared_high"])


@pytest.mark.parametrize("rate", [0.05, 0.2, 0.5])
@pytest.mark.parametrize("correlation", [0.0, 0.1, 0.3])
def test_the_clustering_of_requests_is_found_although_only_blocks_are_seen(rate, correlation):
    rng = np.random.default_rng(7)
    blocks = close_when_safe(requests_of_one_agency(rng, 20_000, rate, correlation))
    expected = 1 + (ASKED_PER_REQUEST - 1) * correlation
    assert design_effect(blocks).value == pytest.approx(expected, rel=0.06)


def test_widened_intervals_hold_the_true_rate_as_often_as_they_say():
    rng = np.random.default_rng(11)
    held = held_plain = 0
    for _ in range(400):
        blocks = close_when_safe(requests_of_one_agency(rng, 120, correlation=0.2))
        shared, asked = blocks["shared_low"].sum(), blocks["asked"].sum()
        low, high = wilson(shared, asked, design_effect=design_effect(blocks).value)
        held += low <= 0.2 <= high
        plain_low, plain_high = wilson(shared, asked)
        held_plain += plain_low <= 0.2 <= plain_high
    assert held / 400 >= 0.92
    assert held_plain / 400 < 0.80, "the simulation must be one in which plain intervals are too narrow"


def test_the_effect_agrees_with_a_cluster_robust_regression():
    rng = np.random.default_rng(3)
    blocks = close_when_safe(requests_of_one_agency(rng, 60, correlation=0.2))
    answers = np.concatenate(
        [[1] * yes + [0] * (n - yes) for yes, n in zip(blocks.shared_low, blocks.asked, strict=True)]
    )
    cluster = np.repeat(np.arange(len(blocks)), blocks["asked"])
    fit = sm.OLS(answers, np.ones(len(answers))).fit(
        cov_type="cluster", cov_kwds={"groups": cluster, "use_correction": False}
    )
    rate, k = answers.mean(), len(blocks)
    expected = fit.bse[0] ** 2 * k / (k - 1) / (rate * (1 - rate) / len(answers))
    assert design_effect(blocks).value == pytest.approx(expected)


def test_an_effect_below_1_counts_as_1():
    alike = pd.DataFrame({"agency_id": "a", "requests": 1, "asked": [20] * 30, "shared_low": 5, "shared_high": 5})
    assert design_effect(alike).value == 1.0


def test_few_blocks_take_the_reference_or_the_assumption_and_say_so():
    few = pd.DataFrame({"agency_id": "a", "requests": 2, "asked": [30] * 4, "shared_low": 6, "shared_high": 6})
    by_reference, by_assumption = design_effect(few, reference=2.5), design_effect(few)
    assert (by_reference.value, by_reference.basis, by_reference.clusters) == (2.5, "reference", 4)
    assert (by_assumption.value, by_assumption.basis) == (1 + 14 * ASSUMED_CORRELATION, "assumed")
    assert assumed_design_effect(tally(few)) == by_assumption.value


def test_few_blocks_that_differ_more_than_the_reference_count_themselves():
    uneven = pd.DataFrame(
        {"agency_id": "a", "requests": 1, "asked": 40, "shared_low": [4, 36, 4], "shared_high": [4, 36, 4]}
    )
    found = design_effect(uneven, reference=1.5)
    assert found.basis == "blocks"
    assert found.value > 10


def test_ranges_do_not_pass_for_exact_blocks():
    ranges = pd.DataFrame({"agency_id": "a", "requests": 3, "asked": [60] * 50, "shared_low": 0, "shared_high": 3})
    assert design_effect(ranges).basis == "assumed"


def test_from_twenty_agencies_on_their_differences_count():
    rng = np.random.default_rng(5)
    parts = [
        close_when_safe(requests_of_one_agency(rng, 40, rate), f"agency-{i}")
        for i, rate in enumerate(rng.uniform(0.05, 0.4, FEWEST_CLUSTERS))
    ]
    all_of_them = design_effect(pd.concat(parts))
    assert all_of_them.basis == "agencies"
    assert all_of_them.clusters == FEWEST_CLUSTERS
    assert all_of_them.value > design_effect(pd.concat(parts[:-1])).value


def test_the_reference_leaves_out_differences_between_agencies():
    rng = np.random.default_rng(5)
    parts = [
        close_when_safe(requests_of_one_agency(rng, 400, rate, 0.1), f"agency-{i}")
        for i, rate in enumerate(rng.uniform(0.05, 0.4, 40))
    ]
    blocks = pd.concat(parts, ignore_index=True)
    assert reference_design_effect(blocks) == pytest.approx(1 + 14 * 0.1, rel=0.06)
    assert design_effect(blocks).value > 5


def test_the_reference_holds_where_each_agency_has_two_blocks_only():
    rng = np.random.default_rng(6)
    shared = [requests_of_one_agency(rng, 2, rate, 0.1) for rate in rng.uniform(0.2, 0.4, 8000)]
    rows = [(agency, 1, ASKED_PER_REQUEST, yes, yes) for agency, pair in enumerate(shared) for yes in pair]
    blocks = pd.DataFrame(rows, columns=["agency_id", "requests", "asked", "shared_low", "shared_high"])
    # Two blocks of one agency pull its rate towards themselves; without the correction the effect would be half.
    assert reference_design_effect(blocks) == pytest.approx(1 + 14 * 0.1, rel=0.15)


def test_a_reference_needs_blocks_to_compare():
    alone = pd.DataFrame({"agency_id": range(50), "requests": 1, "asked": 20, "shared_low": 5, "shared_high": 5})
    assert reference_design_effect(alone) is None


def test_no_blocks_are_no_error():
    nothing = pd.DataFrame(columns=["agency_id", "requests", "asked", "shared_low", "shared_high"])
    assert design_effect(nothing).basis == "none"
    assert reference_design_effect(nothing) is None
