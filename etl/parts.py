"""A large source is kept file by file: what a file was read to, and its typed rows, remembered by what the file holds.

raw.<source> is a view over these parts. So a new month costs the reading of a month: files that were read before are
neither read nor typed again.
"""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import duckdb

from etl.catalog import Source
from etl.engines import Engine
from etl.files import Found
from etl.folding import alike_select, fold_select
from etl.landing import Landed
from etl.remembered import Remembered, hash_of
from etl.texts import open_text, quoted, reading
from etl.torn import Torn, set_aside, shifts, torn_rows

# What tells how a file becomes rows: where one of these changes, nothing remembered is used.
RECIPE = ("decode.py", "folding.py", "header.py", "parts.py", "texts.py", "torn.py")


@dataclass(frozen=True)
class Part:
    """A file after it was read. `folder` holds rows.parquet: the cells as text, `row_number`, and `rows` if folded."""

    folder: Path
    rows_whole: int
    encoding: str
    delimiter: str | None
    wide: int
    torn: tuple[Torn, ...]

    @property
    def landed(self) -> Landed:
        """The account of the file."""
        return Landed(self.rows_whole + len(self.torn), self.encoding, self.delimiter, len(self.torn))

    @property
    def rows(self) -> str:
        """Its rows as a relation."""
        return f"read_parquet({quoted(str(self.folder / 'rows.parquet'))})"


def read_part(
    con: duckdb.DuckDBPyConnection, file: Found, folder: Path, remembered: Remembered, engine: Engine
) -> Part:
    """Read one file, rows that are alike folded if they are counted; or find it read already: same bytes, same recipe.

    Raises SourceError where the file does not read as its source says.
    """
    source, label = file.source, file.label
    recipe = [repr(column) for column in source.columns] + [repr(source.delimiters), repr(source.counted)]
    recipe += [hash_of(Path(__file__).with_name(name)) for name in RECIPE]
    key = remembered.key(file.path, label, [file.path.suffix.lower(), *recipe, duckdb.__version__])
    if not remembered.has(key):
        with remembered.making(key) as making:
            text = open_text(con, source, file.path, label, folder)
            cells = ", ".join(f'{text.cells[column.name]} as "{column.name}"' for column in source.kept)
            read = fold_select(source, text) if source.counted else f"select {cells} from {text.relation}"
            if source.counted and text.columns and engine.reads_parquet:
                engine.land("ingest.parquet", file.path)
                engine.create("ingest.alike", alike_select(source, replace(text, relation="ingest.parquet as parquet")))
                alike = replace(text, relation="ingest.alike")
                read = fold_select(source, alike, "cast(sum(rows) as bigint)")
            with reading(con, text, label):
                _write(con, f"select row_number() over () as row_number, * from ({read})", making / "rows.parquet")
            made = Part(making, 0, text.encoding, text.delimiter, text.wide, ())
            number = "cast(coalesce(sum(rows), 0) as bigint)" if source.counted else "count(*)"
            row = con.execute(f"select {number} from {made.rows}").fetchone()
            whole = int(row[0]) if row else 0
            torn = torn_rows(con, text, label, whole)
            if torn and not source.counted:
                _renumber(con, made, torn)
            about = {
                "rows_whole": whole, "encoding": text.encoding, "delimiter": text.delimiter, "wide": text.wide,
                "torn": [asdict(row) for row in torn],
            }  # fmt: skip
            (making / "file.json").write_text(json.dumps(about), encoding="utf-8")
    at = remembered.folder_of(key)
    about = json.loads((at / "file.json").read_text(encoding="utf-8"))
    return Part(at, **about | {"torn": tuple(Torn(**row) for row in about["torn"])})


def land_parts(con: duckdb.DuckDBPyConnection, source: Source, parts: dict[Found, Part]) -> None:
    """Make raw.<source> of the parts of all its files, and put their torn rows into quarantine."""
    _show(con, source, parts)
    for file, one in parts.items():
        if one.torn:
            set_aside(con, source, file.label, list(one.torn), one.wide)


def typed_parts(
    con: duckdb.DuckDBPyConnection, source: Source, parts: dict[Found, Part], broken: str, remembered: Remembered
) -> str:
    """A relation of the typed rows of all parts, with `is_bad`: whether a row is `broken` by itself (a condition)."""
    paths = []
    for file, one in parts.items():
        recipe = ["typed", file.label, one.folder.name, source.sql, broken]
        key = remembered.key(file.path, file.label, recipe)
        if not remembered.has(key):
            with remembered.making(key) as making:
                _show(con, source, {file: one})
                _write(con, f"select *, {broken} as is_bad from (\n{source.sql}\n) as typed", making / "typed.parquet")
        paths.append(quoted(str(remembered.folder_of(key) / "typed.parquet")))
    _show(con, source, parts)
    return f"(select * from read_parquet([{', '.join(paths)}]))"


def _show(con: duckdb.DuckDBPyConnection, source: Source, parts: dict[Found, Part]) -> None:
    cells = ", ".join(f'"{column.name}"' for column in source.kept)
    rows = ", rows" if source.counted else ""
    shown = " union all ".join(
        f"select {cells}{rows}, {quoted(file.label)} as file, row_number from {one.rows}" for file, one in parts.items()
    )
    con.execute(f"create or replace view raw.{source.name} as {shown}")


def _renumber(con: duckdb.DuckDBPyConnection, made: Part, torn: list[Torn]) -> None:
    """Give the rows of a file, numbered without the torn ones, their true numbers."""
    shifts(con, torn)
    numbered = f"""
        select rows.* replace (rows.row_number + coalesce(shifts.torn_before, 0) as row_number)
        from {made.rows} as rows
        left join shifts on rows.row_number >= shifts.since and rows.row_number < shifts.until
    """
    _write(con, numbered, made.folder / "numbered.parquet")
    (made.folder / "numbered.parquet").replace(made.folder / "rows.parquet")


def _write(con: duckdb.DuckDBPyConnection, select: str, path: Path) -> None:
    con.execute(f"copy ({select}) to {quoted(str(path))} (format parquet)")
