"""Consent by period and agency is whole blocks only, agrees with a second query, and the page says what it shows."""

import re
import shutil
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from dashboard_consent_world import logs, press
from dashboard_world import publish, requests
from streamlit.testing.v1 import AppTest

from dashboard import public_data, statistics
from dashboard.findings import consent as findings
from dashboard.public_data import Consent, consent_series
from dashboard.releases import open_release
from dashboard.selection import Selection

# What is made for all of these is made once, on one worker.
pytestmark = pytest.mark.xdist_group("consent-page")

APP = Path(__file__).resolve().parents[2] / "dashboard" / "app.py"
PAGE = "app_pages/consent.py"
EMAIL = Selection(regime="email-video-requests")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Both editions: record without any log, demo with logs and blocks."""
    folder = tmp_path_factory.mktemp("consent")
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


# By period and by agency ----------------------------------------------------------------------------------------------


def test_a_quarter_is_the_sum_of_blocks_of_that_quarter_alone(demo, second):
    figures = consent_series.consent_by_period(demo, Selection(), "quarter")
    told = figures[figures["asked"].notna()]
    assert [
        (row["regime_id"], row["starts_on"].date(), row["requests_covered"], row["asked"], row["shared_low"])
        for row in told.to_dict("records")
    ] == second(
        "select regime_id, first_quarter, sum(requests), sum(asked), sum(shared_low) from consent_blocks "
        "where first_quarter = last_quarter group by all order by first_quarter"
    )


def test_a_block_over_two_quarters_counts_for_neither_but_for_their_year(demo, second):
    across = second("select sum(asked) from consent_blocks where first_quarter <> last_quarter")[0][0]
    by_quarter = consent_series.consent_by_period(demo, Selection(), "quarter")["asked"].sum()
    by_year = consent_series.consent_by_period(demo, Selection(), "year")["asked"].sum()
    assert across > 0 and by_year == by_quarter + across


@pytest.mark.parametrize("period", ["quarter", "year"])
def test_a_period_is_exactly_what_the_selection_of_its_days_would_be(demo, period):
    for row in consent_series.consent_by_period(demo, Selection(), period).to_dict("records"):
        alone = Selection(regime=row["regime_id"], since=row["starts_on"].date(), until=row["ends_on"].date())
        consent = public_data.consent(demo, alone)
        assert row["status"] == consent.status
        assert (row["requests"], row["requests_with_asked"]) == (
            consent.requests_in_selection,
            consent.requests_with_asked,
        )
        assert row["requests_covered"] == consent.requests_covered
        if consent.asked:
            assert (row["asked"], row["shared_low"], row["shared_high"]) == (
                consent.asked,
                consent.shared_low,
                consent.shared_high,
            )
            assert (row["rate_low"], row["rate_high"]) == pytest.approx((consent.rate_low, consent.rate_high))
        else:
            assert pd.isna(row["asked"]) and pd.isna(row["rate_low"])


def test_an_agency_is_exactly_what_the_selection_of_it_would_be(demo):
    rows = consent_series.consent_by_agency(demo, EMAIL).to_dict("records")
    assert len(rows) == 14
    for row in rows:
        consent = public_data.consent(demo, replace(EMAIL, agency_id=row["agency_id"]))
        assert row["status"] == consent.status
        assert (0 if pd.isna(row["asked"]) else row["asked"]) == consent.asked
        if consent.asked:
            assert (row["rate_low"], row["rate_high"]) == pytest.approx((consent.rate_low, consent.rate_high))


def test_a_category_takes_only_blocks_of_that_category_alone(demo, second):
    by_agency = consent_series.consent_by_agency(demo, replace(EMAIL, categories=("robbery",)))
    assert (
        by_agency["asked"].sum() == second("select sum(asked) from consent_blocks where categories = 'robbery'")[0][0]
    )


def test_pending_and_silent_periods_have_a_state_and_no_number(demo):
    figures = consent_series.consent_by_period(demo, Selection(), "quarter").set_index(["regime_id", "starts_on"])
    last = figures.loc[("email-video-requests", pd.Timestamp(2020, 10, 1))]
    assert last["status"] == "pending" and pd.isna(last["asked"])
    posts = figures.loc[("request-for-assistance", pd.Timestamp(2022, 1, 1))]
    assert posts["status"] == "not_measurable" and posts["requests_with_asked"] == 0
    agencies = consent_series.consent_by_agency(demo, EMAIL)
    assert list(agencies[agencies["asked"].isna()]["status"]) == ["pending"]


def test_where_the_agency_counts_who_was_asked_silence_is_not_reported_rather_than_not_measurable():
    regime = {"has_request_tool": True, "agency_sees_who_was_asked": "no", "denominator_known_to": "nobody"}
    assert consent_series.silence_of(regime) == "not_measurable"
    assert consent_series.silence_of(regime | {"denominator_known_to": "agency"}) == "not_reported"
    assert consent_series.silence_of(regime | {"has_request_tool": False}) == "no_request_tool"


def test_years_are_drawn_where_most_quarters_have_no_figure_of_their_own(tmp_path):
    rows = logs()
    for one in rows["consent_blocks"]:
        one["first_quarter"] = date(one["first_quarter"].year, 1, 1)
        one["last_quarter"] = date(one["first_quarter"].year, 10, 1)
    publish(tmp_path, "demo", rows=rows)
    release = open_release(tmp_path / "public", "demo")
    assert consent_series.finest_period(release, Selection()) == "year"


def test_agencies_of_several_regimes_are_never_compared(demo):
    with pytest.raises(ValueError, match="one regime"):
        consent_series.consent_by_agency(demo, Selection())


# The page -------------------------------------------------------------------------------------------------------------


def test_the_page_of_the_demo_shows_the_sum_of_whole_blocks(shown, second):
    _app, page = shown(edition="demo")
    asked, covered = second("select sum(asked), sum(requests) from consent_blocks")[0]
    requested = second("select sum(requests) from request_counts where regime_id = 'email-video-requests'")[0][0]
    assert f"of {asked:,} residents asked said yes (95% interval " in page
    assert f"{covered} of {requested} requests" in page
    assert page.count("SIMULATED") >= 5


def test_the_newest_regime_with_blocks_is_shown_and_never_a_sum_of_regimes(shown, tmp_path):
    rows = logs()
    later = [
        one
        | {
            "block_id": one["block_id"] + "-later",
            "regime_id": "community-requests",
            "first_quarter": one["first_quarter"].replace(year=one["first_quarter"].year + 6),
            "last_quarter": one["last_quarter"].replace(year=one["last_quarter"].year + 6),
        }
        for one in rows["consent_blocks"][:20]
    ]
    rows["request_counts"] = [
        *rows["request_counts"],
        *(requests(one["agency_id"], str(one["first_quarter"]), 9, 9, regime_id="community-requests") for one in later),
    ]
    rows["consent_blocks"] = [*rows["consent_blocks"], *later]
    publish(tmp_path, "demo", rows=rows)
    newest = sum(one["asked"] for one in later)
    everything = sum(one["asked"] for one in rows["consent_blocks"])
    _app, page = shown(tmp_path, edition="demo")
    assert f"of {newest:,} residents asked" in page and f"{everything:,}" not in page
    _app, page = shown(tmp_path, edition="demo", regime="email-video-requests")
    assert f"of {everything - newest:,} residents asked" in page


def test_a_regime_that_hides_who_was_asked_says_so_and_gives_no_rate(shown):
    _app, page = shown(edition="demo", regime="request-for-assistance")
    title = re.search(r"<h1>(.*?)</h1>", page)[1]
    assert title == "Nobody can say how many residents this way of asking reached"
    assert "Requests in the logs: <b>28</b>" in page


def test_a_pick_of_regime_is_written_into_the_address(shown):
    app, _page = shown(edition="demo")
    app.segmented_control(key="switch_regime").select("request-for-assistance").run()
    assert app.query_params["regime"] == "request-for-assistance"


def test_below_four_fifths_the_coverage_says_partly_published(shown, second):
    _app, page = shown(edition="demo", state="CT")
    assert "Partly published: " in page and "The rest is not estimated" in page


def test_the_record_without_blocks_explains_why_nobody_can_know_and_cites_the_few_figures(shown):
    app, page = shown(edition="record")
    assert "Nobody can say how often residents agree" in page
    assert "police could not see who was asked" in page
    assert "319 messages sent to residents" in page and "E-mails, not residents." in page
    assert "22 requests sent" in page and "A Newsroom" in page
    assert "How many residents shared was not published, so there is no rate." in page
    # The stated zero is a number that somebody gave; nothing is divided.
    assert "0 residents who shared" in page
    # Neither style nor the code for another page, whose frame is 100% wide, tells a figure.
    assert "%" not in re.sub(r"<style>.*?</style>|<pre.*?</pre>", "", page, flags=re.S)
    assert not app.get("plotly_chart")


def test_why_a_single_cell_is_held_back_is_never_told(shown):
    _app, page = shown(edition="demo")
    assert "pending" in page
    assert not re.search(r"fewer than|too few residents|under ten residents|small number", page)


def test_every_chart_has_words_and_every_table_a_file(shown):
    app, _page = shown(edition="demo")
    figures = app.get("plotly_chart")
    assert len(figures) == 3 and all(figure.proto.alt.strip() for figure in figures)
    assert len(app.get("download_button")) == 4


# The sentences --------------------------------------------------------------------------------------------------------


def consent(asked=1000, low=200, high=None, effect=1.0, status="published", **more):
    high = low if high is None else high
    limits = statistics.rate_interval(low, high, asked, design_effect=effect) if asked else (None, None)
    values = {
        "asked": asked,
        "shared_low": low,
        "shared_high": high,
        "responded": 0,
        "asked_of_responded": 0,
        "shared_low_of_responded": 0,
        "shared_high_of_responded": 0,
        "blocks": 1,
        "agencies": 1,
        "requests_covered": 80,
        "requests_in_selection": 100,
        "requests_with_asked": 90,
        "design_effect": effect,
        "rate_low": limits[0],
        "rate_high": limits[1],
        "status": status,
    }
    return Consent(**{**values, **more})


def test_a_fraction_is_told_only_where_the_interval_is_narrow_and_holds_it():
    assert findings.finding(consent(10_000, 2_050)) == "About one in five residents asked shared a video"
    assert findings.finding(consent(10_000, 2_200)) == "About 22% of residents asked shared a video"
    assert findings.finding(consent(100, 20)) == "Between 13% and 29% of residents asked shared a video"


def test_clustering_makes_the_title_more_careful():
    assert "one in five" in findings.finding(consent(2_000, 400))
    assert findings.finding(consent(2_000, 400, effect=12)).startswith("Between ")


def test_a_range_from_nothing_is_told_as_at_most():
    assert findings.finding(consent(400, 0, 20)) == "At most 5% of residents asked shared a video"
    assert "**At most 5.0%** of 400 residents asked" in findings.dek(consent(400, 0, 20), "community-requests", "2025")


def test_a_selection_without_a_figure_says_its_state_and_never_zero():
    for status, told in (("pending", "pending"), ("not_measurable", "Nobody can say"), ("no_request_tool", "no way")):
        nothing = consent(0, 0, status=status)
        assert told in findings.finding(nothing) and "0%" not in findings.finding(nothing)
        assert "0%" not in findings.dek(nothing, "no-request-tool", "2024")


def years(*rows):
    return pd.DataFrame(
        [
            {
                "regime_id": regime,
                "starts_on": pd.Timestamp(year, 1, 1),
                "asked": asked,
                "shared_low": shared,
                "shared_high": shared,
                "design_effect": 1.0,
            }
            for regime, year, asked, shared in rows
        ]
    )


def test_a_change_in_time_is_told_only_where_the_interval_leaves_out_zero():
    email = "email-video-requests"
    fell = findings.time_finding(years((email, 2018, 5000, 1350), (email, 2021, 5000, 1050)))
    assert fell == "Private e-mail requests: down from 27% in 2018 to 21% in 2021"
    same = findings.time_finding(years((email, 2018, 100, 27), (email, 2021, 100, 21)))
    assert same == "Private e-mail requests: 2018 and 2021 cannot be told apart"


def test_years_of_different_regimes_are_never_compared():
    told = findings.time_finding(
        years(("email-video-requests", 2018, 5000, 1350), ("community-requests", 2025, 5000, 50))
    )
    assert told == "Private e-mail requests: 27% in 2018; Community Requests: 1% in 2025"


def test_agencies_outside_are_named_in_alphabetical_order_and_counted():
    many = pd.DataFrame(
        [{"name": f"A{i:02d}", "asked": 1000.0, "shared_low": 200.0 + i, "shared_high": 200.0 + i} for i in range(20)]
        + [{"name": name, "asked": 5000.0, "shared_low": 3000.0, "shared_high": 3000.0} for name in ("Zed", "Beta")]
    )
    funnel = statistics.funnel(many)
    outside = list(funnel.agencies[funnel.agencies["position_998"] != "inside"]["name"])
    assert findings.agencies_finding(funnel).startswith(f"{len(outside)} of 22" if outside else "None of 22")
    assert list(re.findall(r"Beta|Zed", findings.outside_in_words(funnel))) == sorted(set(outside) & {"Beta", "Zed"})


def test_few_agencies_are_no_funnel():
    few = pd.DataFrame([{"name": "A", "asked": 100.0, "shared_low": 20.0, "shared_high": 20.0}] * 3)
    assert "too few" in findings.agencies_finding(statistics.funnel(few))


def test_a_regime_in_which_nobody_counted_is_not_told_as_complete():
    nobody = pd.DataFrame({"status": ["not_measurable"], "asked": pd.array([None], dtype="Int64")})
    assert findings.pending_finding(nobody) == "No log of this regime says how many residents were asked"
