"""The whole way, on the curated record and on a real file: what must come out of the release's tables."""

import csv
import random
from datetime import date
from pathlib import Path

import pytest

from etl.engines.duckdb import connect
from etl.errors import UsageError
from etl.publish import current_release
from etl.run import only_one, run, settings_for

TODAY = date(2026, 11, 22)
SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "data"
ATLAS = "eff_atlas_of_surveillance_2020-10-07.csv"
needs_samples = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="the real sample files lie beside the repository, not in it"
)


def run_record(data: Path, incoming: Path | None = None, *, afresh: bool = False):
    settings = settings_for("record", data=data, incoming=incoming, memory_limit="2GB", threads=2, today=TODAY)
    return run(settings, quiet=True, afresh=afresh), settings


def asked_of(settings, query: str):
    with connect(current_release(settings) / "porchlight.duckdb", read_only=True) as con:
        return con.execute(query).fetchall()


@pytest.fixture(scope="module")
def with_atlas(tmp_path_factory):
    if not SAMPLES.is_dir():
        pytest.skip("the real sample files lie beside the repository, not in it")
    return run_record(tmp_path_factory.mktemp("atlas"), SAMPLES)


def test_with_no_file_at_all_the_record_names_its_agencies_each_with_its_source(tmp_path):
    report, settings = run_record(tmp_path)
    assert asked_of(settings, "select count(*) from agencies") == [(208,)]
    unsourced = """
        select agencies.agency_id from agencies
        left join partnership_claims using (agency_id) left join sources using (source_id)
        where sources.title is null and sources.publisher is null
    """
    assert asked_of(settings, unsourced) == []
    assert sum(row[4] for row in report.source_rows) == 0


def test_a_second_run_on_the_same_input_is_the_same_release(tmp_path):
    first, _ = run_record(tmp_path)
    second, _ = run_record(tmp_path, afresh=True)
    assert (second.release.release_id, second.release.is_new) == (first.release.release_id, False)


def test_two_runs_at_once_are_refused(tmp_path):
    _, settings = run_record(tmp_path)
    with only_one(settings), pytest.raises(UsageError, match="under way"), only_one(settings):
        pass


FIGURES = {
    "select count(*), count(case started_precision when 'day' then 1 end), "
    "count(case started_precision when 'month' then 1 end) from ring": [(1501, 1331, 170)],
    "select count(distinct agency_id) from ring": [(1500,)],
    "select count(*) from ring where started_on <= date '2019-08-28'": [(407,)],
    "select city from ring where started_on <= date '2019-08-28' and state = 'CT' order by city": [
        ("Branford",), ("East Haven",), ("Naugatuck",), ("Orange",), ("Waterford",), ("Wolcott",),
    ],
    "select year(started_on), count(*) from ring group by all order by 1": [(2018, 59), (2019, 703), (2020, 739)],
    "select count(distinct listed_state) from ring": [(47,)],
    "select listed_state, count(*) from ring where listed_state in ('IL', 'CA', 'FL', 'NJ', 'TX', 'NY', 'NC', 'CT') "
    "group by all order by count(*) desc": [
        ("IL", 163), ("CA", 121), ("FL", 118), ("NJ", 115), ("TX", 100), ("NY", 73), ("NC", 56), ("CT", 39),
    ],
    "select city, started_on from ring where state = 'NC' "
    "and city in ('Mint Hill', 'Cornelius', 'Shelby', 'Lincolnton') "
    "and name like '%Police%' order by 2": [
        ("Cornelius", date(2019, 2, 14)), ("Mint Hill", date(2019, 2, 21)),
        ("Shelby", date(2019, 3, 20)), ("Lincolnton", date(2019, 7, 30)),
    ],
    "select started_on from ring where agency_id like 'us-nc-charlotte-mecklenburg%'": [(date(2019, 9, 11),)],
}  # fmt: skip


@pytest.mark.parametrize("query", FIGURES)
def test_the_atlas_of_2020_shows_what_was_counted_by_hand(with_atlas, query):
    ring = """
        with ring as (
            select listings.*, agencies.state, agencies.city, agencies.name
            from partnership_listings as listings join agencies using (agency_id)
            where program_id = 'ring-neighbors'
        )
    """
    assert asked_of(with_atlas[1], ring + query) == FIGURES[query]


def test_every_row_of_the_atlas_is_accounted_for_with_a_reason(with_atlas):
    [(read, accepted, held)] = asked_of(
        with_atlas[1], f"select rows_read, rows_accepted, rows_quarantined from source_rows where file = '{ATLAS}'"
    )
    assert (read, accepted + held) == (5784, 5784)
    with connect(with_atlas[1].private / "warehouse.duckdb", read_only=True) as con:
        bare = "select count(*) from quarantine.rows where array_length(reasons) = 0 or original is null"
        assert con.execute(bare).fetchall() == [(0,)]


@pytest.mark.parametrize(
    "place", ["mint-hill", "cornelius", "shelby", "lincolnton", "charlotte-mecklenburg", "wolcott"]
)
def test_an_agency_that_two_sources_name_is_one_agency_with_both(with_atlas, place):
    rows = asked_of(
        with_atlas[1],
        f"""
        select count(distinct agency_id), count(distinct source_id), bool_or(source_id like 'eff-atlas%')
        from partnership_claims join agencies using (agency_id)
        where agency_id like 'us-%-{place}-pd' and state in ('NC', 'CT') and program_id = 'ring-neighbors'
        """,
    )
    assert rows == [(1, 2, True)]


@needs_samples
def test_the_order_of_input_rows_does_not_change_the_release(with_atlas, tmp_path):
    shuffled = tmp_path / "incoming"
    shuffled.mkdir()
    with (SAMPLES / ATLAS).open(encoding="utf-8-sig", newline="") as handle:
        header, *rows = csv.reader(handle)
    random.Random(7).shuffle(rows)
    with (shuffled / ATLAS).open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([header, *rows])
    report, _ = run_record(tmp_path / "data", shuffled)
    assert report.release.release_id == with_atlas[0].release.release_id
