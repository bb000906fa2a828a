"""One build of both editions, one server and one browser for all tests of pages."""

import importlib.util
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from etl.run import run, settings_for

HOUSE = Path(__file__).resolve().parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync"]
# The script has run, no part of the view before is left, every chart is drawn.
STANDS_STILL = """() => {
    const app = document.querySelector('[data-testid=stApp]');
    return app?.dataset.testScriptState === 'notRunning' && document.querySelector('h1')
        && !document.querySelector('[data-stale=true], [data-testid=stMain] [data-testid=stSkeleton]')
        && !document.querySelector('[class*=st-key-chart-]:not(:has(.main-svg))') && document.fonts.status === 'loaded';
}"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of this folder runs on one worker, so that the build and the server are made once."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.xdist_group("pages"))


@dataclass
class Site:
    """A served data folder: where it is, and the releases in it."""

    address: str
    data: Path

    def release_id(self, edition: str) -> str:
        """Id of the edition's only release."""
        return next((self.data / "public" / edition / "releases").iterdir()).name


@dataclass
class Opened:
    """An open page, and what the browser complained of or asked of another host."""

    page: Page
    name: str
    edition: str
    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def still(self) -> None:
        """Wait until the page stands still."""
        self.page.wait_for_function(STANDS_STILL)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with both editions, built as `make run` builds them."""
    data = tmp_path_factory.mktemp("pages")
    for edition in ("record", "demo"):
        run(settings_for(edition, data=data, incoming=None, memory_limit="2GB", threads=2, today=date(2026, 11, 22)),
            quiet=True)  # fmt: skip
    return data


@pytest.fixture(scope="session")
def site(built: Path) -> Iterator[Site]:
    """That folder on a server of its own."""
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
    yield Site(f"http://127.0.0.1:{port}", built)
    server.terminate()
    server.wait()


@pytest.fixture(scope="session")
def address(site: Site) -> str:
    """Where the server is."""
    return site.address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The installed browser, headless."""
    spec = importlib.util.spec_from_file_location("find", HOUSE / "tests" / "browser" / "find_browser.py")
    assert spec and spec.loader
    find = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(find)
    path = find.browser()
    assert path, find.SENTENCE
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(path), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def opening(chromium: Browser, site: Site) -> Callable[..., Opened]:
    """Opens a page of an edition and waits until it stands still: `opening("consent", "demo", "&chart=time")`."""

    def open_page(name: str, edition: str, more: str = "", width: int = 1280, height: int = 900) -> Opened:
        page = chromium.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
        page.set_default_timeout(90_000)
        opened = Opened(page, name, edition)
        page.on("console", lambda said: opened.complaints.append(said.text) if said.type == "error" else None)
        page.on("request", lambda asked: opened.foreign.append(asked.url) if away(asked.url, site) else None)
        page.goto(f"{site.address}/{'' if name == 'overview' else name}?edition={edition}{more}")
        opened.still()
        return opened

    return open_page


def away(url: str, site: Site) -> bool:
    """Whether an address is of another host."""
    return not url.startswith((site.address, site.address.replace("http", "ws"), "data:", "blob:"))
