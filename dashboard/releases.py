"""Opens finished releases, read-only. The one file of the dashboard that opens a database.

A release is an immutable folder, so a connection is kept per folder and never refreshed; a new release has a new
folder, and `current.json` is read anew for every page.
"""

import atexit
import json
import re
import threading
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

EDITIONS = ("record", "demo")
RELEASE_ID = re.compile(r"\d{4}-\d{2}-\d{2}-[0-9a-f]{12}")
MEMORY_LIMIT = "512MB"
THREADS = 2

_opening = threading.Lock()


class MissingReleaseError(Exception):
    """The edition has no release yet."""


class UnknownReleaseError(Exception):
    """The link names a release that this edition does not hold."""


@dataclass(frozen=True)
class Release:
    """One open release. Two of them are equal when they are the same folder."""

    folder: Path
    release_id: str = field(compare=False)
    edition: str = field(compare=False)
    release_no: int = field(compare=False)
    released_on: date = field(compare=False)
    data_as_of: date = field(compare=False)
    is_simulated: bool = field(compare=False)
    database: duckdb.DuckDBPyConnection = field(compare=False, repr=False)

    def query(self, sql: str, parameters: list[Any] | dict[str, Any] | None = None) -> pd.DataFrame:
        """Answer one read-only query as a frame. A cursor of its own, so that sessions may ask at the same time."""
        with self.database.cursor() as cursor:
            return cursor.execute(sql, parameters).df()

    def rows(self, sql: str, parameters: list[Any] | dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """Answer one read-only query as Python values."""
        with self.database.cursor() as cursor:
            return cursor.execute(sql, parameters).fetchall()


def open_release(public: Path, edition: str, as_of: str | None = None) -> Release:
    """Open the edition's current release, or the one that `as_of` names.

    Raises MissingReleaseError where the edition was never built, UnknownReleaseError where `as_of` is not one of it.
    """
    folder = public / edition
    pointer = folder / "current.json"
    if edition not in EDITIONS or not pointer.exists():
        raise MissingReleaseError(edition)
    name = as_of or str(json.loads(pointer.read_text(encoding="utf-8"))["release_id"])
    if not RELEASE_ID.fullmatch(name) or not (folder / "releases" / name / "porchlight.duckdb").exists():
        raise UnknownReleaseError(name)
    with _opening:
        return _opened(folder / "releases" / name)


def release_ids(public: Path, edition: str) -> list[str]:
    """Ids of the edition's finished releases, newest first."""
    folders = [path.parent for path in (public / edition / "releases").glob("*/release.json")]
    named = [path for path in folders if RELEASE_ID.fullmatch(path.name)]
    facts = {path.name: json.loads((path / "release.json").read_text(encoding="utf-8")) for path in named}
    return sorted(facts, key=lambda name: facts[name]["release_no"], reverse=True)


@lru_cache(maxsize=16)
def _opened(folder: Path) -> Release:
    database = duckdb.connect(
        str(folder / "porchlight.duckdb"),
        read_only=True,
        config={
            "memory_limit": MEMORY_LIMIT,
            "threads": THREADS,
            "enable_external_access": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "lock_configuration": True,
        },
    )
    about = database.execute(
        "select release_id, edition, release_no, released_on, data_as_of, is_simulated from release"
    ).fetchone()
    if about is None:
        raise UnknownReleaseError(folder.name)
    release_id, edition, release_no, released_on, data_as_of, is_simulated = about
    # What a release is comes from inside it, not from the folder it lies in or the address that was typed.
    return Release(folder, release_id, edition, release_no, released_on, data_as_of, is_simulated, database)


# A connection still open when Python ends is reported as a leak on the operator's screen.
atexit.register(_opened.cache_clear)
