"""How fast `simulate` writes responses, against DuckDB alone copying the same rows to a file of the same kind.

    python tests/benchmarks/bench_simulate.py [--requests 1700000] [--format parquet]

The floor reads the rows from Parquet (the cheapest way to have them) and writes them; the simulation invents them too.
Each size runs in a process of its own, so that its peak memory is its own.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

HOUSE = Path(__file__).resolve().parents[2]


def seconds_of_copy(table: Path, target: Path) -> float:
    """DuckDB, 2 threads, rows of a table written to `target` with its order kept."""
    con = duckdb.connect(config={"threads": 2, "memory_limit": "2GB"})
    reader = "read_parquet" if table.suffix == ".parquet" else "read_csv"
    options = "" if reader == "read_parquet" else ", all_varchar = true, header = true, delim = ','"
    form = "format parquet" if target.suffix == ".parquet" else "format csv, header true"
    begun = time.perf_counter()
    con.execute(f"copy (select * from {reader}('{table}'{options})) to '{target}' ({form})")
    return time.perf_counter() - begun


def one(out: Path, requests: int, form: str) -> None:
    """Simulate in this process and print seconds, rows and peak memory as JSON."""
    sys.path.insert(0, str(HOUSE))
    from etl.simulate import simulate

    begun = time.perf_counter()
    written = simulate(
        out, agencies=5_000, requests=requests, months=100, seed=413, responses=True, messy=False, format=form
    )
    seconds = time.perf_counter() - begun
    # Not getrusage: its maximum is handed down from the process that started this one.
    status = Path("/proc/self/status").read_text()
    peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
    print(
        json.dumps(
            {"seconds": seconds, "rows": written.rows[f"responses.{form}"], "requests": requests, "peak_mb": peak}
        )
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=1_700_000, help="about 5.9 responses each: 1.7 M give 10 M")
    parser.add_argument("--format", choices=["csv", "parquet"], help="only this one")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        one(chosen.one, chosen.requests, chosen.format)
        return
    print("| format | responses | requests | simulate s | responses/s | DuckDB copy s | ratio | peak MB |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "parquet"
        for form in ("parquet", "csv"):
            if form != (chosen.format or form) and form != "parquet":
                continue
            out = Path(folder) / form
            call = [sys.executable, __file__, "--one", str(out), "--requests", str(chosen.requests), "--format", form]
            result = json.loads(subprocess.run(call, check=True, capture_output=True, text=True).stdout)
            floor = sum(
                seconds_of_copy(plain / f"{table}.parquet", Path(folder) / f"copy-{table}.{form}")
                for table in ("responses", "requests")
            )
            print(
                f"| {form} | {result['rows']:,} | {result['requests']:,} | {result['seconds']:.1f} "
                f"| {result['rows'] / result['seconds']:,.0f} | {floor:.1f} | {result['seconds'] / floor:.2f} "
                f"| {result['peak_mb']:,.0f} |"
            )


if __name__ == "__main__":
    main()
