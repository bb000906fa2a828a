"""What a page costs against a bare hello page: python -m tests.benchmarks.bench_pages [--data DIR] [--edition demo]

Both servers run side by side and are asked in turn, so that other work on the machine slows both. Three measures:

- processor time of the server per run of the page, in a site with 50 readers at once (real websocket sessions, each
  of which runs the page anew as a reader does who picks a filter);
- time until the page is drawn in a browser that comes for the first time, and in one that has been here before;
- bytes on the wire that the server sends when the reader switches what the map shows.

`--data` holds releases (`porchlight run --edition all`). Prints a table with medians; asserts nothing.
"""

import argparse
import asyncio
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

from tests.benchmarks.relay import Relay, relayed
from tests.browser.find_browser import browser as find_browser
from tests.browser.reader import ARGUMENTS, STANDS_STILL
from tests.reading_session import Session

HOUSE = Path(__file__).resolve().parents[2]
HELLO = 'import streamlit as st\n\nst.title("Hello")\nst.write("Hello, world.")\n'
IS_DRAWN = """() => document.querySelector('h1') && document.fonts.status === 'loaded'
    && document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"""
READERS, RUNS, ROUNDS, OPENINGS = 50, 4, 5, 7
TICK = os.sysconf("SC_CLK_TCK")


class Server:
    """A running server: its address and what its processes have spent."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.pid, self.host = process.pid, f"127.0.0.1:{port}"
        ends = time.monotonic() + 120
        while time.monotonic() < ends:
            try:
                with urlopen(f"http://{self.host}/_stcore/health", timeout=5):
                    return
            except (URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        raise SystemExit("a server did not start")

    def cpu(self) -> float:
        """Processor seconds, user and system, of the process and its children so far."""
        spent, wanted = 0, [self.pid]
        while wanted:
            pid = wanted.pop()
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            spent += int(fields[11]) + int(fields[12])
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            wanted += [int(child) for child in children]
        return spent / TICK


@contextmanager
def serving(command: list[str], folder: Path) -> Iterator[Server]:
    """A server on a free port of this machine; `{port}` in the command is filled."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    filled = [sys.executable, "-m", *(word.format(port=port) for word in command)]
    environment = os.environ | {"STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false"}
    process = subprocess.Popen(filled, cwd=folder, env=environment, stdout=sys.stderr)
    try:
        yield Server(process, port)
    finally:
        process.terminate()
        process.wait(30)


async def rounds(servers: dict[str, tuple[Server, str]]) -> dict[str, list[float]]:
    """Milliseconds of processor per run, for each server, of several rounds with all readers connected to both."""
    spent: dict[str, list[float]] = {name: [] for name in servers}
    sessions: dict[str, list[Session]] = {}
    try:
        for name, (server, query) in servers.items():
            sessions[name] = [await Session.at(server.host, query) for _ in range(READERS)]
            await sessions[name][0].run()
            await asyncio.gather(*(session.run() for session in sessions[name]))
        for _ in range(ROUNDS):
            for name, (server, _query) in servers.items():
                before = server.cpu()
                for _ in range(RUNS):
                    await asyncio.gather(*(session.run() for session in sessions[name]))
                spent[name].append(1000 * (server.cpu() - before) / (RUNS * READERS))
    finally:
        await asyncio.gather(*(session.close() for each in sessions.values() for session in each))
    return spent


def opened(browser: Browser, address: str, drawn: str, *, again: bool) -> float:
    """Seconds until the address is drawn, in a fresh profile; `again`: when it is opened for the second time."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    try:
        page = context.new_page()
        for _ in range(2 if again else 1):
            page.goto("about:blank")
            begins = time.monotonic()
            page.goto(address, wait_until="commit")
            page.wait_for_function(drawn, polling="raf", timeout=120_000)
            seconds = time.monotonic() - begins
        return seconds
    finally:
        context.close()


def bytes_of_a_switch(page: Page, relay: Relay, query: str, choice: str) -> int:
    """Bytes that the server sends when the reader picks a choice of a switch, compressed as they are."""
    page.goto(f"http://{relay.host}/?{query}")
    page.wait_for_function(STANDS_STILL)
    page.wait_for_timeout(1000)
    before = relay.received
    page.locator("[data-testid=stButtonGroup]").get_by_text(choice, exact=True).first.click()
    page.wait_for_timeout(500)
    page.wait_for_function(STANDS_STILL)
    page.wait_for_timeout(500)
    return relay.received - before


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=HOUSE / "data")
    parser.add_argument("--edition", choices=["record", "demo"], default="record")
    given = parser.parse_args()
    query = f"edition={given.edition}"
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "hello.py").write_text(HELLO, encoding="utf-8")
        hello_command = ["streamlit", "run", "hello.py", "--server.port", "{port}", "--server.address", "127.0.0.1"]
        hello_command += ["--server.headless", "true"]
        our_command = ["dashboard.serve", "--data", str(given.data.resolve()), "--port", "{port}"]
        with serving(hello_command, Path(folder)) as hello, serving(our_command, HOUSE) as ours:
            print("| measure | hello : Overview | ratio | goal | |\n|---|---|---|---|---|")
            spent = asyncio.run(rounds({"hello": (hello, ""), "ours": (ours, query)}))
            one, other = (statistics.median(spent[name]) for name in ("hello", "ours"))
            line(f"processor per run, {READERS} readers", f"{one:.1f} ms : {other:.1f} ms", other / one, 2.0)
            in_a_browser(hello.host, ours.host, query)


def in_a_browser(hello: str, ours: str, query: str) -> None:
    """Measure and print what takes a browser."""
    with sync_playwright() as playwright, relayed(ours) as relay:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
        for name, again in (("first visit", False), ("later visit", True)):
            pairs = [
                (
                    opened(browser, f"http://{hello}/", IS_DRAWN, again=again),
                    opened(browser, f"http://{ours}/?{query}", STANDS_STILL, again=again),
                )
                for _ in range(OPENINGS)
            ]
            one, other = (statistics.median(pair[index] for pair in pairs) for index in (0, 1))
            line(f"time to drawn, {name}", f"{one:.2f} s : {other:.2f} s", other / one, 2.0)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        for choice, asked in (("Agencies as points", query), ("States as tiles", f"{query}&map=points")):
            size = bytes_of_a_switch(page, relay, asked, choice) / 1000
            met = "met" if size <= 50 else "NOT met"
            print(f"| the server's answer to “{choice}” | {size:.0f} kB | | <= 50 kB | {met} |")
        browser.close()


def line(measure: str, against: str, ratio: float, goal: float) -> None:
    """Print one line of the table."""
    print(f"| {measure} | {against} | {ratio:.2f} | <= {goal} | {'met' if ratio <= goal else 'NOT met'} |", flush=True)


if __name__ == "__main__":
    main()
