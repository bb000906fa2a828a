"""What holds on every page of every edition, in every language, on a desk and on a phone."""

import re
from itertools import pairwise

from dashboard import i18n
from tests.browser.conftest import Visit
from tests.browser.offered import PAGES
from tests.browser.places import HEIGHT, PHONE
from tests.browser.reader import seen, still


def spoken(message: str, language: str) -> str:
    """A message as the app says it in a language."""
    i18n.use(language)
    try:
        return i18n._(message)
    finally:
        i18n.use("en")


def says(text: str, wanted: set[str]) -> bool:
    return any(word in text.replace(" ", "") for word in wanted)


def test_the_title_is_one_sentence_and_no_error_is_shown(visit: Visit):
    assert len(visit.seen["h1"]) == 1
    title = visit.seen["h1"][0]
    assert len(title.split()) >= 4, title
    assert "{" not in title and "nan" not in title.lower().split() and "None" not in title
    assert not visit.seen["exceptions"]
    assert "Traceback" not in visit.seen["words"]


def test_the_browser_has_nothing_to_complain_about(visit: Visit):
    assert not visit.watch.complaints


def test_nothing_is_asked_of_another_host_and_no_request_fails(visit: Visit):
    assert not visit.watch.foreign
    assert not visit.watch.failed


def test_nothing_lies_beside_the_screen(visit: Visit):
    assert max(visit.seen["sideways"]) <= 0
    assert not visit.seen["beyond"]


def test_simulated_is_said_everywhere_in_the_demo_and_nowhere_in_the_record(visit: Visit):
    wanted = {"SIMULATED", spoken("SIMULATED", visit.place.language)}
    met = visit.seen
    plots = [chart["words"] for chart in met["charts"]]
    if visit.is_simulated:
        marks = {"strip": met["strip"], "tab": met["tab"], "page's name": met["tag"]}
        marks |= {f"plot {chart['key']}": chart["words"] for chart in met["charts"]}
        marks |= {f"source row {i}": told for i, told in enumerate(met["sources"])}
        assert not [where for where, told in marks.items() if not says(told, wanted)]
    else:
        assert not says(met["strip"] + met["tag"] + met["tab"] + " ".join(plots + met["sources"]), wanted)


def test_every_chart_has_its_numbers_and_a_sentence(visit: Visit):
    for chart in visit.seen["charts"]:
        assert chart["key"], "a chart outside components.chart"
        assert chart["role"] in ("figure", "img") and len(chart["alt"].split()) >= 4, chart
        assert chart["hasNumbers"], f"no table and no file beside the chart {chart['key']}"


def test_no_word_of_a_chart_is_cut_off(visit: Visit):
    assert not {chart["key"]: chart["cut"] for chart in visit.seen["charts"] if chart["cut"]}


def test_no_words_of_a_chart_lie_on_each_other(visit: Visit):
    assert not {chart["key"]: chart["touching"] for chart in visit.seen["charts"] if chart["touching"]}


def test_a_table_of_a_few_rows_is_shown_whole(visit: Visit):
    assert not visit.seen["clipped"]


# A number that stands before its noun, whole and not part of another.
ONE = {
    "en": r"(?<![\w.,:/−-])1 (?:(?:named|public|dated|more) )?"
    r"(?:agencies|states|rows|requests|residents|partnerships|sources|leads|months|rates|numbers|columns|files|blocks)\b",
    "es": r"(?<![\w.,:/−-])1 (?:agencias|estados|filas|solicitudes|residentes|alianzas|fuentes|pistas|meses|tasas|"
    r"números|columnas|archivos|bloques|nombradas)\b",
}
# "0 of 1 requests": the noun belongs to a share that may be any.
OF_ONE = r"\b(?:of|de)(?: the)? 1 \w+"


def test_one_is_followed_by_a_singular(visit: Visit):
    said = visit.seen["words"] + " ".join(chart["words"] + chart["alt"] for chart in visit.seen["charts"])
    assert not re.findall(ONE[visit.place.language], re.sub(OF_ONE, "", said))


def test_the_page_says_its_language(visit: Visit):
    assert visit.seen["language"] == visit.place.language


def test_the_foot_of_the_page_cites_this_release_and_links_to_it(visit: Visit):
    release_id = visit.site.current(visit.place.edition)
    assert f"as_of={release_id}" in visit.seen["footer"]
    assert release_id in visit.seen["footer"].split("http")[0]


def test_no_file_leaves_without_its_header(visit: Visit):
    # Streamlit's own tables offer a bare CSV: no definitions, no licence, no SIMULATED.
    assert visit.seen["ownDownloads"] == 0


def test_the_navigation_names_every_page(visit: Visit):
    if visit.place.width == PHONE:
        visit.page.locator(".pl-menu summary").click()
        named = visit.page.locator(".pl-menu a").all_inner_texts()
        visit.page.locator(".pl-menu summary").click()
    else:
        named = visit.page.locator(".st-key-nav [data-testid=stPageLink]").all_inner_texts()
    assert [name.strip() for name in named] == [spoken(page.title, visit.place.language) for page in PAGES]


def test_every_chart_can_be_saved_with_its_finding_and_its_sources(visit: Visit):
    offered = visit.page.evaluate(
        "() => [...document.querySelectorAll('.pl-picture')].map(row => ({...row.dataset, table: "
        "!!row.closest('[class*=st-key-source-]').querySelector('[data-testid=stDownloadButton]')}))"
    )
    assert {chart["key"] for chart in visit.seen["charts"]} <= {key for row in offered for key in row["charts"].split()}
    for row in offered:
        assert row["title"] and row["source"] and row["definition"] and row["alt"] and row["table"], row
        assert visit.site.current(visit.place.edition) in row["cite"]
        assert ("mark" in row) == visit.is_simulated


def test_heads_leave_out_no_level(visit: Visit):
    levels = visit.page.evaluate("""() => [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')]
        .filter(head => head.checkVisibility()).map(head => Number(head.tagName[1]))""")
    assert levels.count(1) == 1 and levels[0] == 1, levels
    assert not [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1], levels


def test_landmarks_lead_to_the_navigation_the_page_and_its_foot(visit: Visit):
    found = visit.page.evaluate("""() => ({main: document.querySelectorAll('main, [role=main]').length,
        nav: [...document.querySelectorAll('nav, [role=navigation]')].filter(nav => nav.checkVisibility()).length,
        foot: document.querySelectorAll('footer').length})""")
    assert found == {"main": 1, "nav": 1, "foot": 1}


def test_the_finding_is_above_the_fold_and_everything_can_be_hit(visit: Visit):
    met = visit.page.evaluate("""() => {
        document.querySelector('[data-testid=stMain]').scrollTo(0, 0);
        const hit = [...document.querySelectorAll('button, summary, .pl-menu a')].filter(one => one.checkVisibility()
            && !one.closest('[data-testid=stDataFrame], [aria-hidden=true]'));
        return {title: document.querySelector('h1').getBoundingClientRect().bottom, fold: innerHeight,
            small: hit.map(one => [one.innerText || one.ariaLabel, one.getBoundingClientRect()])
                .filter(([, box]) => box.width && (box.width < 24 || box.height < 24)).map(([name]) => name)};
    }""")
    assert met["title"] < met["fold"]
    assert not met["small"]


def test_the_narrowest_phone_scrolls_one_way_only(visit: Visit):
    if visit.place.width != PHONE:
        return
    visit.page.set_viewport_size({"width": 360, "height": 740})
    still(visit.page)
    met = seen(visit.page)
    visit.page.set_viewport_size({"width": PHONE, "height": HEIGHT[PHONE]})
    still(visit.page)
    assert max(met["sideways"]) <= 0 and not met["beyond"]
