"""Turns staging into marts: one SQL file per public table, held to its description. Counts only; protects nothing.

A mart's select must return exactly the columns and types that its `.toml` describes; otherwise nothing is built.
"""

import re
from pathlib import Path

import duckdb

from etl import catalog
from etl.described import hold_to_description
from etl.engines import Engine
from etl.engines.duckdb import Embedded
from etl.errors import CheckError
from etl.remembered import Remembered
from etl.settings import Settings
from etl.years import by_year

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
    years = Remembered(settings.private / "years")
    for mart in catalog.marts().values():
        if mart.sql_path is None:
            continue
        # Another engine counts everything anew: what it is for does not lie on this machine.
        if mart.period and not engine.reads_parquet:
            engine.create(f"marts.{mart.name}", by_year(con, mart, mart.period, years))
        else:
            engine.create(f"marts.{mart.name}", mart.sql)
            hold_to_description(con, mart, f"marts.{mart.name}")
    years.forget_the_rest()


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
