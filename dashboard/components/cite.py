"""Citation, permanent link and embed code, ready to copy: of a page, or of one chart of it."""

from urllib.parse import urlencode

import streamlit as st

from dashboard.components import stage
from dashboard.components.here import citation, here, link, permanent_link, view_parameters
from dashboard.components.markup import anchor, escaped
from dashboard.i18n import _


def cite_and_link(subject: str | None = None, *, chart: str = "") -> None:
    """What to copy. With `chart` (its key) the code embeds that chart alone, and a link shows it on a projector."""
    if stage.is_alone():
        return
    address = permanent_link()
    alone = {"chart": chart} if chart else {}
    embedded = f"{address}&{urlencode(alone | {'embed': 'true'})}"
    title, height = subject or here().page, 720 if chart else 900
    code = f'<iframe src="{embedded}" title="{escaped(title)}" width="100%" height="{height}" loading="lazy"></iframe>'
    copied = ((_("Cite"), citation(subject)), (_("Permanent link"), address), (_("Embed"), code))
    told = "".join(
        f'<p class="pl-copy"><b>{escaped(name)}</b> <button type="button">{_("Copy")}</button></p>'
        f'<pre class="pl-copied" tabindex="0" aria-label="{escaped(name)}">{escaped(words)}</pre>'
        for name, words in copied
    )
    wall = anchor(_("Show it on a projector"), projector_page(chart)) if chart else ""
    st.html(f'<div class="pl">{told}<p class="pl-source">{wall}</p></div>')


def projector_page(chart: str = "") -> str:
    """The address of one chart of this view on a wall, of the first without a key; arrow keys turn."""
    alone = {"chart": chart} if chart else {}
    return link(here().path, None, **view_parameters() | {"view": "projector"} | alone)
