"""Spanish as a browser shows it: numbers, dates, links, and the files asked for on a Spanish page."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.reader import open_page, still
from tests.browser.site import Site


@pytest.mark.parametrize(("name", "edition"), [("", "demo"), ("participation", "record")])
def test_numbers_dates_language_and_links_are_spanish_in_a_browser(page: Page, site: Site, name: str, edition: str):
    open_page(page, site.address, name, edition=edition, lang="es")
    shown = page.locator("body").inner_text()
    for quoted in page.locator('[lang="en"]').all_inner_texts():
        shown = shown.replace(quoted, "")
    assert page.evaluate("document.documentElement.lang") == "es"
    assert re.search(r"\d\u00a0%", shown) and not re.search(r"\d%", shown)
    assert re.search(r"\b(enero|marzo|mayo|julio|octubre|diciembre) de 20\d\d\b", shown)
    assert re.search(r"\b\d{1,3},\d{3}\b", shown)
    assert not re.search(r"\b(January|March|June|July|October|December)\b", shown)
    inside = page.locator('.stApp a[href^="/"]').evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert len(inside) > 5 and all("lang=es" in there for there in inside)
    page.get_by_text("English", exact=True).first.click()
    page.locator("h1", has_text="We can name").wait_for()
    still(page)
    assert page.evaluate("document.documentElement.lang") == "en" and "lang=" not in page.url


def test_a_file_asked_for_on_a_spanish_page_is_told_in_spanish(page: Page, site: Site):
    """A file is made when it is asked for, long after the page was: in the language of the page all the same."""
    open_page(page, site.address, "", edition="demo", lang="es")
    with page.expect_download() as asked:
        page.get_by_role("button", name="CSV").first.click()
    told = Path(asked.value.path()).read_text(encoding="utf-8")
    assert "# Versión: " in told and "# Citar como: " in told and "# Release: " not in told
    assert "SIMULADO" in told and "SIMULATED" in asked.value.suggested_filename
