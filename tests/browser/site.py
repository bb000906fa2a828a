"""A site as a reader finds it: releases made by the real pipeline, served by the real server on this machine."""

import json
import os
import socket
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from etl.engines.duckdb import connect
from etl.run import run, settings_for
from tests.browser.offered import HOUSE

TODAY = date(2026, 11, 22)
PATIENCE = 90


def build(data: Path, edition: str, incoming: Path | None = None) -> str:
    """Run an edition from its sources to a release; returns the release's id."""
    settings = settings_for(edition, data=data, incoming=incoming, memory_limit="2GB", threads=2, today=TODAY)
    return run(settings, quiet=True).release.release_id


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Site:
    """`python -m dashboard.serve` over one data folder, from start to stop, with what it wrote to its log."""

    def __init__(self, data: Path) -> None:
        self.data = data
        port = str(free_port())
        self.address = f"http://127.0.0.1:{port}"
        self.log = data / "server.log"
        command = [
            sys.executable,
            "-m",
            "dashboard.serve",
            "--data",
            str(data),
            "--port",
            self.address.rpartition(":")[2],
        ]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                command, cwd=HOUSE, stdout=log, stderr=subprocess.STDOUT, env={**os.environ, "PYTHONUNBUFFERED": "1"}
            )
        self._wait_for_health()

    def _wait_for_health(self) -> None:
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends and self.process.poll() is None:
            try:
                with urlopen(f"{self.address}/_stcore/health", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except (URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        self.process.terminate()
        raise AssertionError(f"the dashboard did not start: {self.log.read_text()[-2000:]}")

    def stop(self) -> None:
        """Stop the server, and refuse a log that holds an error nobody saw on a page."""
        self.process.terminate()
        self.process.wait(PATIENCE)
        assert "Traceback" not in self.log.read_text(), self.log.read_text()[-4000:]

    def current(self, edition: str) -> str:
        """Id of the release that the edition's pointer names."""
        return json.loads((self.data / "public" / edition / "current.json").read_text())["release_id"]

    def ask(self, edition: str, query: str, release_id: str | None = None) -> list[tuple[Any, ...]]:
        """Rows of a query straight to a release, past everything that the dashboard does."""
        folder = self.data / "public" / edition / "releases" / (release_id or self.current(edition))
        with connect(folder / "porchlight.duckdb", read_only=True) as con:
            return con.execute(query).fetchall()
