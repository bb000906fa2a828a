"""The frame and the first two pages, run as a reader meets them (Streamlit's own test driver, real release)."""

import sys
from pathlib import Path

import pytest
from dashboard_world import publish
from streamlit.testing.v1 import AppTest

APP = Path(__file__).resolve().parents[2] / "dashboard" / "app.py"
PAGES = ("app_pages/overview.py", "app_pages/participation.py")


@pytest.fixture
def opened(data, monkeypatch):
    """Open a page with an address; returns the run."""

    def run(page="", folder=data, **address):
        monkeypatch.setattr(sys, "argv", ["app.py", "--data", str(folder)])
        app = AppTest.from_file(str(APP), default_timeout=60)
        for name, value in address.items():
            app.query_params[name] = value
        if page:
            app.switch_page(page)
        return app.run()

    return run


def html(app):
    """Everything that the page shows as HTML."""
    return "\n".join(element.proto.body for element in app.get("html"))


@pytest.mark.parametrize("edition", ["record", "demo"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_runs_without_an_exception_and_ends_with_its_citation(opened, page, edition):
    app = opened(page, edition=edition)
    assert not app.exception
    assert "pl-footer" in html(app) and "2026-11-01-000000000001" in html(app)


@pytest.mark.parametrize("page", PAGES)
def test_the_demo_edition_says_simulated_beside_name_strip_sources_and_citation(opened, page):
    shown = html(opened(page, edition="demo"))
    assert '<p class="pl-sim">' in shown
    assert shown.count("SIMULATED") >= 5
    assert "SIMULATED" not in html(opened(page))


def test_a_simulated_release_says_so_whatever_the_address_says(opened, tmp_path):
    publish(tmp_path, "record", is_simulated=True)
    assert '<p class="pl-sim">' in html(opened(folder=tmp_path, edition="record"))


def test_an_edition_that_was_never_built_says_how_to_build_it(opened, tmp_path):
    publish(tmp_path, "record")
    app = opened(folder=tmp_path, edition="demo")
    assert not app.exception and "porchlight run --edition demo" in [code.value for code in app.code]


def test_an_unknown_release_is_told_with_those_that_exist(opened):
    app = opened(as_of="2020-01-01-aaaaaaaaaaaa")
    assert not app.exception
    assert "2020-01-01-aaaaaaaaaaaa" in html(app) and "2026-11-01-000000000001" in html(app)


def test_an_old_release_says_that_a_newer_one_exists(opened, tmp_path):
    first = publish(tmp_path, number=1)
    publish(tmp_path, number=2)
    shown = html(opened(folder=tmp_path, as_of=first))
    assert "earlier release" in shown and f"release {first}" in shown.replace("Release", "release")


def test_the_participation_page_tells_rows_agencies_and_days(opened):
    shown = html(opened(PAGES[1], active_on="2019-08-31"))
    assert "<b>4 rows</b> name <b>3 agencies</b>" in shown
    assert "<b>3 rows</b> had started by August 31, 2019" in shown
    assert "Connecticut 3" in shown


def test_a_filter_in_the_address_is_what_the_page_counts(opened):
    assert "We can name 2 agencies in Connecticut" in html(opened(PAGES[1], state="CT"))


def test_a_pick_is_written_into_the_address_and_reset_takes_it_out(opened):
    app = opened(PAGES[1])
    app.multiselect(key="filter_states").select("NJ").run()
    assert app.query_params["state"] == "NJ" and "in New Jersey" in html(app)
    app.button(key="reset_filters").click().run()
    assert "state" not in app.query_params and "in New Jersey" not in html(app)


def test_what_the_release_does_not_hold_is_left_out_and_told(opened):
    app = opened(PAGES[1], state="CT,ZZ", kind="<script>")
    assert "in Connecticut" in html(app)
    assert any("ZZ" in caption.value for caption in app.caption)
    assert "<script>" not in html(app)


def test_a_name_that_looks_like_markup_is_shown_as_text(opened):
    shown = html(opened(PAGES[1], state="NJ"))
    assert "Two &lt;b&gt;Fire&lt;/b&gt; &amp; Rescue" in shown and "Two <b>Fire" not in shown


def test_every_chart_has_words_for_those_who_do_not_see_it(opened):
    for page in PAGES:
        figures = opened(page).get("plotly_chart")
        assert figures
        assert all(figure.proto.alt.strip() for figure in figures)


def test_switching_the_edition_keeps_no_filter_of_the_other(opened):
    app = opened(PAGES[1], state="CT", **{"list": "list-2020"})
    app.segmented_control(key="pick_edition").select("demo").run()
    assert dict(app.query_params) == {"edition": "demo"}
