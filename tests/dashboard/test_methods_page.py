"""Data and methods: every section in both editions, on releases that the real pipeline made."""

import sys
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.public_data import methods
from dashboard.releases import open_release

HOUSE = Path(__file__).resolve().parents[2]
SECTIONS = ("protection", "files", "sources", "definitions", "statistics", "changes")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Both editions, built by the program itself: the page shows what only a whole release holds."""
    from etl.run import run, settings_for

    folder = tmp_path_factory.mktemp("built")
    for edition in ("record", "demo"):
        settings = settings_for(
            edition, data=folder, incoming=None, memory_limit="2GB", threads=2, today=date(2026, 11, 22)
        )
        run(settings, quiet=True)
    return folder


def opened(folder, monkeypatch, **address):
    monkeypatch.setattr(sys, "argv", ["app.py", "--data", str(folder)])
    app = AppTest.from_file(str(HOUSE / "dashboard" / "app.py"), default_timeout=60)
    for name, value in address.items():
        app.query_params[name] = value
    app.switch_page("app_pages/data_and_methods.py").run()
    assert not app.exception
    return "\n".join(element.proto.body for element in app.get("html"))


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
