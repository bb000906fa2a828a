"""Lands one file as text rows in raw.<source>, every row numbered, and rows of the wrong length in quarantine.

It changes no cell and judges none: what a value means is the business of sources/<source>.sql.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from etl.catalog import Source
from etl.texts import open_text, reading
from etl.torn import Torn, set_aside, shifts, torn_rows


@dataclass(frozen=True)
class Landed:
    """How one file was read, and how many data rows it has; `rows_torn` of them are of the wrong length."""

    rows_read: int
    encoding: str
    delimiter: str | None
    rows_torn: int = 0


def make_raw(con: duckdb.DuckDBPyConnection, source: Source) -> None:
    """Make the empty raw.<source>: one varchar column per kept column, `rows` if counted, `file`, `row_number`."""
    columns = "".join(f'"{column.name}" varchar, ' for column in source.kept)
    rows = "rows bigint, " if source.counted else ""
    con.execute(f"create or replace table raw.{source.name} ({columns}{rows}file varchar, row_number bigint)")


def land(con: duckdb.DuckDBPyConnection, source: Source, path: Path, label: str, folder: Path) -> Landed:
    """Land one file into raw.<source>; `label` is its name in every table, `folder` takes temporary copies.

    Raises SourceError, naming file and column or line, where the file does not read as its source says.
    """
    text = open_text(con, source, path, label, folder)
    columns = ", ".join(text.cells.values())
    with reading(con, text, label):
        row = con.execute(
            f"insert into raw.{source.name} select {columns}, $label, row_number() over () from {text.relation}",
            {"label": label},
        ).fetchone()
    landed = int(row[0]) if row else 0
    torn = torn_rows(con, text, label, landed)
    if torn:
        set_aside(con, source, label, torn, text.wide)
        _renumber(con, f"raw.{source.name}", label, torn)
    return Landed(landed + len(torn), text.encoding, text.delimiter, len(torn))


def _renumber(con: duckdb.DuckDBPyConnection, table: str, label: str, torn: list[Torn]) -> None:
    """Give the rows of a file, numbered without the torn ones, their true numbers."""
    shifts(con, torn)
    con.execute(
        f"""
        update {table} as landed
        set row_number = landed.row_number + shift.torn_before
        from shifts as shift
        where landed.file = $label and landed.row_number >= shift.since and landed.row_number < shift.until
        """,
        {"label": label},
    )
