"""A release holds each table three times: in the DuckDB file, as Parquet, as CSV. Says where they are not the same.

Two versions of one table can be subtracted from each other, so any difference in columns or rows is refused.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import duckdb

from etl.judging.rules import DATABASE
from etl.judging.verdict import Refusal

RULE = "all forms of a table agree"
RECIPE = "Two versions of one table can be subtracted; what differs is then known."


def refusals(
    con: duckdb.DuckDBPyConnection, folder: Path, name: str, columns: list[tuple[str, str, str]]
) -> Iterator[Refusal]:
    """One refusal per Parquet or CSV file that is not the table of that name in the database attached as `name`."""
    tables: dict[str, dict[str, str]] = {}
    for table, column, kind in columns:
        tables.setdefault(table, {})[column] = kind
    for table, kinds in tables.items():
        for path, differing in (
            (folder / f"{table}.parquet", parquet_differs),
            (folder / f"{table}.csv", csv_differs),
        ):
            if path.is_file():
                where = f"{folder.name}/{path.name} and {DATABASE}"
                try:
                    rows = differing(con, path, f'{name}."{table}"', kinds)
                except (duckdb.Error, UnicodeDecodeError, csv.Error):
                    yield Refusal(RULE, where, "The file cannot be read as the table that it should be.")
                    continue
                if rows is None:
                    yield Refusal(RULE, where, f"The columns differ. {RECIPE}")
                elif rows:
                    yield Refusal(RULE, where, RECIPE, rows)


def parquet_differs(con: duckdb.DuckDBPyConnection, path: Path, table: str, kinds: dict[str, str]) -> int | None:
    """Rows that are in one of the two only; None where names, order or types of the columns differ."""
    described = con.execute(f"describe select * from read_parquet('{quoted(path)}')").fetchall()
    if [(row[0], row[1]) for row in described] != list(kinds.items()):
        return None
    listed = ", ".join(identifier(column) for column in kinds)
    return rows_that_differ(con, kinds, f"select {listed} from {table}", f"from read_parquet('{quoted(path)}')")


def csv_differs(con: duckdb.DuckDBPyConnection, path: Path, table: str, kinds: dict[str, str]) -> int | None:
    """Rows that are in one of the two only; None where the header differs.

    Text is compared with text: a value that is no number would vanish in a cast, and a cast would read 7.0 as 7.
    """
    with path.open(encoding="utf-8", newline="") as lines:
        if next(csv.reader(lines), []) != list(kinds):
            return None
    as_text = ", ".join(
        f"coalesce(cast({identifier(column)} as varchar), '') as {identifier(column)}" for column in kinds
    )
    types = ", ".join(f"'{column.replace(chr(39), chr(39) * 2)}': 'VARCHAR'" for column in kinds)
    read = (
        f"read_csv('{quoted(path)}', auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"', "
        f"columns = {{{types}}})"
    )
    return rows_that_differ(con, kinds, f"select {as_text} from {table}", f"select {as_text} from {read}")


def rows_that_differ(con: duckdb.DuckDBPyConnection, kinds: dict[str, str], one: str, other: str) -> int:
    """Rows that only one of two queries returns, counted with repetition.

    Files are written in the order of the table, so row by row is tried first; only if that fails does order matter.
    """
    left, right = (f"row({', '.join(f'{side}.{identifier(column)}' for column in kinds)})" for side in ("one", "other"))
    in_order = one_number(
        con,
        f"select count(*) from (select true as here, * from ({one})) as one "
        f"positional join (select true as here, * from ({other})) as other "
        f"where one.here is distinct from other.here or {left} is distinct from {right}",
    )
    if not in_order:
        return 0
    return one_number(
        con,
        f"select (select count(*) from (({one}) except all ({other}))) "
        f"+ (select count(*) from (({other}) except all ({one})))",
    )


def one_number(con: duckdb.DuckDBPyConnection, query: str, values: list[str] | None = None) -> int:
    """The one whole number that a query returns."""
    row = con.execute(query, values or []).fetchone()
    return int(row[0]) if row else 0


def quoted(path: Path) -> str:
    """A path for use inside single quotes in SQL."""
    return str(path).replace("'", "''")


def identifier(column: str) -> str:
    """A column name for use in SQL."""
    return '"' + column.replace('"', '""') + '"'
