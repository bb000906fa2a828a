"""Knows whether a run would do what the last one did: same files, same program, same day, same releases.

A full run is always right; this only saves it. So whatever is not known for sure counts as changed.
"""

import hashlib
import json
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from etl.durable import sync
from etl.files import find
from etl.remembered import Remembered, hash_of
from etl.settings import Settings

PROGRAM = Path(__file__).parent
LIBRARIES = ("duckdb", "numpy", "pandas", "pyarrow", "scipy")


class LastRun:
    """What is written down of the last successful run of an edition, in its private folder."""

    def __init__(self, settings: Settings, *, prepared: bool) -> None:
        self.settings = settings
        self.prepared = prepared
        self.path = settings.private / "last_run.json"

    def taken(self) -> str:
        """Digest of all that a run reads: incoming, curated and reference files, program, libraries, settings, day."""
        settings = self.settings
        remembered = Remembered(settings.private / "inputs")
        found, unrecognised = find(settings)
        files = [(file.label, remembered.hash(file.path, file.label)) for file in found]
        notes = {path for file in found for path in file.path.parent.glob("*.json")}
        files += [(path.name, hash_of(path)) for path in sorted([*notes, *_files(settings.reference)])]
        if settings.curated:
            files += [(path.name, hash_of(path)) for path in _files(settings.curated)]
        files += [(str(path.relative_to(PROGRAM)), hash_of(path)) for path in _files(PROGRAM)]
        remembered.forget_the_rest()
        told = [
            settings.edition, settings.today.isoformat(), settings.engine, self.prepared, sorted(unrecognised), files,
            [version(library) for library in LIBRARIES],
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    def stands(self) -> list[Any]:
        """What a run leaves behind and the next one builds on: pointer, every file of every release, private ledger."""
        pointer = self.settings.pointer.read_text(encoding="utf-8") if self.settings.pointer.exists() else ""
        releases = [
            [str(path.relative_to(self.settings.releases)), path.stat().st_size, path.stat().st_mtime_ns]
            for path in _files(self.settings.releases)
        ]
        ledger = [[path.name, hash_of(path)] for path in _files(self.settings.private / "ledger")]
        return [pointer, releases, ledger]

    def told(self, taken: str) -> dict[str, Any] | None:
        """What the last run reported, if it took the same and all that it left still stands."""
        if not self.path.exists():
            return None
        last: dict[str, Any] = json.loads(self.path.read_text(encoding="utf-8"))
        same = last["taken"] == taken and last["stands"] == self.stands()
        return last["report"] if same else None

    def write(self, taken: str, report: dict[str, Any]) -> None:
        """Write this run down, atomically."""
        fresh = self.path.with_suffix(".new")
        text = json.dumps({"taken": taken, "stands": self.stands(), "report": report})
        fresh.write_text(text, encoding="utf-8")
        sync(fresh)
        fresh.replace(self.path)


def _files(folder: Path) -> list[Path]:
    paths: Iterable[Path] = folder.rglob("*") if folder.is_dir() else ()
    return sorted(path for path in paths if path.is_file() and "__pycache__" not in path.parts)
