"""Overview: where things stand. Who is named, how the list grew, in which states, and what nobody has said."""

import pandas as pd

from dashboard import charts, components, public_data
from dashboard.components import here
from dashboard.findings import overview as findings
from dashboard.findings import participation
from dashboard.i18n import _, is_known
from dashboard.selection import Selection

FILTERS = ("states", "program")
release, looks = here().release, here().looks


def known_periods(selection: Selection) -> list[findings.Period]:
    """Every regime with what the release holds about it, inside the selection."""
    regimes, until = public_data.regimes(release), release.data_as_of
    told = public_data.totals_beside(release, selection)
    scope = selection.states[0] if len(selection.states) == 1 else "US"
    shown = charts.bands(regimes, *charts.span(regimes, until))
    return [
        findings.Period(
            regime["regime_id"],
            band.name,
            band.dates,
            regime["starts_on"].date(),
            regime["ends_on"].date() if is_known(regime["ends_on"]) else None,
            bool(regime["has_request_tool"]),
            regime["agency_sees_who_was_asked"],
            public_data.consent(release, Selection(states=selection.states, regime=regime["regime_id"])),
            public_data.participation_by_month(
                release, Selection(states=selection.states, program=regime["program_id"])
            ),
            told if regime["program_id"] == selection.program else told.iloc[0:0],
            public_data.reported_totals(release, scope, ("requests_in_year",)),
            public_data.published_counts(release, Selection(states=selection.states, program=regime["program_id"])),
        )
        for regime in regimes.to_dict("records")
        for band in shown
        if band.regime_id == regime["regime_id"]
    ]


selection = components.read_selection(*FILTERS)
by_month = public_data.participation_by_month(release, selection)
by_state = public_data.participation_by_state(release, selection)
named = public_data.named_by(release, selection)
told = public_data.totals_beside(release, selection)
totals = participation.totals_from(told)
regimes = public_data.regimes(release)
sources = components.named_sources([listing.source.source_id for listing in public_data.lists(release, selection)])
until = release.data_as_of
shown = charts.bands(regimes, *charts.span(regimes, until))
periods = components.once("periods", lambda: known_periods(selection), selection)
latest = findings.latest_consent(periods)

components.headline(findings.finding(named, latest), findings.dek(by_state, by_month, totals, latest))
components.show_filters(*FILTERS)
if not named:
    components.nothing_here(
        _("No agency of this selection is named in this release. That does not prove that none takes part.")
    )

# Growth -------------------------------------------------------------------------------------------------------------
grew = participation.growth_finding(by_month, until)
components.section(
    grew,
    _(
        "Shaded: agencies we can name. Diamonds: totals that the vendor gave or the press reported; "
        "an arrow means “more than”. The axis is cut where a request came to mean something else."
    ),
)
components.chart(
    components.once("growth", lambda: charts.growth(by_month, told, regimes, looks, until), selection),
    key="growth",
    alt=f"{grew}. {participation.dek(named, totals, by_month)}".replace("**", ""),
)
components.regime_key(shown)
closing = participation.closing_total(totals, participation.list_end(by_month))
if closing:
    components.coverage_line(
        closing.named,
        closing.value,
        _("Coverage: {covered} of {of} agencies ({share})") + " " + _("reported for {when}.").format(when=closing.when),
        participation.fire_sentence([closing]) + " " + _("Later periods: totals only, or not reported."),
    )
components.how_we_know(
    _("Participation: agencies with an active partnership on a day. Reach: their share of a state's agencies."),
    _("Each agency counts once, from its start, or from the day on which a source shows it taking part."),
    _("Lists differ in what they count and stop at different times. Where a list stops, the line stops."),
)
components.months_row(
    by_month, ("joined", "left", "active"), key="growth", title=_("Named agencies by month"), sources=sources
)

components.states_part(selection, sources)

# What is known ------------------------------------------------------------------------------------------------------
answers = components.once("answers", lambda: findings.answers(periods), selection)
components.section(_("What the public record says, and where it is silent"), findings.silence_finding(answers))
components.matrix(answers)
components.states_legend()
components.source_row(
    pd.DataFrame(
        [
            {
                "question": question,
                "regime_id": period.regime_id,
                "status": cell.status,
                "figure": (cell.words or "").replace("**", ""),
                "note": cell.note or "",
            }
            for question, row in answers
            for period, cell in row
        ]
    ),
    key="record",
    title=_("What the public record says"),
    sources=(),
    definitions={
        "status": _(
            "One of: published, partly_published, pending, not_reported, not_measurable, "
            "not_participating, no_request_tool."
        )
    },
)
