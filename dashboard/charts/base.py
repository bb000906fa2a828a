"""What every chart shares: the template, the SIMULATED mark, the unit on the top tick, words that fit wide or narrow.

A chart is a pure function of frames and colours. Annotations named WIDE are shown on desks and projectors, those named
NARROW on phones; `components.chart` tells the browser which is which, so one figure serves both.
"""

import math
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from dashboard.i18n import _, number, separators
from dashboard.looks import FONT, Looks

# The type of every chart, for whoever shows one without drawing it.
Figure = go.Figure

WIDE = "wide"
NARROW = "narrow"
MARK = "mark"
HEIGHT = 430
# The page's column on a desk and on a phone, in px: labels are placed for both.
WIDE_PX = 1088
NARROW_PX = 358
TOP, BOTTOM = 46, 26


def new_figure(looks: Looks, height: int = HEIGHT, *, simulated_at: tuple[float, float] = (0.5, 0.28)) -> go.Figure:
    """An empty figure in Porchlight's looks. In the demo edition it says SIMULATED inside the plot, always."""
    axis = {
        "showline": False,
        "zeroline": False,
        "ticks": "",
        "title": {"text": ""},
        "automargin": False,
        "fixedrange": True,
        "tickfont": {"size": 13, "color": looks.ink3},
    }
    figure = go.Figure(
        layout={
            "template": "none",
            "height": height,
            "font": {"family": FONT, "size": 14, "color": looks.ink2},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "colorway": [looks.accent, looks.ink2, looks.grey],
            "margin": {"l": 0, "r": 0, "t": TOP, "b": BOTTOM},
            "showlegend": False,
            "dragmode": False,
            "hovermode": "closest",
            "bargap": 0.1,
            # Decimal sign, then group sign: the opposite order of ours.
            "separators": separators()[::-1],
            "hoverlabel": {
                "bgcolor": looks.paper,
                "bordercolor": looks.control,
                "font": {"size": 14, "color": looks.ink, "family": FONT},
                "align": "left",
            },
            "xaxis": {
                **axis,
                "showgrid": False,
                "showline": True,
                "linecolor": looks.control,
                "ticks": "outside",
                "ticklen": 5,
                "tickcolor": looks.control,
            },
            "yaxis": {
                **axis,
                "showgrid": True,
                "gridcolor": looks.grid,
                "ticklabelposition": "inside top",
                "separatethousands": True,
            },
        },
        # Checking all annotations anew with each one added is three quarters of the time; a test checks figures whole.
        _validate=False,
    )
    if looks.is_simulated:
        x, y = simulated_at
        figure.add_annotation(
            name=MARK,
            x=x,
            y=y,
            xref="paper",
            yref="paper",
            text=" ".join(_("SIMULATED")),
            showarrow=False,
            font={"size": 30, "color": looks.accent, "weight": 600},
            opacity=0.32,
        )
    return figure


def annotate(figure: go.Figure, notes: Sequence[dict[str, Any]]) -> None:
    """Add many annotations at once: one by one, Plotly checks all earlier ones again (180 ms for 25, here 9)."""
    figure.layout.annotations = [*figure.layout.annotations, *notes]


def nice_ticks(highest: float, most: int = 4, *, whole: bool = False) -> list[float]:
    """At most `most` round ticks above 0; the last one is at least `highest`. With `whole` none lies between counts."""
    if whole:
        # The top tick carries the unit in the plural.
        highest = max(highest, 2.0)
    if highest <= 0:
        return [1.0]
    rough = highest / most
    magnitude = 10 ** math.floor(math.log10(rough))
    step = next(
        m * magnitude
        for m in (1, 2, 2.5, 5, 10)
        if m * magnitude >= rough and (not whole or float(m * magnitude).is_integer())
    )
    return [step * i for i in range(1, math.ceil(highest / step - 1e-9) + 1)]


def count_axis(figure: go.Figure, looks: Looks, highest: float, unit: str) -> list[float]:
    """Lay out a count axis from 0: few round ticks, the unit written at the top one ("3,000 agencies")."""
    ticks = nice_ticks(highest, whole=True)
    figure.update_yaxes(range=[0, ticks[-1]], tickvals=ticks[:-1], ticktext=[number(tick) for tick in ticks[:-1]])
    figure.add_shape(
        type="line", xref="paper", x0=0, x1=1, y0=ticks[-1], y1=ticks[-1], line={"color": looks.grid, "width": 1}
    )
    unit_label(figure, looks, ticks[-1], f"{number(ticks[-1])} {unit}")
    return ticks


def unit_label(figure: go.Figure, looks: Looks, y: float, text: str) -> None:
    """Write the topmost tick with its unit just below its grid line (Plotly hides that label)."""
    figure.add_annotation(
        x=0,
        y=y,
        xref="paper",
        xanchor="left",
        yanchor="top",
        text=text,
        showarrow=False,
        font={"size": 13, "color": looks.ink3},
    )
