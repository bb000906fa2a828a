"""The figures that were counted by hand in the real Atlas of 2020, read off the Participation page."""

import re

import pytest
from playwright.sync_api import Page

from tests.browser.reader import cells, open_page, words
from tests.browser.site import Site
from tests.samples import needs_samples

pytestmark = [pytest.mark.xdist_group("atlas"), needs_samples]
BY_YEAR = {"2018": "59", "2019": "703", "2020": "739"}


@pytest.fixture
def atlas_site(joined_site: Site) -> Site:
    """The record edition joined with the real list of 2020."""
    return joined_site


@pytest.fixture
def atlas_list(atlas_site: Site) -> str:
    """The id of the Atlas in the release."""
    [(source_id,)] = atlas_site.ask("record", "select source_id from sources where source_id like 'eff-atlas-%'")
    return source_id


def test_the_list_names_1501_rows_and_1500_agencies_in_47_states(page: Page, atlas_site: Site, atlas_list: str):
    open_page(page, atlas_site.address, "participation", list=atlas_list)
    assert re.search(r"\b1,501 rows name 1,500 agencies in 47 states\.", words(page))
    assert "1,331 rows are dated to the day and 170 rows are dated to the month" in words(page)
    assert dict(cells(page, "Rows by year of start")) == BY_YEAR
    # The page counts agencies, each once; only the section on lists counts rows.
    assert re.search(r"\b1,500 (of the [\d,]+ )?agencies\b", page.locator("h1").inner_text())


def test_407_rows_had_started_when_the_vendor_said_405(page: Page, atlas_site: Site, atlas_list: str):
    open_page(page, atlas_site.address, "participation", list=atlas_list, active_on="2019-08-28")
    assert "407 rows had started by August 28, 2019." in words(page)
    assert page.get_by_role("button", name="Active on: August 28, 2019").is_visible()


def test_six_of_them_were_in_connecticut_as_the_local_press_said(page: Page, atlas_site: Site, atlas_list: str):
    open_page(page, atlas_site.address, "participation", list=atlas_list, active_on="2019-08-28", state="CT")
    assert re.search(r"\b6 rows had started by August 28, 2019\.", words(page))
    named = {row[0] for row in cells(page, "Named agencies") if len(row) > 4}
    assert len(named) == 6
    for town in ("Branford", "East Haven", "Naugatuck", "Orange", "Waterford", "Wolcott"):
        assert any(town in name for name in named), named


@pytest.mark.parametrize(("state", "rows"), [("IL", 163), ("CA", 121), ("NC", 56), ("CT", 39)])
def test_a_state_shows_its_own_rows(page: Page, atlas_site: Site, atlas_list: str, state: str, rows: int):
    open_page(page, atlas_site.address, "participation", list=atlas_list, state=state)
    assert re.search(rf"\b{rows} rows name", words(page))


def test_an_agency_that_two_sources_name_counts_once(page: Page, atlas_site: Site):
    open_page(page, atlas_site.address, "participation", state="NC")
    [(counted,)] = atlas_site.ask(
        "record",
        "select count(distinct agency_id) from partnerships join agencies using (agency_id) "
        "where state = 'NC' and program_id = 'ring-neighbors'",
    )
    assert re.search(rf"\b{counted} ", page.locator("h1").inner_text())
