"""Turns staging into marts: one SQL file per public table, held to its description. Counts only; protects nothing.

A mart's select must return exactly the columns and types that its `.toml` describes; otherwise nothing is built.
"""

import re
from pathlib import Path

import duckdb

from etl import catalog
from etl.engines import Engine
from etl.engines.duckdb import Embedded
from etl.errors import CheckError
from etl.settings import Settings

STAGING = Path(__file__).parent / "staging"
REFERENCE_TABLES = ("states", "programs")


def build(con: duckdb.DuckDBPyConnection, settings: Settings, engine: Engine | None = None) -> None:
    """Make schema `marts` from schema `staging`: one table per `etl/marts/*.sql`, counted by the engine.

    Raises CheckError where a result and its description differ.
    """
    engine = engine or Embedded(con)
    load_reference(con, settings.reference)
    for name, select in in_order_of_need(STAGING).items():
        engine.create(f"staging.{name}", select)
    con.execute("create schema if not exists marts")
    for mart in catalog.marts().values():
        if mart.sql_path is None:
            continue
        engine.create(f"marts.{mart.name}", mart.sql_path.read_text())
        hold_to_description(con, mart)


def load_reference(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Make schema `reference` from the committed CSVs: states (51 rows) and programs."""
    con.execute("create schema if not exists reference")
    for name in REFERENCE_TABLES:
        con.execute(
            f"create or replace table reference.{name} as "
            "select * from read_csv(?, header = true, delim = ',', all_varchar = true)",
            [str(folder / f"{name}.csv")],
        )
    con.execute("alter table reference.states alter population_2020 type bigint")
    con.execute("alter table reference.states alter city_and_county_agencies_2018 type bigint")
    con.execute("alter table reference.programs alter asks_residents type boolean")


def in_order_of_need(folder: Path) -> dict[str, str]:
    """Name -> select of every file in the folder, each after the files whose tables it reads."""
    waiting = {path.stem: path.read_text() for path in sorted(folder.glob("*.sql"))}
    ordered: dict[str, str] = {}
    while waiting:
        ready = [
            name
            for name, select in waiting.items()
            if not (set(re.findall(r"\bstaging\.(\w+)", select)) & set(waiting)) - {name}
        ]
        if not ready:
            raise CheckError(f"etl/staging: these files need each other: {', '.join(waiting)}.")
        for name in ready:
            ordered[name] = waiting.pop(name)
    return ordered


def hold_to_description(con: duckdb.DuckDBPyConnection, mart: catalog.Mart) -> None:
    """Raise CheckError unless marts.<name> has the described columns, types, grain, vocabularies and no stray nulls."""
    made = [(row[0], row[1].lower()) for row in con.execute(f"describe marts.{mart.name}").fetchall()]
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
        broken = count(con, f"select count(*) from marts.{mart.name} where {condition}")
        if broken:
            raise CheckError(f"marts.{mart.name}: {broken} rows where {condition}.")
    grain = ", ".join(f'"{name}"' for name in mart.grain)
    repeated = count(
        con, f"select count(*) from (select 1 from marts.{mart.name} group by {grain} having count(*) > 1)"
    )
    if repeated:
        raise CheckError(f"marts.{mart.name}: {repeated} keys occur more than once ({', '.join(mart.grain)}).")


def count(con: duckdb.DuckDBPyConnection, query: str) -> int:
    """The one whole number that the query returns."""
    row = con.execute(query).fetchone()
    return int(row[0]) if row else 0
