"""Participation in time: agencies we can name against totals that were reported; joining by month."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard import words
from dashboard.charts.base import BOTTOM, HEIGHT, NARROW, NARROW_PX, TOP, WIDE, WIDE_PX, count_axis, new_figure
from dashboard.charts.labels import CHARACTER_PX, GAP_PX, LINE_PX, Box, Label, place
from dashboard.charts.regimes import Band, bands, draw_bands, silent_band, span
from dashboard.i18n import _, day, ngettext, number
from dashboard.looks import Looks

# Ways of giving a number that say: the true one is not below it. An arrow upwards marks them.
ABOVE = ("more_than", "at_least")
# A list that reaches to this many days before the release has not ended.
RECENT = 183


def growth(by_month: pd.DataFrame, totals: pd.DataFrame, regimes: pd.DataFrame, looks: Looks, until: date) -> go.Figure:
    """Area of named agencies, open diamonds for reported totals, regime bands.

    `by_month`: month_end, active, status, oldest first. The area covers the months that a whole list covers, and only
    where there is no list at all the months that the press covers; then it stops. `totals`: stands_on, value,
    qualifier, measure.
    """
    since, until = span(regimes, until)
    shown = bands(regimes, since, until)
    named = drawn_months(by_month)
    totals = totals[totals["stands_on"].notna()]
    highest = max([1.0, *named["active"], *totals["value"]])
    figure = new_figure(looks, simulated_at=(0.6, 0.2))
    ticks = count_axis(figure, looks, highest * 1.06, _("agencies"))
    draw_bands(figure, shown, looks)
    for band in shown:
        # One piece per regime: no line crosses a gap.
        inside = [band.starts <= _date(month) <= band.shown_until for month in named["month_end"]]
        piece = named[pd.Series(inside, index=named.index, dtype=bool)]  # No month at all is a selection too.
        figure.add_scatter(
            x=piece["month_end"],
            y=piece["active"],
            mode="lines",
            line={"color": looks.accent, "width": 2.5},
            fill="tozeroy",
            fillcolor=looks.soft,
            hovertemplate="%{x|%Y-%m-%d}: %{y:,} " + _("named") + "<extra></extra>",
        )
    if not named.empty:
        figure.add_scatter(
            x=named["month_end"].tail(1),
            y=named["active"].tail(1),
            mode="markers",
            marker={"size": 10, "color": looks.accent},
            hoverinfo="skip",
        )
    figure.add_scatter(
        x=totals["stands_on"],
        y=totals["value"],
        mode="markers",
        marker={"symbol": "diamond", "size": 11, "color": looks.paper, "line": {"width": 1.6, "color": looks.ink}},
        customdata=[in_words(total) for total in totals.to_dict("records")],
        hovertemplate="%{customdata}<extra></extra>",
    )
    for total in totals[totals["qualifier"].isin(ABOVE)].to_dict("records"):
        figure.add_annotation(
            x=total["stands_on"],
            y=total["value"],
            ax=0,
            ay=-19,
            text="",
            showarrow=True,
            arrowhead=2,
            arrowsize=1,
            arrowwidth=1.4,
            standoff=5,
            arrowcolor=looks.ink,
        )
        # Plotly points arrows at the mark; turned round, the head is at the far end.
        figure.layout.annotations[-1].update(arrowside="start", startarrowhead=2)
    _label(figure, named, totals, looks, since, until, ticks)
    _explain_silence(figure, shown, named, totals, looks)
    figure.update_xaxes(range=[since, until], dtick="M12", tick0="2019-01-01", tickformat="%Y")
    return figure


def drawn_months(by_month: pd.DataFrame) -> pd.DataFrame:
    """The months that the area covers: those of a whole list; without one, those of the press up to the last change."""
    listed = by_month[by_month["status"] == "published"]
    if not listed.empty:
        started = listed[listed["active"] > 0]
        return listed.loc[started.index[0] :] if not started.empty else listed.iloc[0:0]
    press = by_month[by_month["status"] == "partly_published"]
    changed = press[press["active"].diff().fillna(press["active"]) != 0]
    return press.loc[changed.index[0] : changed.index[-1]] if not changed.empty else press.iloc[0:0]


def in_words(total: Mapping[Any, Any]) -> str:
    """'July 1, 2022: 2,161 police agencies' for a row of reported totals."""
    value = words.qualified(number(total["value"]), total["qualifier"])
    when = day(total["as_of"], str(total["as_of_precision"]))
    if total["as_of_precision"] == "year":
        when = _("end of {year}").format(year=when)
    return f"{when}: {value} {words.word(words.MEASURES, str(total['measure']))}"


def _label(
    figure: go.Figure,
    named: pd.DataFrame,
    totals: pd.DataFrame,
    looks: Looks,
    since: date,
    until: date,
    ticks: Sequence[float],
) -> None:
    top = ticks[-1]
    days = max(1, (until - since).days)
    height = HEIGHT - TOP - BOTTOM
    for name, width in ((WIDE, WIDE_PX), (NARROW, NARROW_PX)):
        line = [
            # Words stand beside the area, not in it.
            Box(x - 6, x + 6, 0, height * active / top + 5)
            for x, active in zip(
                [width * (_date(month) - since).days / days for month in named["month_end"]],
                named["active"],
                strict=True,
            )
        ]
        unit = Box(0, 90, height - 20, height)
        numbers = [
            Box(0, CHARACTER_PX * len(number(tick)) + GAP_PX, height * tick / top, height * tick / top + LINE_PX)
            for tick in ticks[:-1]
        ]
        wanted: list[tuple[Label, str, Any, Any]] = []
        if not named.empty:
            last = named.iloc[-1]
            count = number(last["active"])
            ends = _("The list ends in {month}").format(month=day(last["month_end"], "month"))
            if (until - _date(last["month_end"])).days < RECENT:
                ends = day(last["month_end"], "month")
            if last["status"] != "published":
                ends = _("named by the press")
            full = (
                ngettext("{count} agency named", "{count} agencies named", last["active"]).format(count=count),
                ends,
            )
            lines = (
                full
                if name == WIDE
                else (ngettext("{count} named", "{count} named", last["active"]).format(count=count),)
            )
            wanted.append(
                (
                    Label(width * (_date(last["month_end"]) - since).days / days, height * last["active"] / top, lines),
                    looks.accent,
                    last["month_end"],
                    last["active"],
                )
            )
        for total in _in_order(totals):
            when, rest = in_words(total).split(": ", 1)
            lines = (rest, when) if name == WIDE else (number(total["value"]),)
            x = width * (_date(total["stands_on"]) - since).days / days
            wanted.append(
                (Label(x, height * total["value"] / top, lines), looks.ink, total["stands_on"], total["value"])
            )
        arrows = [
            Box(label.x - 5, label.x + 5, label.y, label.y + 24)
            for (label, *_rest), qualifier in zip(wanted[-len(totals) :], _qualifiers(totals), strict=False)
            if qualifier in ABOVE and len(totals)
        ]
        by_label = {id(label): (colour, x, y) for label, colour, x, y in wanted}
        for spot in place([label for label, *_rest in wanted], [unit, *numbers, *line, *arrows], width, height):
            colour, x, y = by_label[id(spot.label)]
            first, *others = spot.label.lines
            text = f"<span style='color:{colour}'>{'<b>' + first + '</b>' if colour == looks.accent else first}</span>"
            text += "".join(f"<br><span style='color:{looks.ink3};font-size:13px'>{other}</span>" for other in others)
            figure.add_annotation(
                name=name,
                x=x,
                y=y,
                text=text,
                showarrow=False,
                xanchor=spot.xanchor,
                yanchor=spot.yanchor,
                xshift=spot.xshift,
                yshift=spot.yshift,
                align={"right": "right", "left": "left", "center": "center"}[spot.xanchor],
            )


def _qualifiers(totals: pd.DataFrame) -> list[str]:
    return [str(total["qualifier"]) for total in _in_order(totals)]


def _in_order(totals: pd.DataFrame) -> list[dict[Any, Any]]:
    # Most telling first: exact totals, newest first, then the rest, newest first.
    ordered = totals.assign(exact=totals["qualifier"] == "exact").sort_values(
        ["exact", "stands_on", "value"], ascending=[False, False, False]
    )
    return ordered.to_dict("records")


def _explain_silence(
    figure: go.Figure, shown: Sequence[Band], named: pd.DataFrame, totals: pd.DataFrame, looks: Looks
) -> None:
    for band in shown:
        spoken = [*named["month_end"], *totals["stands_on"]]
        if any(band.starts <= _date(known) < band.ends for known in spoken):
            continue
        if not band.has_request_tool:
            silent_band(figure, band, "no_request_tool", _("nothing to join"), looks)
        else:
            silent_band(figure, band, "not_reported", _("not reported: no list, no total"), looks)


def joined(by_month: pd.DataFrame, regimes: pd.DataFrame, looks: Looks) -> go.Figure:
    """Bars of agencies that joined in each month, the highest in the accent.

    `by_month`: month_start, month_end, joined, status, oldest first; only the months that `growth` draws are drawn.
    """
    months_drawn = drawn_months(by_month)
    figure = new_figure(looks, height=340, simulated_at=(0.3, 0.6))
    if months_drawn.empty:
        return figure
    since = _date(months_drawn["month_start"].iloc[0])
    ends = _date(months_drawn["month_end"].iloc[-1]) + timedelta(days=1)
    # Room on the right for the words that say why the bars stop.
    until = ends + (ends - since) * 0.12
    highest = int(months_drawn["joined"].max())
    count_axis(figure, looks, highest * 1.12, _("in a month"))
    draw_bands(figure, bands(regimes, since, ends), looks, px=int(WIDE_PX / 1.12))
    peak = int(months_drawn["joined"].to_numpy().argmax())
    colours = [looks.accent if i == peak else looks.grey for i in range(len(months_drawn))]
    labels = [day(month, "month") for month in months_drawn["month_start"]]
    figure.add_bar(
        x=[_date(m) + timedelta(days=15) for m in months_drawn["month_start"]],
        y=months_drawn["joined"],
        marker={"color": colours, "line": {"width": 0}},
        customdata=labels,
        hovertemplate="%{customdata}: %{y:,}<extra></extra>",
    )
    highlight = months_drawn.iloc[peak]
    for name, text in (
        (WIDE, _("{count} in {month}").format(count=number(highest), month=day(highlight["month_start"], "month"))),
        (NARROW, number(highest)),
    ):
        figure.add_annotation(
            name=name,
            x=_date(highlight["month_start"]) + timedelta(days=15),
            y=highest,
            yanchor="bottom",
            showarrow=False,
            text=f"<b>{text}</b>",
            font={"color": looks.accent},
        )
    figure.add_annotation(
        name=WIDE,
        x=ends,
        y=0.12,
        yref="paper",
        xanchor="left",
        xshift=8,
        align="left",
        showarrow=False,
        text=_("Known up<br>to here"),
        font={"size": 13, "color": looks.ink2},
    )
    figure.update_xaxes(range=[since, until], dtick="M12", tick0="2019-01-01", tickformat="%Y")
    return figure


def joined_in_words(by_month: pd.DataFrame) -> str:
    """The sentence that stands for the chart of joining."""
    drawn = drawn_months(by_month)
    if drawn.empty or not drawn["joined"].sum():
        return _("No start date is known.")
    peak = drawn.iloc[int(drawn["joined"].to_numpy().argmax())]
    count = int(peak["joined"])
    return ngettext(
        "Bars by month: most agencies joined in {month}, {count} agency.",
        "Bars by month: most agencies joined in {month}, {count} agencies.",
        count,
    ).format(month=day(peak["month_start"], "month"), count=number(count))


def _date(value: Any) -> date:
    found: date = value.date() if isinstance(value, pd.Timestamp) else value
    return found
