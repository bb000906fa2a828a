"""How long the judge takes: python -m tests.benchmarks.bench_judge [--agencies N] [--cells N] [--releases N] ...

Prints; asserts nothing. The country is made here, and its blocks by the simplest way that keeps the rule (an agency's
quarters are joined until they are safe, no splits), so that nothing of the real builder is measured or needed.
`--press` gives that many agencies a press figure over whole blocks, which sends them through HiGHS.
"""

import argparse
import resource
import tempfile
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from etl.judge import judge
from tests.attacks.made_releases import Release

CATEGORIES = ["burglary", "robbery", "theft_from_vehicle", "package_theft", "vandalism", "assault", "missing_person"]
QUARTERS = [date(2018 + place // 4, 3 * (place % 4) + 1, 1) for place in range(12, 28)]


@dataclass(frozen=True)
class Country:
    """Cells of all agencies (agency, quarter, category, area, requests, asked, shared) and their blocks."""

    cells: pd.DataFrame
    blocks: pd.DataFrame


def made(agencies: int, cells: int, consent: float, seed: int) -> Country:
    """A country with so many cells, heavy-tailed over agencies; blocks closed by quarter per agency."""
    rng = np.random.default_rng(seed)
    weight = rng.pareto(1.2, agencies) + 0.2
    drawn = pd.DataFrame(
        {
            "agency": rng.choice(agencies, size=cells * 3, p=weight / weight.sum()),
            "quarter": rng.integers(0, len(QUARTERS), cells * 3),
            "category": rng.integers(0, len(CATEGORIES), cells * 3),
            "area": rng.integers(0, 4, cells * 3),
        }
    )
    table = (
        drawn.drop_duplicates().head(cells).sort_values(["agency", "quarter", "category", "area"], ignore_index=True)
    )
    table["requests"] = 1 + rng.poisson(0.6, len(table))
    table["asked"] = table["requests"] + rng.poisson(13.5 * table["requests"])
    table["shared"] = rng.binomial(table["asked"], consent)
    block = np.full(len(table), -1)
    number = 0
    for _, own in table.groupby("agency"):
        start, asked, shared, requests = own.index[0], 0, 0, 0
        for _, step in own.groupby("quarter"):
            asked, shared, requests = (
                total + int(step[name].sum())
                for total, name in zip((asked, shared, requests), ("asked", "shared", "requests"), strict=True)
            )
            mixed = asked >= 10 and min(shared, asked - shared) >= 2
            if asked - requests >= 6 and (mixed or asked >= 40):
                block[start : step.index[-1] + 1] = number
                number, start, asked, shared, requests = number + 1, step.index[-1] + 1, 0, 0, 0
    table["block"] = block
    return Country(table, summed(table[table["block"] >= 0]))


def summed(cells: pd.DataFrame) -> pd.DataFrame:
    """One row per block, with ranges for the extremes."""
    found = cells.groupby("block").agg(
        agency=("agency", "first"),
        first=("quarter", "min"),
        last=("quarter", "max"),
        requests=("requests", "sum"),
        asked=("asked", "sum"),
        shared=("shared", "sum"),
        categories=("category", lambda of: "|".join(sorted({CATEGORIES[place] for place in of}))),
        areas=("area", lambda of: "|".join(sorted({f"area-{place}" for place in of}))),
    )
    few = found["asked"] // 20
    low = (found["asked"] >= 40) & (found["shared"] <= few)
    high = (found["asked"] >= 40) & (found["asked"] - found["shared"] <= few)
    found["shared_low"] = found["shared"].mask(low, 0).mask(high, found["asked"] - few)
    found["shared_high"] = found["shared"].mask(low, few).mask(high, found["asked"])
    return found.reset_index()


def write(country: Country, parent: Path, number: int, releases: int, press: int) -> Path:
    """One release folder with the blocks whose last quarter had come by then."""
    until = len(QUARTERS) * number // releases
    cells = country.cells[country.cells["quarter"] < until]
    blocks = country.blocks[country.blocks["last"] < until]
    first_shown = np.maximum(np.ceil((blocks["last"] + 1) * releases / len(QUARTERS)), 1).astype("int64")
    named = np.array(QUARTERS)
    words = {
        "agency_id": "us-oh-" + cells["agency"].astype(str) + "-pd",
        "quarter": named[cells["quarter"]],
        "incident_category": np.array(CATEGORIES)[cells["category"]],
        "area": "area-" + cells["area"].astype(str),
    }
    shown = pd.DataFrame({**words, "requests": cells["requests"], "block": cells["block"]})
    rows = blocks.assign(
        agency_id="us-oh-" + blocks["agency"].astype(str) + "-pd",
        first_quarter=named[blocks["first"]],
        last_quarter=named[blocks["last"]],
        release_no=first_shown,
    )
    figures = rows.drop_duplicates("agency_id").head(press)

    def fill(con: duckdb.DuckDBPyConnection) -> None:
        con.register("shown", shown)
        con.register("rows_", rows)
        con.register("figures", figures)
        con.execute(
            """
            insert into consent_blocks
            select 'b' || block, agency_id, 'ring-neighbors', 'email-video-requests', first_quarter, last_quarter,
                categories, 'unknown', areas, requests, asked, null, shared_low, shared_high, release_no, '1'
            from rows_
            """
        )
        con.execute(
            """
            insert into block_cells
            select 'b' || block, quarter, incident_category, 'unknown', area, requests
            from shown
            where block in (select block from rows_)
            """
        )
        con.execute(
            """
            insert into request_counts
            select agency_id, 'ring-neighbors', 'email-video-requests', quarter, 'email', incident_category,
                'voluntary_request', 'unknown', area, requests, requests
            from shown
            """
        )
        con.execute(
            """
            insert into published_counts
            select agency_id, 'ring-neighbors', first_quarter,
                cast(last_quarter as date) + interval 3 month - interval 1 day,
                'asked', asked, 'exact', null, 'a-newspaper'
            from figures
            """
        )
        con.execute("update regimes set starts_on = '2015-01-01', ends_on = '2026-01-01'")

    return Release(number, data_as_of=QUARTERS[-1] + timedelta(days=400)).write(parent, fill)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--agencies", type=int, default=2293)
    parser.add_argument("--cells", type=int, default=62364)
    parser.add_argument("--releases", type=int, default=3)
    parser.add_argument("--press", type=int, default=20)
    asked = parser.parse_args()
    for name, consent in (("normal, 13 % shared", 0.13), ("low, 3 % shared", 0.029)):
        country = made(asked.agencies, asked.cells, consent, seed=7)
        with tempfile.TemporaryDirectory() as parent:
            for press in (0, asked.press):
                folders = [
                    write(country, Path(parent) / str(press), number, asked.releases, press)
                    for number in range(1, asked.releases + 1)
                ]
                began = time.perf_counter()
                verdict = judge(folders)
                took = time.perf_counter() - began
                memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
                print(f"{name}, {press} press figures: {took:.1f} s, {memory:.2f} GB at most so far")
                print("  " + verdict.report().replace("\n", "\n  "))


if __name__ == "__main__":
    main()
