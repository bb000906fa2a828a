"""Overview: where things stand. Who is named, how the list grew, in which states, and what nobody has said."""

from dashboard import charts, components, public_data
from dashboard.components import here
from dashboard.findings import overview as findings
from dashboard.findings import participation
from dashboard.i18n import _
from dashboard.sections.overview import facts_of

FILTERS = ("states", "program")
release, looks = here().release, here().looks
regimes = public_data.regimes(release)
selection = components.read_selection(*FILTERS)
facts = components.once("facts", lambda: facts_of(release, selection))

components.headline(facts.finding, facts.dek)
components.show_filters(*FILTERS)
if not facts.named:
    components.nothing_here(
        _("No agency of this selection is named in this release. That does not prove that none takes part.")
    )

# Growth -------------------------------------------------------------------------------------------------------------
components.section(
    facts.grew,
    _(
        "Shaded: agencies we can name. Diamonds: totals that the vendor gave or the press reported; "
        "an arrow means “more than”. The axis is cut where a request came to mean something else."
    ),
)
components.chart(
    components.once("growth", lambda: charts.growth(facts.by_month, facts.told, regimes, looks, release.data_as_of)),
    key="growth",
    alt=facts.beside_totals,
)
components.regime_key(facts.bands)
closing = facts.closing
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
    facts.by_month,
    ("joined", "left", "active"),
    key="growth",
    title=_("Named agencies by month"),
    sources=facts.sources,
)

components.states_part(selection, facts.sources)

# What is known ------------------------------------------------------------------------------------------------------
components.section(_("What the public record says, and where it is silent"), findings.silence_finding(facts.answers))
components.matrix(facts.answers)
components.states_legend()
components.source_row(
    facts.record,
    key="record",
    title=_("What the public record says"),
    sources=(),
    queries=("published_counts", "reported_totals", "participation", "request_counts", "consent_blocks"),
    definitions={
        "status": _(
            "One of: published, partly_published, pending, not_reported, not_measurable, "
            "not_participating, no_request_tool."
        )
    },
)
