"""Every mart against a golden CSV, found by folder: a mart without one fails.

The world is `tests/golden/incoming`: three invented agencies, five requests. Why each row is there:
Elm has two sources that disagree about its start (day beats month); Oak leaves; Ash has no start but was seen active;
r1 and r2 share a cell, r3 has no counts, r4 falls into the uncertain first month of a regime, r5 has no such date.
To renew after a deliberate change: `python -m pytest tests/etl/test_marts.py --renew-golden`, then read the diff.
"""

from datetime import date
from pathlib import Path

import pytest

from etl import catalog
from etl.build import build
from etl.checks import check
from etl.engines.duckdb import connect
from etl.errors import CheckError
from etl.identity import resolve
from etl.ingest import ingest
from etl.settings import Settings

# What is made for all of these is made once, on one worker.
pytestmark = pytest.mark.xdist_group("marts")

GOLDEN = Path(__file__).parent.parent / "golden"
WITH_SQL = sorted(name for name, mart in catalog.marts().items() if mart.sql_path)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    settings = Settings(
        data=tmp_path_factory.mktemp("data"), incoming=(GOLDEN / "incoming",), curated=None, today=date(2026, 6, 30)
    )
    with connect() as con:
        ingest(settings, con)
        resolve(con, settings)
        build(con, settings)
        yield con


def as_csv(con, name: str, path: Path) -> str:
    mart = catalog.marts()[name]
    order = ", ".join(f'"{column}" nulls first' for column in mart.grain)
    con.execute(f"copy (select * from marts.{name} order by {order}) to '{path}' (format csv, header true)")
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", WITH_SQL)
def test_a_mart_gives_its_golden_rows(built, name, tmp_path, request):
    made = as_csv(built, name, tmp_path / "made.csv")
    golden = GOLDEN / "marts" / f"{name}.csv"
    if request.config.getoption("--renew-golden"):
        golden.write_text(made, encoding="utf-8")
    assert golden.exists(), f"write tests/golden/marts/{name}.csv: every mart has a golden file"
    assert made == golden.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over():
    assert sorted(path.stem for path in (GOLDEN / "marts").glob("*.csv")) == WITH_SQL


def test_all_checks_hold_on_the_golden_world(built):
    assert check(built) == len(list((Path(__file__).parents[2] / "etl" / "checks").glob("*.sql")))


BREAKERS = {
    "rows_are_accounted_for": "update ingest.source_rows set rows_read = rows_read + 1 where file = 'requests.csv'",
    "quarantine_has_reasons": "update quarantine.rows set reasons = []",
    "every_fact_has_a_source": "update marts.events set source_id = 'nobody'",
    "every_agency_is_known": "update marts.partnership_claims set agency_id = 'us-oh-nobody-pd'",
    "listings_agree_with_claims": "insert into marts.partnership_listings values "
    "('vendor-list', '1', 'us-oh-nobody-pd', 'ring-neighbors', null, 'unknown', null, 'new', 'OH')",
    "joined_adds_up": "update marts.participation set joined = 7 where scope = 'US' and joined = 1",
    "requests_are_counted_once": "update marts.request_counts set requests = 9",
    "simulated_names_are_marked": "update marts.agencies set name = 'Simulated PD 1, OH' where state = 'CT'",
}


def test_every_check_has_a_case_that_breaks_it():
    assert sorted(BREAKERS) == sorted(
        path.stem for path in (Path(__file__).parents[2] / "etl" / "checks").glob("*.sql")
    )


@pytest.mark.parametrize("name", sorted(BREAKERS))
def test_a_broken_promise_is_reported_by_name(built, name):
    built.execute("begin")
    try:
        built.execute(BREAKERS[name])
        with pytest.raises(CheckError, match=name):
            check(built)
    finally:
        built.execute("rollback")
