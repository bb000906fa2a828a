"""How quarters close into blocks: above, what an agency's log holds; below, what is published.

A picture of invented numbers: it says "Example" and has no accent, which is for what was measured.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.base import NARROW, WIDE, new_figure
from dashboard.charts.drawn import Drawn
from dashboard.i18n import _, number
from dashboard.looks import Looks
from dashboard.states import state

ROW_PX = 38
TOP_PX = 30
LEFT_PX = 112
LONGEST = 16  # characters that stand in one line of it
# Rows from the top: a head, the log's three, a gap, a head, requests, then the two of people inside blocks, names.
LOG, PUBLIC, ROWS = 1, 5.6, 9.4


def block_picture(quarters: pd.DataFrame, blocks: pd.DataFrame, looks: Looks) -> go.Figure:
    """Numbers by quarter, and one rectangle per block over the quarters that it joins.

    `quarters`: quarter, requests, asked, shared, block (0 where pending). `blocks`: block, first, last (places of
    quarters from 0), asked, low, high.
    """
    below = 50 if looks.is_simulated else 4
    figure = new_figure(looks, height=round(TOP_PX + ROW_PX * ROWS + below), simulated_at=(0.5, 0))
    figure.update_annotations(yshift=-38, font_size=24)
    figure.update_layout(margin={"l": LEFT_PX, "t": TOP_PX, "b": below})
    hidden = {"visible": False, "showgrid": False, "showline": False}
    figure.update_xaxes(hidden, range=[-0.5, len(quarters) - 0.5])
    figure.update_yaxes(hidden, range=[ROWS - 0.5, -0.5])
    drawn = Drawn()
    _quarters(drawn, quarters, looks)
    _rows(drawn, looks)
    _numbers(drawn, quarters, looks)
    for block in blocks.to_dict("records"):
        _block(drawn, block, looks)
    waiting = [place for place, block in enumerate(quarters["block"]) if not block]
    if waiting:
        _pending(drawn, waiting[0], waiting[-1], looks)
    drawn.put_on(figure)
    # Nothing is drawn as a trace: one empty one keeps the plot's own axes.
    figure.add_scatter(x=[None], y=[None], hoverinfo="skip")
    return figure


def _quarters(drawn: Drawn, quarters: pd.DataFrame, looks: Looks) -> None:
    drawn.shape(
        type="rect", x0=-0.5, x1=len(quarters) - 0.5, y0=LOG - 0.5, y1=LOG + 2.5, fillcolor=looks.band,
        line={"width": 0}, layer="below",
    )  # fmt: skip
    for place, name in enumerate(quarters["quarter"]):
        for kind, text in ((WIDE, name), (NARROW, f"{name[-2:]}<br>’{name[2:4]}")):
            _write(drawn, place, -0.4, text, looks.ink2, 13, name=kind, yanchor="bottom")


def _rows(drawn: Drawn, looks: Looks) -> None:
    _label(drawn, LOG - 1.4, f"<b>{_('Example')}</b>", looks.ink3)
    heads = ((LOG - 0.85, _("In the agency's log: private")), (PUBLIC - 0.85, _("What is published")))
    for y, text in heads:
        _label(drawn, y, f"<b>{text}</b>", looks.ink)
    names = (_("Requests sent"), _("Residents asked"), _("Said yes"))
    for step, name in enumerate(names):
        # A long name has two lines: the first column of numbers stands close by.
        name = name.replace(" ", "<br>", 1) if len(name) > LONGEST else name
        _label(drawn, LOG + step, name, looks.ink2)
        _label(drawn, PUBLIC + step, name, looks.ink2)


def _numbers(drawn: Drawn, quarters: pd.DataFrame, looks: Looks) -> None:
    for place, row in enumerate(quarters.to_dict("records")):
        for step, name in enumerate(("requests", "asked", "shared")):
            _write(drawn, place, LOG + step, number(row[name]), looks.ink2, 15)
        # Requests are acts of government: each quarter's number is public at once.
        _write(drawn, place, PUBLIC, f"<b>{number(row['requests'])}</b>", looks.ink, 15)


def _block(drawn: Drawn, block: Mapping[Any, Any], looks: Looks) -> None:
    drawn.shape(
        type="rect", x0=block["first"] - 0.46, x1=block["last"] + 0.46, y0=PUBLIC + 0.55, y1=PUBLIC + 2.5,
        fillcolor=looks.grey_soft, line={"color": looks.ink2, "width": 1.5}, layer="below",
    )  # fmt: skip
    middle = (block["first"] + block["last"]) / 2
    low, high = number(block["low"]), number(block["high"])
    shared = low if low == high else _("{low} to {high}").format(low=low, high=high)
    for kind, size in ((WIDE, 15), (NARROW, 12)):
        for step, text in ((1, number(block["asked"])), (2, shared)):
            _write(drawn, middle, PUBLIC + step, f"<b>{text}</b>", looks.ink, size, name=kind)
    told = _("block {number}").format(number=block["block"])
    for kind, text in ((WIDE, told), (NARROW, number(block["block"]))):
        _write(drawn, middle, PUBLIC + 2.95, text, looks.ink2, 13, name=kind)


def _pending(drawn: Drawn, first: int, last: int, looks: Looks) -> None:
    drawn.shape(
        type="rect", x0=first - 0.46, x1=last + 0.46, y0=PUBLIC + 0.55, y1=PUBLIC + 2.5,
        line={"color": looks.control, "width": 1.5, "dash": "dot"}, layer="below",
    )  # fmt: skip
    middle, pending = (first + last) / 2, state("pending")
    for step in (1, 2):
        _write(drawn, middle, PUBLIC + step, pending.symbol, looks.ink, 18)
    _write(drawn, middle, PUBLIC + 2.95, pending.word, looks.ink2, 13)


def _write(
    drawn: Drawn, x: float, y: float, text: str, colour: str, size: int, *,
    name: str | None = None, yanchor: str = "middle",
) -> None:  # fmt: skip
    drawn.note(name=name, x=x, y=y, text=text, showarrow=False, yanchor=yanchor, font={"size": size, "color": colour})


def _label(drawn: Drawn, y: float, text: str, colour: str) -> None:
    drawn.note(
        x=0, xref="paper", xshift=-LEFT_PX, xanchor="left", align="left", y=y, text=text, showarrow=False,
        font={"size": 14, "color": colour},
    )  # fmt: skip


def picture_in_words(quarters: pd.DataFrame, blocks: pd.DataFrame) -> str:
    """The sentence that stands for the picture."""
    waiting = int((quarters["block"] == 0).sum())
    return _(
        "{quarters} quarters of an invented agency close into {blocks} blocks; {waiting} quarters are pending."
    ).format(quarters=number(len(quarters)), blocks=number(len(blocks)), waiting=number(waiting))
