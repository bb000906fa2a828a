"""Consent: how often residents who were asked shared a video, one regime at a time, from whole blocks only."""

from dataclasses import replace

from dashboard import charts, components, public_data, words
from dashboard.components import here
from dashboard.components.one_agency import one_agency
from dashboard.components.switch import switch
from dashboard.findings import consent as findings
from dashboard.i18n import _
from dashboard.public_data import consent_series
from dashboard.sections.consent.agencies import agencies_section
from dashboard.sections.consent.funnel import funnel_section
from dashboard.sections.consent.over_time import time_section
from dashboard.sections.consent.pending import pending_section
from dashboard.sections.consent.unknown import known_figures, what_is_needed, who_knows
from dashboard.selection import Selection

release = here().release
FILTERS = ("states", "kind", "categories", "counties", "since", "until", "agency_id")
# What was published about a period cannot be cut by category or day.
PRESS_FILTERS = ("states", "kind", "agency_id")


def without_figures(selection: Selection) -> None:
    """The page where no block exists: why nobody can know, and the little that is known."""
    components.headline(
        _("Nobody can say how often residents agree. The public record holds no consent rate."),
        findings.nobody_knows(regimes),
    )
    one_agency(selection)
    components.show_filters(*PRESS_FILTERS, default_program=False)
    who_knows()
    known_figures(selection)
    what_is_needed()


def with_figures(selection: Selection) -> None:
    """The page of a release that holds blocks: one regime, the most recent one with figures unless one is picked."""
    held = consent_series.regimes_with_figures(release, selection)
    usual = (held or consent_series.regimes_with_figures(release, Selection()))[-1]
    regime = selection.regime or usual
    about = regimes[regimes["regime_id"] == regime].iloc[0].to_dict()
    selection = replace(selection, regime=regime)
    answer = public_data.consent(release, selection)
    components.headline(findings.finding(answer), findings.dek(answer, regime, charts.regime_dates(about)))
    names = {code: words.word(words.REGIMES, code) for code in regimes["regime_id"]}
    switch("regime", _("Regime"), names, usual=usual)
    one_agency(selection)
    components.show_filters(*FILTERS, default_program=False)
    if answer.asked:
        funnel_section(selection, answer, names[regime])
    time_section(selection)
    agencies = consent_series.consent_by_agency(release, selection)
    if agencies["asked"].notna().any():
        agencies_section(selection, agencies, names[regime])
    if not agencies.empty:
        pending_section(agencies, names[regime])


regimes = public_data.regimes(release)
if consent_series.regimes_with_figures(release, Selection()):
    with_figures(components.read_selection(*FILTERS, "regime", default_program=False))
else:
    without_figures(components.read_selection(*PRESS_FILTERS))
