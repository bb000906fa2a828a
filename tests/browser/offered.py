"""What the app offers, read from the app itself: its pages and languages. A new page is covered by itself."""

import ast
from dataclasses import dataclass
from pathlib import Path

from dashboard.i18n import LANGUAGES, LOCALES
from tests.worlds import HOUSE


@dataclass(frozen=True)
class Page:
    """One page: `name` is its file, `path` its place in the address ('' for the first page)."""

    name: str
    path: str
    title: str


def pages() -> tuple[Page, ...]:
    """The list PAGES of dashboard/app.py, in reading order."""
    for node in ast.parse((HOUSE / "dashboard" / "app.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "PAGES":
            return tuple(_page(call) for call in node.value.elts)
    raise AssertionError("dashboard/app.py has no list PAGES")


def _page(call: ast.Call) -> Page:
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    name = Path(call.args[0].value).stem
    title = named["title"]
    words = title.args[0].value if isinstance(title, ast.Call) else title.value
    if "url_path" in named:
        path = named["url_path"].value
    else:
        path = "" if "default" in named and named["default"].value else name
    return Page(name, path, words)


def languages() -> tuple[str, ...]:
    """English, and every language that has a catalogue of words."""
    return tuple(code for code in LANGUAGES if code == "en" or [*(LOCALES / code).rglob("*.[mp]o")])


def sections() -> tuple[str, ...]:
    """The sections of Data and methods, as its address names them."""
    page = HOUSE / "dashboard" / "app_pages" / "data_and_methods.py"
    for node in ast.parse(page.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "DRAW":
            return tuple(key.value for key in node.value.keys)
    raise AssertionError("Data and methods has no list DRAW")


PAGES = pages()
PAGE = {page.name: page for page in PAGES}
LANGUAGES_OFFERED = languages()
