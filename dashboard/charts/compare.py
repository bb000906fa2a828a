"""Two to six agencies side by side: requests by month, rates with their intervals, differences against zero.

The agency picked first is in accent, the others are grey. Agencies stand in the order picked, never by their rate.
"""

from datetime import date, timedelta
from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.base import BOTTOM, NARROW, TOP, WIDE, annotate, new_figure, nice_ticks
from dashboard.charts.regimes import Band, draw_bands
from dashboard.i18n import _, day, is_known, number, percent, short_month
from dashboard.looks import Looks

LANE_PX = 132
# Of each lane, the part above the bars that holds the name.
HEAD = 0.35
RATE_PX = 76
PAIR_PX = 70
# Room left and right of a line of intervals, in px.
EDGE = 24
MONTH_MS = 30.4 * 86_400_000


def months_by_agency(by_month: pd.DataFrame, agencies: pd.DataFrame, band: Band, looks: Looks) -> go.Figure:
    """A panel of bars for each agency, all on one scale, within one regime.

    `by_month`: agency_id, month_start, requests. `agencies`: agency_id, letter, name, log (in words). A line under the
    bars marks the months that the log covers: there a missing bar is a true 0, elsewhere nothing is known.
    """
    count = len(agencies)
    figure = new_figure(looks, height=TOP + BOTTOM + count * LANE_PX, simulated_at=(0.62, 0.04))
    figure.update_annotations(yanchor="bottom")
    highest = nice_ticks(max([2.0, *by_month["requests"]]), 2, whole=True)[-1]
    draw_bands(figure, [band], looks)
    notes: list[dict[str, Any]] = []
    for lane, agency in enumerate(agencies.to_dict("records")):
        base = float(count - 1 - lane)
        mine = by_month[by_month["agency_id"] == agency["agency_id"]]
        colour = looks.accent if lane == 0 else looks.grey
        notes += _head(agency, base + 1, looks.accent if lane == 0 else looks.ink)
        if mine.empty:
            continue
        scale = (1 - HEAD) / highest
        _covered(figure, mine, base, colour)
        figure.add_bar(
            x=[_date(month) + timedelta(days=15) for month in mine["month_start"]],
            y=mine["requests"] * scale,
            base=base,
            width=MONTH_MS * 0.84,
            marker={"color": colour, "line": {"width": 0}},
            customdata=[
                f"{day(month, 'month')}: {number(requests)}"
                for month, requests in zip(mine["month_start"], mine["requests"], strict=True)
            ],
            hovertemplate="%{customdata}<extra></extra>",
        )
        figure.add_shape(
            type="line", xref="paper", x0=0, x1=1, y0=base + 1 - HEAD, y1=base + 1 - HEAD,
            line={"color": looks.grid, "width": 1},
        )  # fmt: skip
        unit = _("{count} requests in a month") if lane == 0 else "{count}"
        scale_top = unit.format(count=number(highest))
        notes.append(_note(base + 1 - HEAD, scale_top, font={"size": 13, "color": looks.ink3}))
    annotate(figure, notes)
    figure.update_yaxes(visible=False, range=[0, count])
    figure.update_xaxes(range=[band.starts, band.ends], dtick="M12", tick0="2018-01-01", tickformat="%Y")
    if (band.ends - band.starts).days // 30 <= 24:
        # Named by us: the browser would write the months in English.
        halves = [date(year, month, 1) for year in range(band.starts.year, band.ends.year + 1) for month in (1, 7)]
        shown = [half for half in halves if band.starts <= half <= band.ends]
        figure.update_xaxes(tickvals=shown, ticktext=[short_month(half) for half in shown])
    return figure


def _note(y: float, text: str, **more: Any) -> dict[str, Any]:
    """An annotation at the left edge, below y."""
    place = {"x": 0, "xref": "paper", "xanchor": "left", "y": y, "yanchor": "top", "showarrow": False, "align": "left"}
    return place | {"text": text} | more


def _head(agency: dict[Any, Any], top: float, colour: str) -> list[dict[str, Any]]:
    name = f"<b style='color:{colour}'>{agency['letter']}  {escape(agency['name'])}</b>"
    texts = ((WIDE, f"{name}  {agency['log']}"), (NARROW, f"{name}<br>{agency['log']}"))
    return [_note(top, text, name=kind, yshift=-3, font={"size": 13}) for kind, text in texts]


def _covered(figure: go.Figure, mine: pd.DataFrame, base: float, colour: str) -> None:
    first, last = _date(mine["month_start"].iloc[0]), _date(mine["month_start"].iloc[-1])
    figure.add_shape(
        type="line", x0=first, x1=last + timedelta(days=30), y0=base, y1=base, line={"color": colour, "width": 2.5}
    )


def rates(agencies: pd.DataFrame, looks: Looks) -> go.Figure:
    """One line per agency in the order given: name, rate in words, 95 % interval with a dot or a range bar.

    `agencies`: letter, name, told (the rate or the state in words), asked, shared_low, shared_high, rate_low,
    rate_high; the last five null where there is no figure.
    """
    figure = _lined_figure(looks, len(agencies), RATE_PX)
    ticks = [0.0, *nice_ticks(min(max([0.1, *agencies["rate_high"].dropna()]), 1.0))]
    notes: list[dict[str, Any]] = []
    for lane, row in enumerate(agencies.to_dict("records")):
        name_colour = looks.accent if lane == 0 else looks.ink
        name = f"<b style='color:{name_colour}'>{row['letter']}  {escape(row['name'])}</b>"
        notes += _words(lane, name, row["told"])
        if is_known(row["rate_low"]):
            mark, soft = (looks.accent, looks.soft) if lane == 0 else (looks.ink2, looks.grey_soft)
            estimate = (row["shared_low"] / row["asked"], row["shared_high"] / row["asked"])
            _interval(figure, lane, (row["rate_low"], row["rate_high"]), estimate, (mark, soft, mark), row["told"])
    annotate(figure, notes)
    _axis(figure, looks, ticks, [percent(tick, 0 if round(100 * ticks[1], 6).is_integer() else 1) for tick in ticks])
    return figure


def differences(pairs: pd.DataFrame, looks: Looks) -> go.Figure:
    """One line per pair: the difference with its interval, against a line at zero.

    `pairs`: pair and short (its name on a desk and on a phone), told (the difference in words), estimate_low,
    estimate_high, low, high (-1 to 1), differs. Accent where the interval leaves out zero, hollow where it does not.
    """
    figure = _lined_figure(looks, len(pairs), PAIR_PX)
    step = nice_ticks(max(0.02, *pairs["low"].abs(), *pairs["high"].abs()), 2)
    ticks = [*(-tick for tick in reversed(step)), 0.0, *step]
    notes: list[dict[str, Any]] = []
    for lane, row in enumerate(pairs.to_dict("records")):
        mark, soft = (looks.accent, looks.soft) if row["differs"] else (looks.ink2, looks.grey_soft)
        told = f"<span style='color:{mark}'>{row['told']}</span>"
        wide, narrow = (f"<b style='color:{looks.ink}'>{escape(row[name])}</b>" for name in ("pair", "short"))
        notes += _words(lane, wide, told, narrow)
        colours = (mark, soft, mark if row["differs"] else looks.paper)
        _interval(
            figure, lane, (row["low"], row["high"]), (row["estimate_low"], row["estimate_high"]), colours, row["told"]
        )
    annotate(figure, notes)
    figure.add_shape(type="line", yref="paper", x0=0, x1=0, y0=0, y1=1, line={"color": looks.ink, "width": 1.4})
    labels = [_("no difference") if tick == 0 else number(100 * tick) for tick in ticks]
    _axis(figure, looks, ticks, labels)
    return figure


def _lined_figure(looks: Looks, count: int, line_px: int) -> go.Figure:
    # SIMULATED stands in a line of its own above the first agency: on a phone words fill every other line.
    top = 46 if looks.is_simulated else 8
    figure = new_figure(looks, height=count * line_px + top + BOTTOM, simulated_at=(1, 1))
    figure.update_annotations(xanchor="right", yanchor="bottom")
    figure.update_yaxes(visible=False, range=[count, 0])
    # Room for the outermost tick labels, which are centred on the edges of the plot.
    figure.update_layout(margin={"l": EDGE, "r": EDGE, "t": top, "b": BOTTOM})
    return figure


def _axis(figure: go.Figure, looks: Looks, ticks: list[float], labels: list[str]) -> None:
    figure.update_xaxes(
        range=[ticks[0], ticks[-1]], tickvals=ticks, ticktext=labels, showgrid=True, gridcolor=looks.grid,
        showline=False, ticks="", tickangle=0,
    )  # fmt: skip


def _words(lane: int, first: str, second: str, short: str | None = None) -> list[dict[str, Any]]:
    """Name above, what is known below it; on a phone a shorter name where there is one."""
    texts = ((WIDE, first), (NARROW, short or first))
    return [
        _note(lane + 0.06, f"{text}<br>{second}", name=name, xshift=-EDGE, font={"size": 14}) for name, text in texts
    ]


def _interval(
    figure: go.Figure,
    lane: int,
    limits: tuple[float, float],
    estimate: tuple[float, float],
    colours: tuple[str, str, str],
    hover: str,
) -> None:
    """A band from limit to limit; on it a dot, or a bar where the estimate is a range. Colours: mark, band, dot."""
    y, (mark, band, dot) = lane + 0.82, colours
    figure.add_scatter(x=limits, y=[y, y], mode="lines", line={"width": 12, "color": band}, hoverinfo="skip")
    # An edge in the mark's colour: the soft band alone has too little contrast to carry the limits.
    figure.add_scatter(
        x=[limits[0], limits[0], None, limits[1], limits[1]],
        y=[y - 0.09, y + 0.09, None, y - 0.09, y + 0.09],
        mode="lines",
        line={"width": 1.5, "color": mark},
        hoverinfo="skip",
    )
    low, high = estimate
    is_range = round(low, 9) != round(high, 9)
    if is_range:
        figure.add_scatter(x=estimate, y=[y, y], mode="lines", line={"width": 4, "color": mark}, hoverinfo="skip")
    figure.add_scatter(
        x=[(low + high) / 2],
        y=[y],
        mode="markers",
        # A dot in the middle of a range would claim a rate that is not known.
        marker={"size": 11, "color": dot, "line": {"width": 1.6, "color": mark}, "opacity": 0 if is_range else 1},
        customdata=[hover],
        hovertemplate="%{customdata}<extra></extra>",
    )


def _date(value: Any) -> date:
    found: date = value.date() if hasattr(value, "date") else value
    return found
