"""One browser, one server and one build for the whole suite; every page is visited once and asked many questions."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import offered
from tests.browser.find_browser import SENTENCE, browser
from tests.browser.reader import ARGUMENTS, PATIENCE, Watch, open_page, seen, still
from tests.browser.site import Site, build

SCREENSHOTS = Path(__file__).parent / "screenshots"
WITHOUT_SAMPLES = "the real sample files lie beside the repository, not in it"
DESK, PHONE = 1280, 390
HEIGHT = {DESK: 900, PHONE: 844}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of this folder runs on one worker, so that the build and the server are made once."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.xdist_group("browser"))
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator[None]:
    """Keep a picture of what the reader saw when a test failed."""
    report = yield
    if report.when == "call" and report.failed:
        for value in getattr(item, "funcargs", {}).values():
            page = getattr(value, "page", value)
            if isinstance(page, Page) and not page.is_closed():
                SCREENSHOTS.mkdir(exist_ok=True)
                name = re.sub(r"[^A-Za-z0-9]+", "-", item.nodeid.rpartition("/")[2]).strip("-")
                page.screenshot(path=SCREENSHOTS / f"{name[:120]}.png")
    return report


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """What `make run` shows first: the record edition of the curated facts, and the demo edition."""
    data = tmp_path_factory.mktemp("site")
    build(data, "record")
    build(data, "demo")
    served = Site(data)
    yield served
    served.stop()


@pytest.fixture(scope="session")
def atlas_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The record edition with the real Atlas list of 2020 in it."""
    if not offered.SAMPLES.is_dir():
        pytest.skip(WITHOUT_SAMPLES)
    data = tmp_path_factory.mktemp("atlas")
    build(data, "record", offered.SAMPLES)
    served = Site(data)
    yield served
    served.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The installed browser, headless."""
    path = browser()
    assert path is not None, SENTENCE
    if SCREENSHOTS.exists():
        shutil.rmtree(SCREENSHOTS)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(path), args=ARGUMENTS)
        yield launched
        launched.close()


@dataclass
class Tab:
    """The one tab of the suite. It is kept: a browser does not read Streamlit and Plotly anew for every page."""

    page: Page
    watch: Watch
    theme: str = ""
    open_for: "Place | None" = None

    def as_found(self, width: int = DESK, theme: str = "light") -> Page:
        """The tab with a window of this width and the system's theme; what it did before is forgotten."""
        if theme != self.theme:
            # An open page loads itself anew when the theme turns.
            self.page.goto("about:blank")
        self.open_for, self.theme = None, theme
        self.page.set_viewport_size({"width": width, "height": HEIGHT[width]})
        self.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        self.watch.forget()
        return self.page

    def show(self, place: "Place", served: Site) -> None:
        """Open a place, or make the window of the page that is open as wide as the place says."""
        if self.open_for is not None and replace(self.open_for, width=place.width) == place:
            self.page.set_viewport_size({"width": place.width, "height": HEIGHT[place.width]})
            still(self.page)
        else:
            self.as_found(place.width, place.theme)
            open_page(self.page, served.address, place.page.path, **place.query(served))
        self.open_for = place


@pytest.fixture(scope="session")
def tab(chromium: Browser) -> Iterator[Tab]:
    """The tab in which everything is opened, one page after the other."""
    context = chromium.new_context(accept_downloads=True)
    context.set_default_timeout(PATIENCE)
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


@dataclass(frozen=True)
class Place:
    """Where a visit goes: a view of a page of a world, in a language, on a screen."""

    world: str
    page: offered.Page
    language: str = "en"
    width: int = DESK
    theme: str = "light"
    view: str = ""

    def __str__(self) -> str:
        name = f"{self.page.name}-{self.view}" if self.view else self.page.name
        return f"{self.world}-{name}-{self.language}-{self.width}-{self.theme}"

    @property
    def edition(self) -> str:
        """record or demo."""
        return "demo" if self.world == "demo" else "record"

    def query(self, site: Site) -> dict[str, str]:
        """The parameters of the address."""
        frame = {"edition": self.edition, "lang": self.language}
        usual = {"edition": "record", "lang": "en"}
        return {name: value for name, value in frame.items() if value != usual[name]} | self._picks(site)

    def _picks(self, site: Site) -> dict[str, str]:
        if self.view == "picked":
            best = DOCUMENTED[self.edition]
            first, second = (agency_id for (agency_id,) in site.ask(self.edition, f"{best} limit 2"))
            return {"agency": first} if self.page.name == "agency" else {"agencies": f"{first},{second}"}
        return {"section": self.view} if self.view else {}


# The agencies of which most is known, by edition.
DOCUMENTED = {
    "demo": "select agency_id from consent_blocks group by agency_id order by sum(asked) desc, agency_id",
    "record": "select agency_id from published_counts group by agency_id order by count(*) desc, agency_id",
}


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


# Every page x edition x language x width; the dark theme, pages with something picked, and the Atlas, in English.
# The two widths of a page stand side by side: the page is opened once and its window made narrow.
PLACES = [
    *(
        Place(world, page, language, width)
        for world in ("record", "demo")
        for page in offered.PAGES
        for language in offered.LANGUAGES_OFFERED
        for width in (DESK, PHONE)
    ),
    *(Place(world, page, theme="dark") for world in ("record", "demo") for page in offered.PAGES),
    *(
        Place(world, offered.PAGE[name], width=width, view="picked")
        for world in ("record", "demo")
        for name in ("agency", "compare")
        for width in (DESK, PHONE)
    ),
    *(
        Place("demo", offered.PAGE["data_and_methods"], width=width, view=section)
        for section in offered.sections()
        for width in (DESK, PHONE)
    ),
    *(Place("atlas", page, width=width) for page in offered.PAGES for width in (DESK, PHONE)),
]


@pytest.fixture(scope="session", params=PLACES, ids=str)
def visit(request: pytest.FixtureRequest, tab: Tab) -> Visit:
    """One visit of one page, open while all of its tests run."""
    place: Place = request.param
    served: Site = request.getfixturevalue("atlas_site" if place.world == "atlas" else "site")
    tab.show(place, served)
    return Visit(place, served, tab.page, seen(tab.page), tab.watch)
