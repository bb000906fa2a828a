"""Says on standard error how far a run is: a line per stage; on a terminal, a bar for what takes over two seconds."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
import duckdb

PATIENCE = 2.0
WIDTH = 24


@contextmanager
def progress(label: str, quiet: bool, con: duckdb.DuckDBPyConnection) -> Iterator[Callable[[str], None]]:
    """Give a function that is told each stage as it begins; standard output stays free for what is piped.

    The bar shows how far the query under way is, where DuckDB knows it, and the seconds of the stage where it does not.
    """
    bar = Bar(label, con, drawn=not quiet and sys.stderr.isatty())
    began = time.monotonic()

    def now(stage: str) -> None:
        bar.begin(stage)
        if not quiet:
            click.echo(f"{label} {time.monotonic() - began:7.1f} s  {stage}", err=True)

    try:
        yield now
    finally:
        bar.end()


class Bar:
    """Draws from a thread of its own, four times a second, while the run works."""

    def __init__(self, label: str, con: duckdb.DuckDBPyConnection, *, drawn: bool) -> None:
        self.label, self.con = label, con
        self.stage, self.since = "", time.monotonic()
        self.is_shown = False
        self.lock = threading.Lock()
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._draw, daemon=True) if drawn else None
        if self.thread:
            self.thread.start()

    def begin(self, stage: str) -> None:
        """Another stage: take the bar of the last one away."""
        with self.lock:
            self._clear()
            self.stage, self.since = stage, time.monotonic()

    def end(self) -> None:
        """Take the bar away for good."""
        self.over.set()
        if self.thread:
            self.thread.join()
        self._clear()

    def _draw(self) -> None:
        while not self.over.wait(0.25):
            with self.lock:
                seconds = time.monotonic() - self.since
                if self.stage and seconds > PATIENCE:
                    self.is_shown = True
                    line = f"\r{self.label} {bar(self.con.query_progress())} {seconds:5.0f} s  {self.stage}"
                    click.echo(line, err=True, nl=False)

    def _clear(self) -> None:
        if self.is_shown:
            click.echo("\r\x1b[K", err=True, nl=False)
            self.is_shown = False


def bar(percent: float) -> str:
    """A bar of WIDTH characters and the percentage; empty and without one where `percent` is negative: not known."""
    if percent < 0:
        return f"[{' ' * WIDTH}]     "
    full = round(WIDTH * min(percent, 100) / 100)
    return f"[{'#' * full}{' ' * (WIDTH - full)}] {min(percent, 100):3.0f} %"
