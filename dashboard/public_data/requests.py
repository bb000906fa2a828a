"""Requests: exact counts of acts of government, and numbers that agencies or reporters published."""

import pandas as pd

from dashboard.public_data.asking import Conditions, of_agencies, question, whose_agency
from dashboard.releases import Release
from dashboard.selection import Selection


def requests_inside(selection: Selection) -> Conditions:
    """Conditions on a row of request_counts (alias counts): everything a reader can pick.

    A month belongs to the selection only if it lies wholly between `since` and `until`.
    """
    where = whose_agency(selection, "counts")
    where.add("counts.program_id = $program", program=selection.program)
    where.add("counts.regime_id = $regime", regime=selection.regime)
    where.add("counts.channel = $channel", channel=selection.channel)
    where.add("counts.legal_basis = $legal_basis", legal_basis=selection.legal_basis)
    where.add("list_contains($categories, counts.incident_category)", categories=selection.categories)
    where.add("list_contains($counties, counts.county_fips)", counties=selection.counties)
    where.add("list_contains($areas, counts.area)", areas=selection.areas)
    where.add("counts.month_start >= $since", since=selection.since)
    where.add("last_day(counts.month_start) <= $until", until=selection.until)
    return where


@question
def request_totals(release: Release, selection: Selection) -> pd.DataFrame:
    """One row per regime of the selection: regime_id, requests, requests_with_asked, agencies. Never added up here."""
    where = requests_inside(selection)
    return release.query(
        f"""
        select
            counts.regime_id,
            sum(counts.requests)::bigint as requests,
            sum(counts.requests_with_asked)::bigint as requests_with_asked,
            count(distinct counts.agency_id)::bigint as agencies
        from request_counts as counts
        where {where.sql}
        group by counts.regime_id
        order by counts.regime_id
        """,
        where.values,
    )


@question
def published_counts(release: Release, selection: Selection, measures: tuple[str, ...] = ()) -> pd.DataFrame:
    """One row per published number about an agency of the selection, oldest first, with agency name, state, source."""
    where = of_agencies(selection)
    where.add("counts.program_id = $program", program=selection.program)
    where.add("list_contains($measures, counts.measure)", measures=measures)
    return release.query(
        f"""
        select counts.*, agencies.name, agencies.state, sources.publisher, sources.url
        from published_counts as counts
        join agencies on counts.agency_id = agencies.agency_id
        left join sources on counts.source_id = sources.source_id
        where {where.sql}
        order by coalesce(counts.period_start, counts.period_end), counts.agency_id, counts.measure
        """,
        where.values,
    )
