"""Agencies by name: search among all of them, and a table of some with what is known of each as states."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import words
from dashboard.components import stage, text
from dashboard.components.filters import write_address
from dashboard.components.here import here, link
from dashboard.components.markup import Column, table
from dashboard.components.source_row import source_row
from dashboard.i18n import _, iso, pgettext
from dashboard.public_data import agency_profile

PICK = "pick_agency"


def agency_page(row: Mapping[Any, Any]) -> str:
    """The address of an agency's page."""
    return link("agency", agency=row["agency_id"])


def picker(picked: str | None) -> None:
    """Search by name or state among all agencies; a pick is written into the address."""
    if stage.is_alone():
        return
    names = agency_profile.agency_names(here().release)
    st.session_state[PICK] = picked if picked in names else None
    st.selectbox(
        _("Agency"),
        list(names),
        index=None,
        format_func=names.__getitem__,
        key=PICK,
        placeholder=_("Type a name or a state"),
        on_change=lambda: write_address(agency_id=st.session_state[PICK]),
    )


def known_table(rows: pd.DataFrame, caption: str, key: str) -> None:
    """Agencies by name, with what is known of each as states; never in the order of a figure."""
    shown = rows.assign(
        kind_of_agency=[words.word(words.KIND, kind) for kind in rows["kind"]],
        joined=[iso(row["started_on"], row["started_precision"]) for row in rows.to_dict("records")],
        unsaid="not_reported",
    )
    columns = (
        Column("name", _("Agency"), "link", address=agency_page),
        Column("state", _("State")),
        Column("joined", _("Joined"), "date", status="unsaid"),
        Column("requests_status", pgettext("head of a narrow column", "Requests"), "state"),
        Column("consent_status", pgettext("head of a narrow column", "Consent"), "state"),
        Column("population", _("Residents"), "number", status="unsaid", desk_only=True),
    )
    text.show(table(shown, columns, caption))
    text.states_legend()
    source_row(
        shown[["agency_id", "name", "state", "kind", "population", "joined", "requests_status", "consent_status"]],
        key=key,
        title=caption,
        sources=(),
        queries=("agencies", "partnerships", "request_counts", "published_counts", "consent_blocks"),
        definitions={
            "population": _("Residents of its place (GeoNames), where known."),
            "requests_status": _("published: by its log; partly_published: a count that somebody published."),
            "consent_status": _("published: at least one block; pending: held back to protect residents."),
        },
    )
