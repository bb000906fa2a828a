"""Runs `etl/checks/*.sql`: one promise a file; each query returns the rows that break it."""

from pathlib import Path

import duckdb

from etl.engines import Engine
from etl.engines.duckdb import Embedded
from etl.errors import CheckError

CHECKS = Path(__file__).parent / "checks"


def check(con: duckdb.DuckDBPyConnection, engine: Engine | None = None) -> int:
    """Run every check on the engine and return how many there were.

    Raises CheckError with the name, the meaning and the number of rows of each broken promise; never a row.
    """
    engine = engine or Embedded(con)
    broken = []
    paths = sorted(CHECKS.glob("*.sql"))
    for path in paths:
        query = path.read_text()
        rows = engine.count(query)
        if rows:
            meaning = " ".join(line[2:].strip() for line in query.splitlines() if line.startswith("--"))
            broken.append(f"{path.stem}: {rows} rows. {meaning}")
    if broken:
        raise CheckError("Nothing was published; these promises do not hold:\n" + "\n".join(broken))
    return len(paths)
