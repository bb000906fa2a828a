"""A table that may be long: HTML where it is short, Streamlit's scrolling table where it is not."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.components import markup, stage
from dashboard.components.once import once

# More rows than this are shown in Streamlit's own scrolling table; fewer as a real HTML table.
HTML_ROWS = 120


def show_table(frame: pd.DataFrame, columns: Sequence[markup.Column], caption: str, *, key: str) -> None:
    """A short table as HTML, a long one in Streamlit's scrolling table with the same columns and heads.

    `key` as for `once`: one table on one view.
    """
    if stage.is_alone():
        return
    if len(frame) <= HTML_ROWS:
        table = once(f"table-{key}", lambda: markup.table(frame, columns, caption))
        label = markup.escaped(caption)
        st.html(f'<div class="pl pl-scroll" tabindex="0" role="region" aria-label="{label}">{table}</div>')
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
