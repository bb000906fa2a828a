"""Requests: exact counts apart by regime, the same as a second query; an honest page where there is no log."""

import re
import shutil
import sys
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from dashboard_consent_world import logs, press
from dashboard_world import publish
from streamlit.testing.v1 import AppTest

from dashboard.findings import requests as findings
from dashboard.public_data import request_series, request_totals
from dashboard.releases import open_release
from dashboard.selection import Selection

# What is made for all of these is made once, on one worker.
pytestmark = pytest.mark.xdist_group("requests-page")

APP = Path(__file__).resolve().parents[2] / "dashboard" / "app.py"
PAGE = "app_pages/requests.py"
EMAIL = "email-video-requests"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Both editions: record without any log, demo with logs."""
    folder = tmp_path_factory.mktemp("requests")
    publish(folder, "record", rows=press())
    publish(folder, "demo", rows=logs())
    return folder


@pytest.fixture
def demo(made):
    return open_release(made / "public", "demo")


@pytest.fixture
def second(made, tmp_path):
    """A second way to the same release: a copy in plain DuckDB, SQL written here."""
    folder = next((made / "public" / "demo" / "releases").iterdir())
    # DuckDB keeps one set of settings per file and process; the copy is another file.
    copy = shutil.copy(folder / "porchlight.duckdb", tmp_path / "copy.duckdb")
    with duckdb.connect(str(copy), read_only=True) as database:
        yield lambda sql: database.execute(sql).fetchall()


@pytest.fixture
def shown(made, monkeypatch):
    """Open the page with an address; returns the run and all its HTML."""

    def run(folder=made, **address):
        monkeypatch.setattr(sys, "argv", ["app.py", "--data", str(folder)])
        app = AppTest.from_file(str(APP), default_timeout=60)
        for name, value in address.items():
            app.query_params[name] = value
        app.switch_page(PAGE).run()
        assert not app.exception
        return app, "\n".join(element.proto.body for element in app.get("html"))

    return run


# Questions -----------------------------------------------------------------------------------------------------------


def test_months_are_counted_apart_for_each_regime(demo, second):
    by_month = request_series.requests_by_month(demo, Selection())
    sent = by_month[by_month["requests"] > 0]
    assert [(r["regime_id"], r["month_start"].date(), r["requests"]) for r in sent.to_dict("records")] == second(
        "select regime_id, month_start, sum(requests) from request_counts group by all order by month_start, regime_id"
    )


def test_a_month_between_two_logged_ones_is_a_true_zero_and_one_outside_is_not_there(demo):
    mine = request_series.requests_by_month(demo, Selection(regime=EMAIL)).set_index("month_start")
    assert mine["requests"][pd.Timestamp(2019, 3, 1)] == 0
    assert mine.index.min() == pd.Timestamp(2019, 1, 1) and mine.index.max() == pd.Timestamp(2020, 11, 1)


@pytest.mark.parametrize("by", list(request_series._VALUE))
def test_every_split_adds_up_to_the_requests_of_its_regime(demo, second, by):
    rows = request_series.requests_split(demo, Selection(), by)
    totals = dict(second("select regime_id, sum(requests) from request_counts group by all"))
    assert rows.groupby("regime_id")["requests"].sum().to_dict() == totals
    assert (rows["regime_requests"] == rows["regime_id"].map(totals)).all()


def test_an_area_is_told_with_its_agency(demo):
    rows = request_series.requests_split(demo, Selection(regime="request-for-assistance"), "area")
    assert len(rows) == 14 and all(value.startswith("north, Made PD") for value in rows["value"])


def test_requests_per_resident_are_over_the_state_s_census_of_2020(demo, second):
    rows = request_series.requests_by_state(demo, Selection(regime=EMAIL)).set_index("state")
    for state, rate in second(
        "select agencies.state, 100000.0 * sum(requests) / any_value(population_2020) from request_counts "
        "join agencies using (agency_id) join states on states.state = agencies.state "
        f"where regime_id = '{EMAIL}' group by 1"
    ):
        assert rows["per_100k_residents"][state] == pytest.approx(rate)
    assert rows["status"]["TX"] == "not_reported" and pd.isna(rows["requests"]["TX"])


def test_requests_per_resident_are_never_added_up_over_regimes(demo):
    with pytest.raises(ValueError, match="one regime"):
        request_series.requests_by_state(demo, Selection())


def test_the_newest_regime_is_that_of_the_newest_month(demo):
    assert request_series.latest_regime(demo, Selection()) == "request-for-assistance"
    assert request_series.latest_regime(demo, Selection(regime=EMAIL)) == EMAIL


def test_an_empty_selection_is_an_empty_frame_with_its_columns(demo):
    nothing = Selection(states=("TX",))
    assert list(request_series.requests_by_month(demo, nothing).columns)[:3] == [
        "program_id",
        "regime_id",
        "month_start",
    ]
    assert request_series.latest_regime(demo, nothing) is None


# The page with logs --------------------------------------------------------------------------------------------------


def test_regimes_stand_side_by_side_and_their_sum_nowhere(shown, second):
    _app, page = shown(edition="demo")
    email, posts = (
        second(f"select sum(requests) from request_counts where regime_id = '{regime}'")[0][0]
        for regime in (EMAIL, "request-for-assistance")
    )
    assert f"Agencies logged {posts} public posts, March 2022" in page
    assert f"<b>{email} e-mail requests</b> (January 2019 to November 2020)" in page
    assert f"{email + posts:,}" not in page and "never added up" in page


def test_a_filter_in_the_address_is_what_the_page_counts(shown, second):
    _app, page = shown(edition="demo", state="CT", category="robbery")
    counted = second(
        "select sum(requests), count(distinct agency_id) from request_counts join agencies using (agency_id) "
        "where state = 'CT' and incident_category = 'robbery'"
    )[0]
    assert f"Agencies in Connecticut logged {counted[0]} e-mail requests" in page
    assert f"<b>{counted[1]} agencies</b>" in page


def test_an_agency_in_the_address_is_what_the_page_counts(shown, second):
    _app, page = shown(edition="demo", agency="us-ct-made-00-pd", regime=EMAIL)
    counted = second(
        f"select sum(requests) from request_counts where agency_id = 'us-ct-made-00-pd' and regime_id = '{EMAIL}'"
    )[0][0]
    assert f"Agencies logged {counted} e-mail requests" in page and "<b>1 agency</b>" in page


@pytest.mark.parametrize("split", ["incident_category", "channel", "legal_basis", "county_fips", "area", "nonsense"])
def test_every_split_opens_and_an_unknown_one_is_the_usual(shown, split):
    app, page = shown(edition="demo", split=split)
    assert app.segmented_control(key="switch_split").value == (split if split != "nonsense" else "incident_category")
    assert "Coverage: the logs state it for" in page


def test_the_pick_of_a_split_is_written_into_the_address_and_the_usual_one_is_not(shown):
    app, _page = shown(edition="demo")
    app.segmented_control(key="switch_split").select("channel").run()
    assert app.query_params["split"] == "channel"
    app.segmented_control(key="switch_split").select("incident_category").run()
    assert "split" not in app.query_params


def test_per_resident_names_its_denominator_and_its_year(shown, second):
    residents = second("select sum(population_2020) from states where state = 'CT'")[0][0]
    _app, page = shown(edition="demo", state="CT", unit="per_resident")
    assert f"over {residents:,} residents of Connecticut, 2020 census" in page


def test_a_selection_that_no_log_names_says_that_silence_proves_nothing(shown):
    app, page = shown(edition="demo", state="TX")
    assert "No log of this selection names a request" in page and "does not prove that none was sent" in page
    assert not app.get("plotly_chart")


# The page without logs -----------------------------------------------------------------------------------------------


def test_without_a_log_the_page_says_so_and_cites_each_number_without_adding_them(shown):
    app, page = shown(edition="record")
    assert "No list of police requests is public. We found 3 numbers from 3 agencies." in page
    assert "22 requests sent" in page and "at least 1 request sent" in page
    assert "from May 2018 to September 2018" in page and "by August 26, 2019" in page and "at a time not given" in page
    assert "more than 50" in page and "A Newsroom" in page
    text = re.sub(r"<[^>]+>", " ", page)
    assert not re.search(r"\b(23|24|72|74)\b", text)
    assert "nothing to split" in page
    assert len(app.get("plotly_chart")) == 1


def test_without_a_log_a_state_without_any_number_is_told_as_silence(shown):
    app, page = shown(edition="record", state="TX")
    assert "No public figure says how often police asked in this selection" in page
    assert not app.get("plotly_chart")


def test_the_total_of_the_country_is_not_shown_for_a_state(shown):
    _app, page = shown(edition="record", state="CT")
    assert "For this selection we found 1 published number" in page and "more than 50" not in page


def test_a_name_that_looks_like_markup_is_shown_as_text(shown):
    _app, page = shown(edition="record")
    assert "Two &lt;b&gt;Fire&lt;/b&gt; &amp; Rescue" in page and "Two <b>Fire" not in page


@pytest.mark.parametrize("edition", ["record", "demo"])
def test_the_page_ends_with_its_citation_and_every_chart_has_words(shown, edition):
    app, page = shown(edition=edition)
    assert "pl-footer" in page
    assert all(figure.proto.alt.strip() for figure in app.get("plotly_chart"))
    assert ("SIMULATED" in page) == (edition == "demo")


# The sentences -------------------------------------------------------------------------------------------------------


def test_one_request_is_one(demo):
    entry = findings.Logged("community-requests", 1, 1, pd.Timestamp(2025, 4, 1), pd.Timestamp(2025, 4, 1))
    assert findings.finding([entry], "") == "Agencies logged 1 Community Request, April 2025"
    assert "<b>" not in findings.dek([entry]) and "**1 agency** holds them" in findings.dek([entry])


def test_the_title_of_months_names_the_highest_month_of_the_newest_regime(demo, second):
    by_month = request_series.requests_by_month(demo, Selection(regime=EMAIL))
    entries = findings.logged(by_month, request_totals(demo, Selection(regime=EMAIL)))
    most = second(
        "select sum(requests) from request_counts where regime_id = 'email-video-requests' "
        "group by month_start order by 1 desc"
    )[0][0]
    assert f"{most} in one month" in findings.months_finding(entries, by_month)


def split(*rows):
    frame = pd.DataFrame(rows, columns=["regime_id", "value", "requests"])
    return frame.assign(regime_requests=frame.groupby("regime_id")["requests"].transform("sum"))


def test_what_is_not_stated_is_never_told_as_the_most_frequent():
    rows = split((EMAIL, "unknown", 90), (EMAIL, "burglary", 6), (EMAIL, "robbery", 4))
    told = findings.split_finding(rows, {"burglary": "Burglary"}, "incident_category")
    assert told == "Burglary: named most often, in 6% of requests"
    assert "do not state it" in findings.split_finding(rows.head(1), {}, "incident_category")


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        ("2018-05-01", "2018-09-30", "from May 2018 to September 2018"),
        ("2019-08-06", "2019-09-06", "from August 6, 2019 to September 6, 2019"),
        ("2023-09-18", "2023-09-18", "on September 18, 2023"),
        (None, "2019-08-26", "by August 26, 2019"),
        ("2019-08-26", None, "since August 26, 2019"),
        (None, None, "at a time not given"),
    ],
)
def test_a_period_is_told_as_exactly_as_it_is_known(start, end, told):
    row = {"period_start": pd.Timestamp(start) if start else pd.NaT, "period_end": pd.Timestamp(end) if end else pd.NaT}
    assert findings.when(row) == told


def test_a_page_of_one_agency_says_so_and_leads_back_to_all(shown):
    _app, page = shown(edition="demo", agency="us-ct-made-00-pd", state="CT")
    assert "One agency only:" in page and "Made PD 00" in page
    assert re.search(r'href="/requests\?edition=demo&amp;state=CT"[^>]*>Show all agencies', page)
    _app, page = shown(edition="demo", agency="us-xx-<b>")
    assert "does not hold the agency us-xx-&lt;b&gt;" in page
