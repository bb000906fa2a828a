"""One chart by itself: inside another page (`?embed=true&chart=growth`) or on a wall (`?view=projector&chart=growth`).

The page runs as ever; only the wanted chart, and what is needed to read it, is shown. Whatever draws asks `is_alone` or
`hides` first.
"""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from dashboard.components import part
from dashboard.components.here import here, permanent_link
from dashboard.components.markup import anchor, escaped
from dashboard.i18n import _


@dataclass
class Stage:
    """What this run shows: the page, or one chart of it. `wanted` '' means the first chart."""

    kind: Literal["page", "embed", "projector"] = "page"
    wanted: str = ""
    before: str = ""
    shown: str = ""
    is_open: bool = False


_stage: ContextVar[Stage] = ContextVar("stage")


def set_stage() -> Stage:
    """Read from the address what this run shows; app.py does it before anything is drawn."""
    part.begin()
    wanted = st.query_params.get("chart", "")
    kind: Literal["page", "embed", "projector"] = "page"
    if st.query_params.get("view") == "projector":
        kind = "projector"
    elif st.context.is_embedded and wanted:
        kind = "embed"
    _stage.set(Stage(kind, wanted))
    return _stage.get()


def is_alone() -> bool:
    """Whether one chart is shown and nothing of the page around it."""
    return _stage.get().kind != "page"


def is_on_a_wall() -> bool:
    """Whether the chart is to be read from across a room."""
    return _stage.get().kind == "projector"


def has_charts() -> bool:
    """Whether a chart has been drawn so far in this run."""
    return bool(_stage.get().shown)


def hides(*, with_chart: bool) -> bool:
    """Whether a piece of the page is not to be seen: all of it but the wanted chart and what belongs to it."""
    return is_alone() and not (with_chart and _stage.get().is_open)


def takes(key: str) -> bool:
    """Whether the chart of this key is to be drawn. The first one drawn alone gets its finding as the page's head."""
    stage = _stage.get()
    if not is_alone():
        stage.shown = stage.shown or key
        return True
    if stage.is_open:
        return True
    if stage.shown:
        _turn(stage, key)
    if stage.wanted not in ("", key):
        stage.before = key
        return False
    stage.shown, stage.is_open = key, True
    st.html(f'<div class="pl pl-alone pl-{stage.kind}"><h1>{escaped(part.part().finding or here().page)}</h1></div>')
    return True


def end_of_part(source: str = "") -> None:
    """The part that was being shown ends, with the line of its sources (HTML)."""
    stage = _stage.get()
    if not is_alone() or not stage.is_open:
        return
    stage.is_open = False
    release = here().release
    told = _("Porchlight, release {release}").format(release=release.release_id)
    if stage.kind == "embed":
        back = anchor(_("Open it with its table and definitions"), permanent_link())
        st.html(f'<div class="pl"><p class="pl-source">{source} {escaped(told)}. {back}</p></div>')
        st.stop()
    st.html(f'<div class="pl"><p class="pl-source">{source} {escaped(told)}.</p></div>')


def end_of_page() -> None:
    """The page has run. A chart that was not met is told."""
    stage = _stage.get()
    if not is_alone():
        return
    if not stage.shown:
        page = anchor(_("Open the page"), permanent_link())
        told = escaped(_("This view has no such chart."))
        st.html(f'<div class="pl pl-alone"><h1>{escaped(here().page)}</h1><p class="pl-dek">{told} {page}</p></div>')
    if stage.kind == "projector":
        _turn(stage, "")


def _turn(stage: Stage, after: str) -> None:
    """On a wall: to the chart before, to the one after, and back to the page. The arrow keys press these."""

    def go(key: str) -> None:
        st.query_params["chart"] = key

    def leave() -> None:
        for name in ("view", "chart"):
            st.query_params.pop(name, None)

    with st.container(key="turn", horizontal=True):
        st.button(_("Previous chart"), key="turn-back", disabled=not stage.before, on_click=go, args=(stage.before,))
        st.button(_("Next chart"), key="turn-on", disabled=not after, on_click=go, args=(after,))
        st.button(_("Back to the page"), key="turn-out", type="tertiary", on_click=leave)
    st.stop()
