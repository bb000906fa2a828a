"""The consent rate of each picked agency."""

from collections.abc import Mapping

from dashboard import components
from dashboard.charts import compare as compare_charts
from dashboard.components import Column, here
from dashboard.findings import compare as findings
from dashboard.findings import compare_tables as tables
from dashboard.i18n import _
from dashboard.sections.compare import View
from dashboard.states import STATES, state


def rates_section(view: View, agencies: list[findings.Compared], regime: str) -> None:
    """Each agency's rate with its interval and its coverage, in the order picked."""
    looks = here().looks
    components.section(
        findings.rates_finding(agencies),
        _("Share of the residents asked who shared a video, with its 95% interval, in the order you picked. "
          "A thick bar is a range: the exact number is protected."),
    )  # fmt: skip
    rows = tables.rates(agencies)
    components.chart(
        components.once("rates", lambda: compare_charts.rates(rows, looks)),
        key="rates",
        alt=findings.rates_in_words(agencies, {code: one.word for code, one in STATES.items()}),
    )
    for agency in agencies:
        covered, of = agency.consent.requests_covered, agency.consent.requests_in_selection
        if of:
            told_of = _("Coverage {letter}: {covered} of {of} requests ({share}).")
            components.coverage_line(covered, of, told_of.replace("{letter}", agency.letter), agency.name)
    components.how_we_know(
        _("Consent rate: residents who shared over residents asked."),
        _("Sums of whole published blocks of {regime}, as on the Consent page. The interval (Wilson) is widened "
          "because residents of one request answer alike.").format(regime=regime),
        _("The rest of the requests is not estimated. It waits to protect residents, or nobody knows how many were "
          "asked. Agencies with low coverage may look different once more is known."),
    )  # fmt: skip
    components.source_row(
        rows.drop(columns=["letter", "told"]),
        key="rates",
        title=_("Consent rates of the picked agencies: {regime}").format(regime=regime),
        sources=(),
        queries=("consent_blocks", "request_counts"),
        columns=(
            Column("name", _("Agency"), "link", address=lambda row: components.link("agency", agency=row["agency_id"])),
            Column("asked", _("Residents asked"), "number", status="status"),
            Column("rate_low", _("Interval from"), "percent", 1),
            Column("rate_high", _("to"), "percent", 1),
            Column("requests_covered", _("Requests in blocks"), "number"),
            Column("requests", _("Requests"), "number"),
            Column("status", _("State"), words=lambda code: state(code).word),
        ),
        definitions=translated(tables.RATE_DEFINITIONS),
    )


def translated(definitions: Mapping[str, str]) -> dict[str, str]:
    """Definitions in the reader's language."""
    return {name: _(text) for name, text in definitions.items()}
