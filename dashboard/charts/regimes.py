"""Regime bands: what "request" meant at each time, behind every time axis. No series runs across a gap."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard import words
from dashboard.charts.base import NARROW, WIDE, WIDE_PX, annotate
from dashboard.i18n import _, day, is_known, short_month
from dashboard.looks import Looks
from dashboard.states import state

GAP_PX = 14


@dataclass(frozen=True)
class Band:
    """One regime inside a chart's span. `ends` is the first day of the next regime, or the span's end."""

    regime_id: str
    name: str
    dates: str
    starts: date
    ends: date
    shown_until: date
    has_request_tool: bool

    @property
    def middle(self) -> date:
        """The day in the middle of what is shown."""
        return self.starts + (self.shown_until - self.starts) / 2


def bands(regimes: pd.DataFrame, since: date, until: date) -> list[Band]:
    """The regimes that reach into the span, oldest first, each ended a gap before the next begins."""
    gap = timedelta(days=max(1, round((until - since).days * GAP_PX / WIDE_PX)))
    found = []
    for regime in regimes.sort_values("starts_on").to_dict("records"):
        starts = _as_date(regime["starts_on"])
        ends = _as_date(regime["ends_on"]) if is_known(regime["ends_on"]) else None
        if starts >= until or (ends and ends <= since):
            continue
        last = ends is None or ends >= until
        shown_from = max(starts, since)
        shown_until = until if last or ends is None else max(shown_from, ends - gap)
        found.append(
            Band(
                regime["regime_id"],
                words.word(words.REGIMES, regime["regime_id"])
                if regime["regime_id"] in words.REGIMES
                else regime["name"],
                regime_dates(regime),
                shown_from,
                until if ends is None else min(ends, until),
                shown_until,
                bool(regime["has_request_tool"]),
            )
        )
    return found


def regime_dates(regime: dict[Any, Any]) -> str:
    """'Mar 2018 to Jun 2021', 'since 2025': as exactly as both ends are known."""
    starts = _short(regime["starts_on"], regime["starts_precision"])
    if not is_known(regime["ends_on"]):
        return _("since {start}").format(start=starts)
    return _("{start} to {end}").format(start=starts, end=_short(regime["ends_on"], regime["ends_precision"]))


def draw_bands(figure: go.Figure, shown: Sequence[Band], looks: Looks, *, px: int = WIDE_PX) -> None:
    """Draw bands, names and cuts. On a phone a band carries its number; the key under the chart names it."""
    if not shown:
        return
    days = max(1, (shown[-1].shown_until - shown[0].starts).days)
    figure.layout.shapes = [
        *figure.layout.shapes,
        *(
            {
                "type": "rect",
                "x0": band.starts,
                "x1": band.shown_until,
                "y0": 0,
                "y1": 1,
                "yref": "paper",
                "fillcolor": looks.band,
                "line": {"width": 0},
                "layer": "below",
            }
            for band in shown
        ),
    ]
    notes: list[dict[str, Any]] = []
    for number, band in enumerate(shown, 1):
        width = px * (band.shown_until - band.starts).days / days
        text = f"<b style='color:{looks.ink}'>{band.name}</b><br><span style='color:{looks.ink3}'>{band.dates}</span>"
        if width < CHARACTERS_PX * len(band.name):
            text = f"<b style='color:{looks.ink}'>{number}</b>"
        notes.append(
            {
                "name": WIDE,
                "x": band.starts,
                "y": 1,
                "yref": "paper",
                "xanchor": "left",
                "yanchor": "bottom",
                "align": "left",
                "showarrow": False,
                "text": text,
                "font": {"size": 13},
            }
        )
        notes.append(
            {
                "name": NARROW,
                "x": band.middle,
                "y": 1,
                "yref": "paper",
                "yanchor": "bottom",
                "showarrow": False,
                "text": f"<b>{number}</b>",
                "font": {"size": 13, "color": looks.ink},
            }
        )
        if number > 1:
            notes.append(
                {
                    "x": band.starts,
                    "y": 0,
                    "yref": "paper",
                    "xshift": -7,
                    "text": "<b>//</b>",
                    "showarrow": False,
                    "font": {"color": looks.ink},
                }
            )
    annotate(figure, notes)


CHARACTERS_PX = 6.6


def silent_band(figure: go.Figure, band: Band, code: str, reason: str, looks: Looks, *, y: float = 0.5) -> None:
    """Say in the middle of a band why it holds no figure: symbol of the state and the reason."""
    symbol = f"<span style='font-size:20px;color:{looks.ink}'>{state(code).symbol}</span>"
    broken = "<br>".join(_lines(reason))
    common = {"x": band.middle, "y": y, "yref": "paper", "showarrow": False, "font": {"color": looks.ink2}}
    shown = ((WIDE, f"{symbol}<br>{broken}"), (NARROW, symbol))
    annotate(figure, [{"name": name, "text": text} | common for name, text in shown])


def span(regimes: pd.DataFrame, until: date, since: date | None = None) -> tuple[date, date]:
    """The span of a time axis: from the first regime (or `since`) to the day of the release."""
    first = min((_as_date(day) for day in regimes["starts_on"]), default=until - timedelta(days=365))
    return since or first, until


def _lines(text: str, width: int = 18) -> list[str]:
    lines = [""]
    for piece in text.split():
        if lines[-1] and len(lines[-1]) + len(piece) + 1 > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {piece}".strip()
    return lines


def _short(value: Any, precision: str) -> str:
    return day(value, "year") if precision == "year" else short_month(value)


def _as_date(value: Any) -> date:
    found: date = value.date() if hasattr(value, "date") else value
    return found
