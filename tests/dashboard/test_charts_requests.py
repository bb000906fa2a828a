"""Charts of requests: bars stay on their own regime's band, shares start at 0, a published number is one line."""

from datetime import date, timedelta

import pandas as pd
import pytest
from dashboard_consent_world import press
from dashboard_world import publish

from dashboard import public_data
from dashboard.charts import bands, span
from dashboard.charts import requests as charts
from dashboard.charts.base import NARROW, WIDE
from dashboard.looks import looks
from dashboard.public_data import request_series
from dashboard.releases import open_release
from dashboard.selection import Selection

AMBER, PLUM = looks("light", False), looks("light", True)
TODAY = date(2026, 11, 20)


@pytest.fixture
def world(logged_data):
    return open_release(logged_data / "public", "demo")


@pytest.fixture
def by_month(world):
    return request_series.requests_by_month(world, Selection())


@pytest.fixture
def regimes(world):
    return public_data.regimes(world)


def test_each_regime_is_a_series_of_its_own_and_no_bar_leaves_its_band(by_month, regimes):
    figure = charts.requests_by_month(by_month, regimes, AMBER, TODAY)
    drawn = [bar for bar in figure.data if bar.type == "bar"]
    assert len(drawn) == by_month["regime_id"].nunique()
    starts = {band.name: (band.starts, band.ends) for band in bands(regimes, *span(regimes, TODAY))}
    for bar in drawn:
        name = bar.hovertemplate.split("<extra>")[1].removesuffix("</extra>")
        for middle, width in zip(bar.x, bar.width, strict=True):
            half = timedelta(milliseconds=width / 2)
            first, last = pd.Timestamp(middle) - half, pd.Timestamp(middle) + half
            assert pd.Timestamp(starts[name][0]) <= first and last <= pd.Timestamp(starts[name][1])


def test_the_month_of_a_change_has_two_bars_beside_each_other(regimes):
    june = pd.DataFrame(
        {
            "regime_id": ["email-video-requests", "request-for-assistance"],
            "month_start": [pd.Timestamp(2021, 6, 1)] * 2,
            "requests": [5, 9],
        }
    )
    before, after = (bar for bar in charts.requests_by_month(june, regimes, AMBER, TODAY).data if bar.type == "bar")
    ends = pd.Timestamp(before.x[0]) + timedelta(milliseconds=before.width[0] / 2)
    assert ends <= pd.Timestamp(after.x[0]) - timedelta(milliseconds=after.width[0] / 2)


def test_regimes_without_a_figure_say_so_and_the_one_without_a_tool_says_that(by_month, regimes):
    texts = [a.text for a in charts.requests_by_month(by_month, regimes, AMBER, TODAY).layout.annotations]
    assert any("no tool" in text for text in texts) and any("not reported" in text for text in texts)


def test_per_resident_is_the_same_bars_on_another_scale(by_month, regimes):
    plain = charts.requests_by_month(by_month, regimes, AMBER, TODAY)
    rated = charts.requests_by_month(by_month, regimes, AMBER, TODAY, residents=200_000)
    for one, other in zip(plain.data, rated.data, strict=True):
        assert list(other.y) == pytest.approx([value / 2 for value in one.y])
    assert any("per 100,000 residents" in a.text for a in rated.layout.annotations)
    assert plain.layout.yaxis.range[0] == rated.layout.yaxis.range[0] == 0


def test_requests_of_no_sure_regime_are_grey_and_in_no_series(regimes):
    months = pd.DataFrame({"regime_id": ["unassigned"], "month_start": [pd.Timestamp(2025, 3, 1)], "requests": [4]})
    bars = [bar for bar in charts.requests_by_month(months, regimes, AMBER, TODAY).data if bar.type == "bar"]
    assert [bar.marker.color for bar in bars] == [AMBER.grey]


def test_shares_start_at_zero_and_are_full_at_the_common_most():
    rows = pd.DataFrame({"label": ["A & B", "C"], "requests": [30, 10], "share": [0.3, 0.1]})
    figure = charts.requests_split(rows, AMBER, 0.4)
    assert list(figure.layout.xaxis.range) == [0, 0.4]
    assert list(figure.data[1].x) == [0.3, 0.1]
    assert any("A &amp; B" in a.text for a in figure.layout.annotations)


@pytest.fixture
def published(tmp_path):
    publish(tmp_path, "record", rows=press())
    release = open_release(tmp_path / "public", "record")
    counts = public_data.published_counts(release, Selection(), ("requests",))
    counts = counts[counts["period_end"].notna()]
    return counts.assign(label=counts["name"] + " <i>x</i>", is_total=False)


def test_every_published_number_is_one_line_of_its_own_and_nothing_is_added(published, regimes):
    figure = charts.known_requests(published, regimes, AMBER, TODAY)
    lines = [trace for trace in figure.data if trace.type == "scatter"]
    assert len(lines) == len(published)
    assert len({trace.y[0] for trace in lines}) == len(lines)
    assert [pd.Timestamp(day).date() for day in lines[0].x] == [date(2018, 5, 1), date(2018, 9, 30)]


def test_a_name_in_a_chart_is_text_and_not_markup(published, regimes):
    figure = charts.known_requests(published, regimes, AMBER, TODAY)
    texts = [a.text for a in figure.layout.annotations] + [trace.hovertemplate for trace in figure.data]
    assert any("&lt;i&gt;" in text for text in texts) and not any("<i>x" in text for text in texts)


def test_a_regime_of_which_only_single_requests_are_known_still_says_that_no_total_is_reported(published, regimes):
    single = published.head(1).assign(
        qualifier="at_least", value=1, period_start=pd.Timestamp(2023, 9, 18), period_end=pd.Timestamp(2023, 9, 18)
    )
    figure = charts.known_requests(pd.concat([published, single]), regimes, AMBER, TODAY)
    assert any("no total" in a.text for a in figure.layout.annotations)


def test_what_is_said_on_a_desk_is_said_on_a_phone(published, regimes):
    names = [a.name for a in charts.known_requests(published, regimes, AMBER, TODAY).layout.annotations]
    assert names.count(WIDE) == names.count(NARROW)


def test_every_chart_of_the_demo_says_simulated_inside_the_plot(by_month, regimes, published):
    rows = pd.DataFrame({"label": ["A"], "requests": [30], "share": [0.3]})
    for draw in (
        lambda colours: charts.requests_by_month(by_month, regimes, colours, TODAY),
        lambda colours: charts.requests_split(rows, colours, 0.4),
        lambda colours: charts.known_requests(published, regimes, colours, TODAY),
    ):
        assert "S I M U L A T E D" in [a.text for a in draw(PLUM).layout.annotations]
        assert "S I M U L A T E D" not in [a.text for a in draw(AMBER).layout.annotations]
