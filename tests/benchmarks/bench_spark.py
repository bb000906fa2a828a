"""The same input to a published release by DuckDB, by Spark in one process, and by Spark in two executor processes.

    python -m tests.benchmarks.bench_spark [--requests 250000] [--asked 100] [--keep FOLDER]

About 10 million simulated answers as Parquet. Each run is a process of its own with empty folders; its processor time
and peak memory are those of all its processes (Java's too), looked at four times a second. Seconds are wall-clock
seconds and grow with whatever else the machine does; processor time hardly does. The releases must be the same to the
byte. Then the fold alone, the one pass over all answers, gives the rate of one core.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 22)
RUNS = (("duckdb", ""), ("spark", "local[2]"), ("spark", "local-cluster[2,1,2048]"))
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass
class Watched:
    """One finished process and all that it started: seconds, processor seconds, peak memory in MB, what it printed."""

    seconds: float
    cpu: float
    peak: float
    printed: str


def watched(arguments: list[str]) -> Watched:
    """Run this module with `arguments` in a session of its own and watch every process of it."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.bench_spark", *arguments],
        cwd=HOUSE, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    ticks: dict[int, int] = {}
    peak = 0
    while process.poll() is None:
        memory = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                told = stat.read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(told[3]) == process.pid:
                ticks[int(stat.parent.name)] = int(told[11]) + int(told[12])
                memory += int(told[21]) * PAGE
        peak = max(peak, memory)
        time.sleep(0.25)
    seconds = time.perf_counter() - began
    printed = process.stdout.read() if process.stdout else ""
    if process.returncode:
        sys.exit(f"{' '.join(arguments)}: exit code {process.returncode}")
    return Watched(seconds, sum(ticks.values()) / TICKS, peak / 1e6, printed)


def one_run(engine: str, master: str, incoming: Path, data: Path) -> None:
    """In a process of its own: the whole way to a release; prints its folder."""
    from etl.run import run, settings_for

    settings = settings_for(
        "demo", data=data, incoming=None, memory_limit="2GB", threads=2, today=TODAY,
        engine=engine, spark_master=master or None,
    )  # fmt: skip
    print(run(replace(settings, incoming=(incoming,)), prepared=True).release.folder)


def one_fold(engine: str, master: str, incoming: Path) -> None:
    """In a process of its own: the one pass over the answers, three times; prints rows and the best seconds as JSON."""
    from etl.catalog import sources
    from etl.engines import engine_of
    from etl.engines.duckdb import connect
    from etl.folding import alike_select
    from etl.settings import Settings
    from etl.texts import open_text

    source, path = sources()["responses"], incoming / "responses.parquet"
    settings = Settings(engine="spark" if engine == "spark" else "duckdb", spark_master=master or None)
    threads = int(master) if engine == "duckdb" else 2
    with connect(threads=threads) as con, engine_of(settings, con) as counting:
        con.execute("create schema ingest")
        text = open_text(con, source, path, path.name, incoming)
        counting.land("ingest.parquet", path)
        select = alike_select(source, replace(text, relation="ingest.parquet as parquet"))
        best = float("inf")
        for _ in range(3):
            began = time.perf_counter()
            counting.create("ingest.alike", select)
            best = min(best, time.perf_counter() - began)
        [(rows, folded)] = con.execute("select sum(rows)::bigint, count(*) from ingest.alike").fetchall()
    print(json.dumps({"rows": rows, "folded": folded, "seconds": best}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=250_000)
    parser.add_argument("--asked", type=float, default=100, help="residents asked per request, on average")
    parser.add_argument("--keep", type=Path, help="folder for input and releases; input found there is used again")
    parser.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    parser.add_argument("--fold", nargs=3, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        engine, master, incoming, data = chosen.one
        return one_run(engine, master, Path(incoming), Path(data))
    if chosen.fold:
        engine, master, incoming = chosen.fold
        return one_fold(engine, master, Path(incoming))
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.keep or Path(temporary)
        compare(folder / "incoming", folder, chosen.requests, chosen.asked)


def runs(incoming: Path, folder: Path) -> Iterator[tuple[str, str, Watched, Path]]:
    """Engine, master, what the run cost, and its release, for each of RUNS; each in an empty folder below `folder`."""
    for engine, master in RUNS:
        data = Path(tempfile.mkdtemp(dir=folder))
        done = watched(["--one", engine, master, str(incoming), str(data)])
        yield engine, master, done, Path(done.printed.strip().splitlines()[-1])


def differing(releases: list[Path]) -> tuple[int, list[str]]:
    """How many Parquet files the first release has, and the names of those that are another in one of the others."""
    files = sorted(path.name for path in releases[0].glob("*.parquet"))
    return len(files), [name for name in files if len({(release / name).read_bytes() for release in releases}) > 1]


def compare(incoming: Path, folder: Path, requests: int, asked: float) -> None:
    """Print the table, and exit 1 where two releases differ."""
    if not (incoming / "responses.parquet").exists():
        from etl.simulate import simulate

        simulate(
            incoming, agencies=2_000, requests=requests, months=100, responses=True, messy=False, format="parquet",
            asked=asked,
        )  # fmt: skip
    releases = []
    for engine, master, done, release in runs(incoming, folder):
        releases.append(release)
        print(
            f"{engine:6} {master:24} {done.seconds:7.1f} s  {done.cpu:7.1f} s of processor  {done.peak:6.0f} MB  "
            f"{release.name}",
            flush=True,
        )
    files, odd = differing(releases)
    print(f"{files} Parquet files; different: {', '.join(odd) or 'none'}")
    for engine, master in (("duckdb", "1"), ("duckdb", "2"), ("spark", "local[1]"), *RUNS[1:]):
        fold = json.loads(watched(["--fold", engine, master, str(incoming)]).printed.strip().splitlines()[-1])
        print(
            f"fold {engine:6} {master:24} {fold['seconds']:6.2f} s  {fold['rows'] / fold['seconds'] / 1e6:6.2f} M rows "
            f"a second, {fold['rows']:,} to {fold['folded']:,}",
            flush=True,
        )
    if odd:
        sys.exit(1)


if __name__ == "__main__":
    main()
