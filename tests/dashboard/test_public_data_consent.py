"""Consent is a sum of whole blocks inside the selection, and says how much of it that is."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from dashboard import public_data, statistics
from dashboard.public_data.consent import usual_design_effect
from dashboard.releases import open_release
from dashboard.selection import Selection

EMAIL = Selection(regime="email-video-requests")


@pytest.fixture
def logged(logged_data):
    """The demo release that has a log for every agency."""
    return open_release(logged_data / "public", "demo")


def test_the_sum_is_of_blocks_with_low_and_high(release):
    consent = public_data.consent(release, EMAIL)
    assert (consent.asked, consent.shared_low, consent.shared_high) == (220, 35, 38)
    assert (consent.requests_covered, consent.requests_in_selection) == (13, 15)
    assert consent.status == "published" and consent.coverage == pytest.approx(13 / 15)
    assert consent.is_range and consent.rate is None


def test_the_interval_runs_from_the_low_of_the_low_to_the_high_of_the_high(release):
    consent = public_data.consent(release, EMAIL)
    low, high = statistics.rate_interval(35, 38, 220, design_effect=consent.design_effect)
    assert (consent.rate_low, consent.rate_high) == (low, high)
    assert consent.design_effect >= 1


def test_responded_has_the_denominator_of_the_blocks_that_show_it(release):
    consent = public_data.consent(release, EMAIL)
    assert (consent.responded, consent.asked_of_responded) == (30, 100)


@pytest.mark.parametrize(
    ("selection", "blocks"),
    [
        # One of a block's two categories is not the block.
        (Selection(categories=("burglary",)), ["b1", "b3"]),
        (Selection(categories=("burglary", "robbery")), ["b1", "b2", "b3"]),
        (Selection(counties=("09001",)), ["b1", "b2"]),
        (Selection(states=("NJ",)), ["b3"]),
        (Selection(agency_id="us-ct-one-pd"), ["b1", "b2"]),
        # b3 reaches over two quarters: inside neither of them.
        (Selection(until=date(2020, 3, 31)), ["b1"]),
        (Selection(since=date(2020, 4, 1)), ["b2"]),
        (Selection(since=date(2020, 1, 1), until=date(2020, 6, 30)), ["b1", "b2", "b3"]),
        (Selection(since=date(2020, 1, 2)), ["b2"]),
        (Selection(until=date(2020, 6, 29)), ["b1"]),
        # Blocks do not know channels.
        (Selection(channel="email"), []),
        (Selection(regime="request-for-assistance"), []),
    ],
)
def test_a_block_counts_only_where_it_lies_wholly_inside(release, selection, blocks):
    assert public_data.blocks_inside(release, selection)["block_id"].tolist() == blocks


def test_requests_of_a_month_count_only_where_the_month_lies_wholly_inside(release):
    consent = public_data.consent(release, Selection(since=date(2020, 1, 2), until=date(2020, 4, 29)))
    assert consent.requests_in_selection == 0


@pytest.mark.parametrize(
    ("selection", "status"),
    [
        (EMAIL, "published"),
        (Selection(regime="email-video-requests", categories=("robbery",)), "pending"),
        (Selection(regime="request-for-assistance"), "not_measurable"),
        (Selection(regime="no-request-tool"), "no_request_tool"),
        (Selection(states=("TX",)), "not_reported"),
    ],
)
def test_every_answer_is_in_one_state(release, selection, status):
    assert public_data.consent(release, selection).status == status


def test_under_four_fifths_the_answer_is_partly_published(release):
    # The second block's quarter is not over by the end of May; its month of April is.
    may = Selection(counties=("09001",), categories=("burglary", "robbery"), until=date(2020, 5, 31))
    consent = public_data.consent(release, may)
    assert (consent.requests_covered, consent.requests_in_selection) == (5, 9)
    assert consent.status == "partly_published"


selections = some.builds(
    Selection,
    states=some.sampled_from([(), ("CT",), ("NJ",), ("CT", "NJ")]),
    categories=some.sampled_from([(), ("burglary",), ("burglary", "robbery")]),
    since=some.none() | some.dates(date(2019, 12, 1), date(2020, 7, 1)),
    until=some.none() | some.dates(date(2019, 12, 1), date(2020, 12, 1)),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(one=selections, other=selections)
def test_the_difference_of_two_answers_is_a_sum_of_whole_blocks(release, one, other):
    blocks = {row["block_id"]: row for row in public_data.blocks_inside(release, Selection()).to_dict("records")}
    first, second = (set(public_data.blocks_inside(release, s)["block_id"]) for s in (one, other))
    for name in ("asked", "shared_low", "shared_high"):
        figures = [getattr(public_data.consent(release, selection), name) for selection in (one, other)]
        signed = sum(blocks[b][name] for b in first - second) - sum(blocks[b][name] for b in second - first)
        assert figures[0] - figures[1] == signed


@pytest.mark.parametrize("states", [(), ("CT",)])
def test_regimes_asked_together_answer_as_each_alone(logged, states):
    together = public_data.consent_by_regime(logged, Selection(states=states))
    assert list(together) == public_data.regimes(logged)["regime_id"].tolist()
    assert together == {
        regime: public_data.consent(logged, Selection(states=states, regime=regime)) for regime in together
    }


def test_what_the_database_adds_up_is_what_a_list_of_the_blocks_gives(logged):
    counted = 0
    for regime, answer in public_data.consent_by_regime(logged, Selection()).items():
        blocks = public_data.blocks_inside(logged, Selection(regime=regime))
        usual = usual_design_effect(logged)
        assert answer.design_effect == pytest.approx(statistics.design_effect(blocks, reference=usual).value, rel=1e-12)
        assert (answer.blocks, answer.agencies) == (len(blocks), blocks["agency_id"].nunique())
        counted += answer.design_effect > 1
    assert counted, "some regime must have answers that cluster"
