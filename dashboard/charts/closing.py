"""The blocks of one agency over time: one bar a block, from its first quarter to the end of its last."""

import pandas as pd

from dashboard.charts.base import NARROW, WIDE, Figure, new_figure
from dashboard.i18n import _, number, quarter
from dashboard.looks import Looks

ROW = 34


def closing(blocks: pd.DataFrame, looks: Looks) -> Figure:
    """Draw blocks (rows of consent_blocks, oldest first) as bars on a time axis, named by residents asked."""
    figure = new_figure(looks, 110 + ROW * len(blocks), simulated_at=(0.5, 0))
    figure.update_annotations(yshift=-62, font_size=24)
    figure.update_layout(margin={"b": 76 if looks.is_simulated else 26})
    for place, row in enumerate(blocks.to_dict("records")):
        begins, ends = pd.Timestamp(row["first_quarter"]), pd.Timestamp(row["last_quarter"]) + pd.offsets.MonthBegin(3)
        figure.add_shape(
            type="rect", x0=begins, x1=ends, y0=place - 0.28, y1=place + 0.28, fillcolor=looks.soft,
            line={"color": looks.accent, "width": 1.5},
        )  # fmt: skip
        asked, requests = number(int(row["asked"])), number(int(row["requests"]))
        for kind, text in (
            (WIDE, _("{asked} asked in {requests} requests").format(asked=asked, requests=requests)),
            (NARROW, _("{asked} asked").format(asked=asked)),
        ):
            figure.add_annotation(
                name=kind, x=ends, y=place, xanchor="left", xshift=6, showarrow=False, text=text,
                font={"color": looks.ink},
            )  # fmt: skip
    first, last = pd.Timestamp(blocks["first_quarter"].min()), pd.Timestamp(blocks["last_quarter"].max())
    room = (last - first) * 0.45 + pd.Timedelta(days=200)
    figure.update_xaxes(range=[first, last + room], type="date", tickformat="%Y", dtick="M12")
    figure.update_yaxes(range=[len(blocks) - 0.5, -0.5], visible=False)
    return figure


def closing_in_words(blocks: pd.DataFrame) -> str:
    """The text alternative: how many blocks, and the longest wait."""
    spans = (pd.to_datetime(blocks["last_quarter"]) - pd.to_datetime(blocks["first_quarter"])).dt.days
    longest = blocks.iloc[int(spans.to_numpy().argmax())]
    return _(
        "{blocks} blocks. The one that took longest to close runs from {first} to {last} and asked {asked}."
    ).format(
        blocks=number(len(blocks)),
        first=quarter(longest["first_quarter"]),
        last=quarter(longest["last_quarter"]),
        asked=number(int(longest["asked"])),
    )
