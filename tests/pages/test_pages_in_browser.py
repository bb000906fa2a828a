"""Every page of both editions in a real browser: heard, seen small, seen large, with what belongs to each chart."""

import re
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

HOUSE = Path(__file__).resolve().parents[2]
PAGES = re.findall(r'st\.Page\("app_pages/(\w+)\.py"', (HOUSE / "dashboard" / "app.py").read_text(encoding="utf-8"))
# Pages that show most of what they can only after something was picked.
PICKED = [("agency", "demo", "&agency={first}"), ("compare", "demo", "&agencies={first},{second}")]
SIDEWAYS = "() => { const main = document.querySelector('[data-testid=stMain]'); return Math.max("
SIDEWAYS += "main.scrollWidth - main.clientWidth, document.documentElement.scrollWidth - innerWidth) }"


@pytest.fixture(
    scope="module", params=[(name, at, "") for name in PAGES for at in ("record", "demo")] + PICKED, ids=str
)
def opened(request, opening, site):
    """One page, opened once for all questions below; each is asked of every page in turn."""
    name, edition, picks = request.param
    first, second = documented(site) if picks else ("", "")
    shown = opening(name, edition, picks.format(first=first, second=second))
    yield shown
    shown.page.close()


def documented(site):
    """The two agencies of the demo edition with the most blocks."""
    folder = next((site.data / "public" / "demo" / "releases").iterdir())
    with duckdb.connect(str(folder / "porchlight.duckdb"), read_only=True) as con:
        rows = con.execute(
            "select agency_id from consent_blocks group by 1 order by count(*) desc, 1 limit 2"
        ).fetchall()
    return [row[0] for row in rows]


def test_a_page_opens_without_complaint_and_without_another_host(opened):
    shown = opened.page.locator("body").inner_text()
    title = opened.page.locator("h1").first.inner_text()
    assert opened.page.locator(".pl-footer").count() == 1
    assert len(title.split()) > 4 and "Traceback" not in shown
    assert opened.complaints == [] and opened.foreign == []
    assert ("SIMULATED" in shown) == (opened.edition == "demo")


def test_every_chart_says_its_finding_and_can_be_saved_with_it(opened):
    charts = opened.page.evaluate("""() => [...document.querySelectorAll('[class*=st-key-chart-]')].map(box => ({
        key: box.className.match(/st-key-chart-([a-z-]+)/)[1],
        alt: box.querySelector('[role=img]')?.getAttribute('aria-label') ?? box.innerText,
    }))""")
    offered = opened.page.evaluate(
        "() => [...document.querySelectorAll('.pl-picture')].map(row => ({...row.dataset, table: "
        "!!row.closest('[class*=st-key-source-]').querySelector('[data-testid=stDownloadButton]')}))"
    )
    saved = {key for row in offered for key in row["charts"].split()}
    assert {chart["key"] for chart in charts} == saved
    for row in offered:
        assert row["title"] and row["source"] and row["definition"] and row["alt"] and row["table"], row
        assert "release 20" in row["cite"] and "Published" in row["cite"]
        assert ("mark" in row) == (opened.edition == "demo")


def test_there_is_one_title_and_heads_leave_out_no_level(opened):
    levels = opened.page.evaluate("""() => [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')]
        .filter(head => head.checkVisibility()).map(head => Number(head.tagName[1]))""")
    assert levels.count(1) == 1 and levels[0] == 1, levels
    assert not [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1], levels


def test_landmarks_lead_to_the_navigation_the_page_and_its_foot(opened):
    found = opened.page.evaluate("""() => ({main: document.querySelectorAll('main, [role=main]').length,
        nav: [...document.querySelectorAll('nav, [role=navigation]')].filter(nav => nav.checkVisibility()).length,
        foot: document.querySelectorAll('footer').length})""")
    assert found == {"main": 1, "nav": 1, "foot": 1}


def test_a_page_fits_small_windows_with_its_finding_above_the_fold(opened):
    for width, height in ((640, 450), (390, 844), (360, 740)):
        opened.page.set_viewport_size({"width": width, "height": height})
        opened.page.wait_for_timeout(400)
        assert opened.page.evaluate(SIDEWAYS) <= 0, width
    opened.page.set_viewport_size({"width": 390, "height": 844})
    opened.page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")
    title = opened.page.locator("h1").bounding_box()
    assert title["y"] + title["height"] < 844
    small = opened.page.evaluate("""() => [...document.querySelectorAll('button, summary, .pl-menu a')]
        .filter(one => one.checkVisibility() && !one.closest('[data-testid=stDataFrame], [aria-hidden=true]'))
        .map(one => [one.innerText || one.ariaLabel, one.getBoundingClientRect()])
        .filter(([, box]) => box.width && (box.width < 24 || box.height < 24))
        .map(([name, box]) => [name, box.width, box.height])""")
    assert not small
