"""Reads a counted source in one pass: rows that are alike become one row of raw.<source>, with their number in `rows`.

Typing, rules and references then work on the few folded rows. Where one of them is refused, its file is read a second
time for the numbers and the texts of the rows behind it.
"""

from pathlib import Path

import duckdb

from etl.catalog import Source, SourceColumn
from etl.files import Found
from etl.texts import Text, open_text, quoted, reading
from etl.torn import Torn, shifts

# A good number of a column of which only matters whether it was given.
GIVEN = "0"


def fold_select(source: Source, text: Text, number: str = "count(*)") -> str:
    """The one pass: every kept column as text, and `rows`; one row per set of rows that are alike."""
    cells = ", ".join(f'{fold_cell(column, text)} as "{column.name}"' for column in source.kept)
    places = ", ".join(str(place) for place in range(1, len(source.kept) + 1))
    return f"select {cells}, {number} as rows from {text.relation} group by {places}"


def alike_select(source: Source, text: Text) -> str:
    """The same of a Parquet file in its own types, for an engine that must not write them as text as DuckDB does.

    What it returns is few rows with their number in `rows`, and is folded once more.
    """
    cells = []
    for column in source.kept:
        if column.name in text.columns:
            cell = own = text.columns[column.name]
            kind = text.kinds[column.name]
            if column.only_given and kind in ("VARCHAR", "DOUBLE"):
                cell = f"case when {_is_good(column, text)} then cast('{GIVEN}' as {kind}) else {own} end"
            cells.append(f"{cell} as {own}")
    places = ", ".join(str(place) for place in range(1, len(cells) + 1))
    return f"select {', '.join(cells)}, count(*) as rows from {text.relation} group by {places}"


def fold_cell(column: SourceColumn, text: Text) -> str:
    """The cell as text; of a column that is `only_given`, every number that is surely good becomes the same."""
    cell = text.cells[column.name]
    if not column.only_given:
        return cell
    return f"case when {_is_good(column, text)} then '{GIVEN}' else {cell} end"


def _is_good(column: SourceColumn, text: Text) -> str:
    whole, places = _digits(column.type)
    if text.kinds.get(column.name) == "DOUBLE":
        number = text.columns[column.name]
        as_written = f"cast(try_cast({number} as decimal({whole + places}, {places})) as double)"
        return f"{number} >= 0 and {number} < 1e{whole} and {as_written} = {number}"
    decimals = f"(\\.[0-9]{{1,{places}}})?" if places else ""
    return f"regexp_matches({text.cells[column.name]}, '^(0|[1-9][0-9]{{0,{whole - 1}}}){decimals}$')"


def _digits(kind: str) -> tuple[int, int]:
    """Digits before and after the point that a number of this type holds without loss."""
    if kind.startswith("decimal"):
        width, places = (int(part) for part in kind.removeprefix("decimal(").rstrip(")").split(","))
        return width - places, places
    return (15, 0) if kind == "bigint" else (9, 6)


def quarantine_folded(
    con: duckdb.DuckDBPyConnection, file: Found, kept: Path, torn: tuple[Torn, ...], folder: Path
) -> None:
    """Put the rows behind the refused folds of one file into quarantine, by number, reasons and text.

    Temp table faults (file, row_number of the fold, place, reason) says which and why. What came out is remembered
    in folder `kept`, that of the folded file, for the same faults.
    """
    source, label = file.source, file.label
    columns = [column.name for column in source.kept]
    con.execute(
        f"""
        create or replace temp table refused as
        select {", ".join(f'raw."{name}"' for name in columns)}, list(faults.reason order by faults.place) as reasons
        from faults
        join raw.{source.name} as raw on faults.file = raw.file and faults.row_number = raw.row_number
        where faults.file = $label
        group by all
        """,
        {"label": label},
    )
    refused = con.execute(
        "select count(*), sha256(string_agg(told, chr(10) order by told)) "
        "from (select to_json(refused) as told from refused)"
    ).fetchone()
    if not refused or not refused[0]:
        return
    held = kept / f"held-{refused[1]}.parquet"
    if not held.exists():
        _write_held(con, source, open_text(con, source, file.path, label, folder), label, list(torn), held)
    con.execute(
        f"insert into quarantine.rows select $source, $label, row_number, reasons, original from {_quoted_rows(held)}",
        {"source": source.name, "label": label},
    )
    con.execute("drop table refused")


def _write_held(
    con: duckdb.DuckDBPyConnection, source: Source, text: Text, label: str, torn: list[Torn], target: Path
) -> None:
    """The second pass over a file: row_number, reasons and original of every row behind temp table refused."""
    columns = list(source.kept)
    cells = ", ".join(f'{text.cells[column.name]} as "{column.name}"' for column in columns)
    folds = ", ".join(f'{fold_cell(column, text)} as "fold_{column.name}"' for column in columns)
    alike = " and ".join(
        f'rows."fold_{column.name}" is not distinct from refused."{column.name}"' for column in columns
    )
    original = ", ".join(f"'{column.name}': rows.\"{column.name}\"" for column in columns)
    shifts(con, torn)
    fresh = target.with_suffix(".new")
    with reading(con, text, label):
        con.execute(
            f"""
            copy (
                select rows.at + coalesce(shifts.torn_before, 0) as row_number, refused.reasons,
                    to_json({{{original}}}) as original
                from (select {cells}, {folds}, row_number() over () as at from {text.relation}) as rows
                join refused on {alike}
                left join shifts on rows.at >= shifts.since and rows.at < shifts.until
            ) to {quoted(str(fresh))} (format parquet)
            """
        )
    fresh.replace(target)


def _quoted_rows(path: Path) -> str:
    return f"read_parquet({quoted(str(path))})"
