"""The strip of states: questions down, years across, cut where a request came to mean something else."""

from collections.abc import Sequence
from itertools import pairwise

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.base import NARROW, WIDE, WIDE_PX, new_figure
from dashboard.charts.drawn import Drawn
from dashboard.i18n import number
from dashboard.looks import Looks
from dashboard.states import state

ROW_PX = 56
TOP_PX = 56
LEFT_PX = 112
# Between two regimes, in columns.
GAP = 0.16
# On a phone a longer number would run into the next column; the list below the chart has it.
ALONE_CHARACTERS = 3


def agency_strip(cells: pd.DataFrame, looks: Looks) -> go.Figure:
    """Symbols of the states, with figures below them where there are any.

    `cells`: column, row, regime_id, regime, period, period_short, question_name, status, figure, hover.
    """
    columns = cells.drop_duplicates("column").sort_values("column")
    rows = cells.drop_duplicates("row").sort_values("row")
    place = _places(list(columns["regime_id"]))
    width, height = place[-1] + 0.5, len(rows)
    below = 46 if looks.is_simulated else 8
    figure = new_figure(looks, height=TOP_PX + ROW_PX * height + below, simulated_at=(0.5, 0))
    figure.update_annotations(yshift=-26, font_size=24)
    figure.update_layout(margin={"l": LEFT_PX, "t": TOP_PX, "b": below})
    hidden = {"visible": False, "showgrid": False, "showline": False}
    figure.update_xaxes(hidden, range=[-0.5, width])
    figure.update_yaxes(hidden, range=[height - 0.5, -0.5])
    px = (WIDE_PX - LEFT_PX) / (width + 0.5)
    drawn = Drawn()
    _bands(drawn, columns, place, looks, px)
    for row in rows.to_dict("records"):
        _row(drawn, row["row"], row["question_name"], looks)
    _symbols(figure, cells, place, looks)
    _figures(drawn, cells, place, looks)
    drawn.put_on(figure)
    return figure


def _places(regimes: Sequence[str]) -> list[float]:
    """Where each column stands: one apart, and a gap more where the regime changes."""
    places, at = [0.0], 0.0
    for before, after in pairwise(regimes):
        at += 1 + (GAP if before != after else 0)
        places.append(at)
    return places


def _bands(drawn: Drawn, columns: pd.DataFrame, place: list[float], looks: Looks, px: float) -> None:
    for number_of, (_regime_id, mine) in enumerate(columns.groupby("regime_id", sort=False), 1):
        left, right = place[mine["column"].iloc[0]] - 0.5, place[mine["column"].iloc[-1]] + 0.5
        drawn.shape(
            type="rect", x0=left, x1=right, y0=0, y1=1, yref="paper", fillcolor=looks.band,
            line={"width": 0}, layer="below",
        )  # fmt: skip
        name = str(mine["regime"].iloc[0])
        fits = 6.6 * len(name) <= px * (right - left + GAP)
        above = {"y": 1, "yref": "paper", "yshift": 26, "yanchor": "bottom", "showarrow": False, "font": {"size": 13}}
        bold = f"<b style='color:{looks.ink}'>{{}}</b>"
        drawn.note(name=WIDE, x=left, xanchor="left", text=bold.format(name if fits else number_of), **above)
        drawn.note(name=NARROW, x=(left + right) / 2, text=bold.format(number_of), **above)
        for column in mine.to_dict("records"):
            for name_of, text, size in ((WIDE, column["period"], 13), (NARROW, column["period_short"], 11)):
                drawn.note(
                    name=name_of, x=place[column["column"]], y=1, yref="paper", yanchor="bottom", yshift=4,
                    showarrow=False, text=text, font={"size": size, "color": looks.ink2},
                )  # fmt: skip


def _row(drawn: Drawn, row: int, name: str, looks: Looks) -> None:
    drawn.note(
        x=0, xref="paper", xshift=-LEFT_PX, xanchor="left", y=row, text=name, showarrow=False,
        font={"size": 14, "color": looks.ink},
    )  # fmt: skip
    if row:
        drawn.shape(
            type="line", x0=0, x1=1, xref="paper", y0=row - 0.5, y1=row - 0.5,
            line={"color": looks.rule, "width": 1},
        )  # fmt: skip


def _symbols(figure: go.Figure, cells: pd.DataFrame, place: list[float], looks: Looks) -> None:
    figure.add_scatter(
        x=[place[column] for column in cells["column"]],
        y=[row - (0.16 if figure_of else 0) for row, figure_of in zip(cells["row"], cells["figure"], strict=True)],
        mode="markers+text",
        # The marker is only there to be pointed at: the symbol is a letter of our own font, as everywhere.
        marker={"size": 30, "opacity": 0},
        text=[state(code).symbol for code in cells["status"]],
        textfont={
            "size": 18,
            "color": [looks.accent if state(code).has_figure else looks.ink for code in cells["status"]],
        },
        textposition="middle center",
        customdata=cells["hover"],
        hovertemplate="%{customdata}<extra></extra>",
    )


def _figures(drawn: Drawn, cells: pd.DataFrame, place: list[float], looks: Looks) -> None:
    with_figure = cells[cells["figure"] != ""].to_dict("records")
    taken = {(cell["row"], cell["column"]) for cell in with_figure}
    for cell in with_figure:
        plain = number(cell["low"]) if cell["low"] == cell["high"] and cell["qualifier"] == "exact" else ""
        beside = any((cell["row"], cell["column"] + step) in taken for step in (-1, 1))
        short = plain if len(plain) <= (ALONE_CHARACTERS - beside) else ""
        for name, text, size in ((WIDE, cell["figure"], 13), (NARROW, short, 12)):
            if text:
                drawn.note(
                    name=name, x=place[cell["column"]], y=cell["row"] + 0.2, showarrow=False,
                    text=f"<b>{text}</b>", font={"size": size, "color": looks.accent},
                )  # fmt: skip
