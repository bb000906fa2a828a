"""The map as equal tiles: no map host, no shapes to load, and a small state counts as much as a large one."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.base import new_figure
from dashboard.charts.tile_grid import COLUMNS, ROWS, TILES
from dashboard.i18n import is_known
from dashboard.looks import Looks
from dashboard.states import state


def steps(values: Sequence[float], count: int = 5) -> list[float]:
    """Lower limits of the colour steps, from 0, round and evenly spaced so that the top step is reached but rare."""
    known = sorted(value for value in values if is_known(value))
    if not known:
        return [0.0]
    usual = known[int(0.9 * (len(known) - 1))]
    for step in (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000):
        if step * (count - 1) >= usual:
            return [round(step * i, 4) for i in range(count)]
    return [known[-1] / count * i for i in range(count)]


def state_tiles(by_state: pd.DataFrame, looks: Looks, limits: Sequence[float]) -> go.Figure:
    """One tile per state: code and value, shaded by step; an outlined tile with the state's symbol where there is none.

    `by_state`: state, value, shown (the value as words), hover, status. `limits`: lower limits of the steps.
    """
    figure = new_figure(looks, height=420, simulated_at=(0.45, 0.97))
    given = {row["state"]: row for row in by_state.to_dict("records")}
    shade: list[list[float | None]] = [[None] * COLUMNS for _row in range(ROWS)]
    hover = [[""] * COLUMNS for _row in range(ROWS)]
    codes, values = [], []
    for code, (column, row) in TILES.items():
        told = given.get(code)
        if told is None:
            continue
        hover[row][column] = told["hover"]
        colour = looks.ink3
        if is_known(told["value"]):
            step = max(i for i, limit in enumerate(limits) if told["value"] >= limit)
            shade[row][column] = step
            colour = looks.on_scale[step]
            values.append((column, row, told["shown"], colour))
        else:
            _outline(figure, column, row, looks)
            values.append((column, row, state(told["status"]).symbol, looks.ink))
        codes.append((column, row, code, colour))
    last = max(1, len(limits) - 1)
    figure.add_heatmap(
        z=shade,
        zmin=0,
        zmax=last,
        colorscale=[[i / last, looks.scale[i]] for i in range(len(limits))] if len(limits) > 1 else None,
        showscale=False,
        xgap=2,
        ygap=2,
        text=hover,
        hovertemplate="%{text}<extra></extra>",
        hoverongaps=False,
    )
    corners = ((codes, "bottom right", 600, -0.45, -0.42), (values, "top left", 400, 0.46, 0.44))
    for words, place, weight, dx, dy in corners:
        figure.add_scatter(
            x=[column + dx for column, *_rest in words],
            y=[row + dy for _column, row, *_rest in words],
            mode="text",
            text=[text for _column, _row, text, _colour in words],
            textposition=place,
            textfont={"size": 13, "weight": weight, "color": [colour for *_rest, colour in words]},
            hoverinfo="skip",
            cliponaxis=False,
        )
    hidden = {"visible": False, "showgrid": False, "showline": False}
    figure.update_xaxes(hidden, range=[-0.5, COLUMNS - 0.5])
    figure.update_yaxes(hidden, range=[ROWS - 0.5, -0.5])
    figure.update_layout(margin={"l": 0, "r": 0, "t": 2, "b": 2})
    return figure


def _outline(figure: go.Figure, column: int, row: int, looks: Looks) -> None:
    figure.add_shape(
        type="rect",
        x0=column - 0.47,
        x1=column + 0.47,
        y0=row - 0.46,
        y1=row + 0.46,
        line={"color": looks.control, "width": 1},
    )
