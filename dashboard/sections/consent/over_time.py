"""The consent rate over time."""

from dashboard import charts, components, public_data, words
from dashboard.charts.consent_over_time import consent_over_time
from dashboard.components import Column, here
from dashboard.findings import consent as findings
from dashboard.i18n import _, iso, quarter
from dashboard.public_data import consent_series
from dashboard.sections.consent.rates import rate_definitions, rate_words
from dashboard.selection import Selection
from dashboard.states import state


def time_section(selection: Selection) -> None:
    """The rate by quarter, or by year where too few quarters have a figure."""
    release, looks = here().release, here().looks
    regimes = public_data.regimes(release)
    period = consent_series.finest_period(release, selection)
    by_period = consent_series.consent_by_period(release, selection, period)
    by_year = consent_series.consent_by_period(release, selection, "year")
    grain = (
        _("Consent rate by **quarter**, with its 95% interval.")
        if period == "quarter"
        else _("Consent rate by **year**, with its 95% interval: too few quarters have a figure of their own.")
    )
    components.section(
        findings.time_finding(by_year),
        grain + " " + _("The line is cut where the regime changes and where no figure is shown. "
                        "It is as thick as the range where a figure is a range."),
    )  # fmt: skip
    until = release.data_as_of
    components.chart(
        components.once("over time", lambda: consent_over_time(by_period, regimes, looks, until, period)),
        key="time",
        alt=findings.time_in_words(by_period, period),
    )
    components.regime_key(charts.bands(regimes, *charts.span(regimes, until)))
    components.states_legend()
    rows = by_period.assign(rate_in_words=[rate_words(row) for row in by_period.to_dict("records")])
    components.source_row(
        rows,
        key="time",
        title=_("Consent rate by {period} and regime").format(
            period=_("quarter") if period == "quarter" else _("year")
        ),
        sources=(),
        queries=("consent_blocks", "request_counts"),
        columns=(
            Column("starts_on", _("Period"), words=quarter if period == "quarter" else lambda day: iso(day, "year")),
            Column("regime_id", _("Regime"), words=lambda code: words.word(words.REGIMES, code)),
            Column("rate_in_words", _("Shared, of those asked (95% interval)")),
            Column("asked", _("Residents asked"), "number", status="status"),
            Column("requests_covered", _("Requests in blocks"), "number"),
            Column("requests", _("Requests"), "number"),
            Column("status", _("State"), words=lambda code: state(code).word),
        ),
        definitions=rate_definitions(),
        definition=_("Consent rate: residents who shared over residents asked."),
    )
