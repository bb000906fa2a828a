"""What every chart of every page owes its reader: the queries that counted it, and a sentence for who cannot see it."""

import re
import sys
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from tests.browser import offered
from tests.worlds import HOUSE, World

APP = HOUSE / "dashboard" / "app.py"
# Tables that no query makes: the program writes down what it did.
WRITTEN_BY_THE_PROGRAM = {"consent_blocks", "source_rows", "release_changes"}
DOCUMENTED = {
    "demo": "select agency_id from consent_blocks group by agency_id order by sum(asked) desc, agency_id limit 2",
    "record": "select agency_id from published_counts group by agency_id order by count(*) desc, agency_id limit 2",
}


@dataclass(frozen=True)
class View:
    """An address of a page, without the edition's own agencies."""

    page: str
    edition: str
    picks: dict = field(default_factory=dict, hash=False)

    def __str__(self):
        return "-".join([self.page, self.edition, *map(str, self.picks.values())])


VIEWS = [
    View(page, edition, picks)
    for edition in ("record", "demo")
    for page, picks in [
        *((page, {}) for page in offered.PAGE),
        ("agency", {"agency": "picked"}),
        ("compare", {"agencies": "picked"}),
        ("participation", {"map": "points"}),
        # Of these states the record knows no month, and the simulation no month of joining.
        ("participation", {"state": "CT"}),
        ("overview", {"state": "AK"}),
        ("requests", {"unit": "per_resident", "split": "channel"}),
        ("requests", {"split": "county_fips"}),
        *(("data_and_methods", {"section": section}) for section in offered.sections()),
    ]
]
# Where charts are heard in Spanish too: where the demo edition draws most of them.
SPANISH = [
    view
    for view in VIEWS
    if view.edition == "demo" and view.page != "data_and_methods" and not {"map", "unit"} & {*view.picks}
]


@pytest.fixture
def opened(editions: World, monkeypatch):
    """Run a view as a reader meets it; returns the run."""

    def run(view: View, **address) -> AppTest:
        monkeypatch.setattr(sys, "argv", ["app.py", "--data", str(editions.data)])
        app = AppTest.from_file(str(APP), default_timeout=120)
        ids = [agency_id for (agency_id,) in editions.ask(view.edition, DOCUMENTED[view.edition])]
        asked = {"edition": view.edition} | view.picks | address
        asked |= {"agency": ids[0]} if "agency" in asked else {}
        asked |= {"agencies": ",".join(ids)} if "agencies" in asked else {}
        for name, value in asked.items():
            app.query_params[name] = value
        app = app.switch_page(f"app_pages/{view.page}.py").run()
        assert not app.exception, app.exception
        return app

    return run


def heads(app) -> list[str]:
    """The findings that stand over the charts, as plain text."""
    shown = "".join(element.proto.body for element in app.get("html"))
    return [unescape(re.sub(r"<[^>]+>", "", head)) for head in re.findall(r"<h[12][^>]*>(.*?)</h[12]>", shown)]


def hear(app: AppTest) -> None:
    """Every chart says its finding, and its numbers in sentences."""
    findings = heads(app)
    for figure in app.get("plotly_chart"):
        told = figure.proto.alt
        said = [head for head in findings if told.startswith(head)]
        assert said, told
        # A title alone says nothing: a number stands in the finding or after it.
        assert re.search(r"\d", told) or len(told.split()) >= 8 or "No " in told, told
        assert told.endswith((".", "?", "!")) and "  " not in told and told == told.strip(), told
        assert not re.search(r"\*\*|[<>\u00ad]|&\w+;|\.\.|[;:,] *\.|\. *;|\b(None|nan|NaT)\b|\{|\}", told), told


@pytest.mark.parametrize("view", SPANISH, ids=str)
def test_every_chart_says_its_finding_and_its_numbers_in_spanish_sentences(opened, view):
    hear(opened(view, lang="es"))


def release_folder(world: World, edition: str):
    return world.data / "public" / edition / "releases" / world.current(edition)


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_every_chart_says_its_finding_and_every_source_row_links_the_queries_that_counted_it(opened, editions, view):
    app = opened(view)
    hear(app)
    rows = [button for button in app.get("download_button") if button.proto.id.rpartition("-csv-")[1]]
    lines = [
        line
        for element in app.get("html")
        for line in re.findall(r'<span class="pl-counted">(.*?)</span>', element.proto.body)
    ]
    assert len(lines) == len(rows)
    folder = release_folder(editions, view.edition)
    for line in lines:
        linked = [urlsplit(unescape(url)) for url in re.findall(r'href="([^"]+)"', line)]
        asked = [parse_qs(link.query) for link in linked]
        assert linked and all((link.path, link.fragment) == ("/data_and_methods", "query") for link in linked)
        assert all(
            one["section"] == ["dictionary"] and one.get("edition", ["record"]) == [view.edition] for one in asked
        )
        tables = [one["table"][0] for one in asked]
        assert all((folder / f"{table}.csv").is_file() for table in tables), tables
        without = {table for table in tables if not (folder / "methods" / f"{table}.sql").is_file()}
        assert without <= WRITTEN_BY_THE_PROGRAM
        # Only on the page that tells of the program's own doing may a line name no query at all.
        assert without < set(tables) or view.page == "data_and_methods"


@pytest.mark.parametrize("edition", ["record", "demo"])
def test_a_linked_table_opens_on_the_text_of_its_query(opened, editions, edition):
    folder = release_folder(editions, edition)
    for table in ("request_counts", "participation", "partnerships", "published_counts"):
        app = opened(View("data_and_methods", edition), section="dictionary", table=table)
        assert (folder / "methods" / f"{table}.sql").read_text(encoding="utf-8").strip() in [
            code.value for code in app.code
        ]
        assert '<h2 id="query"' in "".join(element.proto.body for element in app.get("html"))


def test_a_table_about_residents_that_no_query_made_opens_on_the_way_to_its_rule(opened):
    app = opened(View("data_and_methods", "demo"), section="dictionary", table="consent_blocks")
    shown = "".join(element.proto.body for element in app.get("html"))
    assert "No query made this table" in shown and "section=protection" in shown


@pytest.mark.parametrize(("language", "told"), [("en", "○ not reported"), ("es", "○ no informado")])
def test_a_start_that_nobody_reported_says_so_in_the_list_of_agencies(opened, editions, language, told):
    app = opened(View("participation", "record"), lang=language)
    listed = app.dataframe[0].value
    unknown = editions.ask(
        "record",
        "select count(*) from partnerships where started_precision = 'unknown' and program_id = 'ring-neighbors'",
    )[0][0]
    assert unknown > 0 and (listed["joined"] == told).sum() == unknown
    assert not (listed["joined"] == "").any() and not (listed["seen"] == "").any()
