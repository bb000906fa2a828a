"""Leads are found by rule over the whole release, say how, and never rank; unknown is never a lead."""

import re
import shutil
import sys
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from dashboard_consent_world import press, said
from dashboard_world import agency, block, day, partnership, publish, requests, world
from statsmodels.stats.multitest import multipletests
from streamlit.testing.v1 import AppTest

from dashboard import i18n, public_data, statistics
from dashboard.charts.leads import unusual_months
from dashboard.findings import lead_rules as rules
from dashboard.findings import worth_asking as findings
from dashboard.looks import looks
from dashboard.public_data import leads
from dashboard.releases import open_release

# What is made for all of these is made once, on one worker.
pytestmark = pytest.mark.xdist_group("worth-asking-page")

APP = Path(__file__).resolve().parents[2] / "dashboard" / "app.py"
PAGE = "app_pages/worth_asking.py"
STATES = ("WI", "CT", "NJ")
# A day on which the regime changes lies inside June 2021: the e-mail months after the 6th cannot be compared.
MONTHS = [f"{year}-{month:02d}-01" for year in (2019, 2020, 2021) for month in range(1, 13)][:30]


def made_rows() -> dict:
    """Twelve agencies with logs of 30 months; one has a spike, one a rate far above, one a range far below."""
    chance = np.random.default_rng(7)
    rows = world()
    names = [f"us-{STATES[i % 3].lower()}-made-{i:02d}-pd" for i in range(12)]
    rows["agencies"] = [agency(name, name[3:5].upper(), name=f"Made PD {name[-5:-3]}") for name in names]
    counts, blocks = [], []
    for number, name in enumerate(names):
        for place, month in enumerate(MONTHS):
            sent = int(chance.poisson(3)) + (1 if place in (0, len(MONTHS) - 1) else 0)
            sent = 40 if (number, month) == (4, "2020-09-01") else sent
            if sent:
                counts.append(requests(name, month, sent, sent))
        counts.append(requests(name, "2021-06-01", 90, 0, regime_id="unassigned"))
        shared = {2: 500, 9: 0}.get(number, 200 + int(chance.integers(-15, 16)))
        high = 50 if number == 9 else shared
        blocks.append(block(f"b{number}", name, "2020-01-01", requests=30, asked=1000, shared_low=shared,
                            shared_high=high, responded=None))  # fmt: skip
    rows["request_counts"], rows["consent_blocks"] = counts, blocks
    rows["partnerships"] = [
        partnership(names[0], "2019-01-01", "day", approval="administrative", incentive="yes"),
        partnership(names[1], "2019-01-01", "day", approval="none_found", incentive="no"),
        partnership(names[2], "2019-01-01", "day", approval="council_vote", conflicts="press: 2019-02-01", sources=2),
        partnership(names[3], "2019-01-01", "day"),
    ]
    claim = {"agency_id": names[2], "program_id": "ring-neighbors", "approval": "unknown", "incentive": "unknown",
             "listings": 1}  # fmt: skip
    rows["partnership_claims"] = [
        claim | {"source_id": "list-2020", "started_on": day("2019-01-01"), "started_precision": "day"},
        claim | {"source_id": "press", "started_on": day("2019-02-01"), "started_precision": "month"},
    ]
    rows["partnership_listings"] = []
    return rows


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Both editions: record with press figures and no log, demo with logs and blocks."""
    folder = tmp_path_factory.mktemp("leads")
    publish(folder, "record", rows=press())
    publish(folder, "demo", rows=made_rows())
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


def with_partnerships(tmp_path, partnerships, **more):
    rows = world()
    rows["partnerships"] = partnerships
    rows["request_counts"] = rows["consent_blocks"] = []
    publish(tmp_path, rows=rows | more)
    return open_release(tmp_path / "public", "record")


# Spikes ---------------------------------------------------------------------------------------------------------------


def test_every_month_is_tested_as_if_its_agency_stood_alone(demo, second):
    tests = leads.spike_tests(demo)
    for agency_id, mine in tests.groupby("agency_id"):
        counted = dict(
            second(
                "select month_start, sum(requests) from request_counts "
                f"where agency_id = '{agency_id}' and regime_id = 'email-video-requests' group by all"
            )
        )
        months = pd.date_range(min(counted), max(counted), freq="MS")
        series = [
            float(counted.get(month.date(), 0)) if month.date() < date(2021, 6, 1) else np.nan for month in months
        ]
        alone = statistics.spikes(series).set_index(months)["p_value"].dropna()
        assert list(mine["month_start"]) == list(alone.index)
        assert mine["p_value"].to_numpy() == pytest.approx(alone.to_numpy())


def test_false_discovery_is_controlled_over_all_months_of_all_agencies(demo):
    tests = leads.spike_tests(demo)
    found, q_values, *_more = multipletests(tests["p_value"], alpha=0.05, method="fdr_bh")
    assert list(tests["is_found"]) == list(found)
    assert tests["q_value"].to_numpy() == pytest.approx(q_values)


def test_the_one_planted_month_is_found_and_no_other(demo):
    tests = leads.spike_tests(demo)
    found = tests[tests["is_found"]]
    assert list(zip(found["agency_id"], found["month_start"].dt.date, strict=True)) == [
        ("us-ct-made-04-pd", date(2020, 9, 1))
    ]


def test_a_month_that_a_regime_does_not_fill_and_one_between_regimes_are_not_compared(demo):
    months = leads.monthly_requests(demo)
    assert set(months["regime_id"]) == {"email-video-requests"}
    last = months[months["month_start"] == pd.Timestamp(2021, 6, 1)]
    assert len(last) == 12 and last["requests"].isna().all()
    assert pd.Timestamp(2021, 6, 1) not in set(leads.spike_tests(demo)["month_start"])


def test_agencies_without_any_spike_give_few_false_alarms(tmp_path):
    chance = np.random.default_rng(99)
    rows = world()
    names = [f"us-ct-quiet-{i:02d}-pd" for i in range(40)]
    rows["agencies"] = [agency(name, "CT") for name in names]
    rows["partnerships"] = []
    rows["request_counts"] = [
        requests(name, month, int(sent), 0)
        for name in names
        for month, sent in zip(MONTHS, chance.poisson(4, len(MONTHS)) + 1, strict=True)
    ]
    publish(tmp_path, rows=rows)
    tests = leads.spike_tests(open_release(tmp_path / "public", "record"))
    # 40 agencies x 29 whole months less the first 12 of each.
    assert len(tests) == 40 * 17 and tests["is_found"].sum() <= 1


# The funnel -----------------------------------------------------------------------------------------------------------


def test_agencies_outside_the_funnel_are_found_in_both_directions_and_a_range_only_if_all_of_it_is_outside(demo):
    tests = leads.funnel_tests(demo)
    found = tests[tests["is_found"]].set_index("agency_id")["position_95"].to_dict()
    assert found == {"us-nj-made-02-pd": "above", "us-wi-made-09-pd": "below"}
    words = rules.outside(tests).set_index("agency_id")["found"]
    assert words["us-wi-made-09-pd"].startswith("At most 5% of 1,000 residents asked shared")


def test_the_funnel_is_that_of_the_sums_of_whole_blocks(demo, second):
    sums = second(
        "select agency_id, sum(asked)::double, sum(shared_low)::double, sum(shared_high)::double from consent_blocks "
        "group by all order by agency_id"
    )
    fitted = statistics.funnel(pd.DataFrame(sums, columns=["agency_id", "asked", "shared_low", "shared_high"]))
    tests = leads.funnel_tests(demo).sort_values("agency_id")
    assert tests["p_value"].to_numpy() == pytest.approx(fitted.agencies["p_value"].to_numpy())
    assert set(tests["phi"]) == {fitted.phi}


def test_under_ten_agencies_nothing_is_tested(tmp_path):
    rows = made_rows()
    rows["consent_blocks"] = rows["consent_blocks"][:9]
    publish(tmp_path, "demo", rows=rows)
    tests = leads.funnel_tests(open_release(tmp_path / "public", "demo"))
    assert tests.empty and findings.funnel_finding(tests, 0).startswith("No rate can be tested")


def test_the_rate_to_sort_by_is_pulled_towards_all_agencies(demo):
    tests = leads.funnel_tests(demo).set_index("agency_id")
    high, low = tests.loc["us-nj-made-02-pd"], tests.loc["us-wi-made-09-pd"]
    assert high["shrunken_rate"] < 0.5 and low["shrunken_rate"] > 0.025


# Votes, incentives, silence, dates ------------------------------------------------------------------------------------


def test_only_what_a_source_says_is_a_lead_and_not_reported_is_counted_apart(demo):
    partnerships = leads.partnership_facts(demo)
    assert list(rules.without_vote(partnerships)["agency_id"]) == ["us-ct-made-01-pd", "us-wi-made-00-pd"]
    assert list(rules.with_incentive(partnerships)["agency_id"]) == ["us-wi-made-00-pd"]
    assert "Sources name 2 partnerships without a vote; of 1 nothing is reported" in findings.vote_finding(
        rules.without_vote(partnerships), partnerships
    )


def test_dates_are_told_as_exactly_as_each_source_gives_them(demo):
    (lead,) = rules.conflicting(leads.partnership_facts(demo)).to_dict("records")
    assert lead["agency_id"] == "us-nj-made-02-pd"
    assert lead["found"] == "List Keepers: 2019-01-01; A Newsroom: 2019-02"


def test_silence_counts_only_the_time_in_which_a_program_could_ask(tmp_path):
    release = with_partnerships(
        tmp_path,
        [
            # No figure at all.
            partnership("us-ct-one-pd", "2019-08-10", "day"),
            # The last figure lies within a year of the end of the tool, on 2024-01-31.
            partnership("us-ct-two-pd", "2019-08-01", "month"),
            # The last figure is years older; a published number counts as one.
            partnership("us-nj-one-so", "2020-02-03", "day"),
            # Left soon after its last figure.
            partnership("us-nj-two-fd", "2019-01-01", "day", ended_on=day("2020-06-30")),
            # Joined when there was nothing left to ask with.
            partnership("us-wi-one-pd", "2024-06-01", "day"),
            # A program that cannot ask residents.
            partnership("us-wi-one-pd", "2019-01-01", "year", program_id="camera-registry"),
        ],
        request_counts=[
            requests("us-ct-two-pd", "2023-02-01", 1, 0, regime_id="request-for-assistance", channel="public_post"),
            requests("us-nj-two-fd", "2019-07-01", 2, 0),
        ],
        published_counts=[
            said("us-nj-one-so", "requests", 3, "2020-05-01", "2020-05-31"),
            # Not a number of requests.
            said("us-ct-one-pd", "cases_aided", 1, None, "2020-01-30"),
        ],
    )
    told = leads.silences(release).set_index("agency_id")["silence"].to_dict()
    assert told == {"us-ct-one-pd": "never", "us-ct-two-pd": "no", "us-nj-one-so": "long", "us-nj-two-fd": "no"}


def test_an_undated_number_is_a_figure_and_not_silence(tmp_path):
    release = with_partnerships(
        tmp_path,
        [partnership("us-ct-one-pd", "2019-08-10", "day")],
        published_counts=[said("us-ct-one-pd", "requests", 1, None, None, qualifier="at_least")],
    )
    (row,) = leads.silences(release).to_dict("records")
    assert row["has_figure"] and row["silence"] == "no"


# What every lead says -------------------------------------------------------------------------------------------------


def kinds(release) -> dict[str, pd.DataFrame]:
    partnerships = leads.partnership_facts(release)
    return {
        "spike": rules.spikes(leads.spike_tests(release)),
        "funnel": rules.outside(leads.funnel_tests(release)),
        "vote": rules.without_vote(partnerships),
        "incentive": rules.with_incentive(partnerships),
        "silence": rules.silent(leads.silences(release)),
        "dates": rules.conflicting(partnerships),
    }


def test_every_lead_says_how_it_was_found_what_is_innocent_and_what_to_ask(demo):
    everything = rules.all_leads(kinds(demo))
    assert set(everything["kind"]) >= {"spike", "funnel", "vote", "incentive", "dates"}
    for column in ("found", "question", "rule", "control", "innocent"):
        assert everything[column].str.len().min() > 10
    tested = everything[everything["kind"].isin(["spike", "funnel"])]
    assert tested["control"].str.contains("Benjamini and Hochberg").all() and tested["q_value"].le(0.05).all()
    assert everything[~everything["kind"].isin(["spike", "funnel"])]["p_value"].isna().all()


def test_leads_stand_by_state_and_name_and_never_by_size(demo):
    for rows in kinds(demo).values():
        assert list(zip(rows["state"], rows["name"], strict=True)) == sorted(
            zip(rows["state"], rows["name"], strict=True)
        )


def test_high_and_low_are_worded_alike(demo):
    first, second = rules.outside(leads.funnel_tests(demo)).to_dict("records")
    plain = [re.sub(r"(?i)at most |[\d,.%]+", "", row["found"]).strip() for row in (first, second)]
    assert plain[0] == plain[1] and first["question"] == second["question"]


def test_no_word_accuses():
    told = " ".join(
        text
        for rule in rules.RULES.values()
        for text in (rule.name, rule.rule, rule.control, rule.innocent, rule.doubt)
    )
    assert not re.search(r"suspicious|abuse|failed|refused|worst|guilty|surge|targeted|complied", told, re.IGNORECASE)


def test_nothing_found_is_said_in_words():
    none = {code: pd.DataFrame(columns=["agency_id"]) for code in rules.RULES}
    assert findings.finding(none, True, "Ohio") == (
        "No month and no consent rate in Ohio stand out by more than chance explains"
    )
    assert findings.finding(none, False, "") == (
        "Sources name no partnership without a vote, and none with devices or discounts"
    )


def test_the_chart_holds_every_found_month_and_its_usual_level(demo):
    tests = leads.spike_tests(demo)
    drawn = unusual_months(tests, public_data.regimes(demo), looks("light", True), date(2026, 11, 20))
    dots = [trace for trace in drawn.data if trace.mode == "markers"]
    assert list(dots[1].y) == [40.0] and list(dots[0].y) == list(tests[tests["is_found"]]["expected"])
    assert "S I M U L A T E D" in [note.text for note in drawn.layout.annotations]
    type(drawn)(drawn.to_dict())  # raises ValueError on a property that does not exist


# The page -------------------------------------------------------------------------------------------------------------


def test_the_title_counts_what_the_release_holds(shown):
    _app, html = shown(edition="demo")
    assert title(html) == "1 month and the consent rates of 2 agencies stand out by more than chance explains"
    assert "a question, not a finding" in html
    assert "Made PD 04, CT" in html and "40 requests in September 2020" in html


def test_a_state_filter_hides_leads_and_tests_nothing_anew(shown, demo):
    _app, html = shown(edition="demo", state="CT")
    assert "Made PD 04, CT" in html and "Made PD 02, NJ" not in html
    _app, other = shown(edition="demo", state="NJ")
    assert "Made PD 04, CT" not in other and "Made PD 02, NJ" in other
    assert title(other).startswith("The consent rate of 1 agency in New Jersey")


def test_one_kind_of_lead_can_be_picked_in_the_address(shown):
    _app, html = shown(edition="demo", lead="vote")
    assert "Who approved the agreement" in html
    assert "40 requests in September 2020" not in html and "All of them in one file" not in html


def test_an_unknown_kind_shows_all(shown):
    _app, html = shown(edition="demo", lead="worst")
    assert "All of them in one file" in html


def test_the_record_edition_says_that_nothing_can_be_tested_and_keeps_the_rules_on_documents(shown):
    _app, html = shown()
    assert title(html) == "Sources name no partnership without a vote, and none with devices or discounts"
    assert "no number can be tested" in html
    assert "No month can be tested" in html and "No rate can be tested" in html
    assert "Of 4 partnerships, 1 have no number of requests at all" in html


def test_innocent_reasons_stand_beside_every_kind(shown):
    _app, html = shown(edition="demo")
    assert html.count("What may be behind it:") == len(rules.RULES)


def test_a_lead_speaks_the_readers_language_though_the_question_is_remembered(demo):
    english = leads.spike_tests(demo)
    i18n.use("es")
    pd.testing.assert_frame_equal(leads.spike_tests(demo), english)
