"""Wilson intervals against published values and a second implementation written here."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.statistics import rate_interval, wilson

# Newcombe 1998, Statistics in Medicine 17: 857-872, table I, method 3.
PUBLISHED = [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)]

counts = st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def by_hand(shared, asked, effect=1.0, z=1.959963984540054):
    """The two roots of (p - x)^2 = z^2 x (1 - x) / n, by the formula for quadratics."""
    p, n = shared / asked, asked / effect
    a, b, c = 1 + z * z / n, -(2 * p + z * z / n), p * p
    root = math.sqrt(max(b * b - 4 * a * c, 0.0))
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


@pytest.mark.parametrize(("shared", "asked", "low", "high"), PUBLISHED)
def test_wilson_gives_the_published_limits(shared, asked, low, high):
    assert wilson(shared, asked) == pytest.approx((low, high), abs=5e-5)


@given(counts, st.floats(1.0, 30.0))
def test_wilson_agrees_with_the_quadratic_formula(count, effect):
    assert wilson(*count, design_effect=effect) == pytest.approx(by_hand(*count, effect), abs=1e-9)


@given(counts, st.floats(0.1, 50.0))
def test_an_interval_holds_its_rate_and_stays_between_0_and_1(count, effect):
    low, high = wilson(*count, design_effect=effect)
    assert 0 <= low <= count[0] / count[1] <= high <= 1


def test_a_design_effect_widens_and_never_narrows():
    plain = wilson(30, 100)
    wide = wilson(30, 100, design_effect=4)
    assert wide == pytest.approx(wilson(7.5, 25))
    assert wide[0] < plain[0] < plain[1] < wide[1]
    assert wilson(30, 100, design_effect=0.25) == plain


def test_a_higher_level_is_wider():
    assert wilson(30, 100, level=0.99)[0] < wilson(30, 100)[0]


def test_columns_give_arrays_in_the_same_order():
    low, high = wilson(pd.Series([81, 0]), pd.Series([263, 20]), design_effect=np.array([1.0, 1.0]))
    assert low == pytest.approx([0.2553, 0.0], abs=5e-5)
    assert high == pytest.approx([0.3662, 0.1611], abs=5e-5)


def test_nobody_asked_is_not_a_rate_of_zero():
    assert all(math.isnan(limit) for limit in wilson(0, 0))
    low, _ = wilson(np.array([0.0, 1.0]), np.array([0.0, 29.0]))
    assert math.isnan(low[0])
    assert low[1] == pytest.approx(0.0061, abs=5e-5)


@pytest.mark.parametrize(("shared", "asked"), [(5, 4), (-1, 4), (1, 0)])
def test_impossible_counts_are_refused(shared, asked):
    with pytest.raises(ValueError, match="between 0 and asked"):
        wilson(shared, asked)


def test_a_range_takes_its_low_end_below_and_its_high_end_above():
    low, high = rate_interval(0, 15, 319)
    assert low == 0.0
    assert high == pytest.approx(by_hand(15, 319)[1])
    assert rate_interval(81, 81, 263) == wilson(81, 263)


@given(counts, counts)
def test_a_range_covers_the_interval_of_every_count_in_it(first, second):
    asked = max(first[1], second[1])
    ends = sorted((first[0], second[0]))
    low, high = rate_interval(*ends, asked)
    for shared in {ends[0], (ends[0] + ends[1]) // 2, ends[1]}:
        inside = wilson(shared, asked)
        assert low <= inside[0] + 1e-12
        assert inside[1] <= high + 1e-12


def test_a_range_the_wrong_way_round_is_refused():
    with pytest.raises(ValueError, match="shared_low"):
        rate_interval(9, 3, 20)
