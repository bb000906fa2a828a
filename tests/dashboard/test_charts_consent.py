"""Charts of consent: honest denominators, ranges as bars, gaps as gaps, limits only where they mean something."""

import itertools
from datetime import date

import pandas as pd
import pytest

from dashboard import public_data, statistics
from dashboard.charts.base import NARROW, WIDE
from dashboard.charts.consent_funnel import consent_funnel, steps
from dashboard.charts.consent_over_time import consent_over_time, rate_in_words
from dashboard.charts.funnel_plot import funnel_plot
from dashboard.looks import looks
from dashboard.public_data import Consent, consent_series
from dashboard.releases import open_release
from dashboard.selection import Selection

AMBER, PLUM = looks("light", False), looks("light", True)
TODAY = date(2026, 11, 20)


@pytest.fixture
def world(logged_data):
    return open_release(logged_data / "public", "demo")


@pytest.fixture
def regimes(world):
    return public_data.regimes(world)


def consent(**more) -> Consent:
    values = {
        "asked": 1000,
        "shared_low": 200,
        "shared_high": 200,
        "responded": 320,
        "asked_of_responded": 800,
        "shared_low_of_responded": 160,
        "shared_high_of_responded": 160,
        "blocks": 9,
        "agencies": 3,
        "requests_covered": 90,
        "requests_in_selection": 100,
        "requests_with_asked": 95,
        "design_effect": 1.0,
        "rate_low": 0.176,
        "rate_high": 0.226,
        "status": "published",
    }
    return Consent(**{**values, **more})


# Funnel --------------------------------------------------------------------------------------------------------------


def test_each_step_is_divided_by_its_own_denominator():
    told = {step.name: (step.figure, step.of) for step in steps(consent(), AMBER)}
    assert told["Shared a video"] == ("20.0%", "of 1,000 asked (17.6 to 22.6)")
    assert told["Responded"] == ("40.0%", "of 800 whose answers were counted")
    assert told["Declined"] == ("20.0%", "of 800 asked") and told["No answer"] == ("60.0%", "of 800 asked")


def test_declined_begins_where_shared_ends_and_no_answer_where_responded_ends():
    by_name = {step.name: step for step in steps(consent(), AMBER)}
    assert by_name["Declined"].starts == pytest.approx(160 / 800)
    assert by_name["Declined"].ends == by_name["No answer"].starts == pytest.approx(320 / 800)
    assert by_name["No answer"].ends == 1


def test_a_range_of_shared_is_a_range_of_declined():
    ranged = consent(shared_high=240, shared_high_of_responded=200)
    told = {step.name: step.figure for step in steps(ranged, AMBER)}
    assert told["Shared a video"] == "20.0% to 24.0%" and told["Declined"] == "15.0% to 20.0%"


def test_where_no_block_shows_answers_they_are_no_number():
    told = steps(consent(responded=0, asked_of_responded=0), AMBER)
    assert [step.figure for step in told if step.name in ("Responded", "Declined", "No answer")] == ["○"] * 3


def test_desk_and_phone_have_bars_of_their_own_from_nought_to_everybody_asked():
    figure = consent_funnel(consent(), AMBER)
    for axes in ("x", "x2"):
        bars = [bar for bar in figure.data if bar.xaxis == axes]
        assert max((bar.base[0] if bar.base else 0) + x for bar in bars for x in bar.x) == pytest.approx(1)
    assert figure.layout.xaxis.range[0] == figure.layout.xaxis2.range[0] == 0
    names = [a.name for a in figure.layout.annotations]
    assert names.count(WIDE) == names.count(NARROW) == 10


# Over time -----------------------------------------------------------------------------------------------------------


def filled(figure, colour):
    return [trace for trace in figure.data if trace.fillcolor == colour]


def test_the_line_is_cut_where_the_regime_changes_and_where_a_period_has_no_figure(world, regimes):
    by_period = consent_series.consent_by_period(world, Selection(), "quarter")
    whole = consent_over_time(by_period, regimes, AMBER, TODAY, "quarter")
    assert len(filled(whole, AMBER.soft)) == 1
    holed = by_period.copy()
    hole = holed.index[(holed["starts_on"] == pd.Timestamp(2019, 10, 1))][0]
    holed.loc[hole, ["asked", "shared_low", "shared_high"]] = pd.NA
    holed.loc[hole, "status"] = "pending"
    assert len(filled(consent_over_time(holed, regimes, AMBER, TODAY, "quarter"), AMBER.soft)) == 2
    # A quarter in which nothing was asked has no row at all: it is a gap as well.
    assert len(filled(consent_over_time(by_period.drop(hole), regimes, AMBER, TODAY, "quarter"), AMBER.soft)) == 2


def test_a_period_without_a_figure_carries_its_symbol_and_no_rate(world, regimes):
    by_period = consent_series.consent_by_period(world, Selection(), "quarter")
    figure = consent_over_time(by_period, regimes, AMBER, TODAY, "quarter")
    symbols = [text for trace in figure.data if trace.mode == "text" for text in trace.text]
    # The last two quarters share one block, which lies inside neither.
    assert symbols == ["⊙", "⊙"]


def period(start, asked, low, high, **more):
    first = pd.Timestamp(start)
    return {
        "program_id": "ring-neighbors",
        "regime_id": "email-video-requests",
        "starts_on": first,
        "ends_on": first + pd.offsets.QuarterEnd(),
        "requests": 10,
        "requests_with_asked": 10,
        "requests_covered": 10,
        "asked": asked,
        "shared_low": low,
        "shared_high": high,
        "rate_low": low / asked,
        "rate_high": high / asked,
        "design_effect": 1.0,
        "status": "published",
    } | more


def test_a_wide_range_is_a_bar_and_no_line_runs_through_it(regimes):
    frame = pd.DataFrame(
        [period("2019-01-01", 100, 20, 20), period("2019-04-01", 100, 0, 5), period("2019-07-01", 100, 20, 20)]
    )
    figure = consent_over_time(frame, regimes, AMBER, TODAY, "quarter")
    assert not filled(figure, AMBER.accent)
    bars = [trace for trace in figure.data if trace.line.width == 5 and trace.line.color == AMBER.accent]
    assert [list(bar.y) for bar in bars] == [[0, 0.05]]


def test_narrow_ranges_are_a_line_as_thick_as_they_are(regimes):
    frame = pd.DataFrame([period("2019-01-01", 1000, 200, 210), period("2019-04-01", 1000, 190, 200)])
    ribbon = filled(consent_over_time(frame, regimes, AMBER, TODAY, "quarter"), AMBER.accent)[0]
    assert list(ribbon.y) == [0.21, 0.2, 0.19, 0.2]


def test_rates_start_at_zero_and_say_their_unit(world, regimes):
    figure = consent_over_time(
        consent_series.consent_by_period(world, Selection(), "quarter"), regimes, AMBER, TODAY, "quarter"
    )
    assert figure.layout.yaxis.range[0] == 0
    assert any("of residents asked shared" in a.text for a in figure.layout.annotations)


@pytest.mark.parametrize(
    ("low", "high", "told"), [(20, 20, "20.0%"), (0, 5, "at most 5.0%"), (19, 21, "19.0% to 21.0%"), (0, 0, "0.0%")]
)
def test_a_rate_in_words_says_what_is_known_of_it(low, high, told):
    assert rate_in_words({"asked": 100, "shared_low": low, "shared_high": high}) == told


# Funnel plot ---------------------------------------------------------------------------------------------------------


def agencies(*more, count=20):
    rows = [(f"Agency {i:02d}", 400 + 10 * i, 80 + 2 * i, 80 + 2 * i) for i in range(count)]
    frame = pd.DataFrame([*rows, *more], columns=["name", "asked", "shared_low", "shared_high"])
    return frame.astype({"asked": float, "shared_low": float, "shared_high": float})


def names_of(figure):
    return {a.text.split(">")[1].split("<")[0] for a in figure.layout.annotations if a.text.startswith("<span")}


def test_only_agencies_outside_the_limits_are_filled_and_named():
    figure = funnel_plot(statistics.funnel(agencies(("Far <b>", 900, 700, 700))), AMBER)
    filled_dots = [t for t in figure.data if t.mode == "markers" and t.marker.color == AMBER.accent and len(t.x)]
    assert len(filled_dots) == 1 and len(filled_dots[0].x) == 1
    assert names_of(figure) == {"Far &lt;b&gt;"}


def test_an_agency_with_a_range_is_a_bar_and_not_a_dot():
    figure = funnel_plot(statistics.funnel(agencies(("Range", 900, 0, 45))), AMBER)
    bars = [t for t in figure.data if t.mode == "lines" and t.line.width in (2.5, 4) and len(t.x)]
    assert [value for bar in bars for value in bar.y if value is not None] == [0, 0.05]
    shown = [t for t in figure.data if t.mode == "markers" and t.marker.opacity is None]
    assert sum(len(t.x) for t in shown) == 20


def test_under_ten_agencies_no_limits_are_drawn():
    few = funnel_plot(statistics.funnel(agencies(count=6)), AMBER)
    many = funnel_plot(statistics.funnel(agencies(count=16)), AMBER)
    assert not any("limit" in a.text for a in few.layout.annotations)
    assert sum("limit" in a.text for a in many.layout.annotations) == 2


def test_the_scale_of_rates_starts_at_zero_and_its_ticks_are_apart():
    figure = funnel_plot(statistics.funnel(agencies()), AMBER)
    assert figure.layout.yaxis.range[0] == 0
    ticks, width = sorted(figure.layout.xaxis.tickvals), figure.layout.xaxis.range[1] - figure.layout.xaxis.range[0]
    assert all(later - earlier > 0.08 * width for earlier, later in itertools.pairwise(ticks))


def test_every_chart_of_the_demo_says_simulated_inside_the_plot(world, regimes):
    by_period = consent_series.consent_by_period(world, Selection(), "quarter")
    for draw in (
        lambda colours: consent_funnel(consent(), colours),
        lambda colours: consent_over_time(by_period, regimes, colours, TODAY, "quarter"),
        lambda colours: funnel_plot(statistics.funnel(agencies()), colours),
    ):
        assert "S I M U L A T E D" in [a.text for a in draw(PLUM).layout.annotations]
        assert "S I M U L A T E D" not in [a.text for a in draw(AMBER).layout.annotations]
