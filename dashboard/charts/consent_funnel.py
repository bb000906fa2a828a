"""The consent funnel: asked, responded, shared, declined, no answer on one scale, each with its own denominator."""

from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from dashboard.charts.base import NARROW, WIDE, annotate, new_figure
from dashboard.i18n import _, interval, number, percent, pgettext
from dashboard.looks import Looks
from dashboard.public_data import Consent
from dashboard.states import state

# The part of the width that the bars take on a desk; names stand left of them and figures right.
BARS = (0.175, 0.76)
HEIGHT = 300


@dataclass(frozen=True)
class Step:
    """One bar, from `starts` to `ends` (0 to 1 of those asked); between `sure` and `ends` lies a range."""

    name: str
    figure: str
    of: str
    colour: str
    starts: float
    sure: float
    ends: float
    is_main: bool = False
    narrow_name: str = ""
    narrow_of: str = ""


def consent_funnel(consent: Consent, looks: Looks) -> go.Figure:
    """Five bars from 0 to everybody asked. Desk and phone have axes of their own; see `ONLY_ONE`.

    Declined begins where Shared ends and No answer where Responded ends. Responded, declined and no answer rest on
    the blocks that show answers, and say so. Where a number is a range, its uncertain end is soft.
    """
    figure = new_figure(looks, height=HEIGHT, simulated_at=(0.55, 0.28))
    if looks.is_simulated:
        # On a phone that place holds words; there the mark stands on the first bar.
        mark = figure.layout.annotations[0].to_plotly_json()
        figure.layout.annotations[0].name = WIDE
        small = mark["font"] | {"size": 18}
        figure.add_annotation(mark | {"name": NARROW, "x": 0.5, "y": 0, "yref": "y2", "font": small})
    told = steps(consent, looks)
    figure.update_layout(
        barmode="overlay",
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        xaxis2={"overlaying": None, "domain": [0, 1], "anchor": "y2"},
        yaxis2={"domain": [0, 1], "anchor": "x2"},
    )
    hidden = {"visible": False, "showgrid": False, "showline": False, "fixedrange": True}
    for axes, width in ((("x", "y"), 0.52), (("x2", "y2"), 0.36)):
        _bars(figure, told, axes, width, looks)
    figure.update_xaxes(hidden, range=[0, 1.0025])
    figure.update_yaxes(hidden, range=[len(told) - 0.45, -0.62])
    figure.update_layout(xaxis={"domain": list(BARS)})
    annotate(figure, [note for line, step in enumerate(told) for note in _words(line, step, looks)])
    return figure


# Shows one of the two sets of axes: the browser decides by its width.
ONLY_ONE = (
    "@media(max-width:760px){{.st-key-chart-{key} .subplot.xy{{display:none}}}}"
    "@media(min-width:761px){{.st-key-chart-{key} .subplot.x2y2{{display:none}}}}"
)


def steps(consent: Consent, looks: Looks) -> list[Step]:
    """The bars in reading order; those about answers are empty where no block shows answers."""
    asked, counted = consent.asked, consent.asked_of_responded
    low, high = consent.shared_low / asked, consent.shared_high / asked
    limits = interval(consent.rate_low, consent.rate_high)
    shared = Step(
        _("Shared a video"),
        _between(low, high),
        _("of {count} asked ({interval})").format(count=number(asked), interval=limits),
        looks.accent,
        0,
        low,
        high,
        is_main=True,
        narrow_name=pgettext("head of a narrow column", "Shared"),
        narrow_of=_("of {count} ({interval})").format(count=number(asked), interval=limits),
    )
    everybody = Step(_("Asked"), number(asked), _("residents asked"), looks.grey_soft, 0, 1, 1)
    if not counted:
        unknown = (state("not_reported").symbol, _("answers cannot be shown"), looks.grey, 0.0, 0.0, 0.0)
        return [
            everybody,
            Step(_("Responded"), *unknown),
            shared,
            Step(_("Declined"), *unknown),
            Step(_("No answer"), *unknown),
        ]
    responded = consent.responded / counted
    yes_low, yes_high = consent.shared_low_of_responded / counted, consent.shared_high_of_responded / counted
    of = _("of {count} whose answers were counted").format(count=number(counted))
    short = _("of {count} asked").format(count=number(counted))
    return [
        everybody,
        Step(_("Responded"), percent(responded), of, looks.grey, 0, responded, responded, narrow_of=short),
        shared,
        Step(
            _("Declined"),
            percent(responded - yes_low)
            if yes_low == yes_high
            else _between(responded - yes_high, responded - yes_low),
            short,
            looks.grey,
            yes_low,
            yes_high,
            responded,
        ),
        Step(_("No answer"), percent(1 - responded), short, looks.grey_soft, responded, 1, 1),
    ]


def _between(low: float, high: float) -> str:
    text = _("{low} to {high}").format(low=percent(low), high=percent(high))
    return percent(low) if percent(low) == percent(high) else text


def _bars(figure: go.Figure, told: list[Step], axes: tuple[str, str], width: float, looks: Looks) -> None:
    lines = list(range(len(told)))
    common = {"orientation": "h", "width": width, "xaxis": axes[0], "yaxis": axes[1], "hoverinfo": "skip"}
    outline = {"color": "rgba(0,0,0,0)", "line": {"width": 1, "color": looks.rule}}
    figure.add_bar(x=[1] * len(told), y=lines, marker=outline, **common)
    for line, step in enumerate(told):
        # A declined bar is uncertain at its start, every other one at its end.
        first, second = (step.starts, step.sure) if step.is_main else (step.sure, step.ends)
        parts = [(first, second, step.colour)]
        if step.is_main and step.ends > step.sure:
            parts.append((step.sure, step.ends, looks.soft))
        elif not step.is_main and step.sure > step.starts:
            parts.append((step.starts, step.sure, looks.grey_soft if step.ends > step.sure else step.colour))
        for starts, ends, colour in parts:
            figure.add_bar(base=[starts], x=[ends - starts], y=[line], marker={"color": colour}, **common)


def _words(line: int, step: Step, looks: Looks) -> list[dict[str, Any]]:
    strong = looks.accent if step.is_main else looks.ink
    name, narrow_name = (f"<b style='color:{strong}'>{told}</b>" for told in (step.name, step.narrow_name or step.name))
    of = f"<span style='color:{looks.ink3};font-size:13px'>{step.of}</span>"
    narrow_of = f"<span style='color:{looks.ink3};font-size:12px'>{step.narrow_of or step.of}</span>"
    wide = {"name": WIDE, "xref": "paper", "y": line, "xanchor": "left", "yanchor": "middle", "showarrow": False}
    narrow = {"name": NARROW, "xref": "paper", "y": line - 0.2, "yref": "y2", "yanchor": "bottom", "showarrow": False}
    figure = f"<b style='color:{strong};font-size:17px'>{step.figure}</b>"
    return [
        wide | {"x": 0, "text": name, "font": {"size": 15}},
        wide | {"x": BARS[1] + 0.014, "align": "left", "text": f"{figure}<br>{of}"},
        narrow | {"x": 0, "xanchor": "left", "text": narrow_name},
        narrow | {"x": 1, "xanchor": "right", "text": f"<b style='color:{strong}'>{step.figure}</b> {narrow_of}"},
    ]


def in_words(consent: Consent, looks: Looks) -> str:
    """The sentence that stands for the chart."""
    return "; ".join(f"{step.name}: {step.figure} {step.of}" for step in steps(consent, looks)) + "."
