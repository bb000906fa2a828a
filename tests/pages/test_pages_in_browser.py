"""Every page of both editions in a real browser: a title, no complaint of the browser, no other host, SIMULATED."""

import importlib.util
import re
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
PAGES = re.findall(r'st\.Page\("app_pages/(\w+)\.py"', (HOUSE / "dashboard" / "app.py").read_text(encoding="utf-8"))
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync"]
pytestmark = pytest.mark.xdist_group("pages")


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    data = tmp_path_factory.mktemp("pages")
    for edition in ("record", "demo"):
        run(settings_for(edition, data=data, incoming=None, memory_limit="2GB", threads=2, today=date(2026, 11, 22)),
            quiet=True)  # fmt: skip
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-m", "dashboard.serve", "--data", str(data), "--port", str(port)])
    for _ in range(240):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2)
            break
        except OSError:
            time.sleep(0.5)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait()


@pytest.fixture(scope="module")
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


@pytest.mark.parametrize("edition", ["record", "demo"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_without_complaint_and_without_another_host(chromium, address, name, edition):
    page, complaints, foreign = chromium.new_page(), [], []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("request", lambda asked: foreign.append(asked.url) if not is_ours(asked.url, address) else None)
    path = "" if name == "overview" else name
    page.goto(f"{address}/{path}?edition={edition}")
    page.locator(".pl-footer").wait_for(timeout=90_000, state="attached")
    shown = page.locator("body").inner_text()
    title = page.locator("h1").first.inner_text()
    page.close()
    assert len(title.split()) > 4 and "Traceback" not in shown
    assert complaints == [] and foreign == []
    assert ("SIMULATED" in shown) == (edition == "demo")


def is_ours(url: str, address: str) -> bool:
    return url.startswith((address, address.replace("http", "ws"), "data:", "blob:"))
