"""Remembers what was made of a file, by what the file holds: a folder per key, in the edition's private folder.

A folder gets its name by one rename when all in it is written, so that it is there whole or not at all.
"""

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from etl.durable import sync, sync_folder
from etl.errors import SourceError

# A file that changed this shortly before it was read could change again without a new time stamp.
SETTLED_NS = 2_000_000_000


def hash_of(path: Path) -> str:
    """SHA-256 of the bytes of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Remembered:
    """The folders of one run: what is asked for is noted, and what a whole run never asked for can be forgotten.

    A file is hashed anew unless its size, its inode and both its times are those of an earlier hash. The time of
    change (ctime) is set by the system at every write and cannot be set back, so a file whose bytes changed under the
    same size and date is noticed.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.stamps_path = folder / "stamps.json"
        self.stamps: dict[str, list[object]] = {}
        if self.stamps_path.exists():
            self.stamps = json.loads(self.stamps_path.read_text(encoding="utf-8"))
        self.seen: dict[str, list[object]] = {}
        self.asked: set[str] = set()
        for leftover in folder.glob(".making-*"):
            shutil.rmtree(leftover)

    def key(self, path: Path, label: str, recipe: list[str]) -> str:
        """The key of what is made of the file's bytes by a recipe."""
        return self.key_of([self.hash(path, label), *recipe])

    def key_of(self, recipe: Sequence[str | int]) -> str:
        """The key of what a recipe makes, which names all that it is made of."""
        digest = hashlib.sha256(json.dumps(recipe).encode()).hexdigest()[:32]
        self.asked.add(digest)
        return digest

    def hash(self, path: Path, label: str) -> str:
        """SHA-256 of the file's bytes; SourceError where it changes while it is read."""
        began = time.time_ns()
        stamp = _stamp(path)
        told = self.seen.get(str(path)) or self.stamps.get(str(path))
        if told and told[:-1] == stamp:
            self.seen[str(path)] = told
            return str(told[-1])
        digest = hash_of(path)
        if _stamp(path) != stamp:
            raise SourceError(f"{label}: changed while it was read. Run again when it is complete. Nothing was loaded.")
        if began - max(path.stat().st_mtime_ns, path.stat().st_ctime_ns) > SETTLED_NS:
            self.seen[str(path)] = [*stamp, digest]
        return digest

    def has(self, key: str) -> bool:
        """Whether something whole is remembered under the key."""
        return self.folder_of(key).exists()

    def folder_of(self, key: str) -> Path:
        """Where it is."""
        return self.folder / key

    @contextmanager
    def making(self, key: str) -> Iterator[Path]:
        """An empty folder, which gets the key's name if all goes well and is gone otherwise."""
        path = self.folder / f".making-{os.getpid()}"
        try:
            path.mkdir()
            yield path
            sync_folder(path)
            path.rename(self.folder_of(key))
        finally:
            if path.exists():
                shutil.rmtree(path)

    def forget_the_rest(self) -> None:
        """Write the stamps down, and remove what this run did not ask for."""
        fresh = self.stamps_path.with_suffix(".new")
        fresh.write_text(json.dumps(self.seen), encoding="utf-8")
        sync(fresh)
        fresh.replace(self.stamps_path)
        for path in self.folder.iterdir():
            if path.is_dir() and path.name not in self.asked:
                shutil.rmtree(path)


def _stamp(path: Path) -> list[object]:
    told = path.stat()
    return [told.st_size, told.st_mtime_ns, told.st_ctime_ns, told.st_ino, told.st_dev]
