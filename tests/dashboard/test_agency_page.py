"""The Agency page: every cell in one state, figures only from logs, blocks and published counts, conflicts listed."""

import importlib.util
import re
import sys
from datetime import date
from pathlib import Path

import pytest
from dashboard_world import HOUSE, publish
from streamlit.testing.v1 import AppTest

from dashboard import looks, public_data
from dashboard.charts.agency_strip import agency_strip
from dashboard.findings import agency_timeline, agency_years
from dashboard.public_data import agency_profile
from dashboard.public_data.agency_years import QUESTIONS
from dashboard.public_data.agency_years import agency_years as years_of
from dashboard.releases import open_release
from dashboard.states import STATES

# What is made for all of these is made once, on one worker.
pytestmark = pytest.mark.xdist_group("agency-page")

_spec = importlib.util.spec_from_file_location("dashboard_agency_world", Path(__file__).with_name("agency_world.py"))
agency_world = importlib.util.module_from_spec(_spec)
sys.modules["dashboard_agency_world"] = agency_world
_spec.loader.exec_module(agency_world)
FULL, PRESS, QUIET, DISCOUNT = agency_world.FULL, agency_world.PRESS, agency_world.QUIET, agency_world.DISCOUNT
EMAIL, POSTS = agency_world.EMAIL, agency_world.POSTS


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("agency")
    for edition in ("record", "demo"):
        publish(made, edition, rows=agency_world.agency_world())
    return made


@pytest.fixture
def known(folder):
    return open_release(folder / "public", "record")


@pytest.fixture
def shown(folder, monkeypatch):
    """What the page shows as HTML for an address."""

    def run(**address):
        monkeypatch.setattr(sys, "argv", ["app.py", "--data", str(folder)])
        app = AppTest.from_file(str(HOUSE / "dashboard" / "app.py"), default_timeout=60)
        for name, value in address.items():
            app.query_params[name] = value
        app.switch_page("app_pages/agency.py").run()
        assert not app.exception
        shown = "\n".join(element.proto.body for element in app.get("html"))
        return re.sub(r"<style>.*?</style>", "", shown, flags=re.DOTALL)

    return run


def cell(release, agency_id, regime, year, question):
    cells = years_of(release, agency_id)
    mine = cells[(cells["regime_id"] == regime) & (cells["year"] == year) & (cells["question"] == question)]
    assert len(mine) == 1
    return mine.iloc[0]


# Cells --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("agency_id", [FULL, PRESS, QUIET, DISCOUNT, "us-wi-one-pd"])
def test_every_cell_is_in_exactly_one_state_and_has_a_number_only_where_the_state_has_one(known, agency_id):
    cells = years_of(known, agency_id)
    assert not cells.duplicated(["regime_id", "starts_on", "question"]).any()
    assert set(cells["status"]) <= set(STATES)
    assert (cells.groupby(["regime_id", "starts_on"]).size() == len(QUESTIONS)).all()
    with_number = cells[cells["low"].notna()]
    assert with_number["status"].isin(["published", "partly_published"]).all()


def test_people_of_a_year_are_the_sum_of_the_blocks_inside_it(known):
    for question, low, high in (("asked", "asked", "asked"), ("shared", "shared_low", "shared_high")):
        expected = known.rows(
            f"select sum({low}), sum({high}) from consent_blocks where agency_id = $id "
            "and year(first_quarter) = 2019 and year(last_quarter) = 2019",
            {"id": FULL},
        )[0]
        found = cell(known, FULL, EMAIL, 2019, question)
        assert (found["low"], found["high"]) == expected
    assert agency_years.figure_words(cell(known, FULL, EMAIL, 2019, "shared")) == "16 to 19"


def test_known_numbers_without_a_block_are_pending_and_show_nothing(known):
    found = cell(known, FULL, EMAIL, 2020, "asked")
    assert found["status"] == "pending" and agency_years.figure_words(found) == ""
    # The requests themselves are public.
    assert cell(known, FULL, EMAIL, 2020, "requests")["low"] == 2


def test_a_month_of_two_regimes_is_counted_in_each_by_itself(known):
    assert cell(known, FULL, EMAIL, 2021, "requests")["low"] == 1
    assert cell(known, FULL, POSTS, 2021, "requests")["low"] == 5


def test_a_published_count_is_partly_published_and_messages_are_not_residents(known):
    asked = cell(known, PRESS, EMAIL, 2018, "asked")
    assert asked["status"] == "partly_published" and agency_years.figure_words(asked) == "319 messages"
    assert cell(known, PRESS, EMAIL, 2018, "shared")["status"] == "not_reported"
    cells = agency_years.with_words(years_of(known, PRESS)).set_index(["period", "question"])
    assert tuple(cells.loc[("2018", "asked"), ["counts", "unit"]]) == ("Messages sent", "messages")
    assert tuple(cells.loc[("2018", "requests"), ["counts", "unit"]]) == ("Requests sent", "requests")
    assert not [
        line for line in agency_years.by_period(cells[cells["figure"] != ""].reset_index()) if "Residents" in line
    ]


def test_a_count_that_reaches_over_two_columns_shows_its_number_in_neither(known):
    for year in (2019, 2020):
        found = cell(known, QUIET, EMAIL, year, "requests")
        assert found["status"] == "partly_published" and found["low"] is not None
        assert agency_years.figure_words(found) == ""


def test_before_a_known_start_an_agency_does_not_take_part_and_after_the_last_sight_nobody_has_said(known):
    assert cell(known, FULL, EMAIL, 2018, "takes_part")["status"] == "not_participating"
    assert cell(known, PRESS, EMAIL, 2020, "takes_part")["status"] == "published"
    assert cell(known, PRESS, POSTS, 2022, "takes_part")["status"] == "not_reported"
    # No start is known: not a word about the time before.
    assert cell(known, QUIET, EMAIL, 2018, "takes_part")["status"] == "not_reported"


def test_a_year_without_a_tool_says_so_in_every_question(known):
    assert {cell(known, PRESS, "no-request-tool", 2024, question)["status"] for question in QUESTIONS} == {
        "no_request_tool"
    }


def test_the_strip_has_a_symbol_and_a_hover_for_every_cell_and_says_simulated_in_the_demo(known):
    cells = agency_years.with_words(years_of(known, FULL))
    figure = agency_strip(cells, looks.looks("light", True))
    symbols = figure.data[0]
    assert len(symbols.x) == len(cells) == len(symbols.customdata)
    assert list(symbols.text) == [STATES[code].symbol for code in cells["status"]]
    assert any("S I M U L A T E D" in str(note.text) for note in figure.layout.annotations)
    # Two regimes never touch.
    first, second = (cells[cells["regime_id"] == regime]["column"] for regime in (EMAIL, POSTS))
    places = dict(zip(cells["column"], symbols.x, strict=True))
    assert places[second.min()] - places[first.max()] > 1


def test_periods_are_called_by_what_is_cut():
    def called(starts, ends, year, *, before, after, first=False):
        row = {"starts_on": starts, "ends_on": ends, "year": year, "is_cut_before": before, "is_cut_after": after}
        return agency_years.period_words(row, is_first=first)

    assert called(date(2018, 3, 1), date(2019, 1, 1), 2018, before=True, after=False, first=True) == "2018"
    assert called(date(2021, 1, 1), date(2021, 6, 7), 2021, before=False, after=True) == "2021 to Jun"
    assert called(date(2021, 6, 7), date(2022, 1, 1), 2021, before=True, after=False) == "from Jun 2021"
    assert called(date(2024, 1, 1), date(2024, 1, 31), 2024, before=False, after=True) == "Jan 2024"
    assert called(date(2024, 1, 31), date(2025, 1, 1), 2024, before=True, after=False) == "2024"


# Peers, names -------------------------------------------------------------------------------------------------------
def test_peers_are_of_the_same_kind_and_of_half_to_twice_the_residents_and_stand_by_name(known):
    peers = agency_profile.peers(known, FULL, most=20)
    expected = {
        agency_id
        for agency_id, kind, population in known.rows("select agency_id, kind, population from agencies")
        if kind == "municipal_police" and agency_id != FULL and population and 15_000 <= population <= 60_000
    }
    assert "us-nj-twice-pd" in expected and "us-nj-thrice-pd" not in expected
    assert set(peers["agency_id"]) == expected
    assert list(peers["name"]) == sorted(peers["name"])


def test_the_own_state_comes_first_among_peers(known):
    assert agency_profile.peers(known, FULL, most=2)["state"].tolist() == ["CT", "CT"]


def test_without_known_residents_peers_are_the_nearest_in_place(known):
    peers = agency_profile.peers(known, DISCOUNT)
    assert peers["by_place"].all() and not peers.empty


def test_a_wrong_id_finds_the_names_that_come_close(known):
    assert agency_profile.near_matches(known, "us-ct-pres-pd")["agency_id"].iloc[0] == PRESS
    assert PRESS in list(agency_profile.near_matches(known, "press")["agency_id"])
    assert agency_profile.near_matches(known, "%' or 1=1 --").empty


# The page -----------------------------------------------------------------------------------------------------------
def test_without_an_agency_the_page_offers_a_search_among_all(shown):
    assert "We can name 11 agencies" in shown()


def test_an_unknown_agency_is_told_with_near_names_and_never_guessed(shown):
    html = shown(agency="us-ct-pres-pd")
    assert "This release names no such agency" in html and "Press Police Department" in html
    assert "<script>" not in shown(agency="<script>alert(1)</script>")


@pytest.mark.parametrize("edition", ["record", "demo"])
@pytest.mark.parametrize("agency_id", [FULL, PRESS, QUIET, DISCOUNT, "us-nj-two-fd", "us-nj-twice-pd"])
def test_every_kind_of_agency_has_a_page_in_both_editions(shown, agency_id, edition):
    html = shown(agency=agency_id, edition=edition)
    assert "pl-footer" in html and ("SIMULATED" in html) == (edition == "demo")


def test_the_title_is_the_strongest_thing_that_is_public(shown):
    assert "Full Police Department: Between 2% and 43% of residents asked shared a video" in shown(agency=FULL)
    assert "Press Police Department sent 22 requests in five months of 2018. No newer count is public." in shown(
        agency=PRESS
    )
    assert "Discount Police Department is named for camera registries. No request program is on record." in shown(
        agency=DISCOUNT
    )
    assert "Thrice Police Department is named in a source" in shown(agency="us-nj-thrice-pd")


def test_no_total_over_regimes_is_shown(shown):
    # 13 e-mail requests and 5 public posts: 18 must stand nowhere.
    html = shown(agency=FULL)
    assert "5 public posts" in html and "13 e-mail requests" in html
    assert "18 requests" not in html and '<td class="pl-n">18</td>' not in html


def test_sources_that_disagree_are_both_listed_with_the_one_that_is_shown(shown):
    html = shown(agency=FULL)
    assert "Sources disagree on when it joined" in html
    section = html[html.index("Sources disagree") :]
    assert "2019-06-01" in section and "2019-05" in section and "shown above" in section
    assert "Sources disagree" not in shown(agency=PRESS)


def test_the_timeline_holds_claims_counts_logs_and_the_steps_of_its_own_state_only(known):
    profile_about = {"name": "Full", "state": "CT", "state_name": "Connecticut"}
    from dashboard.findings.agency import Profile

    profile = Profile(
        about=profile_about,
        partnerships=agency_profile.partnerships_of(known, FULL),
        counts=public_data.published_counts(known, public_data_selection(FULL)),
        logged=[],
        answers={},
        dates={},
        as_of=date(2026, 11, 20),
    )
    events = public_data.events(known, ("US", "CT"))
    regimes = public_data.regimes(known).assign(publisher="Regime Watch", url="https://example.org/regimes")
    listings = agency_profile.listings_of(known, FULL)
    moments = agency_timeline.timeline(profile, public_data.claims_of(known, FULL), listings, events, regimes)
    told = [moment.what for moment in moments]
    assert "Connecticut: A council votes" in told and not any("Another state" in what for what in told)
    # The change of regime is told by the event of that day, the letter only among the others.
    assert "All agencies: E-mail requests end" in told and "All agencies: A letter to the vendor" not in told
    assert [m.what for m in agency_timeline.elsewhere(events, regimes)] == ["All agencies: A letter to the vendor"]
    assert not [moment.what for moment in moments if not moment.publisher]
    dates = [moment.at for moment in moments if moment.at]
    assert dates == sorted(dates)


def public_data_selection(agency_id):
    from dashboard.selection import Selection

    return Selection(agency_id=agency_id)


def test_a_name_that_looks_like_markup_is_shown_as_text(shown):
    html = shown(agency="us-nj-two-fd")
    assert "Two &lt;b&gt;Fire&lt;/b&gt; &amp; Rescue" in html and "Two <b>Fire" not in html
