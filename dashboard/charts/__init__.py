"""Charts: pure functions, frame in, figure out. Plotly is imported here and nowhere else; no Streamlit, no queries."""

from dashboard.charts.participation import drawn_months, growth, in_words, joined, joined_in_words
from dashboard.charts.points import point_map
from dashboard.charts.regimes import Band, bands, draw_bands, regime_dates, silent_band, span
from dashboard.charts.tiles import state_tiles, steps

__all__ = [
    "Band",
    "bands",
    "draw_bands",
    "drawn_months",
    "growth",
    "in_words",
    "joined",
    "joined_in_words",
    "point_map",
    "regime_dates",
    "silent_band",
    "span",
    "state_tiles",
    "steps",
]
