"""Serves the dashboard on this machine: `python -m dashboard.serve --data DIR --port N`."""

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

from dashboard.settings import Settings

FOLDER = Path(__file__).resolve().parent


def command(data: Path, port: int) -> list[str]:
    """The command that starts Streamlit; its settings lie in .streamlit/config.toml beside app.py."""
    return [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(FOLDER / "server.py"),
        "--server.port",
        str(port),
        "--server.address",
        "127.0.0.1",
        "--",
        "--data",
        str(data.resolve()),
    ]


def serve(data: Path, port: int) -> int:
    """Serve until interrupted or terminated; returns Streamlit's exit code, 0 where we were asked to stop."""
    # Streamlit reads its settings from the folder it runs in; -P keeps that folder off the path, where our
    # `statistics` would hide Python's own.
    environment = os.environ | {"PYTHONSAFEPATH": "1"}
    process = subprocess.Popen(command(data, port), cwd=FOLDER, env=environment)
    stopped = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopped
        stopped = True
        process.terminate()

    for wanted in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wanted, stop)
    code = process.wait()
    return 0 if stopped else code


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m dashboard.serve", description=__doc__)
    parser.add_argument("--data", type=Path, default=Settings.data, help="folder that holds public/")
    parser.add_argument("--port", type=int, default=8501)
    arguments = parser.parse_args()
    sys.exit(serve(arguments.data, arguments.port))


if __name__ == "__main__":
    main()
