"""Requests by month and consent, where the agency has a log."""

from dashboard import charts, components, public_data, words
from dashboard.charts.consent_over_time import consent_over_time
from dashboard.charts.requests import requests_by_month
from dashboard.components import Column, here
from dashboard.findings import agency as findings
from dashboard.findings import consent as consent_findings
from dashboard.findings import requests as request_findings
from dashboard.i18n import _, iso
from dashboard.public_data import consent_series, request_series
from dashboard.sections.consent.rates import rate_words
from dashboard.selection import Selection


def requests_section(profile: findings.Profile) -> None:
    """Requests by month, apart by regime, where the agency has a log."""
    release, looks = here().release, here().looks
    regimes = public_data.regimes(release)
    by_month = request_series.requests_by_month(release, Selection(agency_id=str(profile.about["agency_id"])))
    entries = list(profile.logged)
    components.section(
        request_findings.months_finding(entries, by_month),
        _("Requests in its log by month, each regime by itself. A month between two logged ones is a true 0."),
    )
    figure = requests_by_month(by_month, regimes, looks, release.data_as_of)
    components.chart(figure, key="months", alt=request_findings.months_in_words(entries))
    components.regime_key(charts.bands(regimes, *charts.span(regimes, release.data_as_of)))
    components.source_row(
        by_month,
        key="months",
        title=_("Requests by month: {agency}").format(agency=profile.name),
        sources=(),
        queries=("request_counts",),
        columns=(
            Column("month_start", _("Month"), words=lambda month: iso(month, "month")),
            Column("regime_id", _("Regime"), words=lambda code: words.word(words.REGIMES, code)),
            Column("requests", _("Requests"), "number"),
        ),
        definitions={"requests": _("Requests sent in the month, of one regime.")},
    )


def consent_section(profile: findings.Profile) -> None:
    """How often residents said yes: one row per regime, and the rate in time."""
    release, looks = here().release, here().looks
    regimes = public_data.regimes(release)
    rows = findings.rates(profile)
    selection = Selection(agency_id=str(profile.about["agency_id"]))
    by_year = consent_series.consent_by_period(release, selection, "year")
    has_figure = by_year["asked"].notna().any()
    components.section(
        consent_findings.time_finding(by_year) if has_figure else _("How often residents said yes"),
        _("Shared over asked, from whole published blocks, with its 95% interval. Each regime by itself."),
    )
    told = rows.assign(
        rate=[rate_words(row) for row in rows.to_dict("records")],
        covered=[words.covered_requests(row["requests_covered"], row["requests"]) for row in rows.to_dict("records")],
    )
    columns = (
        Column("regime", _("Way of asking"), note="dates"),
        Column("rate", _("Shared, of those asked (95% interval)")),
        Column("asked", _("Residents asked"), "number", status="status"),
        Column("covered", _("Coverage")),
    )
    components.show(components.table(told, columns, _("Consent by regime")))
    definitions = {
        "asked": _("Residents asked, in whole published blocks."),
        "shared_low": _("Residents who shared, lower limit; equal to shared_high where it is exact."),
        "rate_low": _("Lower limit of the 95% interval of shared / asked, from 0 to 1."),
        "requests_covered": _("Requests in those blocks."),
    }
    if has_figure:
        period = consent_series.finest_period(release, selection)
        by_period = consent_series.consent_by_period(release, selection, period)
        figure = consent_over_time(by_period, regimes, looks, release.data_as_of, period)
        components.chart(figure, key="consent", alt=consent_findings.time_in_words(by_period, period))
        components.regime_key(charts.bands(regimes, *charts.span(regimes, release.data_as_of)))
    components.states_legend()
    components.source_row(
        rows, key="consent", title=_("Consent: {agency}").format(agency=profile.name), sources=(),
        queries=("consent_blocks", "request_counts"),
        definitions=definitions, definition=_("Consent rate: residents who shared over residents asked."),
    )  # fmt: skip
