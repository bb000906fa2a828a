"""A chart as it stands on a page: the figure and its text alternative."""

import streamlit as st

from dashboard.charts.base import NARROW, WIDE, Figure
from dashboard.charts.enlarged import enlarged
from dashboard.components import stage, text
from dashboard.components.part import in_sentences, part

# How much larger the type of a chart is on a wall than on a desk.
ON_A_WALL = 1.5
# In a window this narrow (px) it is shown at this share of that: type keeps its proportion to the picture, so that
# words that are apart on the page are apart here. The last is the page's own size, with the page's words for phones.
NARROWER = ((1599, 0.8), (1199, 1 / ON_A_WALL))


def chart(figure: Figure, *, key: str, alt: str, heading: str = "") -> None:
    """Show a figure. `alt` says its numbers for whoever does not see it; the part's finding is said before it.

    `heading` is a panel's own name (HTML, escaped) where several charts stand side by side.
    """
    if not stage.takes(key):
        return
    part().charts.append(key)
    part().alts.append(alt)
    if heading:
        text.show(heading, with_chart=True)
    if stage.is_on_a_wall():
        figure = enlarged(figure, ON_A_WALL)
    rules = {name: [] for name in (WIDE, NARROW)}  # type: dict[str, list[str]]
    # The plain values at once: asking each annotation of a figure for its name takes fifty times as long.
    for index, annotation in enumerate(figure.layout.to_plotly_json().get("annotations", ())):
        if annotation.get("name") in rules:
            rules[annotation["name"]].append(f'.st-key-chart-{key} .annotation[data-index="{index}"]')
    css = ""
    if rules[WIDE]:
        css += f"@media(max-width:760px){{{','.join(rules[WIDE])}{{display:none}}}}"
    if rules[NARROW]:
        css += f"@media(min-width:761px){{{','.join(rules[NARROW])}{{display:none}}}}"
    told = in_sentences(part().finding, alt)
    if stage.is_on_a_wall():
        css += "".join(_shrunk(key, figure.layout.height, *step) for step in NARROWER)
    with st.container(key=f"chart-{key}"):
        if css:
            st.html(f"<style>{css}</style>")
        st.plotly_chart(figure, theme=None, key=f"figure-{key}", config={"displayModeBar": False}, alt=told)


def _shrunk(key: str, height: float, window: int, share: float) -> str:
    """A rule that draws a chart wider than its column and shows it at `share` of that, so that it fills the column."""
    chart = f".st-key-chart-{key}"
    return (
        f"@media(max-width:{window}px){{"
        f"{chart}{{overflow:hidden;min-height:0!important;max-height:{share * height:.0f}px!important}}"
        f"{chart}>div{{width:{100 / share:.4f}%!important;max-width:none!important}}"
        f"{chart} .js-plotly-plot{{transform:scale({share:.6f});transform-origin:0 0}}}}"
    )
