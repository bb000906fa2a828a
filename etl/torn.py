"""Rows of the wrong length: found after a CSV was read without them, numbered, and put into quarantine."""

import csv
from dataclasses import dataclass

import duckdb

from etl.catalog import Source
from etl.errors import SourceError
from etl.texts import Text

WRONG_LENGTH = ("MISSING COLUMNS", "TOO MANY COLUMNS")
WORDS = {
    "UNQUOTED VALUE": "a quotation mark is opened and not closed, or stands inside a quoted cell without being doubled",
    "LINE SIZE OVER MAXIMUM": "a row is longer than 2,000,000 bytes; is a quotation mark never closed?",
}


@dataclass(frozen=True)
class Torn:
    """A row of the wrong length: its number among the data rows, how many cells it has, and its text."""

    row_number: int
    cells: int
    original: str


def torn_rows(con: duckdb.DuckDBPyConnection, text: Text, label: str, accepted: int) -> list[Torn]:
    """The rows of the wrong length that the last reading left out, in their order.

    DuckDB tells the line of such a row, not its number among the data rows, so a second reader counts: only for files
    that have such rows, and the two readers must agree.
    """
    if text.header is None or text.path is None:
        return []
    refused = _refused(con, label)
    if not refused:
        return []
    odd: list[Torn] = []
    number = 0
    with text.path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=text.header.delimiter)
        next(reader)
        for cells in reader:
            if not cells:
                continue
            number += 1
            if len(cells) != text.wide:
                odd.append(Torn(number, len(cells), text.header.delimiter.join(cells)))
    if number != accepted + refused or len(odd) != refused:
        raise SourceError(
            f"{label}: its rows cannot be told apart: {refused} do not fit the header, counted another way {len(odd)}. "
            "Look for stray quotation marks. Nothing was loaded."
        )
    return odd


def _refused(con: duckdb.DuckDBPyConnection, label: str) -> int:
    """Number of rows of the wrong length; any other fault is an error, for it hides where the next row begins."""
    for kind, line in con.execute(
        f"select error_type, min(line) from reject_errors where error_type not in {WRONG_LENGTH} group by 1 order by 2"
    ).fetchall():
        words = WORDS.get(kind, "the row cannot be read as CSV")
        raise SourceError(f"{label}: line {line}: {words}. Nothing was loaded.")
    row = con.execute("select count(distinct line) from reject_errors").fetchone()
    return int(row[0]) if row else 0


def set_aside(con: duckdb.DuckDBPyConnection, source: Source, label: str, torn: list[Torn], wide: int) -> None:
    """Quarantine the rows of the wrong length; `wide` is the number of cells of the header."""
    con.execute(
        """
        insert into quarantine.rows
        select $source, $label, row_number, ['row has ' || cells || ' cells, the header has ' || $wide], original
        from (select unnest($numbers) as row_number, unnest($cells) as cells, unnest($texts) as original)
        """,
        {
            "source": source.name, "label": label, "wide": wide,
            "numbers": [row.row_number for row in torn], "cells": [row.cells for row in torn],
            "texts": [row.original for row in torn],
        },
    )  # fmt: skip


def shifts(con: duckdb.DuckDBPyConnection, torn: list[Torn]) -> None:
    """Make temp table shifts: from which whole row on (`since`, `until`) how many torn rows come before it."""
    con.execute("create or replace temp table torn (row_number bigint, place bigint)")
    con.execute(
        "insert into torn select unnest($numbers), unnest($places)",
        {"numbers": [row.row_number for row in torn], "places": list(range(len(torn)))},
    )
    con.execute(
        """
        create or replace temp table shifts as
        select since, torn_before, lead(since, 1, 9223372036854775807) over (order by since) as until
        from (select row_number - place as since, max(place) + 1 as torn_before from torn group by row_number - place)
        """
    )
    con.execute("drop table torn")
