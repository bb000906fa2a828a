"""Which rows are accepted: every reason of every bad row, duplicates, references, row accounting, any row order."""

import random
from datetime import date
from pathlib import Path

import pytest

from etl.catalog import sources
from etl.engines.duckdb import connect
from etl.errors import CheckError
from etl.ingest import SCHEMAS, load
from etl.landing import make_raw
from etl.rules import row_rules

RECORD = Path(__file__).parents[2] / "data" / "record"


def test_the_curated_record_loads_whole(town):
    for name in ("sources", "agencies", "areas", "regimes"):
        (town.folder / f"{name}.csv").unlink()
    con, taken = town.load(curated=RECORD)
    rows = taken.source_rows.set_index("source_id").rows_accepted.to_dict()
    assert rows == {
        "agencies": 208, "partnerships": 208, "published_counts": 29, "reported_totals": 40, "events": 43,
        "sources": 165, "regimes": 4,
    }  # fmt: skip
    assert con.execute("select count(*) from quarantine.rows").fetchone() == (0,)
    assert taken.unrecognised == []


def test_a_good_row_becomes_typed_and_keeps_every_value(town):
    town.requests({})
    con, _ = town.load()
    assert con.execute("select * exclude (file, row_number) from staging.requests").fetchall() == [
        ("r-1", "us-oh-oak-pd", "ring-neighbors", "mail", "email", date(2019, 5, 2), date(2019, 5, 1), date(2019, 4, 1),
         "burglary", "voluntary_request", "39049", "north", 12, 5, 3, 2, "video_received", "log")
    ]  # fmt: skip


def test_blank_is_not_known_and_never_zero(town):
    words = ("channel", "incident_category", "legal_basis", "county_fips", "area", "outcome")
    blank = dict.fromkeys((*words, "asked", "responded", "shared", "declined"), "")
    town.requests(blank, {"asked": "0", "responded": "0", "shared": "0", "declined": " "})
    con, _ = town.load()
    found = con.execute(
        "select channel, incident_category, legal_basis, county_fips, area, outcome, asked, shared, declined "
        "from staging.requests order by row_number"
    ).fetchall()
    assert found[0] == ("unknown",) * 6 + (None,) * 3
    assert found[1][-3:] == (0, 0, None)


def test_a_bad_row_is_quarantined_with_every_reason_and_its_text(town):
    town.requests(
        {"requested_on": "2027-01-01", "channel": "pigeon", "asked": "12.5", "responded": "-1", "shared": "4",
         "area": "south", "agency_id": "us-oh-ash-pd", "county_fips": "3904"}
    )  # fmt: skip
    con, _ = town.load()
    reasons, original = con.execute("select reasons, original from quarantine.rows").fetchone()
    assert sorted(reasons) == [
        "agency_id: not in agencies",
        "area: not declared in areas",
        "asked: not a whole number of 0 or more",
        "channel: not in the vocabulary",
        "county_fips: not a five-digit county code",
        "declined, responded: more declined than answered",
        "requested_on: in the future",
        "responded: not a whole number of 0 or more",
        "shared, declined, responded: more answers of both kinds than answers",
        "shared, responded: more shared than answered",
    ]
    assert '"channel":"pigeon"' in original
    assert '"asked":"12.5"' in original


BREAKS = [
    ({"request_ref": ""}, "request_ref: required, and blank"),
    ({"requested_on": ""}, "requested_on: required, and blank"),
    ({"requested_on": "05/02/2019"}, "requested_on: not a date in the form YYYY-MM-DD"),
    ({"requested_on": "2019-5-2"}, "requested_on: not a date in the form YYYY-MM-DD"),
    ({"requested_on": "2019-02-30"}, "requested_on: not a date in the form YYYY-MM-DD"),
    ({"requested_on": "2014-12-31"}, "requested_on: before 2015-01-01"),
    ({"requested_on": "2026-07-01"}, "requested_on: in the future"),
    ({"asked": "twelve"}, "asked: not a whole number of 0 or more"),
    ({"asked": "1e2"}, "asked: not a whole number of 0 or more"),
    ({"asked": "99999999999999999999"}, "asked: not a whole number of 0 or more"),
    ({"shared": "4"}, "shared, declined, responded: more answers of both kinds than answers"),
    ({"asked": "4"}, "responded, asked: more answered than were asked"),
    ({"asked": "2", "responded": "", "declined": ""}, "shared, asked: more shared than were asked"),
    ({"asked": "4", "responded": ""}, "shared, declined, asked: more answers than were asked"),
    ({"outcome": "maybe"}, "outcome: not in the vocabulary"),
    ({"area": "North Side"}, "area: not a slug of at most 40 of a-z, 0-9 and -"),
    ({"source_id": "elsewhere"}, "source_id: not in sources"),
    ({"source_id": ""}, "source_id: not in sources"),
    ({"program_id": ""}, "program_id: required, and blank"),
]


def test_each_rule_of_a_request_gives_its_reason(town):
    town.requests({}, *[change for change, _ in BREAKS])
    held = town.reasons()
    assert 1 not in held
    missed = [(change, reason) for row, (change, reason) in enumerate(BREAKS, 2) if reason not in held.get(row, [])]
    assert missed == []


def test_an_area_counts_only_for_the_agency_that_declared_it(town):
    town.requests({"agency_id": "us-oh-elm-pd"})
    assert town.reasons() == {1: ["area: not declared in areas"]}


def test_an_area_of_fewer_than_100_households_is_refused_and_so_are_requests_in_it(town):
    town.write("areas.csv", "agency_id,area,households,source_id\nus-oh-oak-pd,north,99,log\n")
    town.requests({})
    con, _ = town.load()
    assert con.execute("select source_id, reasons from quarantine.rows order by 1").fetchall() == [
        ("areas", ["households: fewer than 100, too few to hide a resident"]),
        ("requests", ["area: not declared in areas"]),
    ]


def test_a_row_without_a_source_rests_on_its_own_file_if_that_is_a_source(town):
    town.write("sources.csv", (town.folder / "sources.csv").read_text() + "requests-oak,Oak,,,,unknown,data,\n")
    town.requests({"source_id": ""}, name="requests-oak.csv")
    con, _ = town.load()
    assert con.execute("select source_id from staging.requests").fetchall() == [("requests-oak",)]


def test_of_equal_rows_one_stays_and_rows_that_share_a_key_and_differ_all_go(town):
    same, key = {"request_ref": "same"}, {"request_ref": "key"}
    town.requests({}, same, same, key, key | {"asked": "13"}, same)
    con, _ = town.load()
    assert con.execute("select list(request_ref order by request_ref) from staging.requests").fetchone()[0] == [
        "r-1",
        "same",
    ]
    reasons = con.execute("select reasons, count(*) from quarantine.rows group by 1 order by 1").fetchall()
    assert reasons == [
        (["agency_id, request_ref: used by rows that differ"], 2),
        (["exact duplicate of another row"], 2),
    ]


def test_a_good_row_never_stays_beside_a_bad_row_of_its_key(town):
    town.requests({"request_ref": "key", "asked": ""}, {"request_ref": "key", "asked": "many"})
    found = town.reasons()
    assert found[1] == ["agency_id, request_ref: used by rows that differ"]
    assert found[2] == ["asked: not a whole number of 0 or more", "agency_id, request_ref: used by rows that differ"]


def test_two_rows_without_a_number_do_not_share_a_key(town):
    town.requests({"request_ref": ""}, {"request_ref": ""})
    assert set(map(tuple, town.reasons().values())) == {("request_ref: required, and blank",)}


def test_the_same_log_in_two_files_counts_once(town):
    town.requests({}, {}, name="requests-a.csv")
    town.requests({}, {}, name="requests-b.csv")
    con, taken = town.load()
    assert con.execute("select count(*) from staging.requests").fetchone() == (2,)
    assert taken.source_rows.set_index("file").rows_quarantined.loc[["requests-a.csv", "requests-b.csv"]].sum() == 2


def test_a_row_that_refers_to_a_refused_row_is_refused(town):
    town.write("sources.csv", "source_id,publisher,title,url,published_on,published_precision,read,note\n"
               "log,Town,,,,unknown,skimmed,\n")  # fmt: skip
    town.requests({})
    con, _ = town.load()
    held = dict(con.execute("select source_id, any_value(reasons) from quarantine.rows group by 1").fetchall())
    assert held["agencies"] == ["source_id: not in sources"]
    assert held["requests"] == [
        "agency_id: not in agencies",
        "source_id: not in sources",
        "area: not declared in areas",
    ]


def test_read_is_accepted_plus_quarantined_for_every_file(town):
    town.requests({}, {"asked": "x"}, {"request_ref": "r-1", "shared": ""}, name="requests-a.csv")
    town.write("requests-b.csv", (town.folder / "requests-a.csv").read_text() + "torn,row\n")
    _, taken = town.load()
    rows = taken.source_rows
    assert (rows.rows_read == rows.rows_accepted + rows.rows_quarantined).all()
    assert rows.set_index("file").rows_read.to_dict()["requests-b.csv"] == 4


def test_rows_that_vanish_are_an_error(town, tmp_path, monkeypatch):
    from etl import ingest as loader

    monkeypatch.setattr(loader, "quarantine", lambda con, source: None)
    town.requests({"asked": "x"})
    with pytest.raises(CheckError, match=r"requests\.csv"):
        town.load()


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_rows_and_files_changes_nothing(town, seed):
    rng = random.Random(seed)
    changes = [{"request_ref": f"r-{rng.randint(1, 40)}", "asked": str(rng.choice([9, 12, "x"]))} for _ in range(80)]
    town.requests(*changes)

    def outcome():
        con, _ = town.load()
        staged = con.execute("select * exclude (file, row_number) from staging.requests order by all").fetchall()
        held = con.execute("select reasons, original from quarantine.rows order by all").fetchall()
        return staged, held

    first = outcome()
    head, *rows = (town.folder / "requests.csv").read_text().splitlines(keepends=True)
    rng.shuffle(rows)
    town.write("requests.csv", head + "".join(rows))
    assert outcome() == first
    town.write("requests.csv", head + "".join(rows[:30]))
    town.write("requests-2.csv", head + "".join(rows[30:]))
    assert outcome() == first


DAYS = [
    ("2018-02-28", "ring-neighbors", "unassigned"),  # before any regime
    ("2018-03-15", "ring-neighbors", "unassigned"),  # started some day of that month
    ("2018-04-01", "ring-neighbors", "mail"),
    ("2021-06-06", "ring-neighbors", "mail"),
    ("2021-06-07", "ring-neighbors", "posts"),  # half-open: the last day belongs to the next
    ("2023-12-31", "ring-neighbors", "posts"),
    ("2024-05-01", "ring-neighbors", "unassigned"),  # ended some day of that year
    ("2025-06-01", "ring-community-requests", "unassigned"),
    ("2026-01-01", "ring-community-requests", "community"),
    ("2020-01-01", "camera-registry", "unassigned"),
]


def test_a_request_in_the_uncertainty_of_a_boundary_has_no_regime(town):
    town.requests(*[{"requested_on": day, "program_id": program} for day, program, _ in DAYS])
    con, _ = town.load()
    found = con.execute("select requested_on::varchar, program_id, regime_id from staging.requests order by row_number")
    assert found.fetchall() == DAYS


UNKNOWN = dict.fromkeys(("asked", "responded", "shared", "declined"), "")
RESPONSES = "agency_id,request_ref,response,answered_after_hours\n"


def counts(con):
    return con.execute(
        "select asked, responded, shared, declined from staging.requests order by request_ref"
    ).fetchall()


def test_counts_that_are_not_known_are_counted_from_responses(town):
    town.requests(UNKNOWN, UNKNOWN, {})
    rows = [("r-1", "shared", "1.5"), ("r-1", "no_answer", ""), ("r-1", "no_answer", ""), ("r-1", "declined", "")]
    rows += [("r-3", "shared", "2"), ("r-3", "shared", "2")]
    town.write("responses.csv", RESPONSES + "".join(f"us-oh-oak-pd,{ref},{said},{h}\n" for ref, said, h in rows))
    con, _ = town.load()
    # r-2 has no responses and stays unknown; r-3 has counts of its own and keeps them.
    assert counts(con) == [(4, 2, 1, 1), (None,) * 4, (12, 5, 3, 2)]


@pytest.mark.parametrize("bad", ["us-oh-oak-pd,r-1,perhaps,\n", "us-oh-oak-pd,r-1\n", "us-oh-oak-pd,r-1,no_answer,3\n"])
def test_answers_are_not_counted_where_one_of_them_is_in_quarantine(town, bad):
    town.requests(UNKNOWN)
    town.write("responses.csv", RESPONSES + "us-oh-oak-pd,r-1,shared,1\n" + bad)
    con, _ = town.load()
    assert counts(con) == [(None,) * 4]


def test_a_response_to_an_unknown_request_is_quarantined(town):
    town.requests({})
    town.write("responses.csv", RESPONSES + "us-oh-elm-pd,r-1,shared,1\n")
    assert town.reasons() == {1: ["agency_id, request_ref: not in requests"]}


def test_a_list_without_source_ids_becomes_a_source_itself(town):
    lists = [source for source in sources().values() if source.source_row]
    con, _ = town.load()
    assert con.execute("select count(*) from staging.sources").fetchone() == (1,), "no file, no source"
    assert {source.name for source in lists} == {"atlas", "ring_map"}


@pytest.fixture(scope="module")
def nothing_loaded(tmp_path_factory):
    """The database that the loader makes of no file at all. Read only."""
    with connect() as con:
        load(con, [], date(2026, 1, 1), tmp_path_factory.mktemp("nothing"))
        yield con


@pytest.mark.xdist_group("every-rule")
@pytest.mark.parametrize("name", sorted(sources()))
def test_every_rule_of_every_source_is_sql_that_runs(name, nothing_loaded):
    source, con = sources()[name], nothing_loaded
    made = {column: kind for column, kind, *_ in con.execute(f"describe {source.sql}").fetchall()}
    rules = row_rules(source, f"({source.sql})", made, date(2026, 1, 1))
    con.execute(f"select * from ({rules.checked}) where {rules.broken}")
    for rule in rules.reasons:
        con.execute(f"select {rule.breaks} from ({rules.checked})")


def test_the_tables_of_the_loader_are_made_once():
    with connect() as con:
        con.execute(SCHEMAS)
        make_raw(con, sources()["areas"])
        assert [row[0] for row in con.execute("describe raw.areas").fetchall()] == [
            "agency_id", "area", "households", "source_id", "file", "row_number"
        ]  # fmt: skip
