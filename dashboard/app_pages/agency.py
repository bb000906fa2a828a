"""Agency: everything that is public about one agency, with dates, sources, peers and what is missing."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard import public_data
from dashboard.components import here
from dashboard.sections.agency.figures import consent_section, requests_section
from dashboard.sections.agency.head import head, profile_of
from dashboard.sections.agency.none_picked import without_agency, wrong_agency
from dashboard.sections.agency.peers import peers_section, sources_section
from dashboard.sections.agency.timeline import conflicts_section, timeline_section
from dashboard.sections.agency.years import strip_section

release = here().release


def one_agency(about: Mapping[str, Any]) -> None:
    """The page of one agency."""
    profile = profile_of(about)
    claims = public_data.claims_of(release, str(about["agency_id"]))
    sources = [*claims["source_id"], *profile.counts["source_id"]]
    head(profile)
    strip_section(profile, sources)
    if profile.logged:
        requests_section(profile)
    # Requests of an unknown regime alone cannot be asked about consent.
    if profile.answers:
        consent_section(profile)
    timeline_section(profile, claims)
    conflicts_section(profile)
    peers_section(profile)
    sources_section(profile, sources)


wanted = st.query_params.get("agency", "").strip()
found = public_data.agency(release, wanted)
if not wanted:
    without_agency()
elif found.empty:
    wrong_agency(wanted)
else:
    one_agency({str(name): value for name, value in found.iloc[0].items()})
