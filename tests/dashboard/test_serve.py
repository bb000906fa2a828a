"""Serving: one command starts the dashboard on this machine only, and stops it whole."""

import asyncio
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from dashboard_world import publish

from tests.reading_session import Session

HOUSE = Path(__file__).resolve().parents[2]


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture
def served(tmp_path):
    publish(tmp_path)
    port = free_port()
    # From another folder: the settings lie beside app.py and must be found from anywhere.
    process = subprocess.Popen(
        [Path(sys.executable).with_name("porchlight"), "serve", "--data", str(tmp_path), "--port", str(port)],
        cwd=tmp_path,
    )
    address = f"http://127.0.0.1:{port}"
    for _attempt in range(240):
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=2).close()
            break
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.5)
    yield process, address
    process.terminate()
    process.wait(30)


def test_it_serves_pages_and_fonts_with_the_policy_and_stops_whole(served):
    process, address = served
    with urllib.request.urlopen(f"{address}/participation", timeout=20) as page:
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert b"<title>Porchlight</title>" in page.read()
    with urllib.request.urlopen(f"{address}/app/static/fonts/porchlight-states.woff2", timeout=20) as font:
        assert font.status == 200
    # What is no browser (a link preview, a watchman) accepts anything, compressed, also where there is no such file.
    for path in ("/", "/participation", "/no/such/page", "/static/js/no-such.js"):
        asked = urllib.request.Request(
            f"{address}{path}", headers={"Accept": "*/*", "Accept-Encoding": "gzip, br, zstd"}
        )
        with urllib.request.urlopen(asked, timeout=20) as answer:
            assert b"<title>Porchlight</title>" in answer.read(), path
            assert answer.headers["Content-Encoding"] is None, path
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"{address}/_stcore/health", timeout=5)


def test_a_crowd_may_come_first(served):
    """The first readers of a new server come all at once, from a link in the news: each gets the page."""
    host = served[1].removeprefix("http://")

    async def crowd(readers):
        sessions = [await Session.at(host, "edition=record") for _ in range(readers)]
        await asyncio.gather(*(session.run() for session in sessions))
        assert all(session.elements > 10 for session in sessions)
        await asyncio.gather(*(session.close() for session in sessions))

    # In a thread of its own: where a browser test ran before, this one has an event loop already.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, crowd(20)).result()
        thread.submit(asyncio.run, crowd(2)).result()


def test_a_port_that_is_taken_is_an_error_and_not_a_silence(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "dashboard.serve", "--data", str(tmp_path), "--port", str(port)],
            cwd=HOUSE,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode != 0
    assert str(port) in done.stdout + done.stderr
