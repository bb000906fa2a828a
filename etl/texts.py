"""Says how one file is read as rows of text: a relation, and the cell of it behind each declared column.

It reads the encoding and the header, no row; a header that does not fit its source is an error.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from etl.catalog import Source
from etl.decode import decode
from etl.errors import SourceError
from etl.header import Header, match, read_header

# A text no file holds: with the default, DuckDB takes a blank last cell too many for no cell at all, and keeps the row.
NO_NULL = "<porchlight: no cell is null>"


@dataclass(frozen=True)
class Text:
    """A file as rows of text: `cells` (declared column -> SQL) of `relation`, one row per data row, in their order.

    `header` and `path` (UTF-8 text) are those of a CSV; `kinds` and `columns` the types and names of a Parquet file's.
    """

    relation: str
    cells: dict[str, str]
    encoding: str
    header: Header | None = None
    path: Path | None = None
    kinds: dict[str, str] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)

    @property
    def delimiter(self) -> str | None:
        """What parts the cells of a CSV."""
        return self.header.delimiter if self.header else None

    @property
    def wide(self) -> int:
        """How many cells a row of a CSV has."""
        return len(self.header.columns) if self.header else 0


def open_text(con: duckdb.DuckDBPyConnection, source: Source, path: Path, label: str, folder: Path) -> Text:
    """Look at a file's encoding and header, and say how its rows are read as text; no row is read yet."""
    if path.stat().st_size == 0:
        raise SourceError(f"{label}: the file is empty, not even a header. Nothing was loaded.")
    if re.search(r"[*?\[\]{}]", str(path)):
        # DuckDB would take the name for a pattern.
        plain = folder / f"plain-{len(list(folder.iterdir()))}{path.suffix}"
        plain.symlink_to(path.resolve())
        path = plain
    if source.format == "kml":
        return _kml(con, source, path, label)
    if path.suffix.lower() == ".parquet":
        return _parquet(con, source, path, label)
    decoded = decode(path, label, folder)
    header = read_header(decoded.path, label, source)
    names = dict.fromkeys(header.columns, "varchar")
    relation = f"""read_csv(
        {quoted(str(decoded.path))}, delim = {quoted(header.delimiter)}, header = true, columns = {names},
        auto_detect = false, encoding = 'utf-8', quote = '"', escape = '"', comment = '', nullstr = '{NO_NULL}',
        strict_mode = true, store_rejects = true, rejects_limit = 0
    )"""
    cells = {name: f'"{name}"' for name in header.columns}
    return Text(relation, _kept(source, cells), decoded.encoding, header, decoded.path)


def _kept(source: Source, cells: dict[str, str]) -> dict[str, str]:
    return {column.name: cells.get(column.name, "cast(null as varchar)") for column in source.kept}


@contextmanager
def reading(con: duckdb.DuckDBPyConnection, text: Text, label: str) -> Iterator[None]:
    """Around the query that reads a file: a SourceError in place of an error of DuckDB, which would quote the line."""
    con.execute("drop table if exists reject_errors; drop table if exists reject_scans")
    try:
        yield
    except duckdb.InterruptException:
        raise
    except duckdb.Error as error:
        kind = "CSV" if text.header else text.encoding.capitalize()
        raise SourceError(f"{label}: cannot be read as {kind}. Nothing was loaded.") from error


def _parquet(con: duckdb.DuckDBPyConnection, source: Source, path: Path, label: str) -> Text:
    relation = f"read_parquet({quoted(str(path))})"
    try:
        found = con.execute(f"describe select * from {relation}").fetchall()
    except duckdb.Error as error:
        raise SourceError(f"{label}: cannot be read as Parquet. Nothing was loaded.") from error
    headers = [row[0] for row in found]
    names = match(headers, label, source)
    told = list(zip(names, headers, (row[1].upper() for row in found), strict=True))
    cells = {name: _as_text(header, kind, label) for name, header, kind in told}
    kinds = {name: kind for name, _, kind in told}
    columns = {name: _column(header) for name, header, _ in told}
    return Text(relation, _kept(source, cells), "parquet", kinds=kinds, columns=columns)


def _column(header: str) -> str:
    return '"' + header.replace('"', '""') + '"'


def _as_text(header: str, kind: str, label: str) -> str:
    """A Parquet column as the text that a CSV of it would hold: 12 for 12.0, a day for a midnight."""
    cell = _column(header)
    if re.search(r"\[|STRUCT|MAP|UNION|BLOB|GEOMETRY|VARIANT", kind):
        raise SourceError(f"{label}: column {header!r} holds {kind.lower()}, not plain values. Nothing was loaded.")
    if kind in ("DOUBLE", "FLOAT") or kind.startswith("DECIMAL"):
        whole = f"cast(cast({cell} as hugeint) as varchar)"
        return f"case when {cell} = floor({cell}) and abs({cell}) < 1e15 then {whole} else cast({cell} as varchar) end"
    if kind.startswith("TIMESTAMP"):
        day = f"cast({cell} as date)"
        return f"case when {cell} = {day} then cast({day} as varchar) else cast({cell} as varchar) end"
    return f"cast({cell} as varchar)"


def _kml(con: duckdb.DuckDBPyConnection, source: Source, path: Path, label: str) -> Text:
    from etl.kml import read_kml

    placemarks = read_kml(path)
    names = match([str(header) for header in placemarks.columns], label, source)
    con.register("placemarks", placemarks.set_axis(list(names), axis="columns").astype("string"))
    return Text("placemarks", _kept(source, {name: f'"{name}"' for name in names}), "kml")


def quoted(text: str) -> str:
    """A text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"
