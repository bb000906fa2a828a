"""Parts of a page, drawn with Streamlit. A page calls them from top to bottom; see dashboard/README.md."""

from dashboard.components.chart import chart
from dashboard.components.cite import cite_and_link
from dashboard.components.data_table import show_table
from dashboard.components.filters import place_of, read_selection, reset, show_filters, write_address
from dashboard.components.here import Here, citation, here, link, permanent_link, set_here
from dashboard.components.markup import Column, anchor, escaped, rich, spoken, state_words, symbol, table
from dashboard.components.months_row import months_row
from dashboard.components.once import once
from dashboard.components.shell import nothing_here
from dashboard.components.source_row import source_row
from dashboard.components.sources import named_sources, sources_in_words
from dashboard.components.states_part import states_part
from dashboard.components.text import (
    coverage_line,
    facts,
    headline,
    how_we_know,
    matrix,
    paragraph,
    regime_key,
    requests_coverage,
    scale,
    section,
    show,
    simulated_tag,
    states_legend,
)

__all__ = [
    "Column",
    "Here",
    "anchor",
    "chart",
    "citation",
    "cite_and_link",
    "coverage_line",
    "escaped",
    "facts",
    "headline",
    "here",
    "how_we_know",
    "link",
    "matrix",
    "months_row",
    "named_sources",
    "nothing_here",
    "once",
    "paragraph",
    "permanent_link",
    "place_of",
    "read_selection",
    "regime_key",
    "requests_coverage",
    "reset",
    "rich",
    "scale",
    "section",
    "set_here",
    "show",
    "show_filters",
    "show_table",
    "simulated_tag",
    "source_row",
    "sources_in_words",
    "spoken",
    "state_words",
    "states_legend",
    "states_part",
    "symbol",
    "table",
    "write_address",
]
