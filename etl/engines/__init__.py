"""Where counting runs. An engine makes a table from a select and counts rows; README.md says how, and where.

Whatever the engine, the made table is in the run's DuckDB database afterwards: identity, protection, the judge and
publishing always run on one machine and never ask who counted.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import duckdb

    from etl.settings import Settings


class Engine(Protocol):
    """Runs selects written in DuckDB's words, over tables named schema.table.

    `reads_parquet`: it has a reader of its own for Parquet; DuckDB reads and counts in one pass and needs none.
    """

    reads_parquet: bool

    def land(self, table: str, path: Path) -> None:
        """Let `table` be the rows of a Parquet file, which every process of the engine can reach."""

    def create(self, table: str, select: str) -> None:
        """Make `table` anew, in the run's database, from what `select` returns."""

    def count(self, select: str) -> int:
        """The number of rows that `select` returns."""


@contextmanager
def engine_of(settings: "Settings", con: "duckdb.DuckDBPyConnection") -> Iterator[Engine]:
    """The engine that the settings name, for as long as it is needed. EngineError where it is not there."""
    if settings.engine == "duckdb":
        from etl.engines.duckdb import Embedded

        yield Embedded(con)
        return
    from etl.engines.spark import Spark, session

    with session(settings.spark_master or f"local[{settings.threads}]", settings.memory_limit) as spark:
        yield Spark(con, spark, settings.spark_files)
