"""A real process and a real signal: an interrupted run leaves the last release whole and nothing half done."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

from etl.simulate import simulate

# What a shell starts in the background without job control is deaf to Ctrl-C, and so would be a run of ours.
RUN = """
import signal
import sys
from datetime import date
from pathlib import Path
from etl.run import run, settings_for

signal.signal(signal.SIGINT, signal.default_int_handler)
settings = settings_for(
    "demo", data=Path(sys.argv[1]), incoming=None, memory_limit="1GB", threads=2, today=date(2026, 11, 22)
)
print(run(settings, prepared=True).release.release_id)
"""


def start(data: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", RUN, str(data)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def finished(data: Path) -> str:
    process = start(data)
    said, wrong = process.communicate()
    assert process.returncode == 0, wrong
    return said.strip()


def wait_until(process: subprocess.Popen[str], is_so) -> None:
    while not is_so():
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.01)


def test_an_interrupted_run_leaves_nothing_half_done(tmp_path):
    incoming = tmp_path / "private/demo/incoming"
    simulate(incoming, agencies=12, requests=400, months=30, seed=5, responses=True, messy=False)
    public, private = tmp_path / "public/demo", tmp_path / "private/demo"
    first = finished(tmp_path)
    responses = incoming / "responses.csv"
    lines = responses.read_text().splitlines(keepends=True)
    responses.write_text("".join(lines[:1] + lines[1:] * 400))
    moments = {
        "reading": lambda: list((private / "parts").glob(".making-*")),
        # Of the first run there are two of requests and one of responses.
        "counting": lambda: len(list((private / "parts").glob("[!.]*/"))) > 3,
        "publishing": lambda: list((public / "releases").glob(".building-*")),
    }
    for moment, is_so in moments.items():
        process = start(tmp_path)
        wait_until(process, is_so)
        process.send_signal(signal.SIGINT)
        _, wrong = process.communicate()
        assert process.returncode != 0 and "KeyboardInterrupt" in wrong, (moment, wrong)
        left = [path.name for folder in (private, private / "parts", public / "releases") for path in folder.glob(".*")]
        assert left == [".lock"], moment
        assert json.loads((public / "current.json").read_text())["release_id"] == first
        assert [path.name for path in (public / "releases").iterdir()] == [first]
    process = start(tmp_path)
    wait_until(process, lambda: list(private.glob(".decoded-*")))
    process.kill()
    process.communicate()
    assert any(path.name.startswith(".warehouse-") for path in private.iterdir())
    assert finished(tmp_path) != first
    assert [path.name for path in private.glob(".*")] == [".lock"], "what a killed run left is gone after the next"
