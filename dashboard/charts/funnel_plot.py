"""The funnel plot: each agency's rate against how many it asked, and the limits within which differences are no news.

The only way in which agencies are compared here. Nothing is sorted and nothing is ranked.
"""

import math
from html import escape
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.base import BOTTOM, NARROW, NARROW_PX, WIDE, WIDE_PX, annotate, new_figure
from dashboard.charts.consent_over_time import rate_axis, rate_in_words
from dashboard.charts.labels import Box, Label, around, place
from dashboard.i18n import _, number, percent
from dashboard.looks import Looks
from dashboard.statistics import ALARM_Z, FEWEST_AGENCIES, WARNING_Z, Funnel

HEIGHT = 480
# Room right of the curves for what they are, as a share of the width.
MARGIN = 0.13
# Ticks nearer than this share of the width would touch on a phone.
TICKS_APART = 0.1
_TICKS = (10, 25, 50, 100, 250, 500, 1000, 2000, 4000, 8000, 16000, 32000, 64000)


def funnel_plot(funnel: Funnel, looks: Looks) -> go.Figure:
    """Hollow dots inside the limits, filled and named ones outside the 99.8 % limit; a bar where the rate is a range.

    `funnel.agencies`: name, asked, shared_low, shared_high, rate_low, rate_high, position_998. Square-root scale of
    residents asked. Under ten agencies no limits are drawn: their spread would be a guess.
    """
    agencies = funnel.agencies
    figure = new_figure(looks, height=HEIGHT, simulated_at=(0.6, 0.9))
    least, most = float(agencies["asked"].min()), float(agencies["asked"].max())
    left, right = math.sqrt(least) * 0.85, math.sqrt(most) * 1.06
    has_limits = len(agencies) >= FEWEST_AGENCIES
    top = max(0.1, agencies["rate_high"].max() * 1.05, funnel.target * 1.6)
    ticks = rate_axis(figure, looks, top, _("of residents asked shared"))
    if has_limits:
        _limits(figure, funnel, looks, left, right, ticks[-1])
    for outside in (False, True):
        _dots(figure, agencies[(agencies["position_998"] != "inside") == outside], looks, outside)
    _names(figure, agencies, looks, (left, right / (1 - MARGIN)), ticks[-1])
    sizes: list[int] = []
    for size in reversed(_TICKS):
        apart = math.sqrt(sizes[-1]) - math.sqrt(size) if sizes else right
        if left <= math.sqrt(size) <= right and apart > TICKS_APART * (right - left):
            sizes.append(size)
    figure.update_xaxes(
        tickangle=0,
        range=[left, left + (right - left) / (1 - MARGIN)],
        tickvals=[math.sqrt(size) for size in sizes],
        ticktext=[number(size) for size in sizes],
    )
    figure.add_annotation(
        x=0, y=0, xref="paper", yref="paper", yshift=-BOTTOM, xanchor="left", yanchor="top", showarrow=False,
        text=_("residents asked (square-root scale)"), font={"size": 13, "color": looks.ink3},
    )  # fmt: skip
    figure.update_layout(margin={"t": 8, "b": BOTTOM + 22})
    return figure


def _limits(figure: go.Figure, funnel: Funnel, looks: Looks, left: float, right: float, top: float) -> None:
    roots = np.linspace(left, right, 120)
    for z, dash, fill, told in (
        (ALARM_Z, "solid", looks.band, _("99.8% limit")),
        (WARNING_Z, "dot", None, _("95% limit")),
    ):
        low, high = funnel.limits(roots**2, z)
        common = {"mode": "lines", "line": {"color": looks.ink3, "width": 1.2, "dash": dash}, "hoverinfo": "skip"}
        figure.add_scatter(x=roots, y=low, **common)
        figure.add_scatter(x=roots, y=high, fill="tonexty" if fill else None, fillcolor=fill, **common)
        _beside(figure, right, high[-1], told, looks.ink3, 1 if z == ALARM_Z else -1)
    figure.add_scatter(
        x=[left, right], y=[funnel.target] * 2, mode="lines", line={"color": looks.ink, "width": 1.4}, hoverinfo="skip"
    )
    same = percent(funnel.target_low) == percent(funnel.target_high)
    target = percent(funnel.target) if same else _("{low} to {high}").format(
        low=percent(funnel.target_low), high=percent(funnel.target_high)
    )  # fmt: skip
    _beside(figure, right, funnel.target, _("all: {rate}").format(rate=target), looks.ink, -1)


def _beside(figure: go.Figure, x: float, y: float, text: str, colour: str, shift: int) -> None:
    # Curves may end close to each other: their words are moved apart.
    figure.add_annotation(
        name=WIDE, x=x, y=y, xanchor="left", xshift=6, yshift=7 * shift, showarrow=False, text=text,
        font={"size": 13, "color": colour},
    )  # fmt: skip


def _dots(figure: go.Figure, agencies: pd.DataFrame, looks: Looks, outside: bool) -> None:
    is_range = agencies["shared_low"] != agencies["shared_high"]
    ranges, exact = agencies[is_range], agencies[~is_range]
    x: list[float | None] = []
    y: list[float | None] = []
    for row in ranges.to_dict("records"):
        x += [math.sqrt(row["asked"])] * 2 + [None]
        y += [row["rate_low"], row["rate_high"], None]
    colour = looks.accent if outside else looks.ink2
    figure.add_scatter(x=x, y=y, mode="lines", line={"width": 4 if outside else 2.5, "color": colour}, hoverinfo="skip")
    # Invisible marks carry the hover of the bars; a marker would claim a rate that is not known.
    figure.add_scatter(
        x=[math.sqrt(asked) for asked in ranges["asked"]],
        y=(ranges["rate_low"] + ranges["rate_high"]) / 2,
        mode="markers",
        marker={"size": 12, "opacity": 0},
        customdata=[escape(in_words(row)) for row in ranges.to_dict("records")],
        hovertemplate="%{customdata}<extra></extra>",
    )
    figure.add_scatter(
        x=[math.sqrt(asked) for asked in exact["asked"]],
        y=exact["rate_low"],
        mode="markers",
        marker={
            "size": 11 if outside else 8,
            "color": looks.accent if outside else looks.paper,
            "line": {"width": 1.4, "color": looks.accent if outside else looks.ink},
        },
        customdata=[escape(in_words(row)) for row in exact.to_dict("records")],
        hovertemplate="%{customdata}<extra></extra>",
    )


def _names(figure: go.Figure, agencies: pd.DataFrame, looks: Looks, reach: tuple[float, float], top: float) -> None:
    plot = HEIGHT - 8 - BOTTOM - 22
    outside = agencies[agencies["position_998"] != "inside"].sort_values("asked", ascending=False)
    left, right = reach
    notes: list[dict[str, Any]] = []
    for name, width in ((WIDE, WIDE_PX), (NARROW, NARROW_PX)):

        def spot(row: Any, width: float = width) -> tuple[float, float]:
            return width * (math.sqrt(row["asked"]) - left) / (right - left), plot * row["rate_high"] / top

        marks = [around(*spot(row), 5) for row in agencies.to_dict("records")]
        for row in agencies[agencies["shared_low"] != agencies["shared_high"]].to_dict("records"):
            x, y = spot(row)
            marks.append(Box(x - 3, x + 3, plot * row["rate_low"] / top, y))
        wanted = []
        for row in outside.to_dict("records"):
            lines = (
                (row["name"], f"{rate_in_words(row, 0)}, {number(row['asked'])}") if name == WIDE else (row["name"],)
            )
            wanted.append((Label(*spot(row), lines), row))
        rows = {id(label): row for label, row in wanted}
        chosen = place([label for label, _row in wanted], marks, width, plot)
        if len(chosen) < len(wanted):
            # Short labels leave room for more of them.
            wanted = [(Label(*spot(row), (row["name"],)), row) for _label, row in wanted]
            rows = {id(label): row for label, row in wanted}
            chosen = place([label for label, _row in wanted], marks, width, plot)
        for placed in chosen:
            row = rows[id(placed.label)]
            first, *others = (escape(line) for line in placed.label.lines)
            text = f"<span style='color:{looks.ink}'>{first}</span>"
            text += "".join(f"<br><span style='color:{looks.ink3};font-size:13px'>{other}</span>" for other in others)
            notes.append({
                "name": name, "x": math.sqrt(row["asked"]), "y": row["rate_high"], "text": text, "showarrow": False,
                "xanchor": placed.xanchor, "yanchor": placed.yanchor, "xshift": placed.xshift, "yshift": placed.yshift,
                "align": placed.xanchor,
            })  # fmt: skip
    annotate(figure, notes)


def in_words(row: Any) -> str:
    """'Simulated PD 0413, OH: 34.0% of 2,148 asked'."""
    return _("{agency}: {rate} of {asked} asked").format(
        agency=row["name"], rate=rate_in_words(row), asked=number(row["asked"])
    )
