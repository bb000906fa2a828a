"""Time, memory and coverage of the block builder and the cover test on a synthetic country, against the slow reference.

    python -m tests.benchmarks.bench_blocks [--agencies 18000] [--months 120] [--requests 1580000] [--shared 0.13]
                                            [--ledger]   (measures the private ledger instead, two releases)

Prints; asserts nothing. The reference (tests/etl/blocks_by_hand.py) runs on a subset of the same cells in the same run.
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from etl.block_frames import CELL, UNIT
from etl.block_ledger import add_release
from etl.blocks import Blocks, build_blocks
from etl.cover import cover_test
from etl.engines.duckdb import connect
from etl.settings import Settings
from tests.etl.blocks_by_hand import blocks_by_hand

CATEGORIES = ["burglary", "theft_from_vehicle", "vehicle_theft", "package_theft", "robbery", "assault", "homicide"]
NO_FIGURES = "agency_id varchar, program_id varchar, starts_on date, ends_on date, release_no bigint"
CATEGORIES += ["missing_person", "traffic", "vandalism", "other", "unknown"]


def country(agencies: int, months: int, requests: int, shared: float, seed: int) -> pd.DataFrame:
    """One row per request of an invented country: heavy-tailed agencies, one to four areas each, one county in most."""
    draw = np.random.default_rng(seed)
    size = draw.lognormal(0, 1.2, agencies)
    agency = np.sort(draw.choice(agencies, requests, p=size / size.sum()))
    quarters = pd.date_range("2016-01-01", periods=months // 3, freq="QS").to_numpy("datetime64[s]")
    joined = draw.integers(0, len(quarters) * 3 // 4, agencies)
    quarter = joined[agency] + (draw.random(requests) * (len(quarters) - joined[agency])).astype(int)
    popular = draw.dirichlet(np.full(len(CATEGORIES), 0.8))
    second_county = draw.random(requests) < np.where(draw.random(agencies) < 0.1, 0.4, 0)[agency]
    area = (draw.random(requests) * draw.integers(1, 5, agencies)[agency]).astype(int)
    asked = np.maximum(1, draw.negative_binomial(1.2, 1.2 / (1.2 + 14.5), requests))
    rate = draw.beta(shared * 4, (1 - shared) * 4, agencies)
    yes = draw.binomial(asked, rate[agency])
    declined = draw.binomial(asked - yes, 0.15)
    names = np.array([f"us-xx-simulated-{number:05d}-pd" for number in range(agencies)], dtype=object)
    return pd.DataFrame(
        {
            "agency_id": names[agency],
            "program_id": "ring-neighbors",
            "regime_id": np.where(quarter < len(quarters) // 2, "email", "public-post"),
            "step": quarter,
            "quarter_start": quarters[quarter],
            "county_fips": np.char.mod("%05d", (agency % 3000) * 2 + 1001 + second_county),
            "incident_category": np.array(CATEGORIES, dtype=object)[draw.choice(len(CATEGORIES), requests, p=popular)],
            "area": np.char.add("area-", area.astype(str)),
            "requests": 1,
            "asked": asked,
            "shared": yes,
            "responded": yes + declined,
            "declined": declined,
        }
    )


def coverage(cells: pd.DataFrame, built: Blocks) -> str:
    """Share of residents asked, and of agencies, that a published figure covers; and how much is known of them."""
    blocks, total = built.blocks, cells["asked"].sum()
    known = {
        "quarter": blocks["first_quarter"] == blocks["last_quarter"],
        "category": ~blocks["categories"].str.contains("|", regex=False),
        "area": ~blocks["areas"].str.contains("|", regex=False),
        "county": ~blocks["counties"].str.contains("|", regex=False),
        "ranges": blocks["shared_low"] != blocks["shared_high"],
    }
    parts = [f"residents {blocks['asked'].sum() / total:.1%}"]
    parts.append(f"agencies {blocks['agency_id'].nunique() / cells['agency_id'].nunique():.1%}")
    parts += [f"{name} {blocks.loc[chosen, 'asked'].sum() / total:.1%}" for name, chosen in known.items()]
    return ", ".join(parts)


def peak_gb() -> float:
    """The most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def measure_ledger(rows: pd.DataFrame) -> None:
    """The blocks of a first release of all quarters but the last, remembered, and of a second one of all."""
    with tempfile.TemporaryDirectory() as folder, connect(Path(folder) / "warehouse.duckdb") as con:
        con.register("rows", rows)
        day = "quarter_start::date as quarter_start"
        ref = "(row_number() over ())::varchar as request_ref"
        con.execute("create schema staging")
        month = "quarter_start::date as month_start"
        con.execute(f"create table staging.requests as select * replace ({day}), {ref}, {month} from rows")
        con.execute(f"create temp table press_periods ({NO_FIGURES})")
        con.unregister("rows")
        last = rows["quarter_start"].max()
        del rows
        print(f"memory before the ledger {peak_gb():.2f} GB")
        for number, today in enumerate([last, last + pd.Timedelta(days=400)], start=1):
            release = Path(folder) / f"release-{number}"
            release.mkdir()
            began, used = time.perf_counter(), time.process_time()
            settings = Settings(data=Path(folder), today=today.date())
            added = add_release(con, settings, Path(folder) / "release-1" if number == 2 else None)
            seconds = time.perf_counter() - began
            added.memory.remember(release.name)
            con.execute(f"copy next_blocks to '{release}/consent_blocks.parquet'")
            con.execute(f"copy next_cells to '{release}/block_cells.parquet'")
            con.execute(f"copy (select {number} as release_no) to '{release}/release.parquet'")
            [(blocks,)] = con.execute("select count(*) from next_blocks").fetchall()
            del added
            work = time.process_time() - used
            print(
                f"release {number}: {blocks:,} blocks in {seconds:.1f} s "
                f"({work:.1f} s of processor), peak {peak_gb():.2f} GB"
            )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--agencies", type=int, default=18_000)
    parser.add_argument("--months", type=int, default=120)
    parser.add_argument("--requests", type=int, default=1_580_000)
    parser.add_argument("--shared", type=float, default=0.13)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--ledger", action="store_true")
    options = parser.parse_args()
    made = (options.agencies, options.months, options.requests, options.shared, options.seed)
    if options.ledger:
        measure_ledger(country(*made))
        return
    rows = country(*made)
    counts = ["requests", "asked", "shared", "responded", "declined"]
    cells = rows.groupby([*UNIT, "step", *CELL], as_index=False, sort=False)[counts].sum()
    del rows
    print(f"{options.requests:,} requests in {len(cells):,} cells; memory before the build {peak_gb():.2f} GB")

    began = time.perf_counter()
    built = build_blocks(cells)
    seconds = time.perf_counter() - began
    print(f"build: {len(built.blocks):,} blocks in {seconds:.1f} s, peak {peak_gb():.2f} GB")
    began = time.perf_counter()
    cover_test(built, seed=options.seed)
    print(f"cover test, one false world: {time.perf_counter() - began:.1f} s, peak {peak_gb():.2f} GB")
    print("coverage:", coverage(cells, built))

    few = cells[cells["agency_id"].isin(cells["agency_id"].unique()[:: max(1, options.agencies // 500)])]
    timings = {}
    for name, builder in {"builder": build_blocks, "reference": blocks_by_hand}.items():
        began = time.perf_counter()
        builder(few)
        timings[name] = time.perf_counter() - began
    print(
        f"{len(few):,} cells: builder {timings['builder']:.2f} s, reference {timings['reference']:.2f} s, "
        f"ratio {timings['reference'] / timings['builder']:.1f}"
    )


if __name__ == "__main__":
    main()
