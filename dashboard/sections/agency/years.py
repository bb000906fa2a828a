"""Questions by year, each cell in one state."""

from dashboard import charts, components, public_data
from dashboard.charts.agency_strip import agency_strip
from dashboard.components import Column, here
from dashboard.findings import agency as findings
from dashboard.findings import agency_years
from dashboard.i18n import _
from dashboard.public_data.agency_years import agency_years as years_of
from dashboard.states import state


def strip_section(profile: findings.Profile, sources: list[str]) -> None:
    """Questions by year, each cell in one state."""
    release, looks = here().release, here().looks
    regimes = public_data.regimes(release)
    cells = agency_years.with_words(years_of(release, str(profile.about["agency_id"])))
    components.section(
        agency_years.finding(cells),
        _("Each cell is in exactly one state. A blank is never a zero. Columns are cut where a request came to mean "
          "something else."),
    )  # fmt: skip
    components.chart(agency_strip(cells, looks), key="strip", alt=agency_years.in_words(cells))
    components.regime_key(charts.bands(regimes, *charts.span(regimes, release.data_as_of)))
    components.states_legend()
    figures = cells[cells["figure"] != ""]
    lines = "<br>".join(components.rich(line) for line in agency_years.by_period(figures))
    components.show(f'<p class="pl-narrow pl-source">{lines}</p>')
    components.how_we_know(
        _("Takes part: shown to take part on some day of the period. Requests sent: counted by its log, or a number "
          "that somebody published. Asked and said yes: residents, from whole published blocks inside the year."),
        _("From its start, or the first day on which a source shows it, to the last such day. A published number whose "
          "period is shorter than the column is “partly published”; one that reaches beyond it shows no number here."),
        _("A start may be the day of signing or of the announcement. After the last day on which a source shows it, "
          "nobody has said whether it still takes part. A count of messages is not a count of residents."),
        is_open=not figures.empty and not profile.logged,
    )  # fmt: skip
    components.source_row(
        cells[["regime_id", "period", "starts_on", "ends_on", "question", "status", "low", "high", "qualifier",
               "basis", "counted_from", "counted_to", "requests", "requests_covered"]].assign(
            regime=cells["regime"], question_name=cells["counts"], figure=cells["figure"], unit=cells["unit"]),
        key="strip",
        title=_("{agency}, year by year").format(agency=profile.name),
        sources=components.named_sources(sources),
        queries=("partnerships", "request_counts", "consent_blocks", "published_counts"),
        columns=(
            Column("period", _("Period")),
            Column("regime", _("Regime")),
            Column("question_name", _("Question")),
            Column("status", _("State"), words=lambda code: state(code).word),
            Column("figure", _("Figure")),
        ),
        definitions={
            "ends_on": _("First day after the period."),
            "status": _("The cell's state; see Data and methods."),
            "low": _("The figure, or the lower end of its range; null where there is none."),
            "high": _("The figure, or the upper end of its range."),
            "unit": _("What low and high count: requests, residents, or messages, of which one resident may have had "
                      "more than one."),
            "basis": _("log: its own log; count: a published number; list: a list or the press names it."),
            "requests_covered": _("Requests in the blocks that the figure rests on, of `requests`."),
        },
    )  # fmt: skip
