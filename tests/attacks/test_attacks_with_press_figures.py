"""Attacks with published_counts: press figures whose requests are also in row-level logs, subtracted from blocks."""

from dataclasses import replace
from datetime import date

import pytest

from etl.judge import judge
from tests.attacks.made_releases import Q1, Q2, Q3, Q4, Block, Press, Release, sent
from tests.attacks.test_attacks_on_rows import refused

YEAR = (Q1, date(2020, 12, 31))


def test_a_press_figure_over_a_part_of_a_block_is_caught(honest, tmp_path):
    """The newspaper tells of April to June; the block goes on to September, so its rest is known."""
    honest.blocks[1] = replace(honest.blocks[1], asked=45, shared=(0, 2))
    honest.press = [Press("asked", 38, Q2, date(2020, 6, 30))]
    honest.requests[3] = sent(Q2, "burglary", 2)
    refused(
        honest.write(tmp_path), leak=("2020-07-01", "asked is exactly 7", "minus [published_counts: asked exact 38")
    )


def test_a_planted_agency_year_over_blocks_that_cross_the_year_is_caught_as_a_press_figure(tmp_path):
    january = date(2021, 1, 1)
    requests = [sent(Q1, "burglary", 4), sent(Q4, "robbery", 2), sent(january, "robbery", 2)]
    blocks = [
        Block("inside", {(Q1, "burglary"): 4}, asked=30, shared=9),
        Block("crossing", {(Q4, "robbery"): 2, (january, "robbery"): 2}, asked=26, shared=8),
    ]
    honest = Release(blocks=blocks, requests=requests)
    assert judge([honest.write(tmp_path / "without")]).ok
    honest.press = [Press("asked", 37, *YEAR)]
    verdict = refused(honest.write(tmp_path / "with"), leak=("quarter 2020-10-01, robbery", "asked is exactly 7"))
    assert verdict.narrowest.recipe.startswith("asked is at most 7: plus [published_counts: asked exact 37")


def test_a_press_figure_minus_whole_blocks_reaches_the_pending_and_is_caught(honest, tmp_path):
    honest.requests[3] = sent(Q2, "burglary", 2)
    honest.press = [Press("asked", 114, *YEAR)]
    refused(honest.write(tmp_path), leak=("quarter 2020-10-01, burglary", "asked is exactly 4"))


def test_a_press_figure_minus_blocks_reaches_a_request_without_known_counts_and_is_caught(honest, tmp_path):
    """The log does not say how many that request asked; the newspaper's half-year minus the blocks does."""
    honest.blocks[1] = Block("range", {(Q2, "burglary"): 2, (Q3, "vandalism"): 2}, asked=60, shared=(0, 3))
    honest.requests[4:6] = [sent(Q3, "vandalism", 2)]
    honest.press = [Press("asked", 97, Q1, date(2020, 9, 30))]
    refused(honest.write(tmp_path), leak=("requests without known counts", "asked is exactly 7"))


def test_a_sum_of_pending_requests_is_caught_even_where_each_of_them_stays_open(honest, tmp_path):
    """Three pending requests and one without counts: 20 asked together. No block says so, so nobody may know."""
    honest.press = [Press("asked", 130, *YEAR)]
    verdict = refused(honest.write(tmp_path), leak=("a difference of published rows", "asked is exactly 20"))
    assert verdict.failed == 0 and verdict.combinations_failed > 0


def test_a_press_figure_that_starts_within_a_month_is_caught(tmp_path):
    """Whichever of the month's requests it counts, the block minus the figure is known."""
    blocks = [Block("mixed", {(Q1, "burglary"): 2, (Q1, "robbery"): 2}, asked=26, shared=8)]
    requests = [sent(Q1, "burglary", 2), sent(Q1, "robbery", 1), sent(date(2020, 2, 1), "robbery", 1)]
    press = [Press("asked", 19, date(2020, 1, 10), date(2020, 3, 31))]
    refused(
        Release(blocks=blocks, requests=requests, press=press).write(tmp_path),
        leak=("a difference of published rows", "asked is exactly 7"),
    )


@pytest.mark.parametrize("measure, value", [("shared", 9), ("shared", 8), ("responded", 8)])
def test_a_press_figure_that_leaves_nobody_who_shared_is_caught(measure, value, honest, tmp_path):
    """8 or 9 of the block's 9 who shared are in the figure's month."""
    honest.press = [Press(measure, value, Q1, date(2020, 1, 31))]
    honest.blocks[0] = replace(honest.blocks[0], responded=None)
    verdict = judge([honest.write(tmp_path)])
    assert verdict.ok == (measure == "responded"), verdict.report()


def test_declined_of_a_press_figure_counts_as_not_shared(honest, tmp_path):
    """All who did not share are said to have declined, in January: in February nobody is left who did not share."""
    honest.blocks[0] = replace(honest.blocks[0], responded=None)
    honest.press = [Press("declined", 21, Q1, date(2020, 1, 31)), Press("asked", 25, Q1, date(2020, 1, 31))]
    refused(honest.write(tmp_path), leak=("2020-01-01, burglary", "not shared cannot reach 2"))


@pytest.mark.parametrize("qualifier", ["exact", "about"])
def test_about_is_read_as_exact(honest, qualifier, tmp_path):
    honest.press = [Press("asked", 24, Q1, date(2020, 1, 31), qualifier)]
    refused(honest.write(tmp_path), leak=("asked is exactly 6",))


@pytest.mark.parametrize(
    "qualifier, value, caught", [("at_most", 5, False), ("at_least", 25, True), ("more_than", 24, True)]
)
def test_limits_of_a_press_figure_are_used(honest, qualifier, value, caught, tmp_path):
    """At least 25 of 30 in January: February's one request asked 1 to 5. At most 5 is the newspaper's own fact, and
    February is then large and mixed enough to be known."""
    honest.press = [Press("asked", value, Q1, date(2020, 1, 31), qualifier)]
    assert judge([honest.write(tmp_path)]).ok is not caught


def test_two_press_figures_that_overlap_are_subtracted_too(tmp_path):
    """Each alone covers whole blocks and something pending; together they tell of a single month."""
    requests = [sent(Q1, "burglary", 4), sent(Q2, "robbery", 2), sent(Q3, "robbery", 2)]
    blocks = [Block("first", {(Q1, "burglary"): 4}, asked=30, shared=9)]
    requests += [sent(Q4, "burglary", 3)]
    base = Release(blocks=blocks, requests=requests)
    base.press = [Press("asked", 60, Q1, date(2020, 9, 30)), Press("asked", 27, Q3, date(2020, 9, 30))]
    refused(base.write(tmp_path), leak=("quarter 2020-04-01, robbery", "asked is exactly 3"))


def test_a_press_figure_that_contradicts_the_blocks_is_undecided_and_refused(honest, tmp_path):
    honest.press = [Press("asked", 10, Q1, date(2020, 3, 31))]
    verdict = refused(honest.write(tmp_path))
    assert verdict.undecided > 0 and not verdict.leaks
    assert "contradict each other" in verdict.notes[0]


def test_a_press_figure_that_comes_later_and_contradicts_published_blocks_is_refused_too(honest, tmp_path):
    """No block is new, so what a run judges anew is found by the figure alone."""
    later = replace(honest, number=2, press=[Press("asked", 10, Q1, date(2020, 3, 31))])
    first, second = honest.write(tmp_path), later.write(tmp_path)
    for proven in (0, 1):
        verdict = judge([first, second], proven=proven)
        assert not verdict.ok and verdict.undecided > 0 and not verdict.leaks


def test_a_press_figure_of_an_earlier_release_is_not_forgotten(honest, next_release, tmp_path):
    honest.press = [Press("asked", 24, Q1, date(2020, 1, 31))]
    refused(honest.write(tmp_path), next_release.write(tmp_path), leak=("minus [published_counts: asked exact 24",))


def test_a_press_figure_that_was_corrected_is_no_fact_any_more(honest, tmp_path):
    """The first release mistyped the newspaper's 30; the second says so. The mistake cannot be subtracted."""
    corrected = replace(honest, number=2, press=[Press("asked", 30, Q1, date(2020, 3, 31))])
    honest.press = [Press("asked", 300, Q1, date(2020, 3, 31))]
    first = honest.write(tmp_path)
    assert not judge([first]).ok
    assert judge([first, corrected.write(tmp_path)]).ok


def test_a_request_whose_counts_became_known_is_not_counted_twice(honest, next_release, tmp_path):
    """In release 2 the April request has counts; the half-year's figure is 90 for whole blocks and that request."""
    next_release.requests = [row for row in next_release.requests if row["month_start"] != Q2]
    next_release.requests.append(sent(Q2, "burglary", 3))
    next_release.press = [Press("asked", 97, Q1, date(2020, 9, 30))]
    next_release.blocks = next_release.blocks[:3]
    next_release.requests = [row for row in next_release.requests if row["incident_category"] != "robbery"]
    next_release.requests.append(sent(Q1, "robbery", 1))
    verdict = refused(honest.write(tmp_path), next_release.write(tmp_path), leak=("asked is exactly 7",))
    assert verdict.failed == 1 and verdict.narrowest.where.endswith("quarter 2020-04-01, burglary")


def test_responded_two_beside_a_low_range_is_also_caught_where_a_press_figure_overlaps(honest, tmp_path):
    """The same arithmetic among overlapping rows: 2 responded and 2 of them declined, so nobody shared."""
    honest.blocks[1] = replace(honest.blocks[1], responded=2)
    honest.press = [Press("asked", 1, Q2, date(2020, 6, 30), "at_least")]
    refused(honest.write(tmp_path), leak=("shared cannot reach 2", "shared is at most 0", "2 responded"))
