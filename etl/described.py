"""Holds what a mart's query returned to what its `.toml` describes; where they differ, nothing is built."""

import duckdb

from etl.catalog import Mart
from etl.errors import CheckError


def hold_to_description(con: duckdb.DuckDBPyConnection, mart: Mart, counted: str) -> None:
    """Raise CheckError unless `counted`, a relation, has the described columns, types, grain and vocabularies.

    No required column of it is null.
    """
    made = [(row[0], row[1].lower()) for row in con.execute(f"describe from {counted}").fetchall()]
    told = [(column.name, column.type) for column in mart.columns]
    if made != told:
        odd = sorted({name for name, _ in set(made) ^ set(told)})
        raise CheckError(f"etl/marts/{mart.name}.sql and .toml differ in: {', '.join(odd) or 'the order of columns'}.")
    conditions = [f'"{column.name}" is null' for column in mart.columns if column.required]
    for column in mart.columns:
        if column.values:
            allowed = ", ".join("'" + value.replace("'", "''") + "'" for value in column.values)
            conditions.append(f'"{column.name}" not in ({allowed})')
    for condition in conditions:
        broken = count(con, f"select count(*) from {counted} where {condition}")
        if broken:
            raise CheckError(f"marts.{mart.name}: {broken} rows where {condition}.")
    grain = ", ".join(f'"{name}"' for name in mart.grain)
    repeated = count(con, f"select count(*) from (select 1 from {counted} group by {grain} having count(*) > 1)")
    if repeated:
        raise CheckError(f"marts.{mart.name}: {repeated} keys occur more than once ({', '.join(mart.grain)}).")


def count(con: duckdb.DuckDBPyConnection, query: str) -> int:
    """The one whole number that the query returns."""
    row = con.execute(query).fetchone()
    return int(row[0]) if row else 0
