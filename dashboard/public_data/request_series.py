"""Requests in time, by what they were about, and per resident. Exact counts, always apart by regime, never added up."""

from dataclasses import replace
from typing import Final

import pandas as pd

from dashboard.public_data.asking import Conditions, question
from dashboard.public_data.requests import requests_inside
from dashboard.releases import Release
from dashboard.selection import Selection

# How the value of each split is written; an area's name means something only beside its agency's.
_VALUE: Final[dict[str, str]] = {
    "channel": "counts.channel",
    "incident_category": "counts.incident_category",
    "legal_basis": "counts.legal_basis",
    "county_fips": "counts.county_fips",
    "area": "if(counts.area = 'unknown', counts.area, counts.area || ', ' || agencies.name)",
}


@question
def requests_by_month(release: Release, selection: Selection) -> pd.DataFrame:
    """One row per program, regime and month, oldest first: month_start, requests, agencies, status.

    From the first to the last month in which a log of the selection names a request of that regime; in between a
    month without one is a true 0. Months outside are not in the frame: no log speaks of them.
    """
    where = requests_inside(selection)
    return release.query(
        f"""
        with counted as (
            select
                counts.program_id,
                counts.regime_id,
                counts.month_start,
                sum(counts.requests)::bigint as requests,
                count(distinct counts.agency_id)::bigint as agencies
            from request_counts as counts
            join agencies on counts.agency_id = agencies.agency_id
            where {where.sql}
            group by all
        ),
        spans as (
            select
                program_id,
                regime_id,
                unnest(generate_series(min(month_start), max(month_start), interval 1 month))::date as month_start
            from counted
            group by program_id, regime_id
        )
        select
            spans.program_id,
            spans.regime_id,
            spans.month_start,
            coalesce(counted.requests, 0)::bigint as requests,
            coalesce(counted.agencies, 0)::bigint as agencies,
            'published' as status
        from spans
        left join counted using (program_id, regime_id, month_start)
        order by spans.month_start, spans.program_id, spans.regime_id
        """,
        where.values,
    )


@question
def requests_split(release: Release, selection: Selection, by: str) -> pd.DataFrame:
    """One row per program, regime and value of `by`, most requests of a regime first.

    Columns: program_id, regime_id, value, state (of a county, else null), requests, agencies, regime_requests.
    'unknown' is a value like any other: requests for which it is not stated. `by` is channel, incident_category,
    legal_basis, county_fips or area; KeyError otherwise.
    """
    where = requests_inside(selection)
    county_state = "states.state" if by == "county_fips" else "null::varchar"
    return release.query(
        f"""
        select
            counts.program_id,
            counts.regime_id,
            {_VALUE[by]} as value,
            any_value({county_state}) as state,
            sum(counts.requests)::bigint as requests,
            count(distinct counts.agency_id)::bigint as agencies,
            (sum(sum(counts.requests)) over (partition by counts.program_id, counts.regime_id))::bigint
                as regime_requests
        from request_counts as counts
        join agencies on counts.agency_id = agencies.agency_id
        left join states on left(counts.county_fips, 2) = states.fips
        where {where.sql}
        group by counts.program_id, counts.regime_id, value
        order by counts.program_id, counts.regime_id, requests desc, value
        """,
        where.values,
    )


@question
def requests_by_state(release: Release, selection: Selection) -> pd.DataFrame:
    """One row per state and DC for one regime: name, requests, agencies, population_2020, per_100k_residents, status.

    Over the residents of the whole state (census of 2020), not of the agencies' towns. A state without a log has
    status not_reported and no number. Raises ValueError without a picked regime: regimes are not added up.
    """
    if selection.regime is None:
        raise ValueError("requests per resident are counted within one regime")
    where = requests_inside(selection)
    wanted = Conditions()
    wanted.add("list_contains($states, states.state)", states=selection.states)
    return release.query(
        f"""
        with counted as (
            select
                agencies.state,
                sum(counts.requests)::bigint as requests,
                count(distinct counts.agency_id)::bigint as agencies
            from request_counts as counts
            join agencies on counts.agency_id = agencies.agency_id
            where {where.sql}
            group by agencies.state
        )
        select
            states.state,
            states.name,
            counted.requests,
            counted.agencies,
            states.population_2020,
            100000.0 * counted.requests / states.population_2020 as per_100k_residents,
            if(counted.requests is null, 'not_reported', 'published') as status
        from states
        left join counted on states.state = counted.state
        where {wanted.sql}
        order by per_100k_residents desc nulls last, states.name
        """,
        where.values,
    )


@question
def residents_2020(release: Release, states: tuple[str, ...]) -> int:
    """Residents of those states, or of all states and DC without any, by the census of 2020."""
    where = Conditions()
    where.add("list_contains($states, state)", states=states)
    found = release.rows(
        f"select coalesce(sum(population_2020), 0)::bigint from states where {where.sql}", where.values
    )
    return int(found[0][0])


def latest_regime(release: Release, selection: Selection) -> str | None:
    """The regime of the selection's newest requests, the picked one if one is picked, or None without requests."""
    by_month = requests_by_month(release, replace(selection, regime=None))
    known = by_month[by_month["regime_id"] != "unassigned"]
    if selection.regime:
        known = known[known["regime_id"] == selection.regime]
    return None if known.empty else str(known.iloc[-1]["regime_id"])
