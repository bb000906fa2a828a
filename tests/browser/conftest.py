"""One browser, one tab and one server a worker; every page is visited once and asked many questions."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, TimeoutError, sync_playwright

from tests.browser import offered
from tests.browser.find_browser import SENTENCE, browser
from tests.browser.places import DESK, EVERYWHERE, HEIGHT, PHONE, PLACES, Place
from tests.browser.reader import ARGUMENTS, PATIENCE_MS, Watch, open_page, seen, still
from tests.browser.site import Site
from tests.worlds import World

# Filters and switches are tried one by one, which takes minutes: `make test-browser` does.
collect_ignore = [] if EVERYWHERE else ["test_filters.py"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever reads one page of one world runs on one worker, one after the other, in the tab that is open."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)
            given = item.callspec.params if hasattr(item, "callspec") else {}
            place, subject = given.get("visit"), given.get("subject")
            if isinstance(place, Place):
                item.add_marker(pytest.mark.xdist_group(f"{place.world}-{place.page.name}"))
            elif isinstance(subject, offered.Page) and not item.get_closest_marker("xdist_group"):
                item.add_marker(pytest.mark.xdist_group(f"{given.get('edition', 'demo')}-{subject.name}"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator[None]:
    """Keep a picture of what the reader saw when a test failed, and say where it is."""
    report = yield
    if report.when == "call" and report.failed:
        for value in getattr(item, "funcargs", {}).values():
            page = getattr(value, "page", value)
            if isinstance(page, Page) and not page.is_closed():
                name = re.sub(r"[^A-Za-z0-9]+", "-", item.nodeid.rpartition("/")[2]).strip("-")
                picture = item.funcargs["pictures"] / f"{name[:120]}.png"
                page.screenshot(path=picture)
                report.sections.append(("Picture", str(picture)))
    return report


@pytest.fixture(scope="session", autouse=True)
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the pictures of failed tests are kept: with pytest's own temporary files."""
    return tmp_path_factory.mktemp("pictures")


@pytest.fixture(scope="session")
def site(editions: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """What `make run` shows first: the record edition of the curated facts, and the demo edition."""
    served = Site(editions, tmp_path_factory.mktemp("site") / "server.log")
    yield served
    served.stop()


@pytest.fixture(scope="session")
def joined_site(joined: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The record edition with the Atlas in it."""
    served = Site(joined, tmp_path_factory.mktemp("joined") / "server.log")
    yield served
    served.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The installed browser, headless."""
    path = browser()
    assert path is not None, SENTENCE
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(path), args=ARGUMENTS)
        yield launched
        launched.close()


@dataclass
class Tab:
    """The one tab of a worker. It is kept: a browser does not read Streamlit and Plotly anew for every page."""

    page: Page
    watch: Watch
    open_for: Place | None = None

    def as_found(self, width: int = DESK, theme: str = "light") -> Page:
        """The tab with a window of this width and the system's theme; what it did before is forgotten."""
        # The page before is left first: what it still does is its own, and it would load anew when the theme turns.
        self.page.goto("about:blank")
        self.open_for = None
        self.page.set_viewport_size({"width": width, "height": HEIGHT[width]})
        self.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        self.watch.forget()
        return self.page

    def show(self, place: Place, served: Site) -> None:
        """Open a place, or make the window of the page that is open as wide as the place says."""
        if self.open_for is not None and replace(self.open_for, width=place.width) == place:
            self.page.evaluate("() => document.activeElement.blur()")
            self.page.set_viewport_size({"width": place.width, "height": HEIGHT[place.width]})
            still(self.page)
        else:
            self.as_found(place.width, place.theme)
            try:
                open_page(self.page, served.address, place.page.path, **place.query(served))
            except TimeoutError as error:
                raise AssertionError(f"{place} does not stand still: {self.watch}") from error
        self.open_for = place


@pytest.fixture(scope="session")
def tab(chromium: Browser) -> Iterator[Tab]:
    """The tab in which everything is opened, one page after the other."""
    context = chromium.new_context(accept_downloads=True)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    yield Tab(page, Watch().over(page))
    context.close()


@pytest.fixture
def page(tab: Tab) -> Page:
    """The tab on a desk, in the light theme."""
    return tab.as_found()


@pytest.fixture
def phone(tab: Tab) -> Page:
    """The tab on a phone."""
    return tab.as_found(PHONE)


@pytest.fixture
def reading(tab: Tab, site: Site) -> Callable[..., Page]:
    """Shows a page to who only reads it: `reading("consent", "demo")`. Where it is open already, it is not opened."""

    def shown(name: str, edition: str = "record", view: str = "") -> Page:
        tab.show(Place(edition, offered.PAGE[name], view=view), site)
        return tab.page

    return shown


@dataclass
class Opened:
    """A window of its own beside the tab: for other sizes, and for pages inside pages."""

    page: Page
    watch: Watch

    def still(self) -> None:
        """Wait until the page stands still."""
        still(self.page)


@pytest.fixture
def opening(tab: Tab, site: Site) -> Iterator[Callable[..., Opened]]:
    """Opens a page of an edition in a window of its own: `opening("consent", "demo", chart="time")`."""
    windows: list[Page] = []

    def opened(name: str, edition: str, *, width: int = DESK, height: int = 900, **query: str) -> Opened:
        window = tab.page.context.new_page()
        windows.append(window)
        window.set_viewport_size({"width": width, "height": height})
        window.emulate_media(reduced_motion="reduce")
        shown = Opened(window, Watch().over(window))
        open_page(window, site.address, offered.PAGE[name].path, edition=edition, **query)
        return shown

    yield opened
    for window in windows:
        window.close()


@dataclass(frozen=True)
class Visit:
    """An open page, what was met on it, and what it did."""

    place: Place
    site: Site
    page: Page
    seen: dict
    watch: Watch

    @property
    def is_simulated(self) -> bool:
        """Whether this is the demo edition."""
        return self.place.edition == "demo"


@pytest.fixture(scope="session", params=PLACES, ids=str)
def visit(request: pytest.FixtureRequest, tab: Tab) -> Visit:
    """One visit of one page, open while all of its tests run."""
    place: Place = request.param
    served: Site = request.getfixturevalue("joined_site" if place.world == "joined" else "site")
    tab.show(place, served)
    return Visit(place, served, tab.page, seen(tab.page), tab.watch)
