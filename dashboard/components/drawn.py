"""Keeps figures: drawing one costs a hundred milliseconds, and a release never changes."""

from collections.abc import Callable, Hashable

import streamlit as st

from dashboard import i18n
from dashboard.charts.base import Figure
from dashboard.components.here import here


def drawn(draw: Callable[[], Figure], *what: Hashable) -> Figure:
    """The figure that `draw` makes, drawn once per release, looks, language and `what` (its name, the selection ...).

    `what` must name everything else that the figure depends on. The figure is shared by all readers: do not change it.
    """
    looks = here().looks
    return _kept((str(here().release.folder), looks.theme, looks.is_simulated, i18n.language(), *what), draw)


@st.cache_resource(show_spinner=False, max_entries=256)
def _kept(what: tuple[Hashable, ...], _draw: Callable[[], Figure]) -> Figure:
    return _draw()
