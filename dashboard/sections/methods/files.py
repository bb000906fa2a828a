"""Every file of the release, to download."""

from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import components
from dashboard.components import here
from dashboard.components.downloads import LICENCE, file_name
from dashboard.i18n import _, in_english, ngettext, number
from dashboard.public_data import methods

MIME = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet", "json": "application/json"}


def files() -> None:
    """Every table of the release, to download."""
    release = here().release
    held = methods.tables(release)
    components.section(
        _("{tables} tables, each as CSV and Parquet, and all of them in one file").format(tables=number(len(held))),
        _("Licence: {licence}. In the CSV an empty cell means not known; it is never 0.").format(licence=LICENCE),
    )
    database, size = methods.database_file(release)
    with st.container(horizontal=True, key="source-whole"):
        _file(database, _("All tables (DuckDB), {size}").format(size=_size(size)), "all")
        for path in methods.descriptions(release):
            _file(path, path.name, path.stem)
    for row in held.to_dict("records"):
        name = row["table_name"]
        told = components.link(here().path, section="dictionary", table=name)
        with st.container(horizontal=True, key=f"source-of-{name}", vertical_alignment="center"):
            title = components.spoken(in_english(row["title"]))
            components.show(
                f'<p class="pl-source"><b>{components.anchor(name, told)}</b>, {_rows(row["rows"])}<br>{title}</p>'
            )
            for ending, kind in (("csv", "CSV"), ("parquet", "Parquet")):
                path = release.folder / f"{name}.{ending}"
                if pd.notna(row[f"{ending}_bytes"]):
                    _file(path, f"{kind}, {_size(row[f'{ending}_bytes'])}", name)


def _file(path: Path, label: str, subject: str) -> None:
    """A button that reads the file only when it is asked for."""
    release = here().release
    st.download_button(
        label,
        path.read_bytes,
        file_name(release, subject, ending=path.suffix[1:]),
        MIME.get(path.suffix[1:], "application/octet-stream"),
        type="tertiary",
        on_click="ignore",
        key=f"file-{path.name}",
    )


def _size(size: Any) -> str:
    """'0.9 MB', '18 kB'."""
    return f"{number(size / 1e6, 1)} MB" if size >= 1e6 else f"{number(max(1, round(size / 1e3)))} kB"


def _rows(count: int) -> str:
    return ngettext("{count} row", "{count} rows", count).format(count=number(count))
