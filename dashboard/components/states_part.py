"""The part of Overview and Participation that sets states side by side: tiles or points, the highest ten, the files."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import charts, public_data, words
from dashboard.components import markup, text
from dashboard.components.chart import chart
from dashboard.components.here import here, link
from dashboard.components.markup import Column
from dashboard.components.once import once
from dashboard.components.source_row import source_row
from dashboard.components.switch import switch
from dashboard.findings import participation as findings
from dashboard.i18n import _, day, iso, ngettext, number
from dashboard.public_data import Source
from dashboard.selection import Selection


def states_part(selection: Selection, sources: Sequence[Source]) -> None:
    """Map and table of named agencies by state. The map shows every state, also where one is picked, to compare it."""
    release, looks = here().release, here().looks
    by_state = public_data.participation_by_state(release, replace(selection, states=()))
    finding = once("states finding", lambda: findings.states_finding(by_state))
    lede = _("Named agencies per 100,000 residents (2020 census).")
    if selection.active_on:
        lede = _("Named agencies per 100,000 residents (2020 census), on {day}.").format(day=day(selection.active_on))
    text.section(finding, lede)
    shown = switch("map", _("Map"), {"tiles": _("States as tiles"), "points": _("Agencies as points")})
    left, right = st.columns([7, 5], gap="large")
    with left:
        if shown == "points":
            _points(selection)
        else:
            limits = once("steps", lambda: charts.steps(list(by_state["per_100k_residents"])))
            drawn = once("tiles", lambda: charts.state_tiles(findings.tiles(by_state), looks, limits))
            chart(drawn, key="tiles", alt=finding)
            text.scale(limits, _("○ no agency is named"))
    with right:
        text.show(once("highest", lambda: _highest(by_state, selection)))
    source_row(
        by_state,
        key="states",
        title=_("Named agencies by state"),
        sources=sources,
        queries=("partnerships", "agencies", "states"),
        columns=(
            Column("name", _("State"), "link", address=state_page),
            Column("agencies", _("Agencies named"), "number", status="status"),
            Column("per_100k_residents", _("Per 100,000 residents"), "number", 2),
            Column("share_of_agencies", _("Share of its agencies"), "percent"),
        ),
        definitions={
            "per_100k_residents": _("Named agencies per 100,000 residents of the 2020 census."),
            "share_of_agencies": _(
                "Named city, town and county agencies over those on the FBI list of 2018. Approximate: "
                "the list holds agencies that no longer exist."
            ),
        },
    )


def state_page(row: Mapping[Any, Any]) -> str:
    """The address of the Participation page for one state."""
    return link("participation", state=row["state"])


def _highest(by_state: Any, selection: Selection) -> str:
    rows = by_state[by_state["agencies"] > 0].nlargest(10, "per_100k_residents")
    head = _("The ten highest")
    if selection.states:
        rows, head = by_state[by_state["state"].isin(selection.states)], _("Picked states")
    highest = by_state["per_100k_residents"].max()
    columns = (
        Column("name", _("State"), "link", address=state_page),
        Column("agencies", _("Agencies named"), "number", status="status"),
        Column("per_100k_residents", _("Per 100,000 residents"), "bar", 2, highest=highest),
        Column("share_of_agencies", _("Share of its agencies"), "percent"),
    )
    note = _("Share is of the city and county agencies on the FBI's list of 2018, which is approximate.")
    return f"<h3>{head}</h3>{markup.table(rows, columns, head)}<p class='pl-source'>{note}</p>"


def _points(selection: Selection) -> None:
    release = here().release
    agencies = public_data.partnerships(release, selection)
    drawn = once("points", lambda: charts.point_map(agencies.assign(hover=_hover(agencies)), here().looks))
    absent = public_data.unplaced(release, selection)
    told = ngettext(
        "{count} agency, at the centre of its city or county, not at a building.",
        "{count} agencies, each at the centre of its city or county, not at a building.",
        len(agencies) - absent,
    ).format(count=number(len(agencies) - absent))
    if absent:
        told += " " + ngettext(
            "{count} agency could not be placed.", "{count} agencies could not be placed.", absent
        ).format(count=number(absent))
    chart(drawn, key="points", alt=told)
    text.show(f'<p class="pl-source">{told}</p>')


def _hover(agencies: pd.DataFrame) -> list[str]:
    return [
        f"{markup.escaped(row['name'])}, {row['state']}<br>{words.word(words.KIND, row['kind'])}"
        + (f"<br>{iso(row['started_on'], row['started_precision'])}" if row["started_precision"] != "unknown" else "")
        for row in agencies.to_dict("records")
    ]
