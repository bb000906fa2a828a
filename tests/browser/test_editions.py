"""Editions are never mixed, old releases stay open, and a new one appears while the server runs."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import offered
from tests.browser.reader import open_page, seen, still, words
from tests.browser.site import Site
from tests.worlds import World

pytestmark = pytest.mark.xdist_group("editions")
SWITCHES = ".st-key-strip"


def release_folder(world: World, release_id: str) -> Path:
    return world.data / "public" / "record" / "releases" / release_id


@dataclass(frozen=True)
class Renewed:
    """A site whose record edition has two releases: `old` is open first, `new` came later."""

    site: Site
    old: str
    new: str

    def point_at(self, release_id: str) -> None:
        """Swap the pointer as publishing does: a new file, renamed over the old one."""
        pointer = self.site.world.data / "public" / "record" / "current.json"
        fresh = pointer.with_suffix(".new")
        fresh.write_text(json.dumps({"release_id": release_id}))
        fresh.replace(pointer)


@pytest.fixture(scope="module")
def renewed(editions: World, joined: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Renewed]:
    """The server is started on the old release; the new one comes while it runs."""
    folder = tmp_path_factory.mktemp("renewed")
    old, new = editions.current("record"), joined.current("record")
    served = Site(editions.copy(folder / "data"), folder / "server.log")
    shutil.copytree(release_folder(joined, new), release_folder(served.world, new))
    yield Renewed(served, old, new)
    served.stop()


def test_a_new_release_appears_without_a_restart(page: Page, renewed: Renewed):
    renewed.point_at(renewed.old)
    open_page(page, renewed.site.address, "")
    assert renewed.old in seen(page)["footer"]
    before = page.locator("h1").inner_text()
    renewed.point_at(renewed.new)
    page.reload()
    still(page)
    assert renewed.new in seen(page)["footer"]
    assert page.locator("h1").inner_text() != before


def test_an_old_release_opens_by_its_link_and_says_that_a_newer_one_exists(page: Page, renewed: Renewed):
    renewed.point_at(renewed.new)
    open_page(page, renewed.site.address, "participation", as_of=renewed.old)
    [(named,)] = renewed.site.ask(
        "record",
        "select count(distinct agency_id) from partnerships where program_id = 'ring-neighbors'",
        renewed.old,
    )
    assert f"{named:,} agencies" in page.locator("h1").inner_text()
    assert "You are reading an earlier release" in words(page) and renewed.new in words(page)
    assert f"as_of={renewed.old}" in seen(page)["footer"]
    page.get_by_role("link", name="Overview").first.click()
    page.wait_for_url(lambda url: f"as_of={renewed.old}" in url and "participation" not in url)


def test_the_permanent_link_shows_the_same_view_after_a_new_release(page: Page, renewed: Renewed):
    renewed.point_at(renewed.old)
    open_page(page, renewed.site.address, "participation", state="NC")
    told = page.locator("h1").inner_text()
    link = page.locator("footer.pl-footer a[href*='as_of=']").get_attribute("href")
    assert "state=NC" in link
    renewed.point_at(renewed.new)
    page.goto(link)
    still(page)
    assert page.locator("h1").inner_text() == told


@pytest.mark.parametrize("name", ["2020-01-01-000000000000", "../../private", "<script>alert(1)</script>"])
def test_an_unknown_release_is_told_with_those_that_exist(page: Page, renewed: Renewed, name: str):
    open_page(page, renewed.site.address, "", as_of=name)
    assert page.locator("h1").inner_text() == "This release does not exist here"
    for known in (renewed.old, renewed.new):
        assert page.locator("[data-testid=stMain]").get_by_role("link", name=known).is_visible()
    page.get_by_role("link", name=renewed.old).click()
    still(page)
    assert "We can name" in page.locator("h1").inner_text()


@pytest.mark.parametrize("edition", ["demo", "nonsense", "../record"])
def test_an_edition_that_was_never_built_says_how_to_build_it(page: Page, renewed: Renewed, edition: str):
    open_page(page, renewed.site.address, "", edition=edition)
    met = seen(page)
    assert met["h1"] == ["Nothing has been published in this edition yet"]
    assert "porchlight run" in met["words"] and not met["exceptions"]


def test_the_edition_switch_goes_there_and_back_and_drops_the_filters(page: Page, site: Site):
    open_page(page, site.address, "participation", state="NC")
    page.locator(SWITCHES).get_by_text("Demo", exact=True).click()
    expect(page.locator(f"{SWITCHES} .pl-sim b")).to_have_text("SIMULATED")
    still(page)
    assert page.url.partition("?")[2] == "edition=demo"
    assert "SIMULATED" in page.title()
    page.locator(SWITCHES).get_by_text("Record", exact=True).click()
    expect(page.locator(f"{SWITCHES} .pl-sim")).to_have_count(0)
    still(page)
    assert "?" not in page.url and "SIMULATED" not in page.title()


@pytest.mark.parametrize("subject", offered.PAGES, ids=lambda subject: subject.name)
def test_no_address_hides_the_word_simulated(page: Page, site: Site, subject: offered.Page):
    open_page(page, site.address, subject.path, edition="demo", embed="true", embed_options="hide_loading_screen")
    met = seen(page)
    assert met["strip"] == met["tag"] == "SIMULATED"
    assert all("SIMULATED" in chart["words"].replace(" ", "") for chart in met["charts"])


def test_the_language_switch_is_in_the_address_and_the_page_says_it(page: Page, site: Site):
    open_page(page, site.address, "participation", state="NC")
    page.locator(SWITCHES).get_by_text("Español", exact=True).click()
    page.wait_for_url(lambda url: "lang=es" in url)
    still(page)
    assert "state=NC" in page.url
    expect(page.locator("html")).to_have_attribute("lang", "es")
    page.reload()
    still(page)
    assert page.evaluate("document.documentElement.lang") == "es"
