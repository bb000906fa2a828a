"""Who takes part, since when: counted from the release, by state, kind, list and day."""

from dataclasses import replace
from datetime import date

import pytest

from dashboard import public_data
from dashboard.public_data.participation import named_on
from dashboard.selection import Selection

RING = Selection(program="ring-neighbors")


def picked(**values):
    return Selection(program="ring-neighbors", **values)


def test_without_filters_the_months_are_those_of_the_table(release):
    months = public_data.participation_by_month(release, RING)
    table = release.query(
        "select month_start, joined, active, status from participation where scope = 'US' order by month_start"
    )
    for column in ("month_start", "joined", "active", "status"):
        assert (
            months[column].astype(object).where(months[column].notna(), None).tolist()
            == table[column].astype(object).where(table[column].notna(), None).tolist()
        )


def test_a_month_known_as_such_counts_from_its_last_day(release):
    assert public_data.named_by(release, RING, date(2019, 8, 30)) == 1
    assert public_data.named_by(release, RING, date(2019, 8, 31)) == 2


def test_days_asked_together_answer_as_each_alone(release):
    days = (None, date(2017, 1, 1), date(2019, 8, 30), date(2020, 12, 31))
    for selection in (RING, Selection(), picked(source="list-2020"), picked(states=("CT",))):
        rows = public_data.partnerships(release, selection)
        named = [rows["agency_id"].nunique()] + [
            public_data.partnerships(release, replace(selection, active_on=day))["agency_id"].nunique()
            for day in days[1:]
        ]
        assert list(named_on(release, selection, days)) == named
        assert [public_data.named_by(release, selection, day) for day in days] == named


def test_a_day_of_being_seen_is_not_a_start(release):
    months = public_data.participation_by_month(release, RING).set_index("month_start")
    assert months.loc["2020-03-01", "joined"] == 0
    assert months.loc["2020-03-01", "active"] == 4


def test_programs_are_never_added_up(release):
    assert public_data.named_by(release, RING) == 4
    assert public_data.named_by(release, Selection(program="camera-registry")) == 1
    assert public_data.default_program(release) == "ring-neighbors"


@pytest.mark.parametrize(
    ("selection", "agencies"),
    [
        (picked(states=("CT",)), 2),
        (picked(kind="sheriff"), 1),
        (picked(source="list-2020"), 3),
        (picked(source="press"), 1),
        (picked(active_on=date(2020, 2, 2)), 2),
        (picked(active_on=date(2020, 2, 3)), 3),
        (picked(states=("WI",)), 0),
    ],
)
def test_a_filter_narrows_what_is_counted(release, selection, agencies):
    assert len(public_data.partnerships(release, selection)) == agencies


def test_a_state_without_a_named_agency_has_no_number(release):
    by_state = public_data.participation_by_state(release, RING).set_index("state")
    assert by_state.loc["CT", "agencies"] == 2 and by_state.loc["CT", "status"] == "published"
    assert by_state.loc["CT", "per_100k_residents"] == pytest.approx(100_000 * 2 / 3_605_944)
    assert by_state["agencies"].isna().sum() == 49
    assert set(by_state[by_state["agencies"].isna()]["status"]) == {"not_reported"}


def test_the_share_of_a_states_agencies_counts_police_and_sheriffs_only(release):
    by_state = public_data.participation_by_state(release, RING).set_index("state")
    assert by_state.loc["NJ", "agencies"] == 2
    assert by_state.loc["NJ", "share_of_agencies"] == pytest.approx(1 / 536)


def test_a_list_tells_rows_and_agencies_apart(release):
    (listing,) = public_data.lists(release, picked(active_on=date(2019, 8, 31)))
    assert (listing.rows, listing.agencies, listing.states) == (4, 3, 2)
    assert (listing.to_the_day, listing.to_the_month, listing.undated) == (3, 1, 0)
    assert listing.by_year == ((2019, 3), (2020, 1))
    assert listing.active == 3 and listing.active_by_state == (("CT", 3),)
    assert public_data.lists(release, picked(active_on=date(2019, 8, 30)))[0].active == 2


def test_a_total_for_a_year_stands_at_its_end_beside_what_is_named_by_then(release):
    totals = public_data.totals_beside(release, RING)
    assert totals[["value", "named"]].values.tolist() == [[3, 3], [10, 4]]
    assert totals["stands_on"].iloc[1].date() == date(2020, 12, 31)


@pytest.mark.parametrize("selection", [picked(kind="sheriff"), picked(states=("CT", "NJ")), Selection(program="x")])
def test_a_total_never_stands_beside_something_else(release, selection):
    assert public_data.totals_beside(release, selection).empty


def test_agencies_without_a_place_are_counted_for_the_map(release):
    assert public_data.unplaced(release, RING) == 1


def test_what_a_reader_types_is_data_and_not_sql(release):
    assert public_data.named_by(release, picked(kind="x' or '1'='1")) == 0
    assert public_data.agency(release, "'; drop table agencies; --").empty
