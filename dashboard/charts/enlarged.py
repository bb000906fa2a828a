"""A chart for a wall: the same figure with everything that is measured in pixels made larger."""

import re
from typing import Any

import plotly.graph_objects as go

from dashboard.charts.base import Figure

# Lengths in pixels, wherever they stand in a figure. What is measured in data or in shares of the plot is left alone.
LENGTHS = frozenset({"size", "width", "height", "xshift", "yshift", "ax", "ay", "ticklen", "standoff", "borderpad"})
MARGIN = frozenset({"l", "r", "t", "b"})


def enlarged(figure: Figure, times: float) -> Figure:
    """A copy of the figure with type, lines, marks, shifts, margins and height `times` as large.

    It needs a window that is `times` as wide as the page it was drawn for; `components.chart` draws it so wide and
    shows it smaller where the window is not.
    """
    told = figure.to_plotly_json()
    layout = {name: value for name, value in told["layout"].items() if name != "template"}
    return go.Figure(
        {"data": _larger(told["data"], times), "layout": _larger(layout, times) | {"template": "none"}}, _validate=False
    )


def _larger(value: Any, times: float, name: str = "") -> Any:
    if isinstance(value, dict):
        inside = {key: _larger(one, times, key) for key, one in value.items()}
        if name == "margin":
            inside |= {key: one * times for key, one in value.items() if key in MARGIN}
        for axis in ("x", "y"):
            # A shape may have its place in the data and its size in pixels.
            if value.get(f"{axis}sizemode") == "pixel":
                inside |= {key: value[key] * times for key in (f"{axis}0", f"{axis}1")}
        # The width of a bar is a length on its axis.
        if value.get("type") == "bar" and "width" in value:
            inside["width"] = value["width"]
        return inside
    if isinstance(value, list | tuple) and name not in LENGTHS:
        return [_larger(one, times) for one in value]
    if isinstance(value, str):
        return re.sub(r"font-size:([\d.]+)px", lambda size: f"font-size:{float(size[1]) * times:g}px", value)
    if name in LENGTHS:
        if isinstance(value, list | tuple):
            return [one * times for one in value]
        return value * times if isinstance(value, int | float) else value
    return value
