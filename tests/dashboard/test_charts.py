"""Charts: regimes behind every time axis, nothing across a gap, SIMULATED inside the plot, labels apart."""

from datetime import date
from itertools import pairwise

import pandas as pd
import pytest

from dashboard import charts, public_data
from dashboard.charts.base import NARROW, WIDE, new_figure, nice_ticks
from dashboard.charts.labels import Box, Label, place
from dashboard.findings import participation as findings
from dashboard.i18n import number
from dashboard.looks import looks
from dashboard.selection import Selection

AMBER, PLUM = looks("light", False), looks("light", True)
RING = Selection(program="ring-neighbors")
TODAY = date(2026, 11, 20)


@pytest.fixture
def drawn(release):
    months, regimes = public_data.participation_by_month(release, RING), public_data.regimes(release)
    totals = public_data.totals_beside(release, RING)
    return {
        "growth": lambda colours: charts.growth(months, totals, regimes, colours, TODAY),
        "joined": lambda colours: charts.joined(months, regimes, colours),
        "tiles": lambda colours: charts.state_tiles(
            findings.tiles(public_data.participation_by_state(release, RING)), colours, [0, 0.1, 0.2, 0.3, 0.4]
        ),
        "points": lambda colours: charts.point_map(public_data.partnerships(release, RING).assign(hover="x"), colours),
    }


CHARTS = ("growth", "joined", "tiles", "points")


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_of_the_demo_edition_says_simulated_inside_the_plot_and_none_of_the_record_does(drawn, name):
    assert "S I M U L A T E D" in [a.text for a in drawn[name](PLUM).layout.annotations]
    assert "S I M U L A T E D" not in [a.text for a in drawn[name](AMBER).layout.annotations]


@pytest.mark.parametrize("name", CHARTS)
def test_no_chart_needs_another_host_or_a_geographic_axis(drawn, name):
    written = drawn[name](AMBER).to_json()
    assert not any(word in written for word in ("http:", "https:", '"geo"', "mapbox", "choropleth", "topojson"))


@pytest.mark.parametrize("name", CHARTS)
def test_demo_charts_are_never_amber(drawn, name):
    written = drawn[name](PLUM).to_json()
    assert AMBER.accent not in written and AMBER.soft not in written


def test_a_regime_band_is_behind_every_part_of_a_time_axis(drawn, release):
    regimes = public_data.regimes(release)
    shown = charts.bands(regimes, *charts.span(regimes, TODAY))
    figure = drawn["growth"](AMBER)
    assert len([s for s in figure.layout.shapes if s.type == "rect"]) == len(shown) == 4
    assert [b.name for b in shown] == [
        "Private e-mail requests",
        "Public posts",
        "No request tool",
        "Community Requests",
    ]
    assert all(first.shown_until < second.starts for first, second in pairwise(shown))


def test_no_line_crosses_from_one_regime_into_the_next(release):
    regimes = public_data.regimes(release)
    ends = pd.date_range("2018-03-31", "2026-10-31", freq="ME")
    months = pd.DataFrame(
        {"month_start": ends - pd.offsets.MonthBegin(1), "month_end": ends, "joined": 1, "left": None}
    ).assign(active=range(1, len(ends) + 1), status="published")
    figure = charts.growth(months, public_data.totals_beside(release, RING), regimes, AMBER, TODAY)
    shown = charts.bands(regimes, *charts.span(regimes, TODAY))
    for trace in [t for t in figure.data if t.mode == "lines"]:
        days = [pd.Timestamp(x).date() for x in trace.x]
        assert sum(any(b.starts <= d <= b.shown_until for d in days) for b in shown) == 1


def test_where_the_list_stops_the_line_stops(release):
    drawn_months = charts.drawn_months(public_data.participation_by_month(release, RING))
    assert drawn_months["month_end"].iloc[-1].date() == date(2020, 10, 31)
    assert drawn_months["month_start"].iloc[0].date() == date(2019, 8, 1)


def test_a_state_without_an_agency_is_an_outlined_tile_with_a_symbol_and_no_colour(drawn):
    figure = drawn["tiles"](AMBER)
    heat = figure.data[0]
    assert sum(value is not None for row in heat.z for value in row) == 2
    assert list(figure.data[2].text).count("○") == 49


def test_an_agency_without_a_place_is_on_no_map(drawn):
    assert len(drawn["points"](AMBER).data[1].x) == 3


def test_ticks_are_few_and_round_and_reach_the_top():
    assert nice_ticks(2756) == [1000, 2000, 3000]
    assert nice_ticks(137) == [50, 100, 150]
    for highest in (0, 1, 7, 12, 99, 101, 5_000_000):
        ticks = nice_ticks(highest)
        assert 1 <= len(ticks) <= 4 and ticks[-1] >= highest


def test_an_axis_of_counts_has_no_tick_between_two_counts():
    for highest in (0, 1, 1.12, 3, 9, 10, 33, 90, 100):
        ticks = nice_ticks(highest, whole=True)
        assert all(float(tick).is_integer() for tick in ticks) and len(set(map(number, ticks))) == len(ticks) <= 4
        # "1 requests in a month" is never written at the top.
        assert ticks[-1] >= max(2, highest)


def test_every_label_for_desks_has_a_twin_for_phones(drawn):
    names = [a.name for a in drawn["growth"](AMBER).layout.annotations]
    assert names.count(WIDE) >= 4 and names.count(NARROW) >= 4


def test_labels_never_cover_each_other_or_what_is_taken():
    wanted = [Label(100 + 7 * i, 100, ("a long label", "and a line")) for i in range(12)]
    taken = [Box(0, 400, 0, 60)]
    placed = place(wanted, taken, 400, 300)
    assert placed and len(placed) < 12
    assert len({id(p.label) for p in placed}) == len(placed)


def test_a_label_leaves_the_numbers_of_the_axis_free(release):
    months, regimes = public_data.participation_by_month(release, RING), public_data.regimes(release)
    early = public_data.totals_beside(release, RING).head(1)
    early = early.assign(stands_on=pd.Timestamp(2019, 8, 1), as_of=pd.Timestamp(2019, 8, 1), value=1060)
    figure = charts.growth(months, early, regimes, AMBER, TODAY)
    assert 1000 in figure.layout.yaxis.tickvals
    [label] = [a for a in figure.layout.annotations if a.name == WIDE and "1,060" in a.text]
    assert label.xanchor != "right"


def test_a_figure_has_no_legend_box_and_no_axis_title():
    layout = new_figure(AMBER).layout
    assert layout.showlegend is False and not layout.xaxis.title.text and not layout.yaxis.title.text


def test_a_selection_of_which_no_month_is_known_is_drawn_without_an_area(release):
    months, regimes = public_data.participation_by_month(release, RING), public_data.regimes(release)
    silent = months.assign(status="not_reported", joined=None, left=None, active=None)
    figure = charts.growth(silent, public_data.totals_beside(release, RING), regimes, AMBER, TODAY)
    assert all(trace.x is None or not len(trace.x) for trace in figure.data if trace.mode == "lines")
