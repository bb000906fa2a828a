"""The whole way, on the curated record and on a real file: what must come out of the release's tables."""

import csv
import random
from datetime import date

import pytest

from etl.engines.duckdb import connect
from etl.errors import UsageError
from etl.run import only_one, run
from tests.samples import NO_SAMPLES, SAMPLES
from tests.worlds import World, settings_on

ATLAS = "eff_atlas_of_surveillance_2020-10-07.csv"


@pytest.fixture(scope="session")
def atlas(joined) -> World:
    if not SAMPLES.is_dir():
        pytest.skip(NO_SAMPLES)
    return joined


def test_with_no_file_at_all_the_record_names_its_agencies_each_with_its_source(editions):
    assert editions.ask("record", "select count(*) from agencies") == [(208,)]
    unsourced = """
        select agencies.agency_id from agencies
        left join partnership_claims using (agency_id) left join sources using (source_id)
        where sources.title is null and sources.publisher is null
    """
    assert editions.ask("record", unsourced) == []
    assert editions.ask("record", "select sum(rows_quarantined) from source_rows") == [(0,)]


def test_a_second_run_on_the_same_input_is_the_same_release(editions, tmp_path):
    world = editions.copy(tmp_path)
    again = run(world.settings("record"), quiet=True, afresh=True).release
    assert (again.release_id, again.is_new) == (editions.current("record"), False)


def test_two_runs_at_once_are_refused(tmp_path):
    settings = settings_on(tmp_path, "record")
    settings.private.mkdir(parents=True)
    with only_one(settings), pytest.raises(UsageError, match="under way"):
        run(settings, quiet=True)


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
def test_the_atlas_of_2020_shows_what_was_counted_by_hand(atlas, query):
    ring = """
        with ring as (
            select listings.*, agencies.state, agencies.city, agencies.name
            from partnership_listings as listings join agencies using (agency_id)
            where program_id = 'ring-neighbors'
        )
    """
    assert atlas.ask("record", ring + query) == FIGURES[query]


def test_every_row_of_the_atlas_is_accounted_for_with_a_reason(atlas):
    [(read, accepted, held)] = atlas.ask(
        "record", f"select rows_read, rows_accepted, rows_quarantined from source_rows where file = '{ATLAS}'"
    )
    assert (read, accepted + held) == (5784, 5784)
    with connect(atlas.settings("record").private / "warehouse.duckdb", read_only=True) as con:
        bare = "select count(*) from quarantine.rows where array_length(reasons) = 0 or original is null"
        assert con.execute(bare).fetchall() == [(0,)]


@pytest.mark.parametrize(
    "place", ["mint-hill", "cornelius", "shelby", "lincolnton", "charlotte-mecklenburg", "wolcott"]
)
def test_an_agency_that_two_sources_name_is_one_agency_with_both(atlas, place):
    rows = atlas.ask(
        "record",
        f"""
        select count(distinct agency_id), count(distinct source_id), bool_or(source_id like 'eff-atlas%')
        from partnership_claims join agencies using (agency_id)
        where agency_id like 'us-%-{place}-pd' and state in ('NC', 'CT') and program_id = 'ring-neighbors'
        """,
    )
    assert rows == [(1, 2, True)]


def test_the_order_of_input_rows_does_not_change_the_release(editions, atlas, tmp_path):
    shuffled = tmp_path / "incoming"
    shuffled.mkdir()
    with (SAMPLES / ATLAS).open(encoding="utf-8-sig", newline="") as handle:
        header, *rows = csv.reader(handle)
    random.Random(7).shuffle(rows)
    with (shuffled / ATLAS).open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([header, *rows])
    world = editions.copy(tmp_path / "data")
    made = run(settings_on(world.data, "record", shuffled), quiet=True).release
    assert made.release_id == atlas.current("record")
