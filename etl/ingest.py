"""From files to typed rows: raw.<source>, then staging.<source>; every bad row goes to quarantine with all its reasons.

Of a counted source, rows that are alike are one row of raw and staging (etl/folding.py).

Always: rows read = rows accepted + rows quarantined, per file. It raises before anything is half loaded is used: the
caller throws the database away on any error.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd

from etl.catalog import Source, sources
from etl.engines import Engine
from etl.engines.duckdb import Embedded
from etl.errors import CheckError, SourceError
from etl.faults import name_reasons, part_duplicates, quarantine
from etl.files import Found, find
from etl.folding import quarantine_folded
from etl.landing import Landed, land, make_raw
from etl.parts import Part, land_parts, read_part, typed_parts
from etl.remembered import Remembered
from etl.rules import row_rules
from etl.settings import Settings

SCHEMAS = """
create schema if not exists raw;
create schema if not exists staging;
create schema if not exists quarantine;
create schema if not exists ingest;
create table quarantine.rows (source_id varchar, file varchar, row_number bigint, reasons varchar[], original varchar);
create table ingest.source_rows (
    source_id varchar, file varchar, rows_read bigint, rows_accepted bigint, rows_quarantined bigint
);
create table ingest.files (
    source varchar, file varchar, source_id varchar, snapshot_on date, encoding varchar, delimiter varchar, rows bigint,
    rows_torn bigint
);
create table ingest.refused (source varchar, file varchar, row_number bigint);
"""


@dataclass(frozen=True)
class Ingested:
    """`source_rows`: one row per file, columns of the mart of that name. `unrecognised`: names no source reads."""

    source_rows: pd.DataFrame
    unrecognised: list[str]


def ingest(settings: Settings, con: duckdb.DuckDBPyConnection, engine: Engine | None = None) -> Ingested:
    """Load every file of a run into an empty database; the engine folds, types and judges the rows.

    Raises SourceError where a file does not read as its source says, CheckError where rows do not add up.
    """
    found, unrecognised = find(settings)
    settings.private.mkdir(parents=True, exist_ok=True)
    # Copies of incoming files stay in the private folder while they are needed.
    remembered = Remembered(settings.private / "parts")
    with tempfile.TemporaryDirectory(dir=settings.private, prefix=".decoded-") as folder:
        load(con, found, settings.today, Path(folder), remembered=remembered, engine=engine)
    remembered.forget_the_rest()
    source_rows = con.execute("select * from ingest.source_rows order by source_id, file").df()
    return Ingested(source_rows, unrecognised)


def load(
    con: duckdb.DuckDBPyConnection,
    found: list[Found],
    today: date,
    folder: Path,
    refuse: Callable[[Found, SourceError], None] | None = None,
    remembered: Remembered | None = None,
    engine: Engine | None = None,
) -> None:
    """Land and stage the files, source after source in the order of their references.

    `folder` takes temporary copies, and parts where nothing is to be `remembered`.
    With `refuse`, a file that cannot be read is told to it and left out; otherwise its SourceError is raised.
    """
    engine = engine or Embedded(con)
    con.execute(SCHEMAS)
    remembered = remembered or Remembered(folder / "parts")
    parts: dict[str, dict[Found, Part]] = {}
    for source in sources().values():
        make_raw(con, source)
    for file in found:
        try:
            if file.source.partitioned:
                made = read_part(con, file, folder, remembered, engine)
                parts.setdefault(file.source.name, {})[file] = made
                landed = made.landed
            else:
                landed = land(con, file.source, file.path, file.label, folder)
        except SourceError as error:
            if refuse is None:
                raise
            con.execute(f"delete from raw.{file.source.name} where file = $label", {"label": file.label})
            refuse(file, error)
        else:
            _remember(con, file, landed)
    for source in sources().values():
        its_parts = parts.get(source.name, {})
        if its_parts:
            con.execute(f"drop table raw.{source.name}")
            land_parts(con, source, its_parts)
        if _stage(con, source, today, engine, its_parts, remembered):
            if source.counted:
                for file, made in its_parts.items():
                    quarantine_folded(con, file, made.folder, made.torn, folder)
            else:
                quarantine(con, source)
        if source.name == "sources":
            _add_lists(con)
    for source in sources().values():
        _finish(con, source, engine)
    _account(con)


def _remember(con: duckdb.DuckDBPyConnection, file: Found, landed: Landed) -> None:
    con.execute(
        "insert into ingest.files values (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            file.source.name, file.label, file.source_id, file.snapshot_on,
            landed.encoding, landed.delimiter, landed.rows_read, landed.rows_torn,
        ],
    )  # fmt: skip


def _stage(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    today: date,
    engine: Engine,
    parts: dict[Found, Part],
    remembered: Remembered,
) -> bool:
    """Make staging.<source> of the rows that break no rule, and temp table faults of the others; False: there are none.

    faults: one row per file, row_number and reason; `place` orders the reasons of a row.
    """
    made = {name: kind for name, kind, *_ in con.execute(f"describe {source.sql}").fetchall()}
    rules = row_rules(source, f"(\n{source.sql}\n)", made, today)
    unkept = {column.name for column in source.columns if column.only_given}
    kept = [name for name in made if not name.endswith("_text") and name not in unkept]
    # Folded rows are few: to type them anew costs less than to keep them typed.
    if parts and not source.counted and not engine.reads_parquet:
        relation = typed_parts(con, source, parts, rules.broken_alone, remembered)
        rules = row_rules(source, relation, made, today, is_marked=True)
    if con.execute(f"select 1 from raw.{source.name} limit 1").fetchone() is None:
        con.execute(f"create table staging.{source.name} as select {_listed(kept)} from ({source.sql}) as typed")
        return False
    engine.create(
        f"staging.{source.name}",
        f"select {_listed(kept)} from ({rules.checked}) as checked where not {rules.broken}",
    )
    # Most files are clean: the question is asked a second time only where a row is missing.
    raw, staged = (con.execute(f"select count(*) from {at}.{source.name}").fetchone() for at in ("raw", "staging"))
    refused = "false" if raw == staged else rules.broken
    con.execute(f"create or replace temp table bad as select * from ({rules.checked}) as checked where {refused}")
    con.execute("create or replace temp table faults (file varchar, row_number bigint, place bigint, reason varchar)")
    name_reasons(con, rules)
    if source.key:
        part_duplicates(con, source, kept)
    con.execute("drop table bad")
    con.execute(
        "insert into ingest.refused select distinct $source, file, row_number from faults", {"source": source.name}
    )
    return con.execute("select 1 from faults limit 1").fetchone() is not None


def _add_lists(con: duckdb.DuckDBPyConnection) -> None:
    """Lists whose rows name no source are sources themselves: one row of staging.sources per file."""
    for source in sources().values():
        if source.source_row is None:
            continue
        con.execute(
            """
            insert into staging.sources by name
            select files.source_id, $publisher as publisher, $title as title, $url as url,
                max(files.snapshot_on) as published_on,
                case when max(files.snapshot_on) is null then 'unknown' else 'day' end as published_precision,
                'data' as read, $licence as licence, min(files.file) as file, 0 as row_number
            from ingest.files as files
            anti join staging.sources as known on files.source_id = known.source_id
            where files.source = $source
            group by files.source_id
            """,
            {
                "publisher": source.publisher, "title": source.source_row.title, "url": source.source_row.url,
                "licence": source.licence, "source": source.name,
            },
        )  # fmt: skip


def _finish(con: duckdb.DuckDBPyConnection, source: Source, engine: Engine) -> None:
    """Run <source>.finish.sql, which may add columns to staging.<source> from other tables, never rows."""
    path = source.sql_path.with_suffix(".finish.sql")
    if path.exists():
        before = con.execute(f"select count(*) from staging.{source.name}").fetchone()
        engine.create(f"staging.{source.name}", path.read_text(encoding="utf-8"))
        if con.execute(f"select count(*) from staging.{source.name}").fetchone() != before:
            raise CheckError(f"sources/{path.name}: changes the number of rows.")


def _account(con: duckdb.DuckDBPyConnection) -> None:
    """Fill ingest.source_rows; CheckError where read is not accepted + quarantined."""
    for source in sources().values():
        rows = "sum(rows)" if source.counted else "count(*)"
        con.execute(
            f"""
            insert into ingest.source_rows
            select files.source, files.file, files.rows, coalesce(accepted.rows, 0), coalesce(held.rows, 0)
            from ingest.files as files
            left join (select file, {rows} as rows from staging.{source.name} group by file) as accepted
                on files.file = accepted.file
            left join (
                select file, count(*) as rows from quarantine.rows where source_id = $source group by file
            ) as held on files.file = held.file
            where files.source = $source
            """,
            {"source": source.name},
        )
    for file, *_ in con.execute(
        "select file from ingest.source_rows where rows_read <> rows_accepted + rows_quarantined"
    ).fetchall():
        raise CheckError(f"{file}: rows read are not rows accepted plus rows quarantined. Nothing was loaded.")


def _listed(names: list[str] | tuple[str, ...]) -> str:
    return ", ".join(names)
