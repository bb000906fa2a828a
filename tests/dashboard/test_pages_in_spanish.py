"""Every page in Spanish: no English sentence of the catalogue is left, no language leaks to another reader."""

import json
import re
import sys
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from streamlit.testing.v1 import AppTest

from dashboard import i18n
from dashboard.messages import texts

HOUSE = Path(__file__).resolve().parents[2]
APP = HOUSE / "dashboard" / "app.py"
PAGES = re.findall(r'st\.Page\("(app_pages/\w+\.py)"', APP.read_text(encoding="utf-8"))
SECTIONS = ("files", "dictionary", "sources", "definitions", "statistics", "changes", "contribute")
METHODS = "app_pages/data_and_methods.py"
# Shorter pieces (a name, a unit) also occur in data.
SHORTEST = 14
EVERYTHING = [
    *((page, edition, {}) for page in PAGES for edition in ("record", "demo")),
    *((METHODS, "demo", {"section": section}) for section in SECTIONS),
]


@pytest.fixture
def shown(editions, monkeypatch):
    """What a reader of a page is given: HTML, labels, alternatives, words inside figures; not code, not addresses."""

    def run(page, **address):
        monkeypatch.setattr(sys, "argv", ["app.py", "--data", str(editions.data)])
        app = AppTest.from_file(str(APP), default_timeout=60)
        for name, value in address.items():
            app.query_params[name] = value
        app = app.switch_page(page).run()
        assert not app.exception, app.exception
        return visible(app)

    return run


def visible(app) -> str:
    told = [element.proto.body for element in app.get("html")]
    told += [element.value for kind in ("markdown", "caption") for element in app.get(kind)]
    for figure in app.get("plotly_chart"):
        told += [figure.proto.alt, *strings(json.loads(figure.proto.spec))]
    for kind in ("selectbox", "multiselect", "text_input", "date_input", "segmented_control", "button"):
        for widget in app.get(kind):
            told += [
                widget.proto.label,
                *getattr(widget.proto, "options", []),
                getattr(widget.proto, "placeholder", ""),
            ]
    for kind in ("popover", "download_button", "expander"):
        # Without the ids, which are new in every run.
        told += [re.sub(r'(file_)?id: "[^"]*"|url: "[^"]*"', "", str(element.proto)) for element in app.get(kind)]
    return re.sub(r'<span lang="en">.*?</span>', " ", "\n".join(str(piece) for piece in told), flags=re.DOTALL)


def strings(value):
    """Every text inside a figure."""
    if isinstance(value, str):
        yield value
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(child)


@cache
def pieces(of: int) -> list[str]:
    """The parts between the places of every English (0) or Spanish (1) text that differs from its translation."""
    with i18n.message_file("es").open("rb") as file:
        pairs = [
            p for m in read_po(file) if m.id for p in zip(texts(m.id), texts(m.string), strict=True) if p[0] != p[1]
        ]
    found = {piece.strip(" .,:;()") for pair in pairs for piece in re.split(r"\{\w+\}|\*\*", pair[of])}
    other = "\n".join(pair[1 - of] for pair in pairs)
    return sorted(piece for piece in found if len(piece) >= SHORTEST and " " in piece and piece not in other)


def left_over(text: str, of: int) -> list[str]:
    plain = (
        text.replace("&#x27;", "'").replace("&quot;", '"').replace("&amp;", "&").replace("<b>", "").replace("</b>", "")
    )
    return [piece for piece in pieces(of) if piece in plain and re.search(rf"(?<!\w){re.escape(piece)}(?!\w)", plain)]


@pytest.mark.parametrize(("page", "edition", "address"), EVERYTHING, ids=lambda value: str(value)[-30:])
def test_no_english_sentence_is_left_on_a_spanish_page(shown, page, edition, address):
    text = shown(page, edition=edition, lang="es", **address)
    assert left_over(text, 0) == []


def test_a_language_never_leaks_into_a_page_of_another_reader(shown):
    """Answers, figures and tables are kept for all readers: the second language must not be given the first one's."""
    for page in ("app_pages/overview.py", "app_pages/consent.py"):
        spanish = shown(page, edition="demo", lang="es")
        english = shown(page, edition="demo")
        # The first line also shows that the search finds what it looks for.
        assert left_over(english, 0) != [] and left_over(spanish, 1) != []
        assert left_over(english, 1) == []
        assert shown(page, edition="demo", lang="es") == spanish
