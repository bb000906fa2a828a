"""The sentences follow from the numbers, and say what the numbers do not."""

from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

from dashboard import public_data
from dashboard.findings import consent as consent_findings
from dashboard.findings import overview
from dashboard.findings import participation as findings
from dashboard.selection import Selection

RING = Selection(program="ring-neighbors")


def asked(release, selection=RING):
    totals = findings.totals_from(public_data.totals_beside(release, selection))
    return totals, public_data.participation_by_month(release, selection)


def test_the_title_sets_the_named_against_the_total_reported_soon_after_the_list(release):
    totals, months = asked(release)
    assert findings.finding(4, totals, months) == "We can name 4 of the 10 agencies reported for the end of 2020"


def test_a_share_of_a_total_of_all_kinds_never_stands_without_the_fire_departments(release):
    totals, months = asked(release)
    assert "includes fire departments" in findings.dek(4, totals, months)
    assert "includes fire departments" in findings.fire_sentence(totals)
    assert findings.fire_sentence([t for t in totals if t.measure == "police_agencies"]) == ""


def test_without_a_list_the_page_says_that_the_press_named_them(release):
    months = asked(release)[1].assign(status="partly_published")
    totals = asked(release)[0]
    assert findings.finding(4, totals, months) == "We can name 4 agencies that take or took part"
    assert "named by the press" in findings.dek(4, totals, months)


def test_a_list_that_ended_is_said_to_have_ended_and_a_live_one_is_not(release):
    months = asked(release)[1]
    assert "then ended" in findings.growth_finding(months, date(2026, 11, 20))
    assert "then ended" not in findings.growth_finding(months, date(2020, 12, 1))


def test_a_peak_is_told_where_agencies_left(release):
    months = asked(release)[1].assign(active=lambda frame: [9.0, *([5.0] * (len(frame) - 1))])
    assert "peaked at 9" in findings.growth_finding(months, date(2020, 12, 1))


def test_states_are_compared_only_where_enough_agencies_are_named():
    by_state = pd.DataFrame({"name": ["Small", "Large"], "agencies": [1.0, 50.0], "per_100k_residents": [9.0, 1.0]})
    assert findings.leading_states(by_state) == ["Large"]
    # The table beside the title shows the other states above these: the title says which it is about.
    told = "Of states with 5 or more named agencies, Large had the most per resident"
    assert findings.states_finding(by_state) == told
    assert findings.states_finding(by_state[by_state["name"] == "Large"]).startswith("Large had the most")


def test_one_is_written_in_the_singular(release):
    (listing,) = public_data.lists(release, Selection(program="ring-neighbors", states=("NJ",)))
    assert "**1** row is dated to the day" in findings.list_in_words(listing)


def test_the_overview_never_gives_one_rate_for_two_regimes(release):
    consent = public_data.consent(release, Selection(regime="email-video-requests"))
    # In the words of the Consent page: the title never claims more than the interval allows.
    latest = SimpleNamespace(consent=consent)
    assert overview.finding(1, latest).endswith(f" doorbell owners for video. {consent_findings.finding(consent)}.")
    assert overview.consent_share(consent) == "15.9% to 17.3%"


def test_no_peak_is_told_where_most_agencies_have_no_start_date(release):
    months = asked(release)[1]
    assert "peaked" in findings.joined_finding(months, 3, 4)
    assert findings.joined_finding(months, 22, 206) == "A start date is known for 22 of 206 named agencies"


def test_a_count_of_another_program_than_the_pages_says_so(release):
    month = {"month_end": pd.Timestamp("2025-06-30"), "status": "published", "active": 294}
    none = pd.DataFrame({"stands_on": []})
    for other, note in (("", "to June 2025"), ("Ring Community Requests", "Ring Community Requests, to June 2025")):
        period = overview.Period(
            regime_id="community-requests",
            name="Community Requests",
            dates="since 2025",
            starts_on=date(2025, 1, 1),
            ends_on=None,
            has_request_tool=True,
            sees_who_was_asked="no",
            consent=public_data.consent(release, RING),
            by_month=pd.DataFrame([month]),
            totals=none,
            requests_reported=none,
            published_counts=none,
            other_program=other,
        )
        assert overview.taking_part(period) == overview.Cell("published", "**294 named**", note)


NO_TOTAL = pd.DataFrame({"stands_on": []})
ONE_TOTAL = pd.DataFrame(
    [{"stands_on": pd.Timestamp("2023-10-11"), "as_of": pd.Timestamp("2023-10-11"), "as_of_precision": "day",
      "measure": "police_agencies", "value": 2600, "qualifier": "more_than"}]
)  # fmt: skip
TOTAL = "October 11, 2023: more than 2,600 police agencies"


@pytest.mark.parametrize(
    ("listed", "active", "totals", "words", "note"),
    [
        (None, 144, ONE_TOTAL, "**144 named**", f"by the press; {TOTAL}"),
        (None, 144, NO_TOTAL, "**144 named**", "by the press"),
        # 1,502 of these were on a list that ended before; nobody says that they still took part.
        (1502, 1514, ONE_TOTAL, "**totals only**", TOTAL),
        (1502, 1514, NO_TOTAL, "**12 more**", "named by the press since the list ended"),
        (1502, 1502, NO_TOTAL, None, None),
        (1502, None, ONE_TOTAL, "**totals only**", TOTAL),
        (None, None, NO_TOTAL, None, None),
    ],
)
def test_what_a_list_named_before_is_not_said_of_the_period_after_it(release, listed, active, totals, words, note):
    months = [{"month_end": pd.Timestamp("2020-10-31"), "status": "published", "active": listed}] if listed else []
    months += [{"month_end": pd.Timestamp("2023-12-31"), "status": "partly_published", "active": active}]
    period = overview.Period(
        regime_id="request-for-assistance",
        name="Public posts",
        dates="",
        starts_on=date(2021, 6, 7),
        ends_on=date(2024, 1, 31),
        has_request_tool=True,
        sees_who_was_asked="no",
        consent=public_data.consent(release, RING),
        by_month=pd.DataFrame(months),
        totals=totals,
        requests_reported=NO_TOTAL,
        published_counts=NO_TOTAL,
    )
    told = overview.taking_part(period)
    assert (told.words, told.note) == (words, note)
