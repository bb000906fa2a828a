"""Differences of rates against Newcombe's published table and statsmodels; false discoveries against hand counts."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control
from statsmodels.stats.proportion import confint_proportions_2indep

from dashboard.statistics import CANNOT_TELL, DIFFERS, Rate, difference, false_discovery, level_for

# Newcombe 1998, Statistics in Medicine 17: 873-890, table II, method 10.
PUBLISHED = [
    ((56, 70), (48, 80), 0.0524, 0.3339),
    ((9, 10), (3, 10), 0.1705, 0.8090),
    ((6, 7), (2, 7), 0.0582, 0.8062),
    ((5, 56), (0, 29), -0.0381, 0.1926),
    ((0, 10), (0, 20), -0.1611, 0.2775),
    ((10, 10), (0, 20), 0.6791, 1.0000),
]

rates = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def exact(shared, asked, effect=1.0):
    return Rate(shared, shared, asked, effect)


@pytest.mark.parametrize(("first", "second", "low", "high"), PUBLISHED)
def test_newcombe_gives_the_published_limits(first, second, low, high):
    found = difference(exact(*first), exact(*second))
    assert (found.low, found.high) == pytest.approx((low, high), abs=6e-5)


@given(rates, rates)
def test_newcombe_agrees_with_statsmodels(first, second):
    found = difference(exact(*first), exact(*second))
    expected = confint_proportions_2indep(*first, *second, method="newcomb", compare="diff")
    assert (found.low, found.high) == pytest.approx(tuple(map(float, expected)), abs=1e-9)


@given(rates, rates)
def test_which_agency_is_named_first_does_not_matter(first, second):
    there, back = difference(exact(*first), exact(*second)), difference(exact(*second), exact(*first))
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))
    assert there.verdict == back.verdict


def test_a_difference_is_real_only_if_zero_is_left_out():
    assert difference(exact(56, 70), exact(48, 80)).verdict == DIFFERS == "differs"
    assert difference(exact(51, 212), exact(36, 187)).verdict == CANNOT_TELL == "cannot be told apart"


def test_clustered_answers_can_take_a_difference_away():
    assert difference(exact(56, 70, 3.0), exact(48, 80, 3.0)).verdict == CANNOT_TELL


def test_a_range_counts_with_its_worst_end():
    found = difference(Rate(0, 15, 319), exact(40, 319))
    ends = [difference(exact(x, 319), exact(40, 319)) for x in range(16)]
    assert found.low == pytest.approx(min(end.low for end in ends))
    assert found.high == pytest.approx(max(end.high for end in ends))
    assert (found.estimate_low, found.estimate_high) == pytest.approx((-40 / 319, -25 / 319))
    assert found.verdict == DIFFERS
    assert difference(Rate(0, 15, 319), exact(25, 319)).verdict == CANNOT_TELL


def test_two_ranges_count_with_all_their_ends():
    found = difference(Rate(5, 40, 200), Rate(10, 30, 150))
    ends = [difference(exact(x, 200), exact(y, 150)) for x in (5, 40) for y in (10, 30)]
    assert (found.low, found.high) == (min(end.low for end in ends), max(end.high for end in ends))
    assert found.low == ends[1].low
    assert found.high == ends[2].high


def test_nobody_asked_is_refused():
    with pytest.raises(ValueError, match="asked on both sides"):
        difference(exact(0, 0), exact(1, 10))


def test_agencies_with_one_rate_are_told_apart_no_more_often_than_stated():
    rng = np.random.default_rng(2)
    pairs = rng.binomial(150, 0.2, (1500, 2))
    wrong = sum(difference(exact(int(a), 150), exact(int(b), 150)).verdict == DIFFERS for a, b in pairs)
    assert wrong / len(pairs) <= 0.06


def test_many_comparisons_need_a_higher_level():
    assert level_for(15) == pytest.approx(1 - 0.05 / 15)
    assert level_for(1) == level_for(0) == pytest.approx(0.95)


def test_false_discoveries_follow_the_paper():
    # The 15 p values of Benjamini and Hochberg 1995, section 3.3: four are found at 5 %.
    p = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.3240,
        0.4262,
        0.5719,
        0.6528,
        0.7590,
        1,
    ]
    found = false_discovery(p)
    assert found["is_found"].tolist() == [True] * 4 + [False] * 11
    assert found["q_value"].to_numpy() == pytest.approx(false_discovery_control(p))


def test_a_test_that_could_not_be_made_is_neither_found_nor_counted():
    found = false_discovery(pd.Series([0.01, np.nan, 0.04], index=["a", "b", "c"]))
    assert found["q_value"].to_list() == pytest.approx([0.02, np.nan, 0.04], nan_ok=True)
    assert found.index.tolist() == ["a", "b", "c"]
    assert not found.loc["b", "is_found"]
    assert false_discovery([np.nan])["is_found"].tolist() == [False]
    assert false_discovery([]).empty
