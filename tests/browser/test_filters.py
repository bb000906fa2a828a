"""Filters live in the address: a pick writes it, a reload keeps it, Reset empties it."""

import re
from datetime import date

import pytest
from playwright.sync_api import Locator, Page, expect

from dashboard.selection import PARAMETER_OF
from tests.browser import offered
from tests.browser.places import Place
from tests.browser.reader import address, open_page, still, words
from tests.browser.site import Site

FILTERS = ".st-key-filters"
FRAME = {"edition", "lang", "as_of"}
PICKED = ("agency", "compare")
VIEWS = [Place("demo", page) for page in offered.PAGES]
VIEWS += [Place("demo", offered.PAGE[name], view="picked") for name in PICKED]
# Agency is one agency and Data and methods the whole release; Compare has filters once agencies are picked.
FILTERED = [
    place
    for place in VIEWS
    if place.page.name not in ("agency", "compare", "data_and_methods")
    or (place.page.name, place.view) == ("compare", "picked")
]
DAYS = {"since": date(2019, 1, 1), "until": date(2026, 6, 30), "active_on": date(2023, 6, 30)}


def parameters(page: Page) -> dict[str, str]:
    """The address's parameters."""
    return dict(page.evaluate("() => [...new URL(location.href).searchParams]"))


def filters_of(page: Page) -> list[Locator]:
    """The filters' buttons, in order."""
    return page.locator(f"{FILTERS} [data-testid=stPopoverButton]").all()


def labels(page: Page) -> list[str]:
    """What every filter's button says."""
    return [button.inner_text().strip().splitlines()[0] for button in filters_of(page)]


def pick(page: Page, button: Locator) -> str:
    """Pick something in a filter by keyboard and mouse; returns the name of its field."""
    button.click()
    body = page.locator("[data-testid=stPopoverBody]:visible").last
    field = body.locator("[class*='st-key-filter_']").first
    expect(field.get_by_role("combobox").or_(field.get_by_role("spinbutton")).first).to_be_visible()
    name = re.search(r"st-key-filter_(\w+)", field.get_attribute("class")).group(1)
    before = page.url
    if name in DAYS:
        segments = field.get_by_role("spinbutton")
        segments.first.click()
        page.keyboard.type(f"{DAYS[name]:%Y%m%d}")
        # Streamlit takes a typed date when the field is left.
        page.locator("h1").click()
    else:
        box = field.get_by_role("combobox")
        now = box.input_value()
        box.click()
        option = page.get_by_role("option").filter(has_not_text=re.compile(r"^(All|Select all)$"))
        option = option.filter(has_not_text=re.compile(f"^{re.escape(now)}$")) if now else option
        expect(page.get_by_role("option").first).to_be_visible()
        if not option.count():
            page.keyboard.press("Escape")
            return ""
        option.first.click()
    page.wait_for_function("before => location.href !== before", arg=before)
    page.keyboard.press("Escape")
    still(page)
    return name


@pytest.mark.parametrize("place", FILTERED, ids=str)
def test_every_filter_survives_a_reload_and_reset_takes_it_back(page: Page, site: Site, place: Place):
    open_page(page, site.address, place.page.path, **place.query(site))
    before, count = labels(page), len(filters_of(page))
    start = parameters(page)
    picked = []
    for index in range(count):
        name = pick(page, filters_of(page)[index])
        if name:
            picked.append(name)
            assert PARAMETER_OF[name] in parameters(page), f"{name} is not in the address"
    assert picked
    shown, kept, told = labels(page), parameters(page), page.locator("h1").inner_text()
    assert shown != before
    page.reload()
    still(page)
    assert (labels(page), parameters(page), page.locator("h1").inner_text()) == (shown, kept, told)
    page.get_by_role("button", name="Reset").click()
    page.wait_for_url(lambda url: "state=" not in url)
    still(page)
    expect(page.locator(f"{FILTERS} [data-testid=stPopoverButton]").first).to_contain_text(before[0])
    assert parameters(page) == start
    assert labels(page) == before


def switches(page: Page) -> Locator:
    """The rows of choices on the page itself, without edition and language."""
    return page.locator("[data-testid=stMain] [role=radiogroup]:not(.st-key-strip *)")


@pytest.mark.parametrize("place", VIEWS, ids=str)
def test_every_switch_survives_a_reload(page: Page, site: Site, place: Place):
    start = address(site.address, place.page.path, **place.query(site))
    page.goto(start)
    still(page)
    for index in range(switches(page).count()):
        page.goto(start)
        still(page)
        other = switches(page).nth(index).get_by_role("radio", checked=False, disabled=False).first
        picked = other.inner_text().strip()
        other.click()
        page.wait_for_url(lambda url: url != start)
        page.reload()
        still(page)
        expect(switches(page).nth(index).get_by_role("radio", name=picked, exact=True)).to_be_checked()


def test_a_search_of_the_dictionary_survives_a_reload_and_says_nothing_in_english(page: Page, site: Site):
    open_page(page, site.address, "data_and_methods", section="dictionary", lang="es")
    field = page.get_by_role("textbox", name="Buscar")
    field.press_sequentially("council vote")
    expect(page.locator("h3", has_text="2 columnas encontradas")).to_be_visible()
    assert "Press Enter" not in words(page)
    expect(field).to_have_value("council vote")
    assert parameters(page)["search"] == "council vote"
    page.reload()
    still(page)
    expect(field).to_have_value("council vote")
    expect(page.locator("h3", has_text="2 columnas encontradas")).to_be_visible()


def test_back_and_forward_show_the_view_of_that_address(page: Page, site: Site):
    open_page(page, site.address, "participation", edition="demo")
    whole = page.locator("h1").inner_text()
    open_page(page, site.address, "participation", edition="demo", state="OH")
    part = page.locator("h1").inner_text()
    assert part != whole
    page.go_back()
    still(page)
    expect(page.locator("h1")).to_have_text(whole)


def test_what_the_release_does_not_hold_is_said_and_left_out(page: Page, site: Site):
    open_page(page, site.address, "participation", edition="demo", state="ZZ", active_on="someday", kind="<b>x</b>")
    assert "This release does not hold: ZZ and <b>x</b>" in words(page)
    assert page.locator("b", has_text=re.compile("^x$")).count() == 0


def test_a_link_between_pages_keeps_edition_and_language(page: Page, site: Site):
    open_page(page, site.address, "", edition="demo", lang="es")
    for link in page.locator("[data-testid=stMain] a[href]").all():
        target = link.get_attribute("href")
        if target.startswith(("http", "#")):
            continue
        assert "edition=demo" in target and "lang=es" in target, target
