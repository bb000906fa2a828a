"""What can be picked: the values a release holds for each filter."""

from collections.abc import Sequence

from dashboard.public_data.asking import question
from dashboard.releases import Release

_QUERIES = {
    "states": "select state, name from states order by name",
    "program": "select program_id, name from programs order by name",
    "regime": "select regime_id, name from regimes order by starts_on",
    "kind": "select distinct kind, kind from agencies order by 1",
    "source": """
        select source_id, sources.publisher || ', ' || coalesce(sources.published_on::varchar, source_id)
        from sources
        where source_id in (select source_id from partnership_listings)
        order by 2
    """,
    "channel": "select distinct channel, channel from request_counts order by 1",
    "legal_basis": "select distinct legal_basis, legal_basis from request_counts order by 1",
    "categories": "select distinct incident_category, incident_category from request_counts order by 1",
    "counties": "select distinct county_fips, county_fips from request_counts order by 1",
    "areas": "select distinct area, area from request_counts order by 1",
}


@question
def choices(release: Release, name: str) -> Sequence[tuple[str, str]]:
    """Code and name of every value that the release holds for a field of Selection."""
    return [(str(code), str(told)) for code, told in release.rows(_QUERIES[name])]
