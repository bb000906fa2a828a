"""The whole way of one edition: sources, staging, marts, protection, judge, release."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from etl.block_rules import RULES_VERSION
from etl.build import build
from etl.checks import check
from etl.engines import Engine, engine_of
from etl.engines.duckdb import connect
from etl.errors import UsageError
from etl.identity import resolve
from etl.ingest import ingest
from etl.progress import progress
from etl.proofs import Proofs
from etl.protect import gather, protect, refuse_unsafe
from etl.publish import Published, point_at, publish
from etl.settings import HOUSE, Edition, Settings
from etl.simulate import simulate
from etl.unchanged import LastRun


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


def run(settings: Settings, *, quiet: bool = False, prepared: bool = False, afresh: bool = False) -> Report:
    """Run one edition from its sources to a published release; raises before anything public changes.

    The demo edition simulates its incoming files first, unless they are `prepared`: simulated already, some other way.
    Where all is as it was when the last run ended, that run's report is given again, unless `afresh` is asked for.
    """
    settings.private.mkdir(parents=True, exist_ok=True)
    with ctrl_c(), only_one(settings):
        last = LastRun(settings, prepared=prepared)
        if not afresh and all(folder.is_dir() for folder in settings.incoming) and (told := last.told(last.taken())):
            return as_told(settings, told)
        with (
            temporary_database(settings) as con,
            engine_of(settings, con) as engine,
            progress(settings.edition, quiet, con) as now,
        ):
            if settings.edition == "demo" and not prepared:
                now("simulating")
                simulate(settings.incoming[0], reference=settings.reference)
            taken = last.taken()
            report = all_stages(settings, con, engine, now)
        told = {"rows": report.source_rows, "unrecognised": report.unrecognised}
        last.write(taken, {"release_id": report.release.release_id, **told})
        return report


def all_stages(
    settings: Settings, con: duckdb.DuckDBPyConnection, engine: Engine, now: Callable[[str], None]
) -> Report:
    """Everything from reading to publishing, in an empty database."""
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
    remember = addition.memory.remember
    del addition  # a country's cells are half a gigabyte, and the judge needs the room
    now("judging and publishing")
    judge = partial(refuse_unsafe, proofs=Proofs(settings.private / "proofs"))
    release = publish(con, settings, rules_version=RULES_VERSION, judge=judge, remember=remember)
    point_at(settings, release)
    rows = con.execute("select * from out.source_rows order by source_id, file").fetchall()
    now("done")
    return Report(settings.edition, release, rows, sorted(taken.unrecognised))


def as_told(settings: Settings, told: dict[str, Any]) -> Report:
    """The report of the last run; its release stands and is not new."""
    release = Published(told["release_id"], settings.releases / told["release_id"], is_new=False)
    return Report(settings.edition, release, [tuple(row) for row in told["rows"]], told["unrecognised"])


@contextmanager
def ctrl_c() -> Iterator[None]:
    """Whatever DuckDB makes of an interrupt is a KeyboardInterrupt again: no error, and nothing about a file."""
    try:
        yield
    except (duckdb.InterruptException, RuntimeError) as error:
        if isinstance(error, duckdb.InterruptException) or str(error) == "Query interrupted":
            raise KeyboardInterrupt from error
        raise


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
    """A private database for one run; kept as warehouse.duckdb when the run succeeds, thrown away otherwise.

    What does not fit into memory is spilled into a folder beside it, which is gone when the run ends.
    """
    path = settings.private / f".warehouse-{os.getpid()}.duckdb"
    spill = settings.spill / f".spill-{os.getpid()}"
    sweep(settings)
    try:
        spill.mkdir(parents=True)
        with connect(path, memory_limit=settings.memory_limit, threads=settings.threads, spill=spill) as con:
            yield con
        path.replace(settings.private / "warehouse.duckdb")
    finally:
        sweep(settings)


def sweep(settings: Settings) -> None:
    """Remove what a run needs only while it works; the edition's lock is held, so it belongs to nobody else."""
    leftovers = [path for kind in ("warehouse", "decoded") for path in settings.private.glob(f".{kind}-*")]
    for leftover in [*leftovers, *settings.spill.glob(".spill-*")]:
        if leftover.is_dir():
            shutil.rmtree(leftover)
        else:
            leftover.unlink()
