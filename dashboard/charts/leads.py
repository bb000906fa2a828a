"""Months that stand out, in time: how many requests, and how many the agency's own history makes likely."""

from datetime import date, timedelta
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.base import (
    BOTTOM,
    HEIGHT,
    NARROW,
    NARROW_PX,
    TOP,
    WIDE,
    WIDE_PX,
    annotate,
    count_axis,
    new_figure,
)
from dashboard.charts.labels import Box, Label, around, place
from dashboard.charts.regimes import bands, draw_bands, silent_band, span
from dashboard.i18n import _, day, number
from dashboard.looks import Looks

SIMULATED_AT = (0.38, 0.86)
# Half the width and height of that word, in px: no label may stand on it.
_WORD = (140, 20)


def unusual_months(tests: pd.DataFrame, regimes: pd.DataFrame, looks: Looks, until: date) -> go.Figure:
    """A dot for each month found, a line down to a tick at what was likely; grey where nothing could be tested.

    `tests`: rows of `public_data.leads.spike_tests` (found or not): name, regime_id, month_start, requests, expected,
    is_found.
    """
    since, until = span(regimes, until)
    shown = bands(regimes, since, until)
    found = tests[tests["is_found"]]
    figure = new_figure(looks, simulated_at=SIMULATED_AT)
    ticks = count_axis(figure, looks, max([4.0, *found["requests"]]) * 1.15, _("requests in a month"))
    draw_bands(figure, shown, looks)
    middles = [_date(month) + timedelta(days=15) for month in found["month_start"]]
    stems_x: list[date | None] = []
    stems_y: list[float | None] = []
    for middle, row in zip(middles, found.to_dict("records"), strict=True):
        stems_x += [middle, middle, None]
        stems_y += [row["expected"], row["requests"], None]
    figure.add_scatter(x=stems_x, y=stems_y, mode="lines", line={"width": 2, "color": looks.accent}, hoverinfo="skip")
    figure.add_scatter(
        x=middles,
        y=found["expected"],
        mode="markers",
        marker={"symbol": "line-ew-open", "size": 15, "color": looks.ink, "line": {"width": 2, "color": looks.ink}},
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=middles,
        y=found["requests"],
        mode="markers",
        marker={"size": 11, "color": looks.accent},
        customdata=[in_words(row) for row in found.to_dict("records")],
        hovertemplate="%{customdata}<extra></extra>",
    )
    _names(figure, found, middles, looks, (since, until), ticks[-1])
    for band in shown:
        if (tests["regime_id"] == band.regime_id).any():
            continue
        if band.has_request_tool:
            silent_band(figure, band, "not_reported", _("no log to test"), looks)
        else:
            silent_band(figure, band, "no_request_tool", _("no tool to ask with"), looks)
    figure.update_xaxes(range=[since, until], dtick="M12", tick0="2019-01-01", tickformat="%Y")
    return figure


def in_words(row: Any) -> str:
    """'Simulated PD 0446, TX, September 2023: 80 requests, usually about 5.2'."""
    return _("{agency}, {month}: {count} requests, usually about {usual}").format(
        agency=row["name"],
        month=day(row["month_start"], "month"),
        count=number(row["requests"]),
        usual=number(row["expected"], 1),
    )


def _names(
    figure: go.Figure, found: pd.DataFrame, middles: list[date], looks: Looks, reach: tuple[date, date], top: float
) -> None:
    height, days = HEIGHT - TOP - BOTTOM, (reach[1] - reach[0]).days
    notes = []
    for name, width in ((WIDE, WIDE_PX), (NARROW, NARROW_PX)):
        wanted = {}
        for middle, row in zip(middles, found.to_dict("records"), strict=True):
            x, y = width * (middle - reach[0]).days / days, height * row["requests"] / top
            told = _("{count}, usually {usual}").format(count=number(row["requests"]), usual=number(row["expected"], 1))
            lines = (row["name"], told) if name == WIDE else (number(row["requests"]),)
            wanted[Label(x, y, lines)] = (middle, row)
        # Neither on a mark nor on the line below it.
        marks = [around(label.x, label.y) for label in wanted]
        marks += [Box(label.x - 4, label.x + 4, 0, label.y) for label in wanted]
        if looks.is_simulated:
            x, y = SIMULATED_AT[0] * width, SIMULATED_AT[1] * height
            marks.append(Box(x - _WORD[0], x + _WORD[0], y - _WORD[1], y + _WORD[1]))
        for placed in place(list(wanted), marks, width, height):
            middle, row = wanted[placed.label]
            first, *others = placed.label.lines
            text = f"<span style='color:{looks.ink}'>{first}</span>"
            text += "".join(f"<br><span style='color:{looks.accent};font-size:13px'>{line}</span>" for line in others)
            notes.append(
                {
                    "name": name,
                    "x": middle,
                    "y": row["requests"],
                    "text": text,
                    "showarrow": False,
                    "xanchor": placed.xanchor,
                    "yanchor": placed.yanchor,
                    "xshift": placed.xshift,
                    "yshift": placed.yshift,
                    "align": placed.xanchor,
                }
            )
    annotate(figure, notes)


def _date(value: Any) -> date:
    found: date = value.date() if hasattr(value, "date") else value
    return found
