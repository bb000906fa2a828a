"""Makes a release, has it judged, and swaps the pointer. A kill at any moment leaves the last release whole.

Everything is built in a folder whose name begins with a dot; it gets its name by one rename, and `current.json` is
replaced by another. Readers see the release before or the release after, never one between.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from etl import catalog
from etl.durable import sync, sync_folder
from etl.errors import CheckError
from etl.release_files import (
    ABOUT_THE_RELEASE,
    check_whole,
    content_hash,
    quoted,
    release_name,
    write_database,
    write_descriptions,
    write_dictionary,
    write_methods,
    write_parquet,
)
from etl.settings import Settings

Judge = Callable[[list[Path]], None]
WHILE_JUDGED = "128MB"


@dataclass(frozen=True)
class Published:
    """What became of a run: the current release, and whether it is new."""

    release_id: str
    folder: Path
    is_new: bool


def current_release(settings: Settings) -> Path | None:
    """Folder of the current release, or None where none was published yet."""
    if not settings.pointer.exists():
        return None
    return settings.releases / json.loads(settings.pointer.read_text(encoding="utf-8"))["release_id"]


def all_releases(settings: Settings) -> list[Path]:
    """Folders of every finished release of the edition, oldest first."""
    folders = [path for path in settings.releases.glob("*") if (path / "release.json").exists()]
    return sorted(folders, key=lambda path: release_facts(path)["release_no"])


def release_facts(folder: Path) -> dict[str, Any]:
    """What `release.json` says."""
    facts: dict[str, Any] = json.loads((folder / "release.json").read_text(encoding="utf-8"))
    return facts


def publish(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    *,
    rules_version: str,
    judge: Judge,
    remember: Callable[[str], None],
) -> Published:
    """Publish schema `out` (every table of a release but those about itself) and return the release to point at.

    Where the content is that of an earlier release, that one is returned and nothing is written.
    `judge` is called with all releases, the new one last, and raises to refuse. `remember` is called with the new
    release's id just before it gets its name: private memory may be ahead of what is public, never behind.
    """
    hold_editions_apart(con, settings)
    settings.releases.mkdir(parents=True, exist_ok=True)
    sweep(settings.releases)
    earlier = all_releases(settings)
    building = settings.releases / f".building-{os.getpid()}"
    try:
        building.mkdir()
        write_dictionary(con)
        for mart in catalog.marts().values():
            if mart.name not in ABOUT_THE_RELEASE:
                write_parquet(con, mart, f"out.{mart.name}", building)
        digest = content_hash(building)
        for folder in reversed(earlier):
            if release_facts(folder)["content_hash"] == digest:
                check_whole(folder)
                return Published(folder.name, folder, is_new=False)
        about = facts_of(settings, digest, earlier, rules_version)
        write_about(con, about, earlier, building)
        write_database(building)
        write_descriptions(building, about)
        write_methods(building)
        with set_aside(con, settings):
            judge([*earlier, building])
        finished = settings.releases / about["release_id"]
        sync_folder(building)
        remember(about["release_id"])
        building.rename(finished)
        sync(settings.releases)
        return Published(finished.name, finished, is_new=True)
    finally:
        if building.exists():
            shutil.rmtree(building)


@contextmanager
def set_aside(con: duckdb.DuckDBPyConnection, settings: Settings) -> Iterator[None]:
    """Inside, the run's database holds next to nothing in memory: the judge opens one of its own, as large again."""
    # What cannot be written to disk stays where it is.
    with suppress(duckdb.OutOfMemoryException):
        con.execute(f"set memory_limit = '{WHILE_JUDGED}'")
    try:
        yield
    finally:
        con.execute(f"set memory_limit = '{settings.memory_limit}'")


def point_at(settings: Settings, release: Published) -> None:
    """Make the release the current one, atomically."""
    fresh = settings.pointer.with_suffix(".json.new")
    fresh.write_text(json.dumps({"release_id": release.release_id}) + "\n", encoding="utf-8")
    sync(fresh)
    fresh.replace(settings.pointer)
    sync(settings.public)


def facts_of(settings: Settings, digest: str, earlier: list[Path], rules_version: str) -> dict[str, Any]:
    """The one row of table `release`."""
    return {
        "release_id": release_name(settings.today, digest),
        "edition": settings.edition,
        "release_no": 1 + max((release_facts(folder)["release_no"] for folder in earlier), default=0),
        "released_on": settings.today.isoformat(),
        "content_hash": digest,
        "previous_release_id": earlier[-1].name if earlier else None,
        "data_as_of": settings.today.isoformat(),
        "rules_version": rules_version,
        "is_simulated": settings.edition == "demo",
    }


def write_about(con: duckdb.DuckDBPyConnection, about: dict[str, Any], earlier: list[Path], folder: Path) -> None:
    """Write the two tables that a release holds about itself: release and release_changes."""
    marts = catalog.marts()
    columns = ", ".join(
        f'cast(${column.name} as {column.type}) as "{column.name}"' for column in marts["release"].columns
    )
    con.execute(f"create or replace table out.release as select {columns}", about)
    before = earlier[-1] if earlier else None
    con.execute(
        "create or replace table out.release_changes (table_name varchar, rows_before bigint, rows_now bigint, "
        "rows_added bigint, rows_removed bigint)"
    )
    for name in marts:
        if name not in ABOUT_THE_RELEASE:
            con.execute(
                "insert into out.release_changes values (?, ?, ?, ?, ?)", [name, *changes(con, name, before, folder)]
            )
    for name in ABOUT_THE_RELEASE:
        write_parquet(con, marts[name], f"out.{name}", folder)


def changes(
    con: duckdb.DuckDBPyConnection, name: str, before: Path | None, folder: Path
) -> tuple[int | None, int, int, int]:
    """Rows before, now, added and removed of one table, compared whole row by whole row."""
    now = f"read_parquet('{quoted(folder / f'{name}.parquet')}')"
    rows = one_number(con, f"select count(*) from {now}")
    if before is None or not (before / f"{name}.parquet").exists():
        return None, rows, rows, 0
    old = f"read_parquet('{quoted(before / f'{name}.parquet')}')"
    described = [con.execute(f"describe from {table}").fetchall() for table in (old, now)]
    rows_before = one_number(con, f"select count(*) from {old}")
    if described[0] != described[1]:
        return rows_before, rows, rows, rows_before
    # One pass: a row of now counts 1, one of before -1, and what is in both cancels out.
    columns = ", ".join(f'"{row[0]}"' for row in described[0])
    both = f"(select *, 1 as counts from {now} union all select *, -1 as counts from {old})"
    more = f"(select sum(counts) as more from {both} group by {columns} having more > 0)"
    added = one_number(con, f"select coalesce(sum(more), 0)::bigint from {more}")
    return rows_before, rows, added, added - rows + rows_before


def one_number(con: duckdb.DuckDBPyConnection, query: str) -> int:
    """The one whole number that the query returns."""
    row = con.execute(query).fetchone()
    return int(row[0]) if row else 0


def hold_editions_apart(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Raise CheckError where a record release would hold a simulated agency or a demo release a real one."""
    wanted = "not like" if settings.edition == "demo" else "like"
    wrong = one_number(con, f"select count(*) from out.agencies where name {wanted} 'Simulated %'")
    if wrong:
        raise CheckError(f"The {settings.edition} edition would hold {wrong} agencies of the other edition.")


def sweep(releases: Path) -> None:
    """Remove what a killed run left behind."""
    for leftover in releases.glob(".building-*"):
        shutil.rmtree(leftover)
