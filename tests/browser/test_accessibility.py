"""What a reader without a mouse, without sight or with little of it meets: axe-core on every page, and the keyboard."""

from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser import offered
from tests.browser.conftest import Visit
from tests.browser.places import DESK
from tests.browser.reader import open_page, seen, still
from tests.browser.site import Site

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Rows of a table are alike: the first ones speak for all.
PART = {"exclude": [["tbody tr:nth-child(n+6)"]]}
CONTRAST = "color-contrast"
GRAVE = ("serious", "critical")


@dataclass(frozen=True)
class Excused:
    """A finding that Streamlit itself causes: which rule, on which elements, and why it stands."""

    rule: str
    selector: str
    reason: str


# The only place where a finding may be excused. A test fails when one of them is no longer needed.
STREAMLITS_OWN: tuple[Excused, ...] = ()


def grave_findings(page: Page, *, contrast: bool = True, rest: bool = True) -> list[str]:
    """Serious and critical findings of axe-core, without those excused above: contrast, and all other rules."""
    options: dict[str, Any] = {"resultTypes": ["violations"], "preload": False, "runOnly": LEVELS}
    options["rules"] = {"target-size": {"enabled": True}, CONTRAST: {"enabled": contrast}}
    if not rest:
        options = options | {"runOnly": {"type": "rule", "values": [CONTRAST]}, "rules": {}}
    found = []
    for violation in Axe().run(page, context=PART, options=options).response["violations"]:
        for node in violation["nodes"]:
            if (node["impact"] or violation["impact"]) in GRAVE and not excused(page, violation["id"], node):
                found.append(f"{violation['id']}: {node['target']} {node['html'][:160]} {node['failureSummary'][:300]}")
    return found


def excused(page: Page, rule: str, node: dict) -> bool:
    """Whether one of STREAMLITS_OWN names this rule on this element."""
    target = node["target"][-1]
    return any(
        known.rule == rule
        and page.evaluate("([at, s]) => !!document.querySelector(at)?.matches(s)", [target, known.selector])
        for known in STREAMLITS_OWN
    )


def test_axe_has_no_grave_finding(visit: Visit):
    # Colours do not change with the width, names and roles not with the theme.
    light, desk = visit.place.theme == "light", visit.place.width == DESK
    assert not grave_findings(visit.page, contrast=desk, rest=light)


FOCUSED = """() => {
    const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
    const shown = element => {
        const style = getComputedStyle(element);
        return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1) || style.boxShadow !== 'none';
    };
    let ring = false;
    for (let box = at, up = 0; box && up < 6 && !ring; up++, box = box.parentElement)
        ring = (box === at || box.tagName !== 'MAIN') && shown(box);
    return {
        tag: at.tagName, role: at.getAttribute('role'), ring, size: [box.width, box.height],
        name: (at.getAttribute('aria-label') || at.innerText || at.closest('label')?.innerText || '').trim(),
        region: ['.st-key-nav', '.pl-menu', '.st-key-strip', '.st-key-filters', '[class*="st-key-source-"]',
                 'footer.pl-footer', 'table', '.pl-know', '[data-testid=stMain]'].find(s => at.closest(s)) ?? '',
        above: box.bottom <= 0, below: box.top >= innerHeight,
    };
}"""
# After blur() alone, Tab would go on from where the reader was.
FROM_THE_TOP = """() => {
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
}"""
MOST_STEPS = 600


def walk(page: Page) -> list[dict]:
    """What has the focus at each press of Tab, from the top of the page to its last link."""
    met = []
    page.evaluate(FROM_THE_TOP)
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        now = page.evaluate(FOCUSED)
        if now["tag"] == "BODY":
            break
        met.append(now)
        if now["region"] == "footer.pl-footer":
            break
    return met


@pytest.mark.parametrize("subject", offered.PAGES, ids=lambda subject: subject.name)
def test_tab_reaches_everything_from_the_first_link_to_the_last_and_is_seen(reading, subject: offered.Page):
    page = reading(subject.name, "demo")
    met = walk(page)
    reached = {step["region"] for step in met}
    assert met[0]["name"] == "Skip to main content"
    assert {".st-key-nav", ".st-key-strip", "footer.pl-footer"} <= reached
    if page.locator(".st-key-filters").count():
        filters = [step["name"] for step in met if step["region"] == ".st-key-filters"]
        assert len(filters) == page.locator(".st-key-filters button:visible").count()
    # Files and what is opened, and the links to the queries that counted it.
    offered_there = page.locator("[class*='st-key-source-']").locator("button:visible, a[href]:visible").count()
    assert len([step for step in met if step["region"].startswith('[class*="st-key-source-"')]) == offered_there
    assert not [step for step in met if not step["ring"]]
    assert not [step for step in met if not step["name"] and step["role"] != "region"]


def test_a_filter_is_set_by_the_keyboard_alone(page: Page, site: Site):
    open_page(page, site.address, "participation", edition="demo")
    page.locator(".st-key-filters button").first.focus()
    page.keyboard.press("Enter")
    field = page.get_by_role("combobox", name="State")
    expect(field).to_be_visible()
    page.keyboard.press("Tab")
    expect(field).to_be_focused()
    page.keyboard.type("Ohio")
    expect(page.get_by_role("option", name="Ohio")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "state=OH" in url)
    still(page)
    page.keyboard.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    # On from the field: what empties it, and then the next filter, with the popover closed behind.
    expect(page.get_by_role("button", name="Clear all")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Clear all")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Program")).to_be_focused()
    expect(page.locator("[data-testid=stPopoverBody]:visible")).to_have_count(0)


def test_on_a_phone_the_menu_opens_by_keyboard(phone: Page, site: Site):
    open_page(phone, site.address, "")
    phone.locator(".pl-menu summary").focus()
    phone.keyboard.press("Enter")
    phone.keyboard.press("Tab")
    expect(phone.locator(".pl-menu a").first).to_be_focused()


@pytest.mark.parametrize("subject", offered.PAGES, ids=lambda subject: subject.name)
def test_at_twice_the_size_nothing_is_lost(reading, subject: offered.Page):
    page = reading(subject.name, "demo")
    # 200 % on a desk is a page of half the width and height in CSS pixels.
    page.set_viewport_size({"width": 640, "height": 450})
    still(page)
    assert max(seen(page)["sideways"]) <= 0 and not seen(page)["beyond"]
