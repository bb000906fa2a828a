"""The row below a chart or a table: source and licence, table, files, pictures, citation and link of this view."""

import html
import re
from collections.abc import Callable, Mapping, Sequence

import pandas as pd
import streamlit as st

from dashboard import i18n
from dashboard.components import downloads, markup, picture, stage, text
from dashboard.components.cite import cite_and_link
from dashboard.components.data_table import show_table
from dashboard.components.here import citation, here, link
from dashboard.components.part import part
from dashboard.components.sources import sources_in_words
from dashboard.i18n import _, listed
from dashboard.public_data import Source


def source_row(
    frame: pd.DataFrame,
    *,
    key: str,
    title: str,
    sources: Sequence[Source],
    columns: Sequence[markup.Column] = (),
    definitions: Mapping[str, str] | None = None,
    coverage: str = "",
    queries: tuple[str, ...],
    definition: str = "",
) -> None:
    """Source and licence on the left; table, CSV, pictures, citation and link of exactly this view on the right.

    `frame` is what the chart shows and what the file holds; `columns` how its table looks (all of it without);
    `queries` the release's tables whose queries counted it; `definition` what is shown, in words, where the part has
    no `how_we_know`.
    """
    said = f"{text.simulated_tag()}{sources_in_words(sources)}"
    stage.end_of_part(said)
    if stage.is_alone():
        return
    about, told = definitions or {}, part()
    subject = f"{here().page}: {title}"
    with st.container(horizontal=True, key=f"source-{key}", vertical_alignment="center"):
        st.html(f'<p class="pl-source">{said} {_counted(queries)}</p>')
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
        if told.charts:
            defined = definition or told.definition or " ".join(list(about.values())[:2])
            source = html.unescape(re.sub(r"<[^>]+>", "", sources_in_words(sources)))
            st.html(
                picture.buttons(told, name=key, definition=defined, source=source, cited=citation(subject)),
                width="content",
            )
        with st.popover(_("Cite and link"), type="tertiary"):
            cite_and_link(subject, chart=told.charts[0] if told.charts else "")


def _counted(tables: Sequence[str]) -> str:
    """Links to the queries that counted the tables of the release, on Data and methods; each told as its table."""
    links = [
        markup.anchor(table, link("data_and_methods", section="dictionary", table=table) + "#query") for table in tables
    ]
    told = markup.escaped(_("How it was counted: {tables}."))
    return f'<span class="pl-counted">{told.replace("{tables}", ", ".join(links))}</span>'


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
