"""Citation, permanent link and embed code, ready to copy: of a page, or of one chart of it."""

from urllib.parse import urlencode

import streamlit as st

from dashboard.components import stage
from dashboard.components.here import citation, here, link, permanent_link, view_parameters
from dashboard.components.markup import anchor, escaped
from dashboard.i18n import _


def cite_and_link(subject: str | None = None, *, chart: str = "", queries: tuple[str, ...] = ()) -> None:
    """What to copy. With `chart` (its key) the embed code shows that chart alone, and a link shows it on a projector.

    `queries` names the release's tables whose queries counted what is shown.
    """
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
    links = [anchor(_("The query behind it: {table}").format(table=table), query_page(table)) for table in queries]
    if chart:
        wall = link(here().path, None, **view_parameters() | {"view": "projector"} | alone)
        links.append(anchor(_("Show it on a projector"), wall))
    more = f'<p class="pl-source">{" · ".join(links)}</p>' if links else ""
    st.html(f'<div class="pl">{told}{more}</div>')


def query_page(table: str) -> str:
    """The address of the query that counted a table, on Data and methods."""
    return link("data_and_methods", section="dictionary", table=table)
