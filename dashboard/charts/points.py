"""Agencies as points on the map of the United States, in Albers coordinates on ordinary axes.

Ordinary SVG points: Plotly's WebGL points stay blank where a browser has no WebGL, and warn on the console.
"""

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.albers import HEIGHT, WIDTH, project, state_outlines
from dashboard.charts.base import new_figure
from dashboard.looks import Looks


def point_map(agencies: pd.DataFrame, looks: Looks) -> go.Figure:
    """One point per agency that has a place; the outlines of the states in a hairline.

    `agencies`: longitude, latitude, hover. Agencies without a place are left out: say beside the map how many.
    """
    figure = new_figure(looks, height=400, simulated_at=(0.5, 0.96))
    # To whole units of a sheet 975 wide: finer than a screen shows, and a third less to send.
    x, y = ([None if at is None else round(at) for at in line] for line in state_outlines())
    figure.add_scatter(x=x, y=y, mode="lines", line={"color": looks.control, "width": 0.7}, hoverinfo="skip")
    placed = agencies[agencies["latitude"].notna()]
    across, up = project(placed["longitude"].to_numpy(), placed["latitude"].to_numpy())
    figure.add_scatter(
        x=across.round(1),
        y=up.round(1),
        mode="markers",
        marker={"size": 5, "color": looks.accent, "opacity": 0.75, "line": {"width": 0.5, "color": looks.paper}},
        text=placed["hover"],
        hovertemplate="%{text}<extra></extra>",
    )
    hidden = {"visible": False, "showgrid": False, "showline": False}
    figure.update_xaxes(hidden, range=[0, WIDTH])
    figure.update_yaxes(hidden, range=[0, HEIGHT], scaleanchor="x")
    figure.update_layout(margin={"l": 0, "r": 0, "t": 0, "b": 0})
    return figure
