"""The manners of the server: what it tells every browser, and the start page in the reader's language."""

import re
from pathlib import Path

import streamlit

from dashboard.server import POLICY, START_SCRIPT, hash_of, language_of, rewritten

START_PAGE = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")


def test_the_policy_lets_the_browser_talk_to_our_host_only():
    for rule in POLICY.split("; "):
        _, *allowed = rule.split()
        assert not [word for word in allowed if "://" in word or word in ("*", "https:", "http:", "'unsafe-eval'")]


def test_the_start_page_is_in_the_readers_language_and_knows_its_server():
    page = rewritten(START_PAGE, "es")
    assert '<html lang="es">' in page and "<title>Porchlight</title>" in page
    assert f"<script>{START_SCRIPT}</script>" in page and hash_of(START_SCRIPT) in POLICY
    assert "SourceSans" not in page
    assert page.count("<script") == START_PAGE.count("<script")


def test_what_draws_charts_is_loaded_at_once():
    [name] = re.findall(
        r'<link rel="modulepreload" href="\./static/js/(PlotlyChart\.[^"]+\.js)"></head>', rewritten(START_PAGE, "en")
    )
    assert (Path(streamlit.__file__).parent / "static" / "static" / "js" / name).exists()


def test_an_unknown_language_is_english():
    assert language_of({"query_string": b"lang=tlh"}) == "en"
    assert language_of({"query_string": b"edition=demo&lang=es"}) == "es"


def test_a_page_that_is_not_the_start_page_is_left_alone():
    assert rewritten("<html><script>1</script></html>", "es") == "<html><script>1</script></html>"
