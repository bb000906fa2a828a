"""Compare tells differences from intervals, keeps the order picked, and is honest where nothing can be compared."""

import re
import shutil
import sys
from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from dashboard_consent_world import logs, press
from dashboard_world import partnership, publish, world
from streamlit.testing.v1 import AppTest

from dashboard import public_data, statistics
from dashboard.charts import bands
from dashboard.charts import compare as charts
from dashboard.findings import compare as findings
from dashboard.findings import compare_tables as tables
from dashboard.findings.compare_facts import facts
from dashboard.looks import looks
from dashboard.public_data import Consent, comparison
from dashboard.releases import open_release
from dashboard.selection import Selection

# What is made for all of these is made once, on one worker.
pytestmark = pytest.mark.xdist_group("compare-page")

APP = Path(__file__).resolve().parents[2] / "dashboard" / "app.py"
PAGE = "app_pages/compare.py"
EMAIL = Selection(regime="email-video-requests")
IDS = ("us-wi-made-05-pd", "us-ct-made-03-pd", "us-nj-made-01-pd")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Both editions: record with press figures and no log, demo with logs and blocks."""
    folder = tmp_path_factory.mktemp("compare")
    rows = logs()
    rows["partnerships"] = [
        partnership(IDS[0], "2019-08-10", "day", approval="council_vote", conflicts="press: 2019-09-01"),
        partnership(IDS[1], "2019-08-01", "month", incentive="no"),
    ]
    publish(folder, "record", rows=press())
    publish(folder, "demo", rows=rows)
    return folder


@pytest.fixture
def demo(made):
    return open_release(made / "public", "demo")


@pytest.fixture
def record(made):
    return open_release(made / "public", "record")


@pytest.fixture
def second(made, tmp_path):
    """A second way to the same release: a copy in plain DuckDB, SQL written here."""
    folder = next((made / "public" / "demo" / "releases").iterdir())
    copy = shutil.copy(folder / "porchlight.duckdb", tmp_path / "copy.duckdb")
    with duckdb.connect(str(copy), read_only=True) as database:
        yield lambda sql: database.execute(sql).fetchall()


@pytest.fixture
def shown(made, monkeypatch):
    """Open the page with an address; returns the run and all its HTML."""

    def run(**address):
        monkeypatch.setattr(sys, "argv", ["app.py", "--data", str(made)])
        app = AppTest.from_file(str(APP), default_timeout=60)
        for name, value in address.items():
            app.query_params[name] = value
        app.switch_page(PAGE).run()
        assert not app.exception
        return app, "\n".join(element.proto.body for element in app.get("html"))

    return run


def title(html: str) -> str:
    return re.search(r"<h1>(.*?)</h1>", html).group(1)


def figure(asked: int, low: int, high: int | None = None, *, effect: float = 1.0, status: str = "published") -> Consent:
    """A consent figure by hand."""
    high = low if high is None else high
    limits = statistics.rate_interval(low, high, asked, design_effect=effect) if asked else (None, None)
    return Consent(asked, low, high, 0, 0, 0, 0, 1, 1, 4, 5, 5, effect, *limits, status)


def picked(*figures: Consent) -> list[findings.Compared]:
    names = pd.DataFrame({"agency_id": [f"a{i}" for i in range(len(figures))], "state": "OH"})
    return findings.compared(names.assign(name=[f"Agency {i}" for i in range(len(figures))]), figures)


# Questions ------------------------------------------------------------------------------------------------------------


def test_agencies_stand_in_the_order_picked_and_not_by_name_or_rate(demo):
    assert list(comparison.picked_agencies(demo, IDS)["agency_id"]) == list(IDS)
    backwards = tuple(reversed(IDS))
    assert list(comparison.picked_agencies(demo, backwards)["agency_id"]) == list(backwards)
    assert list(dict.fromkeys(comparison.requests_of(demo, backwards, Selection())["agency_id"])) == list(backwards)


def test_requests_by_month_agree_with_a_second_query_and_gaps_inside_a_log_are_true_zeros(demo, second):
    months = comparison.requests_of(demo, IDS, Selection())
    told = {
        (row["agency_id"], row["regime_id"], row["month_start"].date()): row["requests"]
        for row in months.to_dict("records")
    }
    asked_for = "'" + "','".join(IDS) + "'"
    counted = second(
        "select agency_id, regime_id, month_start, sum(requests) from request_counts "
        f"where agency_id in ({asked_for}) group by all"
    )
    assert {key: value for key, value in told.items() if value} == {tuple(row[:3]): row[3] for row in counted}
    # A log of e-mail requests from January 2019 to November 2020 has 23 months, with or without a request.
    assert sum(key[:2] == (IDS[0], "email-video-requests") for key in told) == 23
    assert told[(IDS[0], "email-video-requests", date(2019, 3, 1))] == 0


def test_an_agencys_figure_is_that_of_the_consent_page(demo, second):
    for agency_id, answer in zip(IDS, comparison.consents(demo, IDS, EMAIL), strict=True):
        assert answer == public_data.consent(demo, replace(EMAIL, agency_id=agency_id))
        sums = second(
            "select sum(asked), sum(shared_low), sum(shared_high), sum(requests) from consent_blocks "
            f"where agency_id = '{agency_id}' and regime_id = 'email-video-requests'"
        )[0]
        assert (answer.asked, answer.shared_low, answer.shared_high, answer.requests_covered) == sums


def test_agencies_are_never_compared_across_regimes(demo):
    with pytest.raises(ValueError, match="one regime"):
        comparison.consents(demo, IDS, Selection())


def test_agencies_alike_are_of_the_same_kind_and_nearest_in_residents(tmp_path):
    rows = world()
    rows["request_counts"] = []
    sizes = {"us-ct-one-pd": 20_000, "us-ct-two-pd": 90_000, "us-wi-one-pd": 24_000}
    for row in rows["agencies"]:
        row["population"] = sizes.get(row["agency_id"], 20_000)
    publish(tmp_path, rows=rows)
    alike = comparison.like(open_release(tmp_path / "public", "record"), "us-ct-one-pd")
    # The sheriff and the fire department have as many residents and are of another kind.
    assert alike == ["us-wi-one-pd", "us-ct-two-pd"]


def test_an_agency_with_a_log_is_set_beside_agencies_with_a_log(release):
    assert comparison.like(release, "us-ct-one-pd") == ["us-wi-one-pd"]


# What is said ---------------------------------------------------------------------------------------------------------


def test_two_agencies_are_told_apart_only_by_the_interval_of_the_difference():
    alike, apart = picked(figure(212, 51), figure(187, 36)), picked(figure(2120, 510), figure(1870, 260))
    assert findings.finding(alike, findings.pairs(alike)) == "The data cannot tell these two agencies apart"
    assert findings.finding(apart, findings.pairs(apart)) == (
        "Residents asked by Agency 0, OH said yes more often than those asked by Agency 1, OH"
    )
    turned = picked(figure(1870, 260), figure(2120, 510))
    assert "asked by Agency 1, OH said yes more often" in findings.finding(turned, findings.pairs(turned))


def test_the_difference_is_newcombes_with_each_agencys_own_design_effect():
    agencies = picked(figure(263, 81, effect=1.4), figure(148, 15))
    (pair,) = findings.pairs(agencies)
    assert pair.difference == statistics.difference(
        statistics.Rate(81, 81, 263, 1.4), statistics.Rate(15, 15, 148), level=0.95
    )
    assert findings.in_points(pair).startswith("20.7 points (95% interval ")


def test_with_several_agencies_every_interval_is_widened_and_the_page_warns():
    agencies = picked(*(figure(400, 80 + 4 * i) for i in range(6)))
    found = findings.pairs(agencies)
    assert len(found) == 15
    assert all(pair.difference.level == pytest.approx(1 - 0.05 / 15) for pair in found)
    alone = statistics.difference(statistics.Rate(80, 80, 400), statistics.Rate(84, 84, 400))
    assert found[0].difference.low < alone.low and found[0].difference.high > alone.high
    warning = findings.many_compared(found)
    assert "about 0.8 of 15 pairs" in warning and "99.67%" in warning
    assert findings.many_compared(found[:1]) == ""


def test_agencies_without_a_figure_make_no_pair_and_are_named():
    agencies = picked(figure(400, 80), figure(0, 0, status="pending"), figure(400, 160))
    found = findings.pairs(agencies)
    assert [(pair.first.letter, pair.second.letter) for pair in found] == [("A", "C")]
    only = picked(figure(400, 80), figure(0, 0, status="pending"))
    assert findings.pairs(only) == []
    assert "only Agency 0, OH has a consent figure" in findings.finding(only, [])


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("pending", "are pending"),
        ("not_measurable", "Nobody can say how many residents"),
        ("no_request_tool", "no way to ask"),
        ("not_reported", "No consent figure is reported"),
    ],
)
def test_a_missing_figure_is_a_state_with_its_own_sentence(status, words):
    agencies = picked(figure(0, 0, status=status), figure(0, 0, status=status))
    assert words in findings.finding(agencies, [])


def test_a_range_stays_a_range_in_rate_and_difference():
    agencies = picked(figure(561, 0, 25), figure(130, 31))
    (pair,) = findings.pairs(agencies)
    assert findings.rate(agencies[0]) == "at most 4.5%"
    assert findings.in_points(pair).startswith("\u221223.8 to \u221219.4 points")
    assert tables.differences([pair]).iloc[0]["estimate_low"] < tables.differences([pair]).iloc[0]["estimate_high"]


def test_among_six_equal_agencies_a_false_difference_shows_on_at_most_one_page_in_twenty():
    chance = np.random.default_rng(413)
    pages = 200
    wrong = 0
    for shared in chance.binomial(300, 0.2, size=(pages, 6)):
        rates = [statistics.Rate(float(yes), float(yes), 300.0) for yes in shared]
        level = statistics.level_for(15)
        wrong += any(
            statistics.difference(one, other, level=level).verdict == statistics.DIFFERS
            for one, other in combinations(rates, 2)
        )
    assert wrong <= 0.05 * pages + 2 * (0.05 * 0.95 * pages) ** 0.5


def test_a_table_holds_null_and_a_state_where_nothing_is_known_and_never_zero():
    rows = tables.rates(picked(figure(400, 80), figure(0, 0, status="pending"))).to_dict("records")
    assert pd.isna(rows[1]["asked"]) and pd.isna(rows[1]["shared_low"]) and pd.isna(rows[1]["rate_low"])
    assert rows[1]["status"] == "pending" and rows[1]["told"] == "⊙ pending"


def test_unknown_facts_are_not_reported_and_never_a_no(demo):
    agencies = comparison.picked_agencies(demo, IDS)
    told = dict(facts(agencies, comparison.partnerships_of(demo, IDS)))
    joined = told["Joined Ring Neighbors"]
    assert [cell.words for cell in joined] == ["August 10, 2019", "August 2019", None]
    assert joined[0].note == "List Keepers; other dates: press: 2019-09-01"
    assert joined[2].note == "no source names it"
    assert [cell.status for cell in told["Approved by"]] == ["published", "not_reported", "not_reported"]
    assert [cell.words for cell in told["Devices or discounts"]] == [None, "no", None]
    assert [cell.status for cell in told["Left"]] == ["not_reported"] * 3


def test_a_program_in_which_few_take_part_gets_one_row(tmp_path):
    rows = world()
    rows["partnerships"].append(partnership("us-ct-one-pd", "2020-01-01", "year", program_id="camera-registry"))
    publish(tmp_path, rows=rows)
    release = open_release(tmp_path / "public", "record")
    ids = ("us-ct-one-pd", "us-ct-two-pd")
    told = dict(facts(comparison.picked_agencies(release, ids), comparison.partnerships_of(release, ids)))
    assert [cell.words for cell in told["Also in Camera registries"]] == ["2020", None]


# Charts ---------------------------------------------------------------------------------------------------------------


def test_the_first_picked_is_in_accent_and_the_others_are_grey(demo):
    colours = looks("light", True)
    agencies = picked(*(figure(400, 80 + 20 * i) for i in range(3)))
    drawn = charts.rates(tables.rates(agencies), colours)
    dots = [trace.marker.color for trace in drawn.data if trace.mode == "markers"]
    assert dots == [colours.accent, colours.ink2, colours.ink2]
    assert "S I M U L A T E D" in [note.text for note in drawn.layout.annotations]


def test_a_range_has_a_bar_and_no_dot():
    drawn = charts.rates(tables.rates(picked(figure(561, 0, 25), figure(130, 31))), looks("light", False))
    assert [trace.marker.opacity for trace in drawn.data if trace.mode == "markers"] == [0, 1]


def test_months_share_one_scale_and_a_line_marks_only_what_the_log_covers(demo):
    months = comparison.requests_of(demo, IDS, EMAIL)
    regimes = public_data.regimes(demo)
    (band,) = bands(regimes[regimes["regime_id"] == EMAIL.regime], date(2018, 3, 1), date(2021, 6, 7))
    agencies = findings.compared(comparison.picked_agencies(demo, IDS), comparison.consents(demo, IDS, EMAIL))
    drawn = charts.months_by_agency(months, tables.logs(agencies, months), band, looks("light", True))
    bars = [trace for trace in drawn.data if trace.type == "bar"]
    per_request = {
        round(bar.y[i] / requests, 9)
        for bar, (_key, mine) in zip(bars, months.groupby("agency_id", sort=False), strict=True)
        for i, requests in enumerate(mine["requests"])
        if requests
    }
    assert len(per_request) == 1
    covered = [shape for shape in drawn.layout.shapes if shape.type == "line" and shape.xref != "paper"]
    assert {(shape.x0, shape.x1) for shape in covered} == {(date(2019, 1, 1), date(2020, 12, 1))}


def test_every_figure_is_one_that_plotly_accepts(demo):
    agencies = picked(*(figure(400, 80 + 20 * i) for i in range(6)))
    for drawn in (
        charts.rates(tables.rates(agencies), looks("dark", True)),
        charts.differences(tables.differences(findings.pairs(agencies)), looks("dark", True)),
    ):
        type(drawn)(drawn.to_dict())  # raises ValueError on a property that does not exist


# The page -------------------------------------------------------------------------------------------------------------


def test_without_a_pick_the_page_says_what_it_does_and_where_to_begin(shown):
    for edition in ("record", "demo"):
        _app, html = shown(edition=edition)
        assert title(html) == "Pick two agencies and see whether the data can tell them apart"
        assert "agencies=" in html


def test_with_one_pick_it_offers_agencies_alike(shown):
    _app, html = shown(edition="demo", agencies=IDS[0])
    assert "Of the same kind and nearest in size" in html
    assert f"agencies={IDS[0]}%2C" in html


def test_the_title_is_the_finding_and_numbers_are_those_of_the_release(shown, demo):
    _app, html = shown(edition="demo", agencies=",".join(IDS[::2]))
    told = findings.compared(comparison.picked_agencies(demo, IDS[::2]), comparison.consents(demo, IDS[::2], EMAIL))
    assert title(html) == findings.finding(told, findings.pairs(told))
    assert f"of {told[0].consent.asked:,} residents asked" in html


def test_the_picker_holds_the_picks_in_order_and_the_address_is_read_once(shown):
    app, _html = shown(edition="demo", agencies=",".join((*IDS, IDS[0])))
    assert app.multiselect(key="compare_agencies").value == list(IDS)


def test_what_the_address_names_in_vain_is_told(shown):
    app, _html = shown(edition="demo", agencies=f"{IDS[0]},{IDS[1]},us-xx-nobody-pd")
    assert any("us-xx-nobody-pd" in caption.value for caption in app.caption)


def test_no_more_than_six_are_compared(shown, demo):
    seven = list(comparison.agency_names(demo))[:7]
    app, _html = shown(edition="demo", agencies=",".join(seven))
    assert app.multiselect(key="compare_agencies").value == seven[:6]
    assert any(seven[6] in caption.value for caption in app.caption)


def test_a_regime_that_hides_who_was_asked_has_requests_and_no_rate(shown):
    _app, html = shown(edition="demo", agencies=",".join(IDS[:2]), regime="request-for-assistance")
    assert title(html) == "Nobody can say how many residents these agencies reached, so no rates can be compared"
    assert "Made PD 05, WI logged 2 requests" in html
    assert "of residents asked shared" not in html


def test_the_record_edition_compares_dates_and_published_numbers_and_no_rate(shown):
    _app, html = shown(agencies="us-ct-one-pd,us-nj-one-so")
    assert (
        title(html)
        == "One Police Department, CT joined on August 10, 2019 and Nj-One-So, NJ joined on February 3, 2020"
    )
    assert "the public record holds no consent rate" in html
    assert "22 requests sent" in html and "at least 1 request sent" in html
    assert "95% interval" not in html


def test_names_from_data_are_text_and_never_markup(shown):
    _app, html = shown(agencies="us-ct-one-pd,us-nj-two-fd")
    assert "Two <b>Fire</b>" not in html and "Two &lt;b&gt;Fire&lt;/b&gt;" in html


def test_the_title_of_the_facts_counts_what_the_table_under_it_tells():
    agencies = pd.DataFrame({"agency_id": ["a", "b"], "kind": ["sheriff"] * 2, "population": [1, 2]})
    usual = {
        "started_precision": "day", "incentive": "unknown", "ended_on": pd.NaT, "last_known_active_on": pd.NaT,
        "sources": 1, "publisher": "Paper", "conflicts": None,
    }  # fmt: skip
    rows = [
        {"agency_id": name, "program_id": program, "started_on": pd.Timestamp(start), "approval": approval} | usual
        for name, program, start, approval in (
            ("a", "ring-community-requests", "2025-06-23", "unknown"),
            ("b", "ring-community-requests", "2025-04-23", "unknown"),
            ("a", "ring-neighbors", None, "council_vote"),
        )
    ]
    partnerships = pd.DataFrame(rows)
    title = findings.facts_finding(agencies, partnerships)
    assert "start dates 2, approvals 0, answers on devices or discounts 0" in title
    told = dict(facts(agencies, partnerships))
    assert [cell.status for cell in told["Approved by"]] == ["not_reported", "not_reported"]
    assert told["Also in Ring Neighbors"][0].note == "takes part, start not dated; Approval: council vote."
