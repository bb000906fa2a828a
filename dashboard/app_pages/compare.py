"""Compare: two to six agencies side by side. Is the difference real? Told from the interval, never from the point."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from dashboard import charts, components, public_data, words
from dashboard.components import here
from dashboard.findings import compare as findings
from dashboard.public_data import comparison, consent_series
from dashboard.sections.compare.differences import differences_section
from dashboard.sections.compare.months import months_section, pick_regime
from dashboard.sections.compare.on_record import participation_section, published_section
from dashboard.sections.compare.picking import first_pick, picked_ids, picker, put_first
from dashboard.sections.compare.rates import rates_section
from dashboard.selection import Selection

release = here().release
FILTERS = ("categories", "since", "until")


def with_logs(ids: tuple[str, ...], left_out: list[str], agencies: pd.DataFrame, selection: Selection) -> None:
    """The page where at least one of the agencies gave a log."""
    top = st.container()
    by_month = comparison.requests_of(release, ids, selection)
    everything = comparison.requests_of(release, ids, Selection())
    code = pick_regime(ids, everything)
    components.show_filters(*FILTERS, default_program=False)
    regime = regimes[regimes["regime_id"] == code].iloc[0].to_dict()
    called = words.word(words.REGIMES, code)
    told = findings.compared(agencies, comparison.consents(release, ids, replace(selection, regime=code)))
    found = findings.pairs(told)
    view = (ids, replace(selection, regime=code))
    with top:
        components.headline(
            findings.finding(told, found), findings.dek(told, found, f"{called}, {charts.regime_dates(regime)}")
        )
        picker(ids, left_out)
        put_first(ids)
        st.space(14)
    if any(agency.has_rate for agency in told):
        rates_section(view, told, called)
    if found:
        differences_section(view, found, called)
    months_section(view, told, by_month, regime)


def comparison_page(ids: tuple[str, ...], left_out: list[str]) -> None:
    """The page of two to six agencies."""
    agencies = comparison.picked_agencies(release, ids)
    agencies = agencies.assign(name=[findings.called(row) for row in agencies.to_dict("records")])
    partnerships = comparison.partnerships_of(release, ids)
    published = comparison.published_of(release, ids)
    if comparison.requests_of(release, ids, Selection()).empty:
        has_figures = bool(consent_series.regimes_with_figures(release, Selection()))
        components.headline(
            findings.record_finding(agencies, partnerships), findings.record_dek(published, has_figures)
        )
        picker(ids, left_out)
    else:
        with_logs(ids, left_out, agencies, components.read_selection(*FILTERS, default_program=False))
    participation_section(agencies, partnerships)
    published_section(published)


regimes = public_data.regimes(release)
picked, not_shown = picked_ids()
if len(picked) < comparison.FEWEST:
    first_pick(picked, not_shown)
else:
    comparison_page(picked, not_shown)
