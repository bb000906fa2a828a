"""Opens one finished release folder and says what is not as declared: files, tables, columns, copies that disagree.

Reads only; the DuckDB file is attached read-only under a name of the caller's choice.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from etl.judging import copies
from etl.judging.copies import identifier, one_number, quoted
from etl.judging.rules import (
    ABOUT_PEOPLE_BUT_NO_COUNT,
    DATABASE,
    DESCRIPTIONS,
    IDS,
    LONGEST_QUERY,
    METHODS,
    NUMBER_TYPES,
    OTHER_NUMBERS,
    PEOPLE_COUNTS,
    PEOPLE_WORDS,
    PLAIN_TYPES,
    STEPS_ON_THE_WAY,
    TABLES,
    TABLES_NEEDED,
    TEXT_WITH_DIGITS,
)
from etl.judging.verdict import Refusal

LOOKS_LIKE_A_NUMBER = r"^\s*[<>~≤≥=+-]*\s*\d[\d.,]*\s*(%|to\s.*|-\s*\d+)?\s*$"


def attach(con: duckdb.DuckDBPyConnection, folder: Path, name: str) -> Refusal | None:
    """Attach the folder's database read-only as `name`; a refusal where that cannot be done."""
    path = folder / DATABASE
    if not path.is_file():
        return Refusal("a release has its DuckDB file", folder.name, f"{DATABASE} is missing; nothing was judged.")
    try:
        con.execute(f"attach '{quoted(path)}' as {name} (read_only)")
    except duckdb.Error:
        return Refusal(
            "a release has its DuckDB file", folder.name, f"{DATABASE} cannot be opened; nothing was judged."
        )
    present = {table for table, *_ in columns_of(con, name)}
    missing = sorted(set(TABLES_NEEDED) - present)
    if missing:
        return Refusal("a release has the tables it is judged by", folder.name, f"Missing: {', '.join(missing)}.")
    return None


def refusals(con: duckdb.DuckDBPyConnection, folder: Path, name: str) -> list[Refusal]:
    """Everything about the files and columns of an attached release that is not declared."""
    columns = columns_of(con, name)
    tables = sorted({table for table, *_ in columns})
    return [
        *undeclared_files(folder, tables),
        *undeclared_objects(con, folder, name),
        *undeclared_columns(con, folder, name, columns),
        *copies.refusals(con, folder, name, columns),
        *numbers_in_descriptions(folder),
    ]


def columns_of(con: duckdb.DuckDBPyConnection, name: str) -> list[tuple[str, str, str]]:
    """(table, column, type) of every column of the attached release, in order."""
    return con.execute(
        "select table_name, column_name, data_type from duckdb_columns() "
        "where database_name = ? and not internal order by table_name, column_index",
        [name],
    ).fetchall()


def undeclared_files(folder: Path, tables: list[str]) -> Iterator[Refusal]:
    """Files beyond the database, one Parquet and one CSV per table, and the descriptions; or such a file missing."""
    copies = {f"{table}.{kind}" for table in tables for kind in ("parquet", "csv")}
    present = {path.name for path in folder.iterdir()}
    queries = folder / METHODS
    if queries.is_dir():
        known = {f"{name}.sql" for name in TABLES | STEPS_ON_THE_WAY}
        for path in sorted(queries.iterdir()):
            if path.name not in known or not path.is_file() or path.stat().st_size > LONGEST_QUERY:
                where = f"{folder.name}/{METHODS}/{path.name}"
                yield Refusal("only declared files", where, "It is not the query of a declared table.")
        present.discard(METHODS)
    for extra in sorted(present - copies - {DATABASE, *DESCRIPTIONS}):
        yield Refusal(
            "only declared files", f"{folder.name}/{extra}", "Nobody has judged this file; it can hold anything."
        )
    for missing in sorted((copies | {"release.json", "datapackage.json"}) - present):
        yield Refusal("every table in every form", f"{folder.name}/{missing}", "The file is missing.")


def undeclared_objects(con: duckdb.DuckDBPyConnection, folder: Path, name: str) -> Iterator[Refusal]:
    """Tables outside the closed list, other schemas, views, macros, types: all can carry numbers unseen."""
    found = con.execute(
        """
        select schema_name || '.' || table_name from duckdb_tables()
        where database_name = $name and not (schema_name = 'main' and list_contains($tables, table_name))
        union all
        select 'view ' || view_name from duckdb_views() where database_name = $name and not internal
        union all
        select 'macro ' || function_name from duckdb_functions() where database_name = $name and not internal
        union all
        select 'sequence ' || sequence_name from duckdb_sequences() where database_name = $name
        union all
        select 'type ' || type_name from duckdb_types() where database_name = $name and not internal
        """,
        {"name": name, "tables": sorted(TABLES)},
    ).fetchall()
    for (thing,) in found:
        recipe = (
            "It is not in the judge's closed list; people-counts in it would be read beside the blocks and subtracted."
        )
        yield Refusal("only declared tables", f"{folder.name}: {thing}", recipe)


def undeclared_columns(
    con: duckdb.DuckDBPyConnection, folder: Path, name: str, columns: list[tuple[str, str, str]]
) -> Iterator[Refusal]:
    """Numbers outside the closed lists, nested or binary types, numbers written as text, names that speak of people."""
    for table, column, kind in columns:
        where = f"{folder.name}: column {column} of table {table}"
        pair = (table, column)
        if pair in PEOPLE_COUNTS | OTHER_NUMBERS:
            if kind not in NUMBER_TYPES:
                yield Refusal("declared numbers are numbers", where, f"It is {kind}.")
        elif kind not in PLAIN_TYPES:
            yield Refusal(
                "no undeclared column", where, "A number that nobody judged can be subtracted from the blocks."
            )
        elif speaks_of_people(column) and pair not in ABOUT_PEOPLE_BUT_NO_COUNT:
            yield Refusal("no undeclared column", where, "Its name says that it counts people; only blocks may.")
        elif kind == "VARCHAR" and pair not in TEXT_WITH_DIGITS and column not in IDS:
            hidden = one_number(
                con,
                f"select count(*) from {name}.{identifier(table)} where regexp_matches({identifier(column)}, ?)",
                [LOOKS_LIKE_A_NUMBER],
            )
            if hidden:
                yield Refusal(
                    "no numbers written as text", where, "A number written as text can be subtracted too.", hidden
                )


def speaks_of_people(word: str) -> bool:
    """True if one of the words of a name is about people and their answers."""
    return bool(PEOPLE_WORDS & set(word.lower().replace("-", "_").split("_")))


def numbers_in_descriptions(folder: Path) -> Iterator[Refusal]:
    """Numbers in the JSON files under a key that speaks of people."""
    for description in DESCRIPTIONS:
        path = folder / description
        if not path.is_file():
            continue
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            yield Refusal("descriptions are JSON", f"{folder.name}/{description}", "The file cannot be read.")
            continue
        for key in people_keys(content):
            where = f"{folder.name}/{description}: {key}"
            yield Refusal(
                "no undeclared column", where, "A number about people outside the blocks can be subtracted from them."
            )


def people_keys(content: Any, under: str = "") -> Iterator[str]:
    """Keys that speak of people and hold a number, or anything with a number in it, anywhere in a JSON value."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield from people_keys(value, under or (key if speaks_of_people(key) else ""))
    elif isinstance(content, list):
        for value in content:
            yield from people_keys(value, under)
    elif under and isinstance(content, int | float) and not isinstance(content, bool):
        yield under
