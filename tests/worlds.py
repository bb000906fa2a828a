"""Whole releases made by the real pipeline, each built once per test session and shared by all of its workers.

Nobody writes into them: a test that needs its own takes a copy.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from etl.engines.duckdb import connect
from etl.run import run, settings_for
from etl.settings import EDITIONS, Edition, Settings
from tests.samples import SAMPLES

HOUSE = Path(__file__).resolve().parents[1]
MADE_ATLAS = HOUSE / "tests" / "sources" / "eff_atlas_made_2026-05-01.csv"
TODAY = date(2026, 11, 22)


@dataclass(frozen=True)
class World:
    """A data folder with finished releases in it."""

    data: Path

    def current(self, edition: str) -> str:
        """Id of the release that the edition's pointer names."""
        return json.loads((self.data / "public" / edition / "current.json").read_text())["release_id"]

    def settings(self, edition: Edition) -> Settings:
        """The settings by which the program would run here again."""
        return settings_on(self.data, edition)

    def ask(self, edition: str, query: str, release_id: str | None = None) -> list[tuple[Any, ...]]:
        """Rows of a query straight to a release, past everything that the dashboard does."""
        folder = self.data / "public" / edition / "releases" / (release_id or self.current(edition))
        # From Parquet: the dashboard may hold the database file open in this process, in its own way.
        with connect() as con:
            for table in folder.glob("*.parquet"):
                con.execute(f"create view {table.stem} as from read_parquet('{table}')")
            return con.execute(query).fetchall()

    def copy(self, to: Path, edition: str = "record") -> "World":
        """One edition of it elsewhere, private side and public side, to be built on."""
        for side in ("private", "public"):
            shutil.copytree(self.data / side / edition, to / side / edition)
        return World(to)


def settings_on(data: Path, edition: Edition, incoming: Path | None = None) -> Settings:
    """Settings as the command line means them, with this file's today."""
    return settings_for(edition, data=data, incoming=incoming, memory_limit="2GB", threads=2, today=TODAY)


def once(factory: pytest.TempPathFactory, name: str, build: Callable[[Path], None]) -> World:
    """The folder of that name, built by whichever worker comes first; the others wait for it.

    A build that fails leaves nothing behind: each worker that needs it fails with the build's own error.
    """
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, unfinished = shared / f"world-{name}", shared / f"world-{name}-unfinished"
    with (shared / f"world-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            shutil.rmtree(unfinished, ignore_errors=True)
            build(unfinished)
            unfinished.rename(folder)
    return World(folder)


def build_editions(data: Path) -> None:
    """What `make run` shows first: the curated facts with no file of the reader's own, and the seeded simulation."""
    for edition in EDITIONS:
        run(settings_on(data, edition), quiet=True)


def add_atlas(record: World, data: Path) -> None:
    """The record edition, and in a second release the Atlas: the real list of 2020, or a made one without it."""
    record.copy(data)
    incoming = SAMPLES
    if not SAMPLES.is_dir():
        incoming = data / "private" / "incoming"
        incoming.mkdir(parents=True)
        shutil.copy(MADE_ATLAS, incoming)
    run(settings_on(data, "record", incoming), quiet=True)
