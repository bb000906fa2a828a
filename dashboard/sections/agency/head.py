"""The head of an agency's page: who it is, and four facts."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard import charts, components, public_data
from dashboard.components import agencies_part, here
from dashboard.findings import agency as findings
from dashboard.findings import requests as request_findings
from dashboard.i18n import _
from dashboard.public_data import agency_profile, request_series
from dashboard.selection import Selection


def profile_of(about: Mapping[str, Any]) -> findings.Profile:
    """Ask the release everything that the page's sentences rest on."""
    release = here().release
    regimes = public_data.regimes(release)
    everything = Selection(agency_id=about["agency_id"])
    logged = request_findings.logged(
        request_series.requests_by_month(release, everything), public_data.request_totals(release, everything)
    )
    answers = {
        entry.regime_id: public_data.consent(release, Selection(agency_id=about["agency_id"], regime=entry.regime_id))
        for entry in logged
        if entry.regime_id != "unassigned"
    }
    return findings.Profile(
        about=about,
        partnerships=agency_profile.partnerships_of(release, about["agency_id"]),
        counts=public_data.published_counts(release, everything),
        logged=logged,
        answers=answers,
        dates={row["regime_id"]: charts.regime_dates(row) for row in regimes.to_dict("records")},
        as_of=release.data_as_of,
    )


def head(profile: findings.Profile) -> None:
    """Title, dek, picker, four facts."""
    place = "" if profile.name.endswith(str(profile.about["state"])) else f", {profile.about['state_name']}"
    components.headline(findings.finding(profile), findings.dek(profile), beside=profile.name + place)
    left, right = st.columns([5, 6], vertical_alignment="bottom", gap="large")
    with left:
        agencies_part.picker(str(profile.about["agency_id"]))
    compare = components.link("compare", agencies=str(profile.about["agency_id"]))
    with right:
        components.show(f'<p class="pl-source">{components.anchor(_("Compare with others"), compare)}</p>')
    st.space(22)
    components.facts([(fact.label, _figure(fact), fact.note) for fact in findings.facts(profile)])


def _figure(fact: findings.Fact) -> str:
    """A fact's figure as HTML: with its state's symbol where it has one."""
    return components.state_words(fact.status, fact.told) if fact.status else components.escaped(fact.told)
