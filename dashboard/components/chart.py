"""A chart as it stands on a page: figure, text alternative, and below it the row of sources, table, files, citation."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import i18n, public_data
from dashboard.charts.base import NARROW, WIDE, Figure
from dashboard.components import downloads, markup, text
from dashboard.components.here import citation, here, permanent_link
from dashboard.i18n import _, iso, listed
from dashboard.public_data import Source

# More rows than this are shown in Streamlit's own scrolling table; fewer as a real HTML table.
HTML_ROWS = 120


def chart(figure: Figure, *, key: str, alt: str) -> None:
    """Show a figure. `alt` is one sentence that says what the chart shows, for whoever does not see it."""
    rules = {name: [] for name in (WIDE, NARROW)}  # type: dict[str, list[str]]
    for index, annotation in enumerate(figure.layout.annotations):
        if annotation.name in rules:
            rules[annotation.name].append(f'.st-key-chart-{key} .annotation[data-index="{index}"]')
    css = ""
    if rules[WIDE]:
        css += f"@media(max-width:760px){{{','.join(rules[WIDE])}{{display:none}}}}"
    if rules[NARROW]:
        css += f"@media(min-width:761px){{{','.join(rules[NARROW])}{{display:none}}}}"
    with st.container(key=f"chart-{key}"):
        if css:
            st.html(f"<style>{css}</style>")
        st.plotly_chart(figure, theme=None, key=f"figure-{key}", config={"displayModeBar": False}, alt=alt)


def source_row(
    frame: pd.DataFrame,
    *,
    key: str,
    title: str,
    sources: Sequence[Source],
    columns: Sequence[markup.Column] = (),
    definitions: Mapping[str, str] | None = None,
    coverage: str = "",
) -> None:
    """Source and licence on the left; table, CSV, citation and link of exactly this view on the right.

    `frame` is what the chart shows and what the file holds; `columns` how its table looks (all of it without).
    """
    about = definitions or {}
    with st.container(horizontal=True, key=f"source-{key}", vertical_alignment="center"):
        st.html(f'<p class="pl-source">{text.simulated_tag()}{sources_in_words(sources)}</p>')
        if columns:
            with st.popover(_("Table"), type="tertiary"):
                show_table(frame, columns, title, key=key)
        st.download_button(
            _("CSV"),
            _csv(frame, title, about, sources, coverage),
            file_name=downloads.file_name(here().release, here().path or "overview", key),
            mime="text/csv",
            type="tertiary",
            on_click="ignore",
            key=f"csv-{key}",
        )
        with st.popover(_("Cite and link"), type="tertiary"):
            cite_and_link(f"{here().page}: {title}")


def show_table(frame: pd.DataFrame, columns: Sequence[markup.Column], caption: str, *, key: str) -> None:
    """A short table as HTML, a long one in Streamlit's scrolling table with the same columns and heads."""
    if len(frame) <= HTML_ROWS:
        label = markup.escaped(caption)
        st.html(
            f'<div class="pl pl-scroll" tabindex="0" role="region" aria-label="{label}">'
            f"{markup.table(frame, columns, caption)}</div>"
        )
        return
    shown = frame[[column.name for column in columns]].copy()
    formats: dict[str, Any] = {}
    for column in columns:
        if column.kind in ("number", "bar", "percent"):
            style = "percent" if column.kind == "percent" else "localized"
            formats[column.name] = st.column_config.NumberColumn(column.label, format=style)
        elif column.kind == "link" and column.address:
            # The part after # is what the cell shows; the server never sees it.
            shown[column.name] = [f"{column.address(row)}#{row[column.name]}" for row in frame.to_dict("records")]
            formats[column.name] = st.column_config.LinkColumn(column.label, display_text="#(.*)$")
        else:
            formats[column.name] = st.column_config.TextColumn(column.label)
            if column.words:
                shown[column.name] = [markup.unmarked(column.words(value)) for value in frame[column.name]]
    st.dataframe(shown, hide_index=True, column_config=formats, key=f"table-{key}", alt=caption)


def cite_and_link(subject: str | None = None) -> None:
    """Citation, permanent link and embed code, ready to copy."""
    address = permanent_link()
    st.markdown(f"**{_('Cite')}**")
    st.code(citation(subject), language=None, wrap_lines=True)
    st.markdown(f"**{_('Permanent link')}**")
    st.code(address, language=None, wrap_lines=True)
    st.markdown(f"**{_('Embed')}**")
    frame = f'<iframe src="{address}&embed=true" title="{here().page}" width="100%" height="900"></iframe>'
    st.code(frame, language=None, wrap_lines=True)


def sources_in_words(sources: Sequence[Source]) -> str:
    """'Source: EFF Atlas of Surveillance, 2020-10-07, CC BY 4.0.' as HTML; many are counted and pointed to."""
    if here().release.is_simulated:
        return markup.escaped(_("Porchlight simulation. No agency and no resident in it exists."))
    if not sources:
        return markup.escaped(_("Sources: each row names its own; see Data and methods."))
    if len(sources) > 3:
        return markup.escaped(_("Sources: {count} pages and documents, named in the table.").format(count=len(sources)))
    told = []
    for source in sources:
        dated = iso(source.published_on, source.published_precision)
        parts = [markup.anchor(source.title or source.publisher, source.url)]
        parts += [markup.escaped(part) for part in (source.publisher, dated, source.licence) if part]
        told.append(", ".join(dict.fromkeys(parts)))
    return _("Source: {sources}.").format(sources="; ".join(told))


def named_sources(source_ids: Sequence[str]) -> list[Source]:
    """The sources of those ids, in the order of first mention."""
    found = [public_data.source_named(here().release, source_id) for source_id in dict.fromkeys(source_ids)]
    return [source for source in found if source is not None]


def _csv(
    frame: pd.DataFrame, title: str, about: Mapping[str, str], sources: Sequence[Source], coverage: str
) -> Callable[[], str]:
    # Made when the reader asks for it: most never do. Citation, link and language are those of this run.
    language = i18n.language()
    release, cited = here().release, citation(f"{here().page}: {title}")
    names = [listed([source.publisher, source.title or ""]) for source in sources]

    def made() -> str:
        i18n.use(language)
        return downloads.csv_text(
            frame,
            title=title,
            release=release,
            citation=cited,
            definitions=about,
            sources=names,
            coverage=coverage,
        )

    return made
