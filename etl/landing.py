"""Lands one file as text rows in raw.<source>, every row numbered, and rows of the wrong length in quarantine.

It changes no cell and judges none: what a value means is the business of sources/<source>.sql.
"""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from etl.catalog import Source
from etl.decode import decode
from etl.errors import SourceError
from etl.header import Header, match, read_header

# A text no file holds: with the default, DuckDB takes a blank last cell too many for no cell at all, and keeps the row.
NO_NULL = "<porchlight: no cell is null>"
WRONG_LENGTH = ("MISSING COLUMNS", "TOO MANY COLUMNS")
WORDS = {
    "UNQUOTED VALUE": "a quotation mark is opened and not closed, or stands inside a quoted cell without being doubled",
    "LINE SIZE OVER MAXIMUM": "a row is longer than 2,000,000 bytes; is a quotation mark never closed?",
}


@dataclass(frozen=True)
class Landed:
    """How one file was read, and how many data rows it has."""

    rows_read: int
    encoding: str
    delimiter: str | None


def make_raw(con: duckdb.DuckDBPyConnection, source: Source) -> None:
    """Create the empty raw.<source>: one varchar column per kept column, `file`, `row_number`."""
    columns = ", ".join(f'"{column.name}" varchar' for column in source.kept)
    con.execute(f"create table raw.{source.name} ({columns}, file varchar, row_number bigint)")


def land(con: duckdb.DuckDBPyConnection, source: Source, path: Path, label: str, folder: Path) -> Landed:
    """Land one file into raw.<source>; `label` is its name in every table, `folder` takes temporary copies.

    Raises SourceError, naming file and column or line, where the file does not read as its source says.
    """
    if path.stat().st_size == 0:
        raise SourceError(f"{label}: the file is empty, not even a header. Nothing was loaded.")
    if re.search(r"[*?\[\]{}]", str(path)):
        # DuckDB would take the name for a pattern.
        plain = folder / f"plain-{len(list(folder.iterdir()))}{path.suffix}"
        plain.symlink_to(path.resolve())
        path = plain
    if source.format == "kml":
        return _land_kml(con, source, path, label)
    if path.suffix.lower() == ".parquet":
        return _land_parquet(con, source, path, label)
    return _land_csv(con, source, path, label, folder)


def _land_csv(con: duckdb.DuckDBPyConnection, source: Source, path: Path, label: str, folder: Path) -> Landed:
    decoded = decode(path, label, folder)
    header = read_header(decoded.path, label, source)
    con.execute("drop table if exists reject_errors; drop table if exists reject_scans")
    names = dict.fromkeys(header.columns, "varchar")
    text = f"""read_csv(
        $path, delim = $delimiter, header = true, columns = {names}, auto_detect = false, encoding = 'utf-8',
        quote = '"', escape = '"', comment = '', nullstr = '{NO_NULL}', strict_mode = true,
        store_rejects = true, rejects_limit = 0
    )"""
    where = {"path": str(decoded.path), "delimiter": header.delimiter}
    try:
        landed = _insert(con, source, header.columns, text, label, where)
    except duckdb.Error as error:
        # The message would quote the line.
        raise SourceError(f"{label}: cannot be read as CSV. Nothing was loaded.") from error
    refused = _refused(con, label)
    if refused:
        _set_aside(con, source, label, decoded.path, header, landed, refused)
    return Landed(landed + refused, decoded.encoding, header.delimiter)


def _insert(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    present: Iterable[str],
    relation: str,
    label: str,
    where: dict[str, str],
    cells: dict[str, str] | None = None,
) -> int:
    """Append the relation's kept columns to raw.<source>, numbered as they come; the number of rows."""
    columns = ", ".join(
        (cells or {}).get(column.name, f'"{column.name}"') if column.name in present else "cast(null as varchar)"
        for column in source.kept
    )
    row = con.execute(
        f"insert into raw.{source.name} select {columns}, $label, row_number() over () from {relation}",
        {**where, "label": label},
    ).fetchone()
    return int(row[0]) if row else 0


def _refused(con: duckdb.DuckDBPyConnection, label: str) -> int:
    """Number of rows of the wrong length; any other fault is an error, for it hides where the next row begins."""
    for kind, line in con.execute(
        f"select error_type, min(line) from reject_errors where error_type not in {WRONG_LENGTH} group by 1 order by 2"
    ).fetchall():
        words = WORDS.get(kind, "the row cannot be read as CSV")
        raise SourceError(f"{label}: line {line}: {words}. Nothing was loaded.")
    row = con.execute("select count(distinct line) from reject_errors").fetchone()
    return int(row[0]) if row else 0


def _set_aside(
    con: duckdb.DuckDBPyConnection, source: Source, label: str, path: Path, header: Header, accepted: int, refused: int
) -> None:
    """Quarantine the rows of the wrong length, and give the other rows their true numbers.

    DuckDB tells the line of such a row, not its number among the data rows, so a second reader counts: only for files
    that have such rows, and the two readers must agree.
    """
    wide = len(header.columns)
    odd: list[tuple[int, int, str]] = []
    number = 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=header.delimiter)
        next(reader)
        for cells in reader:
            if not cells:
                continue
            number += 1
            if len(cells) != wide:
                odd.append((number, len(cells), header.delimiter.join(cells)))
    if number != accepted + refused or len(odd) != refused:
        raise SourceError(
            f"{label}: its rows cannot be told apart: {refused} do not fit the header, counted another way {len(odd)}. "
            "Look for stray quotation marks. Nothing was loaded."
        )
    con.execute("create or replace temp table odd (row_number bigint, place bigint, cells bigint, original varchar)")
    con.executemany(
        "insert into odd values (?, ?, ?, ?)",
        [(row, place, cells, original) for place, (row, cells, original) in enumerate(odd)],
    )
    con.execute(
        f"""
        update raw.{source.name} as landed
        set row_number = landed.row_number + shift.odd_before
        from (
            -- From which good row on how many odd rows come before it.
            select row_number - place as since, max(place) + 1 as odd_before,
                lead(since) over (order by since) as until
            from odd
            group by since
        ) as shift
        where landed.file = $label
            and landed.row_number >= shift.since
            and (shift.until is null or landed.row_number < shift.until)
        """,
        {"label": label},
    )
    con.execute(
        """
        insert into quarantine.rows
        select $source, $label, row_number,
            ['row has ' || cells || ' cells, the header has ' || $wide], original
        from odd
        """,
        {"source": source.name, "label": label, "wide": wide},
    )
    con.execute("drop table odd")


def _land_parquet(con: duckdb.DuckDBPyConnection, source: Source, path: Path, label: str) -> Landed:
    where = {"path": str(path)}
    try:
        found = con.execute("describe select * from read_parquet($path)", where).fetchall()
    except duckdb.Error as error:
        raise SourceError(f"{label}: cannot be read as Parquet. Nothing was loaded.") from error
    headers = [row[0] for row in found]
    names = match(headers, label, source)
    as_text = {
        name: _as_text(header, kind.upper(), label)
        for name, header, kind in zip(names, headers, (row[1] for row in found), strict=True)
    }
    rows = _insert(con, source, as_text, "read_parquet($path)", label, where, as_text)
    return Landed(rows, "parquet", None)


def _as_text(header: str, kind: str, label: str) -> str:
    """A Parquet column as the text that a CSV of it would hold: 12 for 12.0, a day for a midnight."""
    cell = '"' + header.replace('"', '""') + '"'
    if re.search(r"\[|STRUCT|MAP|UNION|BLOB|GEOMETRY|VARIANT", kind):
        raise SourceError(f"{label}: column {header!r} holds {kind.lower()}, not plain values. Nothing was loaded.")
    if kind in ("DOUBLE", "FLOAT") or kind.startswith("DECIMAL"):
        whole = f"cast(cast({cell} as hugeint) as varchar)"
        return f"case when {cell} = floor({cell}) and abs({cell}) < 1e15 then {whole} else cast({cell} as varchar) end"
    if kind.startswith("TIMESTAMP"):
        day = f"cast({cell} as date)"
        return f"case when {cell} = {day} then cast({day} as varchar) else cast({cell} as varchar) end"
    return f"cast({cell} as varchar)"


def _land_kml(con: duckdb.DuckDBPyConnection, source: Source, path: Path, label: str) -> Landed:
    from etl.kml import read_kml

    placemarks = read_kml(path)
    names = match([str(header) for header in placemarks.columns], label, source)
    placemarks = placemarks.set_axis(list(names), axis="columns").astype("string")
    con.register("placemarks", placemarks)
    rows = _insert(con, source, names, "placemarks", label, {})
    con.unregister("placemarks")
    return Landed(rows, "kml", None)
