"""Embedded DuckDB: the default engine, and the one file of the private side that opens a database."""

from pathlib import Path

import duckdb


def connect(
    path: Path | None = None,
    *,
    memory_limit: str = "1GB",
    threads: int = 2,
    read_only: bool = False,
    spill: Path | None = None,
) -> duckdb.DuckDBPyConnection:
    """Open a database file, or one in memory, with bounded memory and no way out to the network.

    `spill`: folder for what does not fit into memory; without it, beside the file.

    Extensions are neither installed nor loaded by themselves: nothing of ours phones home.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory_limit,
        "threads": threads,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    if spill:
        config["temp_directory"] = str(spill)
    return duckdb.connect(str(path) if path else ":memory:", read_only=read_only, config=config)


class Embedded:
    """The engine inside this process."""

    reads_parquet = False

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con

    def land(self, table: str, path: Path) -> None:
        """Let `table` be the rows of a Parquet file."""
        literal = str(path).replace("'", "''")
        self.con.execute(f"create or replace view {table} as select * from read_parquet('{literal}')")

    def create(self, table: str, select: str) -> None:
        """Make `table` anew from what `select` returns."""
        self.con.execute(f"create or replace table {table} as {select}")

    def count(self, select: str) -> int:
        """The number of rows that `select` returns."""
        row = self.con.execute(f"select count(*) from ({select}\n)").fetchone()
        return int(row[0]) if row else 0
