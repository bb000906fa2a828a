"""Spanish as a browser shows it: numbers, dates, links, and the files asked for on a Spanish page."""

import re
from pathlib import Path

import pytest


@pytest.mark.parametrize(("name", "edition"), [("", "demo"), ("participation", "record")])
def test_numbers_dates_language_and_links_are_spanish_in_a_browser(chromium, site, name, edition):
    page = chromium.new_page()
    page.goto(f"{site.address}/{name}?edition={edition}&lang=es")
    page.locator(".pl-footer").wait_for(timeout=90_000, state="attached")
    page.locator(".js-plotly-plot text").first.wait_for(timeout=30_000)
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
    page.locator("h1", has_text="We can name").wait_for(timeout=30_000)
    assert page.evaluate("document.documentElement.lang") == "en" and "lang=" not in page.url
    page.close()


def test_a_file_asked_for_on_a_spanish_page_is_told_in_spanish(chromium, site):
    """A file is made when it is asked for, long after the page was: in the language of the page all the same."""
    page = chromium.new_page(accept_downloads=True)
    page.goto(f"{site.address}/?edition=demo&lang=es")
    page.locator(".pl-footer").wait_for(timeout=90_000, state="attached")
    with page.expect_download() as asked:
        page.get_by_role("button", name="CSV").first.click()
    told = Path(asked.value.path()).read_text(encoding="utf-8")
    page.close()
    assert "# Versión: " in told and "# Citar como: " in told and "# Release: " not in told
    assert "SIMULADO" in told and "SIMULATED" in asked.value.suggested_filename
