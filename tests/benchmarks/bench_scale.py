"""What a run costs at national scale: make bench, or python -m tests.benchmarks.bench_scale [--sizes 1,10,100]

Prints one table: measure, floor or peer, ratio, goal, met or not. The floor is DuckDB alone reading the same files,
joining the answers to their requests and counting them once. Each piece of work is a process of its own, floor and
ours in turn; ratios are of processor seconds (user and system, all threads), which other work on the machine disturbs
least, and the seconds by the clock stand beside them. `--sizes` is in millions of responses; the data are made with
`simulate` in `--work` (100 needs 10 GB of disk and, on two cores, half an hour). Asserts nothing.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from itertools import pairwise
from math import log
from pathlib import Path
from typing import Any

from tests.benchmarks import bench_spark
from tests.benchmarks.table import HEAD, Line, told

HOUSE = Path(__file__).resolve().parents[2]
# Per million responses: agencies and requests of the simulated country; 100 million is 18,000 agencies in 120 months.
AGENCIES, REQUESTS, ASKED, MONTHS = 180, 13_700, 154, 120
GOALS = {"parquet": 2.0, "csv": 1.5}


def made(work: Path, millions: int, form: str) -> Path:
    """The country of that size, simulated once."""
    folder = work / f"{form}-{millions}"
    if not (folder / f"sources.{form}").exists():
        wishes = {
            "agencies": AGENCIES * millions, "requests": REQUESTS * millions, "months": MONTHS, "seed": 7,
            "asked": ASKED, "out": folder, "format": form,
        }  # fmt: skip
        told = [text for name, value in wishes.items() for text in (f"--{name}", str(value))]
        program = [sys.executable, "-c", "from etl.cli import main; main()", "simulate", "--responses", "--tidy", *told]
        subprocess.run(program, check=True, cwd=HOUSE, stdout=sys.stderr)
    return folder


def one(kind: str, folder: Path, work: Path, *more: str) -> dict[str, Any]:
    """What `one_run` measured, in a process of its own."""
    program = [sys.executable, "-m", "tests.benchmarks.one_run", kind, str(folder), str(work / f"work-{kind}"), *more]
    done = subprocess.run(program, check=True, cwd=HOUSE, stdout=subprocess.PIPE, text=True)
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(f"{folder.name} {kind}: {json.dumps(measured)}", file=sys.stderr, flush=True)
    return measured


def middle(kind: str, folder: Path, work: Path, times: int) -> dict[str, Any]:
    """The median of several runs, by processor seconds; the highest peak of memory."""
    runs = sorted((one(kind, folder, work) for _ in range(times)), key=lambda run: run["cpu"])
    return runs[len(runs) // 2] | {"peak_mb": max(run["peak_mb"] for run in runs)}


def of_size(work: Path, millions: int, form: str) -> tuple[list[Line], dict[str, Any]]:
    """Floor, counts and whole release of one size and form; the second is what growth is told from."""
    folder, times = made(work, millions, form), 3 if millions < 50 else 1
    floor, ours = middle("floor", folder, work, times), middle("counts", folder, work, times)
    whole = one("release", folder, work)
    name = f"{millions} M responses from {form}"
    goal = GOALS[form]
    lines = [
        Line(f"{name}: files to counts", told(floor, ours), ratio := f"{ours['cpu'] / floor['cpu']:.2f}",
             f"<= {goal}", float(ratio) <= goal),
        Line(f"{name}: to a published release", told(floor, whole), ratio := f"{whole['cpu'] / floor['cpu']:.2f}",
             f"<= {goal}", float(ratio) <= goal),
    ]  # fmt: skip
    peak = max(ours["peak_mb"], whole["peak_mb"]) / 1024
    lines.append(
        Line(f"{name}: peak memory", f"{floor['peak_mb'] / 1024:.2f} GB", f"{peak:.2f} GB", "<= 2 GB", peak <= 2)
    )
    if millions >= 50:
        lines += stages(name, whole["stages"])
    return lines, {"size": millions, "counts": ours["cpu"], "release": whole["cpu"]}


def stages(name: str, noted: dict[str, list[float]]) -> list[Line]:
    """What each stage of a release cost, in processor seconds; `noted` says when each began."""
    began = [(stage, seconds[1]) for stage, seconds in noted.items()]
    return [
        Line(f"{name}: {stage}", f"{until - since:.1f} s", "", "", None)
        for (stage, since), (_, until) in pairwise(began)
    ]


def growth(form: str, sizes: list[dict[str, Any]]) -> list[Line]:
    """The exponent with which the cost grows from the smallest to the largest size."""
    if len(sizes) < 2:
        return []
    first, last = sizes[0], sizes[-1]
    lines = []
    for what in ("counts", "release"):
        exponent = log(last[what] / first[what]) / log(last["size"] / first["size"])
        measure = f"growth from {first['size']} M to {last['size']} M, {form}, {what}"
        lines.append(Line(measure, "1", f"{exponent:.2f}", "<= 1.05", exponent <= 1.05))
    return lines


def month_on_top(work: Path, millions: int) -> list[Line]:
    """All months but the last loaded and published, a month later the last one too; and then nothing new at all.

    In between a quarter comes to its end, so that the second release adds the blocks of three months.
    """
    source, folder, waiting = made(work, millions, "parquet"), work / f"months-{millions}", work / "month-in-waiting"
    shutil.rmtree(work / "work-release", ignore_errors=True)
    for empty in (folder, waiting):
        shutil.rmtree(empty, ignore_errors=True)
        empty.mkdir()
    for path in source.iterdir():
        if path.stem not in ("requests", "responses"):
            (folder / path.name).hardlink_to(path)
    cut_in_two(source, folder, waiting)
    first_day, second_day = "2026-08-22", "2026-09-22"
    full = one("release", folder, work, first_day, "--keep")
    for path in waiting.iterdir():
        path.rename(folder / path.name)
    added = one("release", folder, work, second_day, "--keep")
    nothing = one("release", folder, work, second_day, "--keep")
    lines = []
    for measure, run, goal in (("a new month on", added, 0.05), ("nothing new on", nothing, None)):
        share = run["cpu"] / full["cpu"]
        is_met = None if goal is None else share <= goal
        lines.append(
            Line(f"{measure} {millions} M, to a published release", told(full, run), f"{share:.3f}",
                 f"<= {goal}" if goal else "", is_met)
        )  # fmt: skip
    reading = [
        run["stages"]["telling agencies apart"][1] - run["stages"]["reading sources"][1] for run in (full, added)
    ]
    lines.append(Line(f"a new month on {millions} M, reading alone", f"{reading[0]:.1f} s : {reading[1]:.1f} s",
                      f"{reading[1] / reading[0]:.2f}", "", None))  # fmt: skip
    return lines


def cut_in_two(source: Path, before: Path, month: Path) -> None:
    """Write requests and their responses into two folders: those of the last month, and those before."""
    import duckdb

    requests, responses = (f"read_parquet('{source}/{name}.parquet')" for name in ("requests", "responses"))
    [(last,)] = duckdb.execute(f"select date_trunc('month', max(requested_on::date))::date from {requests}").fetchall()
    for folder, when in ((before, "<"), (month, ">=")):
        own = f"{folder}/requests-{folder.name}.parquet"
        duckdb.execute(
            f"copy (select * from {requests} where requested_on::date {when} date '{last}') to '{own}' (format parquet)"
        )
        theirs = f"{responses} as answers semi join read_parquet('{own}') using (agency_id, request_ref)"
        target = folder / f"responses-{folder.name}.parquet"
        duckdb.execute(f"copy (select answers.* from {theirs}) to '{target}' (format parquet)")


def opening(work: Path, small: int, large: int) -> list[Line]:
    """A small release and the large one that `month_on_top` left: opened and asked what the Overview asks, in turn."""
    data = {small: work / "small" / "work-release", large: work / "work-release"}
    one("release", made(work, small, "parquet"), work / "small", "--keep")
    asked: dict[int, list[dict[str, Any]]] = {small: [], large: []}
    for _ in range(5):
        for size, folder in data.items():
            asked[size].append(one("opening", folder, work))
    lines = []
    spent = {size: statistics.median(run["spent"] for run in runs) for size, runs in asked.items()}
    clock = {size: statistics.median(run["answered"] for run in runs) for size, runs in asked.items()}
    against = f"{spent[small]:.2f} s ({clock[small]:.2f}) : {spent[large]:.2f} s ({clock[large]:.2f})"
    ratio = spent[large] / spent[small]
    measure = f"release of {small} M : {large} M opened, the Overview's questions"
    lines.append(Line(measure, against, f"{ratio:.2f}", "<= 1.3", ratio <= 1.3))
    for form, size in asked[small][0]["bytes"].items():
        other = asked[large][0]["bytes"][form]
        against = f"{size / 1e6:.1f} MB : {other / 1e6:.1f} MB"
        lines.append(Line(f"release of {small} M : {large} M, {form}", against, f"{other / size:.1f}", "", None))
    return lines


def peers(work: Path, millions: int) -> list[Line]:
    """Other libraries doing the one aggregate of the responses, against our whole way to counts."""
    lines = []
    for form in ("parquet", "csv"):
        folder = made(work, millions, form)
        ours = middle("counts", folder, work, 3)
        for peer in ("pandas", "polars"):
            if not find_spec(peer):
                lines.append(Line(f"{millions} M from {form} beside {peer}", f"{peer} is not installed", "", "", None))
                continue
            theirs = middle(peer, folder, work, 3)
            against = f"{told(theirs, ours)}; {theirs['peak_mb'] / 1024:.2f} : {ours['peak_mb'] / 1024:.2f} GB"
            ratio = f"{ours['cpu'] / theirs['cpu']:.2f}"
            lines.append(Line(f"{millions} M from {form} beside {peer}, aggregate alone", against, ratio, "", None))
    return lines


def engines(work: Path, millions: int) -> list[Line]:
    """The same Parquet to a published release on DuckDB, on Spark in one process and on two executors, compared."""
    if not find_spec("pyspark"):
        return [Line(f"{millions} M from Parquet on Spark", "pyspark is not installed", "", "", None)]
    folder = work / "engines"
    folder.mkdir(exist_ok=True)
    (_, _, ours, first), *others = bench_spark.runs(made(work, millions, "parquet"), folder)
    lines = []
    for _, master, theirs, _ in others:
        against = f"{theirs.cpu:.0f} s ({theirs.seconds:.0f}) : {ours.cpu:.0f} s ({ours.seconds:.0f}); "
        against += f"{theirs.peak / 1000:.2f} : {ours.peak / 1000:.2f} GB"
        measure = f"{millions} M from parquet beside Spark {master}, to a published release"
        lines.append(Line(measure, against, f"{ours.cpu / theirs.cpu:.2f}", "", None))
    files, odd = bench_spark.differing([first, *(release for *_, release in others)])
    lines.append(Line("Parquet files of these releases that differ", f"{len(odd)} of {files}", "", "0", not odd))
    shutil.rmtree(folder)
    return lines


def cli_start() -> list[Line]:
    """`porchlight --help` against an interpreter that does nothing, in turn, eleven times."""
    programs = {"bare": ["-c", "pass"], "help": ["-c", "from etl.cli import main; main()", "--help"]}
    seconds: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(11):
        for name, program in programs.items():
            before = of_children()
            subprocess.run([sys.executable, *program], check=True, cwd=HOUSE, stdout=subprocess.DEVNULL)
            seconds[name].append(of_children() - before)
    bare, ours = (statistics.median(seconds[name]) for name in ("bare", "help"))
    against = f"{bare * 1000:.0f} ms : {ours * 1000:.0f} ms"
    return [Line("porchlight --help", against, f"{ours / bare:.1f}", "<= 8", ours <= 8 * bare)]


def of_children() -> float:
    """Processor seconds of all finished processes that this one started."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Measure, then print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default=os.environ.get("BENCH_SIZES", "1,10,100"), help="millions of responses")
    parser.add_argument("--work", type=Path, help="folder for the data; kept")
    parser.add_argument("--only", choices=["sizes", "month", "peers", "engines", "start"], help="only this part")
    chosen = parser.parse_args()
    sizes = sorted(int(size) for size in chosen.sizes.split(","))
    with tempfile.TemporaryDirectory(prefix="porchlight-bench-") as temporary:
        work = (chosen.work or Path(temporary)).resolve()
        work.mkdir(parents=True, exist_ok=True)
        # What an interrupted bench left would be taken for a run's own.
        for leftover in [*work.glob("work-*"), *work.glob("small"), *work.glob("engines")]:
            shutil.rmtree(leftover)
        lines: list[Line] = []
        if chosen.only in (None, "start"):
            lines += cli_start()
        if chosen.only in (None, "sizes"):
            for form in GOALS:
                grown = []
                for millions in sizes:
                    its_lines, size = of_size(work, millions, form)
                    lines += its_lines
                    grown.append(size)
                lines += growth(form, grown)
        if chosen.only in (None, "peers"):
            lines += peers(work, min(10, sizes[-1]))
        if chosen.only in (None, "engines"):
            lines += engines(work, min(10, sizes[-1]))
        if chosen.only in (None, "month"):
            lines += month_on_top(work, sizes[-1])
            if len(sizes) > 1:
                lines += opening(work, sizes[0], sizes[-1])
    print(HEAD)
    print("\n".join(str(line) for line in lines))


if __name__ == "__main__":
    main()
