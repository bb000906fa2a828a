"""A mart that is counted by period: what is kept of earlier runs gives what counting everything anew gives."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from etl import catalog
from etl.engines.duckdb import connect
from etl.errors import CheckError, UsageError
from etl.remembered import Remembered
from etl.years import by_year

MART = catalog.marts()["request_counts"]
# month, incident category, asked, shared; two columns of the rows are enough to make cells differ or fall together
ROW = st.tuples(
    st.sampled_from(["2019-01-01", "2019-12-01", "2020-01-01", "2020-06-01", "2023-12-01"]),
    st.sampled_from(["burglary", "theft_from_vehicle"]),
    st.sampled_from([None, 0, 12]),
    st.sampled_from([None, 3]),
)
COLUMNS = """
    'us-oh-oak-pd' as agency_id, 'ring-neighbors' as program_id, 'mail' as regime_id, 'email' as channel,
    'voluntary_request' as legal_basis, '39049' as county_fips, 'north' as area
"""


def staged(con, rows):
    """Table staging.requests with the columns that the mart reads."""
    con.execute("create schema if not exists staging")
    con.execute(
        "create or replace table staging.requests "
        "(month_start date, incident_category varchar, asked bigint, shared bigint)"
    )
    if rows:
        con.executemany("insert into staging.requests values (?, ?, ?, ?)", [list(row) for row in rows])
    con.execute(f"create or replace table staging.requests as select *, {COLUMNS} from staging.requests")


def counted(con, folder):
    """The rows of the mart in order, and how many years were kept from before."""
    kept = Remembered(folder)
    before = {path.name for path in folder.iterdir() if path.is_dir()}
    rows = con.execute(f"select * from ({by_year(con, MART, MART.period, kept)}) order by all").fetchall()
    kept.forget_the_rest()
    now = {path.name for path in folder.iterdir() if path.is_dir()}
    return rows, len(before & now), len(now)


@given(states=st.lists(st.lists(ROW, max_size=8), min_size=1, max_size=4))
@hypothesis_settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_history_counts_as_everything_at_once_counts(tmp_path_factory, states):
    folder = tmp_path_factory.mktemp("years")
    with connect() as con:
        for rows in states:
            staged(con, rows)
            assert counted(con, folder)[0] == con.execute(f"select * from ({MART.sql}) order by all").fetchall()


def test_only_the_year_that_changed_is_counted_again(tmp_path):
    rows = [("2019-01-01", "burglary", 12, 3), ("2020-06-01", "burglary", 12, 3), ("2023-12-01", "burglary", 12, 3)]
    with connect() as con:
        staged(con, rows)
        assert counted(con, tmp_path)[1:] == (0, 3)
        assert counted(con, tmp_path)[1:] == (3, 3)
        staged(con, [*rows, ("2023-12-01", "burglary", None, None)])
        told, *kept = counted(con, tmp_path)
        assert kept == [2, 3]
        assert [row[-2:] for row in told] == [(1, 1), (1, 1), (2, 1)]
        staged(con, rows[:1])
        assert counted(con, tmp_path)[1:] == (1, 1)


def test_a_year_that_is_not_as_described_is_not_kept(tmp_path):
    with connect() as con:
        staged(con, [("2019-01-01", None, 12, 3)])
        with pytest.raises(CheckError, match="request_counts: 1 rows where"):
            by_year(con, MART, MART.period, Remembered(tmp_path))
    assert not [path for path in tmp_path.iterdir() if path.is_dir()]


@pytest.mark.parametrize(
    ("column", "query", "words"),
    [
        ("dog", "select * from staging.dogs as dogs", "'dog' must be a day and part of the grain"),
        ("born_on", "select * from staging.dogs as dogs join staging.cats as cats", "and no other table"),
        ("born_on", "select * from reference.states as states", "must read staging.dogs"),
    ],
)
def test_a_period_is_declared_only_where_years_stand_alone(tmp_path, column, query, words):
    columns = "".join(
        f'[columns.{name}]\ntype = "{kind}"\ndescription = "Its."\n'
        for name, kind in (("dog", "varchar"), ("born_on", "date"))
    )
    (tmp_path / "dogs.toml").write_text(
        'title = "Dogs"\ndescription = "One row per dog."\ngrain = ["dog", "born_on"]\n'
        f'[period]\ncolumn = "{column}"\nstaging = "dogs"\n{columns}'
    )
    (tmp_path / "dogs.sql").write_text(query)
    with pytest.raises(UsageError, match=words):
        catalog.marts.__wrapped__(tmp_path)


def test_every_staged_column_of_the_mart_counts(tmp_path):
    """A build on top of an earlier one sees a change of any cell that the query reads."""
    read = ["agency_id", "program_id", "regime_id", "channel", "legal_basis", "county_fips", "area"]
    with connect() as con:
        for column in read:
            staged(con, [("2019-01-01", "burglary", 12, 3)])
            counted(con, tmp_path)
            con.execute(f"update staging.requests set {column} = 'unknown'")
            assert counted(con, tmp_path)[0] == con.execute(f"select * from ({MART.sql})").fetchall()
