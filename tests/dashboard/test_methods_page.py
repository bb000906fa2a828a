"""Data and methods: every section in both editions, on releases that the real pipeline made."""

import re
import sys
import tomllib
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import looks
from dashboard.charts.block_picture import block_picture
from dashboard.findings import methods as findings
from dashboard.public_data import methods
from dashboard.releases import open_release

HOUSE = Path(__file__).resolve().parents[2]
SECTIONS = ("protection", "files", "dictionary", "sources", "definitions", "statistics", "changes", "contribute")


@pytest.fixture(scope="session")
def built(editions):
    """Both editions, built by the program itself: the page shows what only a whole release holds."""
    return editions.data


def opened(folder, monkeypatch, **address):
    monkeypatch.setattr(sys, "argv", ["app.py", "--data", str(folder)])
    app = AppTest.from_file(str(HOUSE / "dashboard" / "app.py"), default_timeout=60)
    for name, value in address.items():
        app.query_params[name] = value
    app.switch_page("app_pages/data_and_methods.py").run()
    assert not app.exception
    shown = "\n".join(element.proto.body for element in app.get("html"))
    return re.sub(r"<style>.*?</style>", "", shown, flags=re.DOTALL)


@pytest.mark.parametrize("edition", ["record", "demo"])
@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_opens_by_its_address(built, monkeypatch, section, edition):
    shown = opened(built, monkeypatch, section=section, edition=edition)
    assert ("SIMULATED" in shown) == (edition == "demo")


def test_the_rows_shown_add_up(built):
    release = open_release(built / "public", "demo")
    rows = methods.row_accounting(release)
    assert (rows["rows_read"] == rows["rows_accepted"] + rows["rows_quarantined"]).all()
    assert rows["rows_quarantined"].sum() > 0 and not methods.reasons(release).empty


def test_the_query_of_a_table_is_the_one_that_made_it(built):
    release = open_release(built / "public", "record")
    for name in methods.tables(release)["table_name"]:
        path = HOUSE / "etl" / "marts" / f"{name}.sql"
        assert methods.method(release, name) == (path.read_text(encoding="utf-8") if path.exists() else None)


def test_the_demo_shows_one_agency_closing_and_the_record_says_that_there_is_none(built, monkeypatch):
    blocks = methods.example_blocks(open_release(built / "public", "demo"))
    assert 4 <= len(blocks) <= 9 and blocks["agency_id"].nunique() == 1
    assert "There is no block in this release" in opened(built, monkeypatch, section="protection")


def test_the_example_is_what_the_program_makes_of_those_numbers():
    from etl.blocks import build_blocks

    quarters = findings.example_quarters()
    cells = quarters.assign(
        agency_id="us-oh-a-pd",
        program_id="ring",
        regime_id="email",
        step=range(1, len(quarters) + 1),
        quarter_start=pd.date_range("2025-01-01", periods=len(quarters), freq="QS"),
        county_fips="39001",
        incident_category="burglary",
        area="north",
        responded=quarters["shared"],
        declined=0,
    ).drop(columns=["quarter", "block"])
    made = build_blocks(cells).blocks.sort_values("first_quarter")
    told = findings.example_blocks()
    for ours, theirs in (("requests", "requests"), ("asked", "asked"), ("low", "shared_low"), ("high", "shared_high")):
        assert told[ours].tolist() == made[theirs].tolist()
    first = pd.to_datetime(made["first_quarter"]).dt.to_period("Q").astype(str).str.replace("Q", " Q")
    assert quarters["quarter"].iloc[told["first"]].tolist() == first.tolist()


@pytest.mark.parametrize("simulated", [False, True])
def test_the_picture_says_that_it_is_an_example_and_has_no_accent(simulated):
    colours = looks.looks("light", simulated)
    figure = block_picture(findings.example_quarters(), findings.example_blocks(), colours)
    texts = [str(note.text) for note in figure.layout.annotations]
    assert any("Example" in text for text in texts)
    assert any("S I M U L A T E D" in text for text in texts) == simulated
    without_mark = [note for note in figure.layout.annotations if "S I M" not in str(note.text)]
    assert colours.accent not in {note.font.color for note in without_mark}
    assert colours.accent not in {shape.line.color for shape in figure.layout.shapes}


def test_the_sentences_for_a_council_have_a_reading_grade_of_nine_or_less():
    grades = [grade(text) for _head, text in findings.protection()]
    assert sum(grades) / len(grades) <= 8 and max(grades) <= 9.5
    assert grade(" ".join(findings.example_in_words())) <= 9


def grade(text: str) -> float:
    """Flesch-Kincaid grade, with syllables counted as groups of vowels."""
    text = text.replace("**", "")
    sentences = max(1, len(re.findall(r"[.!?:;]+(?:\s|$)", text)))
    words = re.findall(r"[A-Za-z']+|\d+", text)
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"(?<=[^l])e$|es$|ed$", "", w.lower())))) for w in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def test_the_record_format_told_here_is_the_one_that_is_read():
    for table in findings.record_format():
        told = tomllib.loads((HOUSE / "etl" / "sources" / f"{table.name}.toml").read_text(encoding="utf-8"))["columns"]
        named = table.columns.split(", ")
        assert set(named) <= set(told), table.name
        assert {name for name, column in told.items() if column.get("required")} <= set(named), table.name


def test_worked_examples_are_those_of_the_textbook():
    rows = findings.worked_examples()
    assert list(zip(rows["low"], rows["high"], strict=True)) == [
        ("0.2553", "0.3662"), ("0.0624", "0.1605"), ("0.0000", "0.1611"), ("0.0061", "0.1718")
    ]  # fmt: skip


def test_every_table_is_offered_with_its_true_rows_and_sizes(built):
    release = open_release(built / "public", "demo")
    held = methods.tables(release).set_index("table_name")
    assert set(held.index) == {path.stem for path in release.folder.glob("*.csv")}
    for name, row in held.iterrows():
        assert row["rows"] == release.rows(f"select count(*) from {name}")[0][0]
        assert row["parquet_bytes"] == (release.folder / f"{name}.parquet").stat().st_size
        assert row["title"] and row["description"]


def test_a_second_search_shows_its_own_columns_and_not_those_of_the_first(built, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["app.py", "--data", str(built)])
    app = AppTest.from_file(str(HOUSE / "dashboard" / "app.py"), default_timeout=60)
    app.query_params["section"] = "dictionary"
    app.switch_page("app_pages/data_and_methods.py").run()
    for words, column in (("approval", "approval"), ("households", "area")):
        app.text_input(key="search").set_value(words).run()
        assert not app.exception
        found = methods.dictionary_matching(open_release(built / "public", "record"), words)
        assert column in set(found["column_name"])
        [table] = [e.proto.body for e in app.get("html") if "Columns that match" in e.proto.body]
        assert table.count("<tr>") == len(found) + 1 and f">{column}<" in table


def test_a_search_stands_in_the_address_and_in_the_permanent_link(built, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["app.py", "--data", str(built)])
    app = AppTest.from_file(str(HOUSE / "dashboard" / "app.py"), default_timeout=60)
    app.query_params["section"] = "dictionary"
    app.switch_page("app_pages/data_and_methods.py").run()
    app.text_input(key="search").set_value("council vote").run()
    assert app.query_params["search"] == "council vote"
    assert any("search=council+vote" in e.proto.body for e in app.get("html") if "<footer" in e.proto.body)
    assert "2 columns match" in opened(built, monkeypatch, section="dictionary", search="council vote")
    app.query_params["search"] = "households"
    app.run()
    assert app.text_input(key="search").value == "households"
    app.text_input(key="search").set_value(" ").run()
    assert "search" not in app.query_params


def test_a_search_finds_columns_by_every_word_and_takes_any_text_as_words(built):
    release = open_release(built / "public", "record")
    found = methods.dictionary_matching(release, "Council VOTE")
    assert set(found["column_name"]) == {"approval"} and len(found) == 2
    assert methods.dictionary_matching(release, "'; drop table agencies; --").empty
    assert methods.dictionary_matching(release, "   ").empty


def test_a_query_is_read_from_the_release_and_from_nowhere_else(built):
    release = open_release(built / "public", "record")
    assert methods.method(release, "../release") is None and methods.method(release, "no_such_table") is None


def test_every_release_of_the_edition_is_listed_newest_first(tmp_path, monkeypatch):
    from dashboard_world import publish

    ids = [publish(tmp_path, number=number) for number in (1, 2)]
    release = open_release(tmp_path / "public", "record", ids[0])
    assert [told["release_no"] for told in methods.releases(release)] == [2, 1]


def test_the_dictionary_opens_the_table_that_the_address_names(built, monkeypatch):
    shown = opened(built, monkeypatch, section="dictionary", table="partnerships")
    assert "Columns of partnerships" in shown
    assert "Columns of request_counts" in opened(built, monkeypatch, section="dictionary", table="../../secret")
