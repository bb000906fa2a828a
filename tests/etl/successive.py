"""Three releases of one small invented country, as it would be known on three days, made by the real run."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from etl.block_rules import RULES_VERSION
from etl.engines.duckdb import connect
from etl.protect import gather, protect, refuse_unsafe
from etl.publish import Judge, Published, publish
from etl.run import run, settings_for
from etl.settings import Settings
from etl.simulate import simulate

DAYS = (date(2019, 12, 31), date(2020, 9, 30), date(2021, 3, 31))
COUNTRY = {"agencies": 40, "requests": 4_000, "months": 36, "seed": 1}


def settings_on(day: date, data: Path) -> Settings:
    return settings_for("demo", data=data, incoming=None, memory_limit="2GB", threads=2, today=day)


@dataclass(frozen=True)
class Snapshot:
    """The data folder as it was after the release of one day; the private warehouse of that run lies in it."""

    data: Path
    settings: Settings
    release: Path
    is_new: bool

    def copy(self, to: Path) -> Settings:
        """The same folder elsewhere, to be tampered with. Settings of the same day."""
        shutil.copytree(self.data, to)
        return settings_on(self.settings.today, to)


def history(parent: Path) -> list[Snapshot]:
    """Simulate what is known on each day, run, and keep a copy of the data folder after each run."""
    made, data = [], parent / "now"
    for number, day in enumerate(DAYS, 1):
        settings = settings_on(day, data)
        simulate(settings.incoming[0], **COUNTRY, until=day, reference=settings.reference)
        release = run(settings, quiet=True, prepared=True).release
        kept = parent / f"after-{number}"
        shutil.copytree(data, kept)
        made.append(
            Snapshot(kept, settings_on(day, kept), settings_on(day, kept).releases / release.release_id, release.is_new)
        )
    return made


def publish_from(
    snapshot: Snapshot,
    settings: Settings,
    *,
    before: Callable[[duckdb.DuckDBPyConnection], None] = lambda con: None,
    remember: Callable[[Callable[[str], None], str], None] = lambda real, release_id: real(release_id),
    judge: Judge = refuse_unsafe,
) -> Published:
    """Protect and publish into the folder of `settings` what was read for `snapshot`.

    `before` may change what was read. `remember` is given the ledger's own and the release's
    id: the place where a process may be killed.
    """
    copied = settings.private / "tampered.duckdb"
    copied.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(snapshot.settings.private / "warehouse.duckdb", copied)
    try:
        with connect(copied, memory_limit="2GB", threads=2) as con:
            before(con)
            addition = protect(con, settings)
            con.execute("drop schema if exists out cascade")
            gather(con, addition)
            return publish(
                con,
                settings,
                rules_version=RULES_VERSION,
                judge=judge,
                remember=lambda release_id: remember(addition.memory.remember, release_id),
            )
    finally:
        copied.unlink()


def rows(release: Path, table: str, query: str = "from told") -> list[tuple[Any, ...]]:
    """Rows of one table of a release; the query calls it `told`."""
    with connect() as con:
        return con.execute(f"with told as (from read_parquet('{release / table}.parquet')) {query}").fetchall()


def press(con: duckdb.DuckDBPyConnection, agency_id: str, period: tuple[date, date], measure: str, value: int) -> None:
    """Add a published figure to what was read, as the loader would have left it."""
    start, end = period
    text = [
        agency_id,
        "ring-neighbors",
        start.isoformat(),
        end.isoformat(),
        measure,
        str(value),
        "exact",
        "simulated-press",
    ]
    raw = "agency_id, program_id, period_start, period_end, measure, value, qualifier, source_id"
    place = "(select coalesce(max(row_number), 0) + 1 from raw.published_counts)"
    file = "published_counts.csv"
    con.execute(
        f"insert into raw.published_counts ({raw}, file, row_number) select {', '.join('?' * 8)}, ?, {place}",
        [*text, file],
    )
    con.execute(
        """
        insert into staging.published_counts by name
        select agency_id, program_id, period_start::date as period_start, period_end::date as period_end, measure,
            value::bigint as value, qualifier, source_id, file, row_number
        from raw.published_counts where agency_id = ? and period_start = ? and measure = ?
        """,
        [agency_id, text[2], measure],
    )
    con.execute(
        "insert into marts.published_counts by name select * exclude (file, row_number) from staging.published_counts "
        "where agency_id = ? and period_start = ? and measure = ?",
        [agency_id, start, measure],
    )
    con.execute(
        "update ingest.source_rows set rows_read = rows_read + 1, rows_accepted = rows_accepted + 1 where file = ?",
        [file],
    )
