"""The methods in words name the numbers that the code uses."""

import pytest

from dashboard.statistics import FEWEST_AGENCIES, changes, clustering, spike_test
from dashboard.statistics.words import WORDS


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("design_effect", clustering.FEWEST_CLUSTERS),
        ("design_effect", clustering.ASSUMED_CORRELATION),
        ("funnel", FEWEST_AGENCIES),
        ("spike", spike_test.FEWEST_MONTHS),
        ("spike", spike_test.WINDOW_MONTHS),
        ("change", changes.FEWEST_POINTS),
    ],
)
def test_the_words_name_the_number_of_the_code(name, number):
    assert f" {number} " in WORDS[name]


def test_a_change_is_called_an_association():
    assert "association" in WORDS["change"]
    assert "cause" not in WORDS["change"]
