"""One measured piece of work in a process of its own; prints JSON: seconds, cpu, peak_mb, and what it found.

python -m tests.benchmarks.one_run floor FOLDER        DuckDB alone: read, join to requests, one GROUP BY
python -m tests.benchmarks.one_run counts FOLDER WORK  our loader: files to staging, nothing remembered
python -m tests.benchmarks.one_run release FOLDER WORK [DAY]  the whole way to a published release
python -m tests.benchmarks.one_run opening DATA WORK   the demo release below DATA opened, all that the Overview asks
python -m tests.benchmarks.one_run pandas|polars FOLDER  the one aggregate, by another library
"""

import json
import resource
import shutil
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

# The day on which a run takes itself to be made; a release can be one of another day.
TODAY = date(2026, 11, 22)
MEMORY = "1GB"
FORMS = ("parquet", "csv", "duckdb")
COUNTS = """
    count(*) as asked,
    count(case when answers.response <> 'no_answer' then 1 end) as responded,
    count(case when answers.response = 'shared' then 1 end) as shared,
    count(case when answers.response = 'declined' then 1 end) as declined
"""


def table(folder: Path, name: str) -> str:
    """How DuckDB reads a table of the folder as text or as it is."""
    if (folder / f"{name}.parquet").exists():
        return f"read_parquet('{folder}/{name}.parquet')"
    return f"read_csv('{folder}/{name}.csv', delim = ',', header = true, all_varchar = true, quote = '\"')"


def floor(folder: Path, work: Path) -> dict[str, Any]:
    """The least that can be done: both files read, joined, and counted by request."""
    import duckdb

    con = duckdb.connect(str(work / "floor.duckdb"), config={"threads": 2, "memory_limit": MEMORY})
    con.execute(
        f"""
        create table counted as
        select requests.agency_id, requests.request_ref, {COUNTS}
        from {table(folder, "responses")} as answers
        join (select agency_id, request_ref from {table(folder, "requests")}) as requests
            on answers.agency_id = requests.agency_id and answers.request_ref = requests.request_ref
        group by requests.agency_id, requests.request_ref
        """
    )
    requests, responses = con.execute("select count(*), sum(asked) from counted").fetchone() or (0, 0)
    return {"requests": requests, "responses": int(responses)}


def counts(folder: Path, work: Path) -> dict[str, Any]:
    """Every file of the folder loaded: typed, checked, accounted for, counted."""
    from etl.engines.duckdb import connect
    from etl.files import match_files
    from etl.ingest import load
    from etl.remembered import Remembered

    found, _ = match_files(sorted(folder.iterdir()))
    with connect(work / "x.duckdb", memory_limit=MEMORY, spill=work / "spill") as con:
        load(con, found, TODAY, work, remembered=Remembered(work / "parts"))
        read = con.execute("select sum(rows_read), sum(rows_accepted) from ingest.source_rows").fetchone() or ()
    return {"read": int(read[0]), "accepted": int(read[1])}


def release(folder: Path, work: Path) -> dict[str, Any]:
    """The whole way, as `porchlight run` goes it; `stages` are seconds since the start."""
    from etl import run as running

    days = [date.fromisoformat(given) for given in sys.argv[4:] if given != "--keep"]
    today = days[0] if days else TODAY
    settings = running.settings_for("demo", data=work, incoming=None, memory_limit=MEMORY, threads=2, today=today)
    place = settings.data / "private" / "demo"
    place.mkdir(parents=True, exist_ok=True)
    if not (place / "incoming").exists():
        (place / "incoming").symlink_to(folder.resolve())
    stages: dict[str, tuple[float, float]] = {}
    began, cpu = time.perf_counter(), time.process_time()
    whole = running.all_stages

    def noted(settings: Any, con: Any, engine: Any, now: Any) -> Any:
        def told(stage: str) -> None:
            stages[stage] = (time.perf_counter() - began, time.process_time() - cpu)
            now(stage)

        return whole(settings, con, engine, told)

    running.all_stages = noted
    report = running.run(settings, prepared=True)
    return {"release": report.release.release_id, "is_new": report.release.is_new, "stages": stages}


def opening(data: Path, work: Path) -> dict[str, Any]:
    """Open the current release and ask it everything that the Overview asks, remembering nothing; libraries before."""
    from dashboard import public_data
    from dashboard.releases import open_release
    from dashboard.sections.overview import facts_of
    from dashboard.selection import Selection

    began, cpu = time.perf_counter(), time.process_time()
    release = open_release(data / "public", "demo")
    opened = time.perf_counter() - began
    facts_of(release, Selection(program=public_data.default_program(release)))
    answered, spent = time.perf_counter() - began, time.process_time() - cpu
    sizes = {kind: sum(path.stat().st_size for path in release.folder.glob(f"*.{kind}")) for kind in FORMS}
    return {"opened": opened, "answered": answered, "spent": spent, "bytes": sizes}


def by_pandas(folder: Path, work: Path) -> dict[str, Any]:
    """The one aggregate in pandas."""
    import pandas as pd

    path = folder / "responses.parquet"
    answers = pd.read_parquet(path) if path.exists() else pd.read_csv(folder / "responses.csv", dtype=str)
    asked = answers.groupby(["agency_id", "request_ref", "response"]).size().unstack(fill_value=0)
    return {"requests": len(asked)}


def by_polars(folder: Path, work: Path) -> dict[str, Any]:
    """The one aggregate in polars, lazily."""
    import polars as pl

    path = folder / "responses.parquet"
    answers = pl.scan_parquet(path) if path.exists() else pl.scan_csv(folder / "responses.csv", infer_schema=False)
    said = pl.col("response")
    counted = answers.group_by("agency_id", "request_ref").agg(
        pl.len().alias("asked"), (said != "no_answer").sum().alias("responded"),
        (said == "shared").sum().alias("shared"), (said == "declined").sum().alias("declined"),
    ).collect()  # fmt: skip
    return {"requests": len(counted)}


WORK = {
    "floor": floor, "counts": counts, "release": release, "opening": opening, "pandas": by_pandas, "polars": by_polars,
}  # fmt: skip


def main() -> None:
    kind, folder = sys.argv[1], Path(sys.argv[2])
    work = Path(sys.argv[3])
    keep = "--keep" in sys.argv
    work.mkdir(parents=True, exist_ok=True)
    began, cpu = time.perf_counter(), time.process_time()
    found = WORK[kind](folder, work)
    # Not ru_maxrss: a process inherits the peak of the one that started it.
    peak = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu + used.ru_utime + used.ru_stime}
    print(json.dumps({**seconds, "peak_mb": peak, **found}))
    if not keep:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
