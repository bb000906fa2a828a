"""The Spanish catalogue: nothing is missing, nothing is stale, places agree; numbers and dates follow the language."""

import ast
import re
from datetime import date
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from dashboard import i18n, messages
from dashboard.messages import texts

HOUSE = Path(__file__).resolve().parents[2]
PLACES = re.compile(r"\{\w+\}")


@pytest.fixture(scope="module")
def spanish():
    with i18n.message_file("es").open("rb") as file:
        return read_po(file, locale="es_US")


@pytest.fixture(scope="module")
def pairs(spanish):
    """Every English text with its Spanish one; a plural gives two pairs."""
    return [pair for m in spanish if m.id for pair in zip(texts(m.id), texts(m.string), strict=True)]


@pytest.fixture
def in_spanish():
    i18n.use("es")
    yield
    i18n.use("en")


def keys(catalogue):
    return {(message.context, texts(message.id)) for message in catalogue if message.id}


def test_every_message_has_a_spanish_text(spanish):
    assert messages.untranslated(spanish) == [], "translate them in messages.po, see dashboard/locales/README.md"


def test_the_catalogues_hold_exactly_what_the_code_says_today(spanish):
    said = keys(messages.collected())
    with messages.TEMPLATE.open("rb") as file:
        template = keys(read_po(file))
    assert said ^ template == set(), "run `make messages`"
    assert said ^ keys(spanish) == set(), "run `make messages`"


def test_a_message_inside_an_f_string_is_found():
    source = "f\"<b>{_('one')}</b>\"; ngettext('a', 'b', n); pgettext('c', 'd'); _(computed)"
    assert list(messages.messages_in(source)) == [(None, "one"), (None, ("a", "b")), ("c", "d")]


def test_every_place_and_every_bold_word_of_the_english_is_in_the_spanish(pairs):
    for english, told in pairs:
        assert sorted(PLACES.findall(english)) == sorted(PLACES.findall(told)), told
        assert english.count("**") == told.count("**"), told
        assert re.findall(r"^\s|\s$|<\w+>", english) == re.findall(r"^\s|\s$|<\w+>", told), told


def test_spanish_signs_are_used(pairs):
    for _english, told in pairs:
        assert not re.search(r"[\d}] ?%", told), f"no-break space before %: {told}"
        assert told.count("?") == told.count("¿"), told


def test_no_cached_question_speaks_a_language():
    """A question's answer is kept for all readers: a word in it would keep the language of the first one."""
    for path in sorted((HOUSE / "dashboard").glob("public_data/*.py")) + sorted(
        (HOUSE / "dashboard").glob("statistics/*.py")
    ):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "dashboard.i18n":
                assert {name.name for name in node.names} <= {"N_", "is_known"}, path.name


def test_numbers_percents_and_intervals_are_written_as_spanish_speakers_of_the_us_write_them(in_spanish):
    assert i18n.number(1501) == "1,501"
    assert i18n.percent(0.209) == "20.9\u00a0%"
    assert i18n.interval(0.201, 0.217) == "del 20.1 al 21.7"
    assert i18n.number(None) == "" == i18n.percent(None)


def test_dates_are_spanish_and_as_exact_as_they_are_known(in_spanish):
    on = date(2019, 8, 28)
    assert [i18n.day(on, exactness) for exactness in ("day", "month", "year")] == [
        "28 de agosto de 2019",
        "agosto de 2019",
        "2019",
    ]
    assert (i18n.the_day(on), i18n.the_day(on, "month")) == ("el 28 de agosto de 2019", "agosto de 2019")
    assert i18n.short_month(on) == "ago 2019"
    assert i18n.quarter(on) == "2019 T3"
    assert i18n.iso(on) == "2019-08-28"


def test_dates_are_english_where_nothing_was_said():
    on = date(2019, 8, 28)
    assert (i18n.day(on), i18n.the_day(on), i18n.quarter(on)) == ("August 28, 2019", "August 28, 2019", "2019 Q3")


def test_signs_come_from_the_language_and_not_from_python(monkeypatch):
    """German is not one of ours; it shows that another pair of signs would reach numbers and charts."""
    monkeypatch.setitem(i18n.LOCALE, "es", i18n.Locale.parse("de_DE"))
    i18n._signs.cache_clear()
    i18n.use("es")
    assert (i18n.number(1501.25, 1), i18n.separators()) == ("1.501,2", ".,")
    i18n.use("en")
    i18n._signs.cache_clear()


def test_lists_end_with_y_or_with_e_before_its_own_sound(in_spanish):
    assert i18n.listed(["Ohio", "Utah", "Maine"]) == "Ohio, Utah y Maine"
    assert i18n.listed(["Connecticut", "Illinois"]) == "Connecticut e Illinois"
    assert i18n.listed(["Utah", "Iowa"]) == "Utah y Iowa"


def test_plurals_follow_the_count(in_spanish):
    told = [i18n.ngettext("{count} release so far", "{count} releases so far", count) for count in (1, 2)]
    assert told == ["{count} versión hasta ahora", "{count} versiones hasta ahora"]


def test_an_unknown_language_is_english():
    i18n.use("xx")
    assert (i18n.language(), i18n._("Overview")) == ("en", "Overview")


def test_no_module_speaks_when_it_is_loaded():
    """A page's script runs anew for every reader; a module is loaded once, in the language of whoever came first."""
    scripts = {"app.py", *(path.name for path in (HOUSE / "dashboard" / "app_pages").glob("*.py"))}
    for path in sorted((HOUSE / "dashboard").rglob("*.py")):
        if path.name in scripts and path.parent.name in ("dashboard", "app_pages"):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        inside = {
            id(child)
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef | ast.Lambda)
            for child in ast.walk(node)
        }
        spoken = [n.lineno for n in ast.walk(tree) if isinstance(n, ast.Call) and id(n) not in inside and speaks(n)]
        assert spoken == [], f"{path.name}: use N_ here and _ where it is shown"


def speaks(call):
    return isinstance(call.func, ast.Name) and call.func.id in {"_", "ngettext", "pgettext"}


def test_a_minus_is_a_minus_sign_and_no_zero_has_one():
    assert [i18n.number(value, 1) for value in (-5.5, -0.04, 0.0)] == ["\u22125.5", "0.0", "0.0"]
    assert i18n.number(-1501) == "\u22121,501"
    i18n.use("es")
    assert i18n.interval(-0.079, -0.031) == "del \u22127.9 al \u22123.1"
