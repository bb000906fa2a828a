"""The consent rate in time: a line per regime with its 95 % band, as thick as the range it stands for, and gaps."""

from datetime import date, timedelta
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.base import NARROW, WIDE, new_figure, nice_ticks, unit_label
from dashboard.charts.regimes import Band, bands, draw_bands, silent_band, span
from dashboard.i18n import _, number, percent, quarter
from dashboard.looks import Looks
from dashboard.public_data.consent_series import Period, silence_of
from dashboard.states import state

# Ranges narrower than this are drawn as one line that is as thick as they are.
JOINED = 0.02
# A word that stands on a point higher than this share of the plot would lie on the unit or above the plot.
UNDER_THE_UNIT = 0.88


def consent_over_time(
    by_period: pd.DataFrame, regimes: pd.DataFrame, looks: Looks, until: date, period: Period
) -> go.Figure:
    """Rate by period, cut where the regime changes or a period has no figure.

    `by_period`: rows of `public_data.consent_by_period`. A range of residents who shared is a vertical bar from its
    low to its high end. A period without a figure carries its state's symbol just above the axis.
    """
    since, until = span(regimes, until)
    shown = bands(regimes, since, until)
    known = by_period[by_period["asked"].notna()]
    figure = new_figure(looks, simulated_at=(0.5, 0.16))
    ticks = rate_axis(figure, looks, max([0.1, *known["rate_high"]]), _("of residents asked shared"))
    draw_bands(figure, shown, looks)
    for band in shown:
        mine = by_period[by_period["regime_id"] == band.regime_id]
        with_figure = mine[mine["asked"].notna()]
        if with_figure.empty:
            _explain(figure, band, mine, regimes, looks)
            continue
        for run in _runs(mine):
            _line(figure, run, band, looks, period)
        _last_value(figure, with_figure.iloc[-1], band, looks, ticks[-1])
        _held_back(figure, mine[mine["asked"].isna()], band, looks, ticks[-1])
    figure.update_xaxes(range=[since, until], dtick="M12", tick0="2019-01-01", tickformat="%Y")
    return figure


def rate_axis(figure: go.Figure, looks: Looks, highest: float, unit: str) -> list[float]:
    """Lay out an axis of rates from 0, the unit written at the top tick ("40% of residents asked shared")."""
    ticks = nice_ticks(min(highest, 1.0))
    labels = [percent(tick, 0) for tick in ticks]
    figure.update_yaxes(range=[0, ticks[-1]], tickvals=ticks[:-1], ticktext=labels[:-1])
    figure.add_shape(
        type="line", xref="paper", x0=0, x1=1, y0=ticks[-1], y1=ticks[-1], line={"color": looks.grid, "width": 1}
    )
    unit_label(figure, looks, ticks[-1], f"{labels[-1]} {unit}")
    return ticks


def middle(row: Any, band: Band) -> date:
    """The middle of the days that a period and a regime share."""
    first = max(row["starts_on"].date(), band.starts)
    last = min(row["ends_on"].date() + timedelta(days=1), band.ends)
    return first + (last - first) / 2


def name_of(row: Any, period: Period) -> str:
    """'2025 Q1' or '2025'."""
    return quarter(row["starts_on"]) if period == "quarter" else str(row["starts_on"].year)


def rate_in_words(row: Any, decimals: int = 1) -> str:
    """'20.7%', or '20.1% to 21.0%' where who shared is a range, or 'at most 5%' where its low end is 0."""
    low, high = (percent(row[name] / row["asked"], decimals) for name in ("shared_low", "shared_high"))
    if row["shared_low"] == 0 and row["shared_high"] > 0:
        return _("at most {rate}").format(rate=high)
    return low if low == high else _("{low} to {high}").format(low=low, high=high)


def _runs(mine: pd.DataFrame) -> list[pd.DataFrame]:
    """Stretches of neighbouring periods that have a figure."""
    has_figure = mine["asked"].notna()
    # A period without a row is a gap as well: nothing was asked in it, or nobody logged it.
    apart = (mine["starts_on"] - mine["ends_on"].shift()).dt.days != 1
    stretch = ((~has_figure) | apart | (~has_figure.shift(fill_value=True))).cumsum()
    return [run for _number, run in mine[has_figure].groupby(stretch[has_figure])]


def _line(figure: go.Figure, run: pd.DataFrame, band: Band, looks: Looks, period: Period) -> None:
    rows = run.to_dict("records")
    days = [middle(row, band) for row in rows]
    low, high = (list(run[name] / run["asked"]) for name in ("shared_low", "shared_high"))
    _ribbon(figure, days, list(run["rate_low"]), list(run["rate_high"]), looks.soft, 0)
    for part in _connected(low, high):
        _ribbon(figure, days[part], low[part], high[part], looks.accent, 2)
    for row, when in zip(rows, days, strict=True):
        _interval_bar(figure, row, when, looks, single=len(rows) == 1)
    figure.add_scatter(
        x=days,
        y=[(one + other) / 2 for one, other in zip(low, high, strict=True)],
        mode="markers",
        marker={
            "size": [8 if row["shared_low"] == row["shared_high"] else 13 for row in rows],
            "symbol": ["circle" if row["shared_low"] == row["shared_high"] else "line-ns" for row in rows],
            "color": looks.accent,
            "opacity": [1 if row["shared_low"] == row["shared_high"] else 0 for row in rows],
        },
        customdata=[
            _("{period}: {rate} of {asked} asked (95% interval {low} to {high}), {state}").format(
                period=name_of(row, period),
                rate=rate_in_words(row),
                asked=number(row["asked"]),
                low=percent(row["rate_low"]),
                high=percent(row["rate_high"]),
                state=state(row["status"]).word,
            )
            for row in rows
        ],
        hovertemplate="%{customdata}<extra></extra>",
    )


def _connected(low: list[float], high: list[float]) -> list[slice]:
    """Stretches in which neighbours may be joined: a line through wide ranges would draw rates that nobody knows."""
    joined, first = [], 0
    for i in range(len(low) + 1):
        if i == len(low) or high[i] - low[i] > JOINED:
            joined += [slice(first, i)] if i - first > 1 else []
            first = i + 1
    return joined


def _ribbon(figure: go.Figure, days: list[date], low: list[float], high: list[float], colour: str, edge: float) -> None:
    figure.add_scatter(
        x=[*days, *reversed(days)],
        y=[*high, *reversed(low)],
        mode="lines",
        fill="toself",
        fillcolor=colour,
        line={"width": edge, "color": colour},
        hoverinfo="skip",
    )


def _interval_bar(figure: go.Figure, row: Any, when: date, looks: Looks, *, single: bool) -> None:
    if single:
        # A lone point has no band to either side: its interval is a bar of its own.
        figure.add_scatter(
            x=[when, when],
            y=[row["rate_low"], row["rate_high"]],
            mode="lines",
            line={"width": 5, "color": looks.soft},
            hoverinfo="skip",
        )
    if row["shared_low"] != row["shared_high"]:
        figure.add_scatter(
            x=[when, when],
            y=[row["shared_low"] / row["asked"], row["shared_high"] / row["asked"]],
            mode="lines",
            line={"width": 5, "color": looks.accent},
            hoverinfo="skip",
        )


def _last_value(figure: go.Figure, row: Any, band: Band, looks: Looks, top: float) -> None:
    # Above its interval; where that reaches up to the unit and the regimes' names, on its lower end.
    is_high = row["rate_high"] > UNDER_THE_UNIT * top
    for name, decimals in ((WIDE, 1), (NARROW, 0)):
        figure.add_annotation(
            name=name,
            x=middle(row, band),
            y=row["shared_high"] / row["asked"] if is_high else row["rate_high"],
            yanchor="bottom",
            xanchor="right",
            xshift=10,
            showarrow=False,
            text=f"<b>{rate_in_words(row, decimals)}</b>",
            font={"color": looks.accent},
        )


def _held_back(figure: go.Figure, rows: pd.DataFrame, band: Band, looks: Looks, top: float) -> None:
    if rows.empty:
        return
    told = rows.to_dict("records")
    figure.add_scatter(
        x=[middle(row, band) for row in told],
        y=[top * 0.06] * len(told),
        mode="text",
        text=[state(row["status"]).symbol for row in told],
        textfont={"size": 17, "color": looks.ink},
        customdata=[f"{row['starts_on']:%Y-%m-%d}: {state(row['status']).word}" for row in told],
        hovertemplate="%{customdata}<extra></extra>",
        cliponaxis=False,
    )


def _explain(figure: go.Figure, band: Band, mine: pd.DataFrame, regimes: pd.DataFrame, looks: Looks) -> None:
    regime = regimes[regimes["regime_id"] == band.regime_id].iloc[0].to_dict()
    code = "pending" if "pending" in set(mine["status"]) else silence_of(regime)
    reason = {
        "no_request_tool": _("no tool to ask with"),
        "pending": _("pending"),
        "not_measurable": _("not measurable: nobody counts who saw a request"),
        "not_reported": _("not reported"),
    }[code]
    if code == "not_measurable" and regime["denominator_known_to"] == "vendor":
        reason = _("not measurable: police cannot see who was asked")
    silent_band(figure, band, code, reason, looks)
