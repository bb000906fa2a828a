"""Remembers which releases the judge has passed together, so that the next run proves only what it adds.

A note in the edition's private folder: the judge's own digest, and one digest per release over every byte of its
files. Where any of these is another today, nothing counts as proven and all is judged anew. Only a run uses it;
`porchlight judge` proves everything, every time.
"""

import hashlib
import json
from importlib.metadata import version
from pathlib import Path

from etl.durable import sync
from etl.remembered import Remembered, hash_of

HERE = Path(__file__).parent
JUDGE = ("judge.py", "judging/*.py", "engines/duckdb.py")
LIBRARIES = ("duckdb", "numpy", "pandas", "scipy")


class Proofs:
    """The note in `folder`, a private folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.hashes = Remembered(folder)
        self.path = folder / "passed.json"

    def proven(self, releases: list[Path]) -> int:
        """All of these releases if they, as they are now, are the oldest that were passed together; else 0."""
        if not self.path.exists():
            return 0
        passed = json.loads(self.path.read_text(encoding="utf-8"))
        now = [self.digest(folder) for folder in releases]
        same = passed["judge"] == judge_digest() and passed["releases"][: len(now)] == now
        return len(now) if same else 0

    def passed(self, releases: list[Path]) -> None:
        """Write down, atomically, that the judge passed these releases together."""
        told = {"judge": judge_digest(), "releases": [self.digest(folder) for folder in releases]}
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps(told), encoding="utf-8")
        sync(fresh)
        fresh.replace(self.path)
        self.hashes.forget_the_rest()

    def digest(self, folder: Path) -> str:
        """SHA-256 over the names and hashes of every file of a release; not over the folder's own name."""
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        told = [[str(path.relative_to(folder)), self.hashes.hash(path, path.name)] for path in files]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def judge_digest() -> str:
    """SHA-256 over the judge's program and the libraries that reckon for it."""
    program = sorted(path for pattern in JUDGE for path in HERE.glob(pattern))
    told = [[str(path.relative_to(HERE)), hash_of(path)] for path in program]
    return hashlib.sha256(json.dumps([told, [version(name) for name in LIBRARIES]]).encode()).hexdigest()
