"""The whole way of one edition: sources, staging, marts, protection, judge, release."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import click
import duckdb

from etl.block_rules import RULES_VERSION
from etl.build import build
from etl.checks import check
from etl.engines import engine_of
from etl.engines.duckdb import connect
from etl.errors import UsageError
from etl.identity import resolve
from etl.ingest import ingest
from etl.protect import gather, protect, refuse_unsafe
from etl.publish import Published, point_at, publish
from etl.settings import HOUSE, Edition, Settings
from etl.simulate import simulate


@dataclass(frozen=True)
class Report:
    """What a run did. Counts of rows only; never a value from a record."""

    edition: str
    release: Published
    source_rows: list[tuple[str, str, int, int, int]]
    unrecognised: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        names = ("source_id", "file", "rows_read", "rows_accepted", "rows_quarantined")
        return {
            "edition": self.edition,
            "release_id": self.release.release_id,
            "is_new": self.release.is_new,
            "folder": str(self.release.folder),
            "source_rows": [dict(zip(names, row, strict=True)) for row in self.source_rows],
            "unrecognised_files": self.unrecognised,
        }

    def in_words(self) -> str:
        """For a terminal."""
        read = sum(row[2] for row in self.source_rows)
        accepted = sum(row[3] for row in self.source_rows)
        held = read - accepted
        lines = [
            f"{self.edition}: {len(self.source_rows)} files, {read:,} rows read "
            f"= {accepted:,} accepted + {held:,} in quarantine."
        ]
        if self.unrecognised:
            lines.append(
                f"  {len(self.unrecognised)} files match no source and were not read: {', '.join(self.unrecognised)}."
            )
        what = "published" if self.release.is_new else "stands, nothing has changed"
        lines.append(f"  Release {self.release.release_id} {what}.")
        return "\n".join(lines)


def settings_for(
    edition: Edition, *, data: Path, incoming: Path | None, memory_limit: str, threads: int, today: date, **engine: Any
) -> Settings:
    """Settings of an edition as the command line means them."""
    own = incoming or data / "private" / "incoming"
    folders = (data / "private" / "demo" / "incoming",) if edition == "demo" else (own,) if own.is_dir() else ()
    return Settings(
        edition=edition,
        data=data.resolve(),
        incoming=tuple(folder.resolve() for folder in folders),
        curated=HOUSE / "data" / "record" if edition == "record" else None,
        today=today,
        memory_limit=memory_limit,
        threads=threads,
        **engine,
    )


def run(settings: Settings, *, quiet: bool = False, prepared: bool = False) -> Report:
    """Run one edition from its sources to a published release; raises before anything public changes.

    The demo edition simulates its incoming files first, unless they are `prepared`: simulated already, some other way.
    """
    settings.private.mkdir(parents=True, exist_ok=True)
    with (
        only_one(settings),
        temporary_database(settings) as con,
        engine_of(settings, con) as engine,
        progress(settings.edition, quiet) as now,
    ):
        if settings.edition == "demo" and not prepared:
            now("simulating")
            simulate(settings.incoming[0], reference=settings.reference)
        now("reading sources")
        taken = ingest(settings, con, engine)
        now("telling agencies apart")
        resolve(con, settings)
        now("counting")
        build(con, settings, engine)
        now("checking")
        check(con, engine)
        now("protecting residents")
        addition = protect(con, settings)
        gather(con, addition)
        now("judging and publishing")
        release = publish(con, settings, rules_version=RULES_VERSION, judge=refuse_unsafe, remember=addition.remember)
        point_at(settings, release)
        rows = con.execute("select * from out.source_rows order by source_id, file").fetchall()
        now("done")
    return Report(settings.edition, release, rows, sorted(taken.unrecognised))


@contextmanager
def progress(label: str, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Say which stage has begun and for how long the last one ran; on standard error, so that output can be piped."""
    began = time.monotonic()

    def now(stage: str) -> None:
        if not quiet:
            click.echo(f"{label} {time.monotonic() - began:7.1f} s  {stage}", err=True)

    yield now


@contextmanager
def only_one(settings: Settings) -> Iterator[None]:
    """Hold the edition's lock; raise UsageError where another run holds it."""
    with (settings.private / ".lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(
                f"Another run of the {settings.edition} edition is under way in {settings.data}."
            ) from None
        yield


@contextmanager
def temporary_database(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """A private database for one run; kept as warehouse.duckdb when the run succeeds, thrown away otherwise."""
    path = settings.private / f".warehouse-{os.getpid()}.duckdb"
    for leftover in settings.private.glob(".warehouse-*"):
        leftover.unlink()
    try:
        with connect(path, memory_limit=settings.memory_limit, threads=settings.threads) as con:
            yield con
        path.replace(settings.private / "warehouse.duckdb")
    finally:
        for leftover in settings.private.glob(f".warehouse-{os.getpid()}.duckdb*"):
            leftover.unlink()
