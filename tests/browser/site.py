"""A site as a reader finds it: finished releases, served by the real server on this machine."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from tests.worlds import HOUSE, World

# How long a condition may take to come true, in seconds, before the test gives up: long, for a busy machine.
PATIENCE = 90


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Site:
    """`python -m dashboard.serve` over one world, from start to stop, with what it wrote to its log."""

    def __init__(self, world: World, log: Path) -> None:
        self.world = world
        self.log = log
        port = str(free_port())
        self.address = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "dashboard.serve", "--data", str(world.data), "--port", port]
        with self.log.open("w") as written:
            self.process = subprocess.Popen(
                command,
                cwd=HOUSE,
                stdout=written,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
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
        return self.world.current(edition)

    def ask(self, edition: str, query: str, release_id: str | None = None) -> list[tuple[Any, ...]]:
        """Rows of a query straight to a release, past everything that the dashboard does."""
        return self.world.ask(edition, query, release_id)
