"""A chart that leaves its page: as a picture, inside another page, on a wall."""

import http.server
import threading
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.reader import PATIENCE_MS, seen

pytestmark = pytest.mark.xdist_group("one-chart")


@pytest.fixture
def overview(reading):
    return reading("overview", "demo")


def saved(page, kind, chart="growth"):
    with page.expect_download() as waiting:
        page.locator(f".st-key-source-{chart} .pl-picture button[data-kind={kind}]").click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def test_a_png_is_a_picture_of_twice_the_size_named_by_its_release(overview, site):
    name, content = saved(overview, "png")
    assert name == f"porchlight-SIMULATED-overview-growth-{site.current('demo')}.png"
    assert content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) > 50_000
    width, height = (int.from_bytes(content[at : at + 4], "big") for at in (16, 20))
    assert width == 2 * (1088 + 64) and height > 1000


def test_an_svg_carries_finding_definition_source_release_day_and_the_mark(overview, site):
    name, content = saved(overview, "svg")
    text = content.decode()
    finding = overview.locator("h2").first.inner_text()
    assert name.endswith(".svg") and text.startswith("<svg")
    assert finding in text
    words = " ".join(text.replace("</text>", " ").split())
    for told in (
        "SIMULATED: every agency",
        "Participation: agencies with an active",
        "Porchlight simulation.",
        site.current("demo"),
        "Published November 22, 2026",
        "S I M U L A T E D",
        "<desc>",
        "data:font/woff2",
    ):
        assert told in words, told  # fmt: skip
    assert not [part for part in ("http://www.w3.org/1999/xhtml", "<script", "hoverlayer") if part in text]


def test_an_svg_opens_by_itself_and_shows_its_words(overview, chromium, tmp_path):
    _name, content = saved(overview, "svg", "states")
    path = tmp_path / "states.svg"
    path.write_bytes(content)
    page = chromium.new_page()
    page.goto(path.as_uri())
    assert page.evaluate("document.documentElement.tagName") == "svg"
    assert page.locator("text").filter(has_text="WY").count() == 1
    page.close()


def test_an_embedded_chart_stands_alone_with_title_source_and_the_way_back(opening, site):
    shown = opening("overview", "demo", embed="true", chart="tiles")
    page = shown.page
    assert page.locator("[class*=st-key-chart-]").count() == 1
    assert page.locator(".st-key-chart-tiles").count() == 1
    assert page.locator("h1").count() == 1 and page.locator("h2").count() == 0
    assert not page.locator(".st-key-nav, .st-key-filters, .pl-footer, [class*=st-key-source-], table").count()
    words = page.locator("[data-testid=stMain]").inner_text()
    assert "SIMULATED" in words and site.current("demo") in words
    back = page.get_by_role("link", name="Open it with its table and definitions")
    assert f"as_of={site.current('demo')}" in back.get_attribute("href")
    assert "embed" not in back.get_attribute("href")
    page.close()


def test_a_chart_that_is_not_there_is_told(opening):
    shown = opening("overview", "record", embed="true", chart="nothing")
    assert "has no such chart" in shown.page.locator("[data-testid=stMain]").inner_text()


def test_the_embed_code_works_inside_a_page_of_another_origin(overview, chromium, site, tmp_path):
    overview.locator(".st-key-source-growth").get_by_role("button", name="Cite and link").click()
    code = overview.locator("pre.pl-copied", has_text="<iframe").first.inner_text()
    overview.keyboard.press("Escape")
    assert "chart=growth" in code and "embed=true" in code
    (tmp_path / "index.html").write_text(f"<!doctype html><title>A newsroom</title>{code}")
    handler = lambda *given: http.server.SimpleHTTPRequestHandler(*given, directory=str(tmp_path))  # noqa: E731
    newsroom = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=newsroom.serve_forever, daemon=True).start()
    page = chromium.new_page()
    page.goto(f"http://127.0.0.1:{newsroom.server_port}/index.html")
    page.frame_locator("iframe").locator(".st-key-chart-growth .main-svg").first.wait_for(timeout=PATIENCE_MS)
    page.close()
    newsroom.shutdown()
    newsroom.server_close()


def test_on_a_wall_the_arrow_keys_turn_from_chart_to_chart(opening):
    shown = opening("overview", "record", view="projector", width=1920, height=1080)
    page = shown.page
    assert page.locator("[class*=st-key-chart-]").count() == 1 and not page.locator(".st-key-nav, .pl-footer").count()
    first = page.locator("h1").inner_text()
    size = page.locator(".st-key-chart-growth text").first.evaluate(
        "text => parseFloat(getComputedStyle(text).fontSize)"
    )
    assert size >= 19
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**chart=tiles**")
    shown.still()
    assert page.locator(".st-key-chart-tiles").count() == 1
    assert page.locator("h1").inner_text() != first
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**chart=growth**")
    shown.still()
    assert page.locator("h1").inner_text() == first
    page.locator(".st-key-turn-out button").click()
    page.locator(".pl-footer").wait_for(state="attached")
    assert "projector" not in page.url and page.locator(".st-key-nav").count() == 1
    page.close()


@pytest.mark.parametrize(
    ("name", "edition", "lang", "chart"),
    [
        ("overview", "demo", "", "growth"),
        ("overview", "record", "", "tiles"),
        ("requests", "record", "", "known"),
        ("consent", "demo", "es", "funnel"),
        ("consent", "demo", "es", "agencies"),
    ],
)
def test_on_a_small_wall_no_word_is_cut_and_none_lies_on_another(opening, name, edition, lang, chart):
    shown = opening(name, edition, lang=lang, view="projector", chart=chart, width=1280)
    for width in (1280, 390):
        shown.page.set_viewport_size({"width": width, "height": 844})
        shown.still()
        met = seen(shown.page)
        [drawn] = met["charts"]
        assert drawn["key"] == chart and (drawn["cut"], drawn["touching"]) == ([], []), width
        assert max(met["sideways"]) <= 0
        # The drawing fills its column and leaves no hole below it.
        frame, plot = shown.page.evaluate(f"""() => ['', ' .js-plotly-plot'].map(inner => {{
            const box = document.querySelector('.st-key-chart-{chart}' + inner).getBoundingClientRect();
            return [box.width, box.height];
        }})""")
        assert frame == pytest.approx(plot, abs=3), width
    shown.page.close()


def test_on_a_small_wall_the_pointer_finds_what_it_points_at(opening):
    shown = opening("overview", "record", view="projector", chart="tiles", width=1280)
    for code, name in (("TX", "Texas"), ("FL", "Florida")):
        at = shown.page.locator(".st-key-chart-tiles text", has_text=code).first.bounding_box()
        for step in (20, 30):
            shown.page.mouse.move(at["x"] + step, at["y"] + 20)
        expect(shown.page.locator(".st-key-chart-tiles .hovertext")).to_contain_text(name)
    shown.page.close()


def test_the_row_under_a_chart_keeps_what_can_be_opened_on_one_line(opening):
    # The longest row there is: SIMULATED and five tables, in the longer language.
    shown = opening("overview", "demo", lang="es")
    for width in (1280, 820):
        shown.page.set_viewport_size({"width": width, "height": 900})
        shown.still()
        rows = shown.page.evaluate("""() => [...document.querySelectorAll('[class*="st-key-source-"]')].map(row =>
            [...row.querySelectorAll('button p, .pl-picture button')].map(word => {
                const at = document.createRange();
                at.selectNodeContents(word);
                return Math.round(at.getBoundingClientRect().top);
            }))""")
        assert len(rows) == 3 and not [row for row in rows if len(set(row)) > 1], rows
    shown.page.close()


def test_a_chart_leads_in_one_click_to_the_query_that_counted_it(opening, site):
    overview = opening("overview", "demo").page
    with overview.expect_navigation():
        overview.locator(".st-key-source-growth .pl-counted").get_by_role("link", name="participation").click()
    place = overview.locator("#query")
    place.wait_for()
    # What lies above it is drawn late: wait until it stands where it stays, below the strip at the top.
    overview.wait_for_function("() => Math.abs(document.getElementById('query').getBoundingClientRect().top - 70) < 20")
    release = site.world.data / "public" / "demo" / "releases" / site.current("demo")
    query = (release / "methods" / "participation.sql").read_text(encoding="utf-8")
    shown = overview.locator("[data-testid=stCode]").first
    assert "".join(shown.inner_text().split()) == "".join(query.split())
    assert shown.bounding_box()["y"] < 200
    assert overview.evaluate("document.activeElement.id") == "query"


def test_the_foot_of_a_page_with_charts_leads_to_the_wall(opening):
    shown = opening("participation", "record", state="CT", lang="es")
    with shown.page.expect_navigation():
        shown.page.locator(".pl-footer").get_by_role("link", name="Sus gráficos en un proyector").click()
    shown.page.locator(".st-key-turn").wait_for()
    shown.still()
    assert "view=projector" in shown.page.url and "state=CT" in shown.page.url and "lang=es" in shown.page.url
    assert shown.page.locator("[class*=st-key-chart-]").count() == 1 and not shown.page.locator(".st-key-nav").count()
    shown.page.close()
    without = opening("data_and_methods", "record", section="files")
    assert not without.page.locator(".pl-footer a[href*=projector]").count()
    without.page.close()


def test_only_an_address_made_for_it_may_stand_in_anothers_frame(site):
    for query, allowed in (
        ("?embed=true&chart=growth", "*"),
        ("?edition=demo", "'self'"),
    ):
        asked = urllib.request.Request(f"{site.address}/{query}", headers={"Accept": "text/html"})
        with urllib.request.urlopen(asked) as answer:
            assert answer.headers["Content-Security-Policy"].endswith(f"frame-ancestors {allowed}")


def test_on_a_phone_one_button_holds_the_filters_and_says_how_many_are_set(opening):
    shown = opening("participation", "demo", state="OH", kind="municipal_police", width=390, height=844)
    button, filters = shown.page.locator(".pl-filters summary"), shown.page.locator(".st-key-filters button")
    told = button.evaluate("button => button.innerText + getComputedStyle(button, '::after').content")
    assert told == 'Filters" (2)"'
    assert not filters.first.is_visible()
    button.click()
    assert filters.first.is_visible()
    shown.page.get_by_role("button", name="Reset").click()
    shown.page.wait_for_url(lambda url: "state=OH" not in url)
    shown.still()
    assert filters.first.is_visible()
    assert button.evaluate("button => getComputedStyle(button, '::after').content") == "none"
