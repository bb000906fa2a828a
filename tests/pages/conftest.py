"""Both editions as the program itself makes them, built once; served once; one browser for all."""

import importlib.util
import socket
import subprocess
import sys
import time
import urllib.request
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from etl.run import run, settings_for

HOUSE = Path(__file__).resolve().parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync"]


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    data = tmp_path_factory.mktemp("pages")
    for edition in ("record", "demo"):
        run(settings_for(edition, data=data, incoming=None, memory_limit="2GB", threads=2, today=date(2026, 11, 22)),
            quiet=True)  # fmt: skip
    return data


@pytest.fixture(scope="session")
def address(built):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-m", "dashboard.serve", "--data", str(built), "--port", str(port)])
    for _ in range(240):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2)
            break
        except OSError:
            time.sleep(0.5)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait()


@pytest.fixture(scope="session")
def chromium():
    spec = importlib.util.spec_from_file_location("find", HOUSE / "tests" / "browser" / "find_browser.py")
    find = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(find)
    path = find.browser()
    assert path, find.SENTENCE
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(path), args=FLAGS)
        yield browser
        browser.close()
