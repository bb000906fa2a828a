"""A mart with a period keeps its years: one in which no staged row has changed since is not counted again.

A year is kept as Parquet in the edition's private folder, under a name made of the mart's query, its description and
the staged rows of that year (their number, and sum and XOR of a 64-bit hash of each): where any of these is another,
the year is counted anew.
"""

import re
from pathlib import Path

import duckdb

from etl.catalog import Mart, Period
from etl.described import hold_to_description
from etl.remembered import Remembered, hash_of
from etl.texts import quoted

# What else tells how a year is counted and checked.
RECIPE = ("described.py", "years.py")


def by_year(con: duckdb.DuckDBPyConnection, mart: Mart, period: Period, kept: Remembered) -> str:
    """A select of all rows of the mart, by years that are `kept` or now counted and held to their description."""
    parts = []
    recipe = [mart.sql, repr((mart.grain, mart.columns)), duckdb.__version__]
    recipe += [hash_of(Path(__file__).with_name(name)) for name in RECIPE]
    for year, *rows in digests(con, period):
        key = kept.key_of([mart.name, *recipe, year, *rows])
        if not kept.has(key):
            with kept.making(key) as making:
                counted = quoted(str(making / "rows.parquet"))
                con.execute(f"copy ({of_year(mart, period, year)}) to {counted} (format parquet)")
                hold_to_description(con, mart, f"read_parquet({counted})")
        parts.append(quoted(str(kept.folder_of(key) / "rows.parquet")))
    return f"select * from read_parquet([{', '.join(parts)}])" if parts else mart.sql


def digests(con: duckdb.DuckDBPyConnection, period: Period) -> list[tuple[int, ...]]:
    """One row per year of the staged rows: year, rows, and two figures that change where a row changes."""
    return con.execute(
        f"""
        select extract(year from {period.column}) as year, count(*), sum(hash(rows)), bit_xor(hash(rows))
        from staging.{period.staging} as rows
        group by year
        order by year
        """
    ).fetchall()


def of_year(mart: Mart, period: Period, year: int) -> str:
    """The mart's query over the staged rows of one year."""
    day = period.column
    rows = f"(select * from staging.{period.staging} where {day} >= '{year}-01-01' and {day} < '{year + 1}-01-01')"
    return re.sub(rf"\bstaging\.{period.staging}\b", lambda _: rows, mart.sql)
