"""HTML pieces: everything from data is escaped, symbols always have a word, tables are tables."""

import pandas as pd
import pytest

from dashboard import i18n, words
from dashboard.components.markup import Column, anchor, escaped, legend, rich, state_words, symbol, table
from dashboard.states import LEGEND, STATES, state


def test_bold_words_are_the_only_markup_that_text_can_carry():
    assert rich("**2 <b>** of <i>3</i> & more") == "<b>2 &lt;b&gt;</b> of &lt;i&gt;3&lt;/i&gt; &amp; more"
    assert escaped('"<') == "&quot;&lt;"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "", None, "vbscript:x", " https://x"])
def test_a_link_to_anything_but_a_page_is_text(url):
    assert anchor("Name", url) == "Name"


def test_a_link_away_opens_apart_and_a_link_inside_does_not():
    assert 'target="_blank" rel="noopener noreferrer"' in anchor("A", "https://example.org/?a=1&b=2")
    assert "a=1&amp;b=2" in anchor("A", "https://example.org/?a=1&b=2")
    assert 'target="_self"' in anchor("A", "/agency?agency=x")


def test_no_state_is_told_by_its_symbol_alone():
    for code in STATES:
        assert state(code).word in symbol(state(code), alone=True)
        assert state(code).word in state_words(code)
        assert "aria-hidden" in symbol(state(code))


def test_the_dash_has_two_meanings_and_its_words_tell_which():
    assert state("not_participating").symbol == state("no_request_tool").symbol
    assert state("not_participating").word != state("no_request_tool").word
    assert len({STATES[code].symbol for code in LEGEND}) == len(LEGEND)
    assert legend().count("<li") == len(LEGEND)


def test_a_table_has_heads_with_scope_and_escapes_its_cells():
    rows = pd.DataFrame({"name": ["<script>"], "n": [1501.0], "rate": [0.2094], "status": ["published"]})
    html = table(
        rows,
        [Column("name", "Name"), Column("n", "Count", "number"), Column("rate", "Rate", "percent", 1)],
        "A caption",
    )
    assert '<th scope="row">&lt;script&gt;</th>' in html and '<th scope="col">Name</th>' in html
    assert '<td class="pl-n">1,501</td>' in html and "20.9%" in html and "<caption>" in html


def test_a_missing_number_shows_its_state_and_never_a_zero():
    rows = pd.DataFrame({"name": ["A"], "n": [None], "status": ["pending"]})
    html = table(rows, [Column("name", "Name"), Column("n", "Count", "number", status="status")])
    assert "pending" in html and ">0<" not in html


def test_numbers_and_dates_are_written_as_each_language_does():
    assert i18n.number(1501) == "1,501" and i18n.number(None) == "" and i18n.number(float("nan")) == ""
    assert i18n.percent(0.2094) == "20.9%"
    assert i18n.interval(0.2009, 0.2174) == "20.1 to 21.7"
    assert i18n.day(pd.Timestamp("2019-08-28")) == "August 28, 2019"
    assert i18n.iso(pd.Timestamp("2020-08-01"), "month") == "2020-08"
    assert i18n.quarter(pd.Timestamp("2025-02-01")) == "2025 Q1"
    i18n.use("es")
    assert i18n.percent(0.2094) == "20.9\u00a0%" and i18n.interval(0.2009, 0.2174) == "del 20.1 al 21.7"
    i18n.use("tlh")
    assert i18n.language() == "en"


def test_a_figure_of_more_requests_than_the_log_still_holds_says_that_some_were_withdrawn():
    assert words.covered_requests(6604, 8538) == "6,604 of 8,538 requests"
    told = words.covered_requests(12, 10)
    assert told == "12 requests, some of them withdrawn from the log since, which now holds 10"
