"""The command line. Reads settings once, passes them down, and turns errors into messages and exit codes.

What only a verb needs is imported inside it: `porchlight --help` must not wait for pandas.
"""

import os
import sys
from collections.abc import Callable
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any, Literal

import click

from etl.errors import PorchlightError, UsageError
from etl.settings import EDITIONS, ENGINES, HOUSE, Edition, EngineName, Settings

FOLDER = click.Path(file_okay=False, path_type=Path)
DATA = click.option(
    "--data", type=FOLDER, default=HOUSE / "data", help="Folder of private/ and public/. [default: data/]"
)
JSON = click.option("--json", "as_json", is_flag=True, help="Report as JSON.")


class Day(click.ParamType):
    """A day as YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the day, or fail with a sentence."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value} is not a day such as 2026-06-30.", param, ctx)


def explained(verb: Callable[..., None]) -> Callable[..., None]:
    """Print our own errors without a traceback and exit with their code."""

    @wraps(verb)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            verb(*args, **kwargs)
        except PorchlightError as error:
            click.echo(f"porchlight: {error}", err=True)
            sys.exit(error.exit_code)

    return run


def tell(report: Any) -> None:
    """Print a report as JSON."""
    import json

    click.echo(json.dumps(report, indent=2, default=str))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="porchlight")
def main() -> None:
    """The public record of how police ask residents for doorbell-camera video."""


@main.command()
@click.option("--edition", type=click.Choice([*EDITIONS, "all"]), default="record", show_default=True)
@click.option(
    "--incoming",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of your own files. [default: DATA/private/incoming/]",
)
@DATA
@click.option("--engine", type=click.Choice(ENGINES), default="duckdb", show_default=True, help="Where counting runs.")
@click.option("--spark-master", help="local[N], local-cluster[N,CORES,MB] or spark://HOST:PORT. [default: local]")
@click.option(
    "--spark-files",
    help="URL of the folder in which executors find the Parquet files of --incoming. [default: its path]",
)
@click.option("--memory-limit", default="1GB", show_default=True, help="Memory that counting may use.")
@click.option("--threads", default=2, show_default=True)
@click.option(
    "--spill", type=FOLDER, help="Folder for what does not fit into memory; private. [default: in DATA/private]"
)
@click.option(
    "--today", type=Day(), default=date.today, help="The day of the run; quarters closed 60 days before it are used."
)
@click.option("--afresh", is_flag=True, help="Do everything again, even where nothing has changed since the last run.")
@click.option("--quiet", is_flag=True, help="No stages and no progress bar on standard error.")
@JSON
@explained
def run(
    edition: str,
    incoming: Path | None,
    data: Path,
    engine: EngineName,
    spark_master: str | None,
    spark_files: str | None,
    memory_limit: str,
    threads: int,
    spill: Path | None,
    today: date,
    afresh: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Ingest, build, check, protect, judge and publish."""
    from etl.run import run as run_edition
    from etl.run import settings_for

    chosen: tuple[Edition, ...] = EDITIONS if edition == "all" else ("demo",) if edition == "demo" else ("record",)
    if incoming and chosen == ("demo",):
        raise UsageError("--incoming belongs to the record edition; the demo edition is simulated.")
    if (spark_master or spark_files) and engine != "spark":
        raise UsageError("--spark-master and --spark-files belong to --engine spark.")
    reports = []
    for name in chosen:
        settings = settings_for(
            name,
            data=data,
            incoming=incoming,
            memory_limit=memory_limit,
            threads=threads,
            today=today,
            engine=engine,
            spark_master=spark_master,
            spark_files=spark_files,
            spill_to=spill and spill.resolve(),
        )
        report = run_edition(settings, quiet=quiet or as_json, afresh=afresh)
        reports.append(report)
        if not as_json:
            click.echo(report.in_words())
    if as_json:
        tell([report.as_dict() for report in reports])


@main.command()
@DATA
@click.option("--port", default=8501, show_default=True)
@explained
def serve(data: Path, port: int) -> None:
    """Serve the dashboard on 127.0.0.1. It opens finished releases only."""
    # Another program in this process's place: no Python crosses the wall between private rows and public pages, and
    # who stops this process stops the server.
    program = [sys.executable, "-m", "dashboard.serve", "--data", str(data.resolve()), "--port", str(port)]
    os.execv(sys.executable, program)


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@JSON
@explained
def check(files: tuple[Path, ...], as_json: bool) -> None:
    """Validate a submission in the record format: every bad row with its reasons. Exit 0 or 1."""
    from etl.submission import check_files

    results = check_files(list(files))
    if as_json:
        tell([result.as_dict() for result in results])
    else:
        for result in results:
            click.echo(result.in_words())
    sys.exit(0 if all(result.is_clean for result in results) else 1)


@main.command()
@click.option("--agencies", default=520, show_default=True)
@click.option("--requests", default=36_000, show_default=True)
@click.option("--months", default=100, show_default=True)
@click.option("--seed", default=413, show_default=True)
@click.option("--out", type=FOLDER, required=True)
@click.option("--format", "file_format", type=click.Choice(["csv", "parquet"]), default="csv", show_default=True)
@click.option("--consent", type=click.Choice(["mixed", "normal", "low"]), default="mixed", show_default=True)
@click.option("--asked", default=14.5, show_default=True, help="Residents asked per request, on average.")
@click.option("--until", type=Day(), help="Write only what was known by this day; a later day gives a superset.")
@click.option("--responses", is_flag=True, help="Also write one row per resident asked.")
@click.option("--tidy", is_flag=True, help="No files with mistakes and odd encodings.")
@explained
def simulate(out: Path, file_format: Literal["csv", "parquet"], tidy: bool, **wishes: Any) -> None:
    """Write an invented country in the record format. The same seed gives the same files."""
    from etl.simulate import simulate as write

    made = write(out, format=file_format, messy=not tidy, **wishes)
    click.echo(f"SIMULATED: {sum(made.rows.values()):,} rows in {len(made.rows)} files, {out}.")


@main.command()
@click.argument("releases", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@JSON
@explained
def judge(releases: tuple[Path, ...], as_json: bool) -> None:
    """Judge finished releases together, oldest first; exit 0 only if nothing about residents can be recovered."""
    from etl.judge import judge_cli

    sys.exit(judge_cli([str(path) for path in releases], as_json))


@main.group()
def fetch() -> None:
    """Download a public source into data/private/incoming/."""


@fetch.command()
@DATA
@click.option("--url", default="https://atlasofsurveillance.org/download.csv", show_default=True)
@click.option("--timeout", default=60, show_default=True, help="Seconds without an answer before giving up.")
@explained
def atlas(data: Path, url: str, timeout: int) -> None:
    """Download the Atlas of Surveillance of the Electronic Frontier Foundation."""
    from etl.fetch import fetch_atlas

    path = fetch_atlas(url, data / "private" / "incoming", timeout=timeout, progress=True)
    click.echo(f"Saved {path}. Next: porchlight run")


@main.command()
@DATA
@click.option("--edition", type=click.Choice(EDITIONS), default="record", show_default=True)
@JSON
@explained
def releases(data: Path, edition: Edition, as_json: bool) -> None:
    """What is published, and what changed between one release and the next."""
    from etl.history import history

    entries = history(Settings(edition=edition, data=data))
    if as_json:
        tell([entry.as_dict() for entry in entries])
        return
    if not entries:
        click.echo(f"Nothing is published yet for the {edition} edition. Next: porchlight run --edition {edition}")
    for entry in entries:
        click.echo(entry.in_words())
