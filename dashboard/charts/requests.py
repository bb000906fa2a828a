"""Requests: bars by month within each regime, what they were about, and the few numbers that others published."""

from collections.abc import Mapping
from datetime import date, timedelta
from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard import words
from dashboard.charts.base import BOTTOM, NARROW, TOP, WIDE, annotate, count_axis, new_figure, nice_ticks, unit_label
from dashboard.charts.regimes import Band, bands, draw_bands, silent_band, span
from dashboard.i18n import _, day, is_known, number
from dashboard.looks import Looks

LANE_PX = 40
ROW_PX = 40


def requests_by_month(
    by_month: pd.DataFrame, regimes: pd.DataFrame, looks: Looks, until: date, *, residents: int | None = None
) -> go.Figure:
    """Bars of requests by month, one series per regime, each on its own band; the highest month of each is named.

    `by_month`: regime_id, month_start, requests. With `residents`, requests per 100,000 of them. The month in which a
    regime changes has two bars, each as wide as its days.
    """
    since, until = span(regimes, until)
    shown = bands(regimes, since, until)
    scale = 100_000 / residents if residents else 1.0
    drawn = by_month.assign(value=by_month["requests"] * scale)
    highest = max(drawn["value"], default=0.0) * 1.12
    figure = new_figure(looks, simulated_at=(0.56, 0.86))
    if residents:
        _rate_axis(figure, looks, highest)
    else:
        count_axis(figure, looks, highest, _("requests in a month"))
    draw_bands(figure, shown, looks)
    for band in shown:
        mine = drawn[drawn["regime_id"] == band.regime_id]
        if mine.empty:
            _explain(figure, band, looks)
        else:
            _bars(figure, mine, band, looks, 2 if residents else 0)
    _between(figure, drawn[drawn["regime_id"] == "unassigned"], looks)
    figure.update_xaxes(range=[since, until], dtick="M12", tick0="2019-01-01", tickformat="%Y")
    return figure


def _rate_axis(figure: go.Figure, looks: Looks, highest: float) -> None:
    ticks = nice_ticks(highest)
    labels = [number(tick, 2) for tick in ticks]
    figure.update_yaxes(range=[0, ticks[-1]], tickvals=ticks[:-1], ticktext=labels[:-1])
    unit_label(figure, looks, ticks[-1], _("{value} per 100,000 residents (2020 census)").format(value=labels[-1]))


def _bars(figure: go.Figure, months: pd.DataFrame, band: Band, looks: Looks, decimals: int) -> None:
    middles, widths = [], []
    for month in months["month_start"]:
        first = max(_date(month), band.starts)
        last = min(_month_end(_date(month)), band.ends)
        length = max((last - first).days, 2)
        middles.append(first + timedelta(days=length / 2))
        widths.append(length * 0.84 * 86_400_000)
    figure.add_bar(
        x=middles,
        y=months["value"],
        width=widths,
        marker={"color": looks.accent, "line": {"width": 0}},
        customdata=[
            f"{day(month, 'month')}: {number(value, decimals)}"
            for month, value in zip(months["month_start"], months["value"], strict=True)
        ],
        hovertemplate="%{customdata}<extra>" + band.name + "</extra>",
    )
    peak = int(months["value"].to_numpy().argmax())
    top = months.iloc[peak]
    told = number(top["value"], decimals)
    # A label near the right edge of its band reaches to the left, so that it stays on its band.
    anchor = "right" if (middles[peak] - band.starts) > (band.shown_until - band.starts) * 0.4 else "left"
    for name, text in (
        (WIDE, _("{count} in {month}").format(count=told, month=day(top["month_start"], "month"))),
        (NARROW, told),
    ):
        figure.add_annotation(
            name=name,
            x=middles[peak],
            y=top["value"],
            xanchor=anchor if name == WIDE else "center",
            yanchor="bottom",
            showarrow=False,
            text=f"<b>{text}</b>",
            font={"color": looks.accent},
        )


def _between(figure: go.Figure, months: pd.DataFrame, looks: Looks) -> None:
    """Requests whose regime is uncertain: grey, so that nobody reads them as part of a series."""
    if months.empty:
        return
    figure.add_bar(
        x=[_date(month) + timedelta(days=15) for month in months["month_start"]],
        y=months["value"],
        marker={"color": looks.grey, "line": {"width": 0}},
        hovertemplate="%{y:,}<extra>" + words.word(words.REGIMES, "unassigned") + "</extra>",
    )


def _explain(figure: go.Figure, band: Band, looks: Looks) -> None:
    if band.has_request_tool:
        silent_band(figure, band, "not_reported", _("not reported"), looks)
    else:
        silent_band(figure, band, "no_request_tool", _("no tool to ask with"), looks)


def requests_split(rows: pd.DataFrame, looks: Looks, most: float) -> go.Figure:
    """Bars of one regime's requests by value, each with its name and number above it.

    `rows`: label, requests, share (0 to 1) from top to bottom. `most`: the share at which a bar is full, the
    same for every regime beside it.
    """
    count = max(1, len(rows))
    # Below the bars, where it covers no words.
    below = 44 if looks.is_simulated else 4
    figure = new_figure(looks, height=count * ROW_PX + 8 + below, simulated_at=(0.5, 0))
    figure.update_annotations(yshift=-26)
    lines = list(range(count))
    figure.add_bar(
        x=[most] * len(rows),
        y=lines,
        orientation="h",
        width=0.24,
        marker={"color": looks.band},
        hoverinfo="skip",
    )
    figure.add_bar(
        x=rows["share"],
        y=lines,
        orientation="h",
        width=0.24,
        marker={"color": looks.accent},
        customdata=rows["requests"],
        hovertemplate="%{customdata:,}<extra></extra>",
    )
    notes: list[dict[str, Any]] = []
    for line, row in enumerate(rows.to_dict("records")):
        told = f"<b style='color:{looks.ink}'>{escape(row['label'])}</b>"
        for x, anchor, text in ((0, "left", told), (1, "right", number(row["requests"]))):
            notes.append(
                {
                    "x": x,
                    "xref": "paper",
                    "y": line - 0.18,
                    "yanchor": "bottom",
                    "xanchor": anchor,
                    "showarrow": False,
                    "text": text,
                    "font": {"size": 14},
                }
            )
    annotate(figure, notes)
    hidden = {"visible": False, "showgrid": False, "showline": False}
    figure.update_xaxes(hidden, range=[0, most])
    figure.update_yaxes(hidden, range=[count - 0.5, -0.75])
    figure.update_layout(barmode="overlay", margin={"l": 0, "r": 0, "t": 4, "b": below})
    return figure


def known_requests(counts: pd.DataFrame, regimes: pd.DataFrame, looks: Looks, until: date) -> go.Figure:
    """One line per published number of requests, in time: a bar over its period, a dot where only its end is known.

    `counts`: label, value, qualifier, period_start, period_end (one of them known), is_total, oldest first. Nothing is
    added up. Totals of the country are ink diamonds. Regimes for which nothing is known say so.
    """
    since, until = span(regimes, until)
    shown = bands(regimes, since, until)
    # A lane above for symbols on a phone, and in the demo one below for its mark.
    lanes = max(5, len(counts)) + (1 if looks.is_simulated else 0)
    figure = new_figure(looks, height=TOP + BOTTOM + LANE_PX * (lanes + 1), simulated_at=(0.6, 0.01))
    draw_bands(figure, shown, looks)
    days = (until - since).days
    notes: list[dict[str, Any]] = []
    for lane, row in enumerate(counts.to_dict("records")):
        colour = looks.ink if row["is_total"] else looks.accent
        ends = _last_day(row)
        starts = _date(row["period_start"]) if is_known(row["period_start"]) else ends
        told = words.qualified(number(row["value"]), row["qualifier"])
        # Plotly reads tags in its texts: a name is shown as it is written.
        named = escape(row["label"])
        figure.add_scatter(
            x=[starts, ends],
            y=[lane, lane],
            mode="lines+markers" if starts == ends else "lines",
            line={"color": colour, "width": 6},
            marker={"size": 9, "color": colour, "symbol": "diamond" if row["is_total"] else "circle"},
            hovertemplate=f"{named}: {told}<extra></extra>",
        )
        late = (starts - since).days > 0.55 * days
        for name, label in ((WIDE, named), (NARROW, named.replace("Police Department", "PD"))):
            notes.append(
                {
                    "name": name,
                    "x": ends if late else starts,
                    "y": lane,
                    "yshift": 5,
                    "xshift": 4 if late else -4,
                    "xanchor": "right" if late else "left",
                    "yanchor": "bottom",
                    "showarrow": False,
                    "text": f"<b style='color:{colour}'>{told}</b> {label}",
                    "font": {"size": 13},
                }
            )
    annotate(figure, notes)
    for band in shown:
        mine = [row for row in counts.to_dict("records") if band.starts <= _last_day(row) < band.ends]
        if not mine:
            _explain(figure, band, looks)
        elif all(row["qualifier"] == "at_least" for row in mine):
            # Single requests that a story happened to describe say nothing of how many there were.
            silent_band(figure, band, "not_reported", _("no total reported"), looks, y=0.7)
        else:
            continue
        # On a phone the words of the lines run across the bands: the symbol stands above them.
        figure.layout.annotations[-1].update(y=1, yanchor="top")
    figure.update_yaxes(visible=False, range=[lanes - 0.4, -1.5])
    figure.update_xaxes(range=[since, until], dtick="M12", tick0="2019-01-01", tickformat="%Y")
    return figure


def _last_day(row: Mapping[Any, Any]) -> date:
    return _date(row["period_end"] if is_known(row["period_end"]) else row["period_start"])


def _month_end(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def _date(value: Any) -> date:
    found: date = value.date() if hasattr(value, "date") else value
    return found
