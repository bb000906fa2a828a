"""The words of a page: headline, section heads, coverage line, how we know, facts, legend, regime key."""

from collections.abc import Sequence

import streamlit as st

from dashboard.charts import Band
from dashboard.components import markup, part, stage
from dashboard.components.here import here
from dashboard.components.markup import escaped, rich
from dashboard.findings.overview import Cell, Period
from dashboard.i18n import _, number, percent
from dashboard.words import covered_requests


def show(html: str, *, with_chart: bool = False) -> None:
    """Show a piece of HTML in the page's type. Whatever comes from data must be escaped already.

    `with_chart`: needed to read the chart, and shown with it where the chart stands by itself.
    """
    if stage.hides(with_chart=with_chart):
        return
    st.html(f'<div class="pl">{html}</div>')


def simulated_tag() -> str:
    """The word SIMULATED as a tag in the demo edition, nothing in the record edition."""
    return f'<span class="pl-tag">{_("SIMULATED")}</span> ' if here().release.is_simulated else ""


def headline(finding: str, dek: str, *, beside: str = "") -> None:
    """The page's name (with `beside`, such as an agency's name), its finding as h1, and the dek; **words** are bold."""
    part.begin(finding, dek)
    aside = f'<span class="pl-sub">{escaped(beside)}</span>' if beside else ""
    show(
        f'<p class="pl-page">{escaped(here().page)} {simulated_tag()}{aside}</p>'
        f'<h1>{rich(finding)}</h1><p class="pl-dek">{rich(dek)}</p>'
    )


def section(finding: str, lede: str = "", *, place: str = "") -> None:
    """The head of a section: its finding as h2 and one line on how to read what follows.

    A link that ends in `#place` arrives here.
    """
    stage.end_of_part()
    part.begin(finding, lede)
    text = f'<p class="pl-lede">{rich(lede)}</p>' if lede else ""
    arrival = f' id="{place}" tabindex="-1"' if place else ""
    show(f'<div class="pl-section"><h2{arrival}>{rich(finding)}</h2>{text}</div>')


def paragraph(text: str) -> None:
    """A paragraph; **words** are bold."""
    show(f'<p class="pl-lede">{rich(text)}</p>')


def coverage_line(covered: int, of: int, sentence: str, rest: str = "") -> None:
    """A bar and what it says: `sentence` may hold {covered}, {of} and {share}; `rest` follows in plain type."""
    share = covered / of if of else 0.0
    if covered > of:
        sentence, rest = _("Coverage: {requests}."), ""
    requests = covered_requests(covered, of)
    told = sentence.format(covered=number(covered), of=number(of), share=percent(share, 0), requests=requests)
    show(
        f'<p class="pl-coverage"><i aria-hidden="true"><u style="width:{min(100, round(100 * share))}%"></u></i>'
        f"<span><b>{rich(told)}</b> {rich(rest)}</span></p>",
        with_chart=True,
    )


def requests_coverage(covered: int, of: int) -> None:
    """The coverage line of a consent figure: blocks' requests over the selection's requests."""
    if covered >= 0.8 * of:
        coverage_line(
            covered, of, _("Coverage: {covered} of {of} requests ({share})."), _("The rest is not estimated.")
        )
    else:
        coverage_line(
            covered,
            of,
            _("Partly published: {covered} of {of} requests ({share})."),
            _("The rest is not estimated: it waits to protect residents, or nobody knows how many were asked."),
        )


def how_we_know(definition: str, counted: str, doubt: str, *, is_open: bool = False) -> None:
    """Three short answers: definition, how it was counted, what could be wrong. Open where a figure is contestable."""
    part.part().definition = part.plain(definition)
    if stage.is_alone():
        return
    parts = ((_("Definition"), definition), (_("How it was counted"), counted), (_("What could be wrong"), doubt))
    body = "".join(f"<div><h3>{escaped(head)}</h3><p>{rich(text)}</p></div>" for head, text in parts)
    show(
        f'<details class="pl-know"{" open" if is_open else ""}><summary>{_("How we know")}</summary>'
        f"<div>{body}</div></details>"
    )


def facts(entries: Sequence[tuple[str, str, str]]) -> None:
    """A row of large facts: label, figure (HTML, e.g. of markup.state_words), note."""
    body = "".join(
        f"<div><dt>{escaped(label)}</dt><dd>{figure}<small>{escaped(note)}</small></dd></div>"
        for label, figure, note in entries
    )
    show(f'<dl class="pl-facts">{body}</dl>')


def states_legend() -> None:
    """The legend of the states."""
    show(markup.legend(), with_chart=True)


def regime_key(shown: Sequence[Band]) -> None:
    """On a phone, the names of the bands that carry numbers there."""
    items = "".join(f"<li><b>{i}</b>&ensp;{escaped(b.name)}, {escaped(b.dates)}</li>" for i, b in enumerate(shown, 1))
    show(f'<ul class="pl-key" aria-label="{_("Periods in the chart")}">{items}</ul>', with_chart=True)


def scale(limits: Sequence[float], absent: str) -> None:
    """The key of a shaded map: one step per colour with its lower limit, and what an outlined tile means."""
    colours = here().looks.scale
    steps = "".join(
        f'<span style="border-color:{colours[i]}">{number(limit, 0 if limit >= 10 or limit == 0 else 2)}</span>'
        for i, limit in enumerate(limits)
    )
    show(f'<div class="pl-scale"><div aria-hidden="true">{steps}</div>{escaped(absent)}</div>', with_chart=True)


def matrix(answers: Sequence[tuple[str, Sequence[tuple[Period, Cell]]]]) -> None:
    """Questions down, periods across; on a phone one small table per question."""
    periods = [period for period, _cell in answers[0][1]]
    head = "".join(f'<th scope="col">{escaped(p.name)}<small>{escaped(p.dates)}</small></th>' for p in periods)
    body = "".join(
        f'<tr><th scope="row">{escaped(question)}</th>'
        + "".join(f"<td>{markup.state_words(cell.status, cell.words, cell.note)}</td>" for _period, cell in row)
        + "</tr>"
        for question, row in answers
    )
    corner = f'<td><span class="pl-hide">{_("Question")}</span></td>'
    wide = f'<table class="pl-table pl-matrix"><thead><tr>{corner}{head}</tr></thead><tbody>{body}</tbody></table>'
    narrow = "".join(
        f"<h3>{escaped(question)}</h3><table class='pl-table'><tbody>"
        + "".join(
            f'<tr><th scope="row">{escaped(period.name)}</th>'
            f"<td>{markup.state_words(cell.status, cell.words, cell.note)}</td></tr>"
            for period, cell in row
        )
        + "</tbody></table>"
        for question, row in answers
    )
    show(f'{wide}<div class="pl-narrow">{narrow}</div>')
