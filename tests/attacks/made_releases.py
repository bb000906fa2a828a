"""Writes small release folders in the declared layout, from blocks written by hand (never by the block builder)."""

import json
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

# Enough tables to be judged; the others are empty here and would only cost time.
TABLES = (
    "agencies",
    "block_cells",
    "consent_blocks",
    "published_counts",
    "regimes",
    "release",
    "reported_totals",
    "request_counts",
)
MARTS = Path(__file__).resolve().parents[2] / "etl" / "marts"
AGENCY, PROGRAM, REGIME = "us-oh-exampleton-pd", "ring-neighbors", "email-video-requests"
Q1, Q2, Q3, Q4 = (date(2020, month, 1) for month in (1, 4, 7, 10))
NEXT_Q1 = date(2021, 1, 1)


@dataclass(frozen=True)
class Block:
    """A block written by hand. `cells`: requests by (quarter, category) or (quarter, category, county, area)."""

    block_id: str
    cells: dict[tuple, int]
    asked: int
    shared: int | tuple[int, int]
    responded: int | None = None
    agency_id: str = AGENCY
    program_id: str = PROGRAM
    regime_id: str = REGIME
    release_no: int = 1

    def full_cells(self) -> dict[tuple, int]:
        return {full(cell): requests for cell, requests in self.cells.items()}

    def row(self) -> dict:
        cells = self.full_cells()
        low, high = self.shared if isinstance(self.shared, tuple) else (self.shared, self.shared)
        return {
            "block_id": self.block_id,
            "agency_id": self.agency_id,
            "program_id": self.program_id,
            "regime_id": self.regime_id,
            "first_quarter": min(cell[0] for cell in cells),
            "last_quarter": max(cell[0] for cell in cells),
            "categories": joined(cells, 1),
            "counties": joined(cells, 2),
            "areas": joined(cells, 3),
            "requests": sum(cells.values()),
            "asked": self.asked,
            "responded": self.responded,
            "shared_low": low,
            "shared_high": high,
            "release_no": self.release_no,
            "rules_version": "1",
        }


@dataclass(frozen=True)
class Press:
    """One row of published_counts."""

    measure: str
    value: int
    period_start: date | None
    period_end: date | None
    qualifier: str = "exact"
    agency_id: str = AGENCY
    program_id: str = PROGRAM
    source_id: str = "a-newspaper"


@dataclass
class Release:
    """What a release says. `requests`: requests with known counts by month and category (and unit), see `sent`."""

    number: int = 1
    blocks: list[Block] = field(default_factory=list)
    requests: list[dict] = field(default_factory=list)
    press: list[Press] = field(default_factory=list)
    rows: dict[str, list[dict]] = field(default_factory=dict)
    data_as_of: date = date(2026, 1, 1)
    edition: str = "record"

    def write(self, parent: Path, tamper: Callable[[duckdb.DuckDBPyConnection], None] | None = None) -> Path:
        """Write the folder; `tamper` may change the tables before any file is written."""
        folder = parent / f"release-{self.number}"
        folder.mkdir(parents=True)
        tables = {
            "consent_blocks": [block.row() for block in self.blocks],
            "block_cells": [
                dict(
                    zip(
                        ("block_id", "quarter_start", "incident_category", "county_fips", "area"),
                        (block.block_id, *cell),
                        strict=True,
                    ),
                    requests=requests,
                )
                for block in self.blocks
                for cell, requests in block.full_cells().items()
            ],
            "request_counts": self.requests,
            "published_counts": [vars(figure) for figure in self.press],
            "regimes": [
                {
                    "regime_id": REGIME,
                    "program_id": PROGRAM,
                    "starts_on": date(2018, 3, 1),
                    "starts_precision": "month",
                    "ends_on": date(2021, 6, 7),
                    "ends_precision": "day",
                    "has_request_tool": True,
                },
                {
                    "regime_id": "request-for-assistance",
                    "program_id": PROGRAM,
                    "starts_on": date(2021, 6, 7),
                    "starts_precision": "day",
                    "ends_on": date(2024, 1, 31),
                    "ends_precision": "day",
                    "has_request_tool": True,
                },
            ],
            "release": [
                {
                    "release_id": f"release-{self.number}",
                    "edition": self.edition,
                    "release_no": self.number,
                    "released_on": self.data_as_of,
                    "content_hash": "0" * 64,
                    "previous_release_id": f"release-{self.number - 1}" if self.number > 0 else None,
                    "data_as_of": self.data_as_of,
                    "rules_version": "1",
                    "is_simulated": self.edition == "demo",
                }
            ],
            **self.rows,
        }
        with duckdb.connect(str(folder / "porchlight.duckdb")) as con:
            # One transaction: by themselves each of many rows would wait for the disk.
            con.begin()
            for table in TABLES:
                fill(con, MARTS / f"{table}.toml", tables.get(table, []))
            con.commit()
            if tamper:
                tamper(con)
            for (table,) in con.execute("select table_name from duckdb_tables()").fetchall():
                con.execute(f"copy {table} to '{folder / f'{table}.parquet'}' (format parquet)")
                con.execute(f"copy {table} to '{folder / f'{table}.csv'}' (format csv, header true)")
        for name in ("datapackage", "dcat", "schema-org", "release"):
            (folder / f"{name}.json").write_text(
                json.dumps({"title": "An invented release", "release_no": self.number})
            )
        return folder


def fill(con: duckdb.DuckDBPyConnection, description: Path, rows: list[dict]) -> None:
    """Make one table as its description says and insert rows; a column that a row leaves out is null."""
    columns = tomllib.loads(description.read_text())["columns"]
    listed = ", ".join(f'"{name}" {column["type"]}' for name, column in columns.items())
    con.execute(f"create table {description.stem} ({listed})")
    if rows:
        marks = ", ".join("?" for _ in columns)
        con.executemany(
            f"insert into {description.stem} values ({marks})", [[row.get(name) for name in columns] for row in rows]
        )


def sent(
    month: date,
    category: str,
    requests: int,
    *,
    without_counts: int = 0,
    area: str = "unknown",
    agency_id: str = AGENCY,
    regime_id: str = REGIME,
) -> dict:
    """One row of request_counts."""
    return {
        "agency_id": agency_id,
        "program_id": PROGRAM,
        "regime_id": regime_id,
        "month_start": month,
        "channel": "email",
        "incident_category": category,
        "legal_basis": "voluntary_request",
        "county_fips": "unknown",
        "area": area,
        "requests": requests + without_counts,
        "requests_with_asked": requests,
    }


def full(cell: tuple) -> tuple:
    """A cell with county and area, 'unknown' where left out."""
    return (*cell, *("unknown",) * (4 - len(cell)))


def joined(cells: dict[tuple, int], place: int) -> str:
    """Distinct values of one part of the cells, as the release writes them."""
    return "|".join(sorted({cell[place] for cell in cells}))
