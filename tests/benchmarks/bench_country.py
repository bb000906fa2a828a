"""Three releases of a simulated country, by the real stages: python -m tests.benchmarks.bench_country [--agencies N]

Prints what residents' protection costs and whether it holds: seconds of build, cover test and judge, the judge's
verdict over all releases together, and how much is published. Asserts nothing. As it stands the country has 2,500
agencies, 65,000 cells and 1.35 M askings in 48 months, once with usual consent (13 % share) and once with low (3 %);
records come late and are corrected between the releases. Only two thirds of these agencies have a log that says how
many were asked; with `--agencies 3800` there are 2,300 of them, as in the measured country of the specification.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from etl.block_ledger import add_release
from etl.block_rules import RULES_VERSION
from etl.build import build
from etl.checks import check
from etl.cover import cover_test
from etl.engines.duckdb import connect
from etl.errors import ProtectionError
from etl.identity import resolve
from etl.ingest import ingest
from etl.judge import judge
from etl.press_figures import settle
from etl.protect import FALSE_WORLDS, gather, refuse_unsafe
from etl.publish import all_releases, publish
from etl.run import settings_for
from etl.settings import Settings
from etl.simulate import simulate
from etl.simulation.consent import Preset

# The window ends before the first change of regime, as in the measured country; `--regimes` moves it across one.
END, END_ACROSS = date(2021, 5, 31), date(2022, 2, 28)
USABLE = "asked >= 1 and shared is not null and regime_id <> 'unassigned'"
GOALS = {"normal": (0.99, 0.92), "low": (0.985, 0.86)}


@dataclass
class Clock:
    """Seconds of each stage."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time what happens inside."""
        began = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began

    def told(self) -> str:
        """All stages in one line."""
        return ", ".join(f"{name} {took:.1f} s" for name, took in self.seconds.items())


def release(settings: Settings, warehouse: Path) -> Clock:
    """One release by the stages of a run; the warehouse stays for questions about coverage."""
    clock = Clock()
    warehouse.unlink(missing_ok=True)
    with connect(warehouse, memory_limit=settings.memory_limit, threads=settings.threads) as con:
        with clock.stage("read and count"):
            ingest(settings, con)
            resolve(con, settings)
            build(con, settings)
            check(con)
        earlier = all_releases(settings)
        with clock.stage("build blocks"):
            settle(con, earlier)
            addition = add_release(con, settings, earlier[-1] if earlier else None)
        with clock.stage("cover test"):
            cover_test(addition.blocks, seed=1, worlds=FALSE_WORLDS)
        with clock.stage("write and publish, judge included"):
            gather(con, addition)
            publish(con, settings, rules_version=RULES_VERSION, judge=refuse_unsafe, remember=addition.memory.remember)
    return clock


def coverage(con: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """How much of the usable requests is in blocks, and how finely. Shares of residents asked, but for agencies."""
    shares = {
        "residents": "true",
        "quarter": "first_quarter = last_quarter",
        "category": "not contains(categories, '|')",
        "area": "not contains(areas, '|')",
        "county": "not contains(counties, '|')",
        "in ranges": "shared_low < shared_high",
    }
    asked = ", ".join(f"coalesce(sum(asked) filter (where {known}), 0)" for known in shares.values())
    [(*parts, agencies)] = con.execute(f"select {asked}, count(distinct agency_id) from out.consent_blocks").fetchall()
    [(total, active)] = con.execute(
        f"select sum(asked), count(distinct agency_id) from staging.requests where {USABLE}"
    ).fetchall()
    return {name: part / total for name, part in zip(shares, parts, strict=True)} | {"agencies": agencies / active}


def size(con: duckdb.DuckDBPyConnection) -> str:
    """What the country is, in one line."""
    [(requests, usable, asked, shared, agencies, cells)] = con.execute(
        f"""
        select count(*), count(*) filter (where {USABLE}), sum(asked) filter (where {USABLE}),
            sum(shared) filter (where {USABLE}), count(distinct agency_id) filter (where {USABLE}),
            count(distinct (agency_id, program_id, regime_id, quarter_start, incident_category, area, county_fips))
                filter (where {USABLE})
        from staging.requests
        """
    ).fetchall()
    return (
        f"{requests:,} requests, {usable:,} of them with known counts: {asked:,} askings by {agencies:,} agencies in "
        f"{cells:,} cells, {shared / asked:.1%} shared"
    )


def country(consent: Preset, options: argparse.Namespace) -> None:
    """Simulate, release three times, judge together, print."""
    end = END_ACROSS if options.regimes else END
    # Two thirds and five sixths of the time, and after the last quarter has rested.
    days = (date(end.year - 1, end.month, 28), date(end.year - 1, 11, 30), date(end.year, 12, 15))
    print(f"\n{consent} consent" + (", two regimes" if options.regimes else ""))
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        warehouse = data / "warehouse.duckdb"
        for number, day in enumerate(days, 1):
            settings = settings_for("demo", data=data, incoming=None, memory_limit="2GB", threads=2, today=day)
            simulate(
                settings.incoming[0],
                agencies=options.agencies, requests=options.requests, months=options.months, seed=options.seed,
                consent=consent, end=end, until=day, messy=False, reference=settings.reference,
            )  # fmt: skip
            settings.private.mkdir(parents=True, exist_ok=True)
            clock = release(settings, warehouse)
            print(f"  release {number}, {day}: {clock.told()}", flush=True)
        with connect(warehouse, read_only=True) as con:
            print("  " + size(con))
            shares = coverage(con)
        folders = all_releases(settings)
        verdict = judge(folders)
        print("  judge: " + verdict.report().replace("\n", "\n    "))
        code = 0 if verdict.ok else ProtectionError.exit_code
        print(f"  judge's exit code {code}: {verdict.protected:,} protected, {verdict.failed:,} failed, "
              f"{verdict.undecided:,} undecided")  # fmt: skip
        print("  published: " + ", ".join(f"{name} {share:.1%}" for name, share in shares.items()))
        for name, goal in zip(("residents", "agencies"), GOALS[consent], strict=True):
            print(f"  goal {name} >= {goal:.1%}: {'met' if shares[name] >= goal else 'NOT met'} ({shares[name]:.2%})")
        print(f"  peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GB")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--agencies", type=int, default=2_500)
    parser.add_argument(
        "--requests", type=int, default=140_000, help="of all kinds; two thirds say how many were asked"
    )
    parser.add_argument("--months", type=int, default=48)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--regimes", action="store_true", help="a window across a change of regime")
    options = parser.parse_args()
    for consent in ("normal", "low"):
        country(consent, options)


if __name__ == "__main__":
    main()
