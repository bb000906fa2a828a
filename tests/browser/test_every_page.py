"""What holds on every page of every edition, in every language, on a desk and on a phone."""

from dashboard import i18n
from tests.browser.conftest import Visit
from tests.browser.offered import PAGES
from tests.browser.places import PHONE


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
