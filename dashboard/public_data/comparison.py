"""Two to six agencies side by side: who they are, what is recorded of them, their requests by month, their figures.

Everything comes in the order in which the agencies were picked. Regimes are never added up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from dashboard.public_data.asking import question
from dashboard.public_data.consent import Consent, consent
from dashboard.public_data.requests import requests_inside
from dashboard.releases import Release
from dashboard.selection import Selection

FEWEST: Final = 2
MOST: Final = 6
Ids = tuple[str, ...]


@question
def agency_names(release: Release) -> Mapping[str, tuple[str, str]]:
    """Id -> name and state of every agency, by state and name: what the picker offers."""
    rows = release.rows("select agency_id, name, state from agencies order by state, name, agency_id")
    return {agency_id: (name, state) for agency_id, name, state in rows}


@question
def picked_agencies(release: Release, ids: Ids) -> pd.DataFrame:
    """One row per picked agency, in the order picked: agency_id, name, kind, state, city, population."""
    return release.query(
        """
        select agency_id, name, kind, state, city, population
        from agencies
        where list_contains($ids, agency_id)
        order by list_position($ids, agency_id)
        """,
        {"ids": list(ids)},
    )


@question
def requests_of(release: Release, ids: Ids, selection: Selection) -> pd.DataFrame:
    """One row per picked agency, regime and month, oldest first: agency_id, regime_id, month_start, requests.

    From the first to the last month in which the agency's own log names a request of that regime; in between a month
    without one is a true 0. Months outside are not in the frame: no log speaks of them.
    """
    where = requests_inside(selection)
    return release.query(
        f"""
        with counted as (
            select counts.agency_id, counts.regime_id, counts.month_start, sum(counts.requests)::bigint as requests
            from request_counts as counts
            join agencies on counts.agency_id = agencies.agency_id
            where list_contains($ids, counts.agency_id) and {where.sql}
            group by counts.agency_id, counts.regime_id, counts.month_start
        ),
        spans as (
            select
                agency_id,
                regime_id,
                unnest(generate_series(min(month_start), max(month_start), interval 1 month))::date as month_start
            from counted
            group by agency_id, regime_id
        )
        select
            spans.agency_id,
            spans.regime_id,
            spans.month_start,
            coalesce(counted.requests, 0)::bigint as requests
        from spans
        left join counted using (agency_id, regime_id, month_start)
        order by list_position($ids, spans.agency_id), spans.month_start, spans.regime_id
        """,
        where.values | {"ids": list(ids)},
    )


def consents(release: Release, ids: Ids, selection: Selection) -> list[Consent]:
    """The consent figure of each picked agency, in the order picked. Raises ValueError without a picked regime."""
    if selection.regime is None:
        raise ValueError("agencies are compared within one regime")
    return [consent(release, replace(selection, agency_id=agency_id)) for agency_id in ids]


@question
def regimes_with_figures_of(release: Release, ids: Ids) -> Mapping[str, int]:
    """Regime -> how many of the picked agencies have a published block in it."""
    rows = release.rows(
        """
        select regime_id, count(distinct agency_id)
        from consent_blocks
        where list_contains($ids, agency_id)
        group by regime_id
        """,
        {"ids": list(ids)},
    )
    return dict(rows)


@question
def partnerships_of(release: Release, ids: Ids) -> pd.DataFrame:
    """One row per picked agency and program, by pick and start, as in table partnerships.

    Adds `publisher` (of the source whose start is shown) and `source_ids` (every source that names it, joined by |).
    """
    return release.query(
        """
        with named as (
            select agency_id, program_id, string_agg(distinct source_id, '|' order by source_id) as source_ids
            from partnership_claims
            where list_contains($ids, agency_id)
            group by agency_id, program_id
        )
        select partnerships.*, sources.publisher, named.source_ids
        from partnerships
        left join sources on partnerships.started_source_id = sources.source_id
        left join named
            on partnerships.agency_id = named.agency_id and partnerships.program_id = named.program_id
        where list_contains($ids, partnerships.agency_id)
        order by list_position($ids, partnerships.agency_id), partnerships.started_on, partnerships.program_id
        """,
        {"ids": list(ids)},
    )


@question
def published_of(release: Release, ids: Ids) -> pd.DataFrame:
    """One row per number that somebody published about a picked agency, by pick and period, with name and source."""
    return release.query(
        """
        select counts.*, agencies.name, agencies.state, sources.publisher, sources.url
        from published_counts as counts
        join agencies on counts.agency_id = agencies.agency_id
        left join sources on counts.source_id = sources.source_id
        where list_contains($ids, counts.agency_id)
        order by
            list_position($ids, counts.agency_id),
            coalesce(counts.period_end, counts.period_start),
            counts.measure
        """,
        {"ids": list(ids)},
    )


@question
def like(release: Release, agency_id: str, count: int = 4) -> Sequence[str]:
    """Ids of agencies of the same kind whose place has the nearest number of residents (same state where unknown).

    Only agencies of which there is something to compare: of those with a log if the agency has one, else any.
    """
    rows = release.rows(
        """
        with logged as (select distinct agency_id from request_counts),
        this as (
            select agency_id, kind, state, population, agency_id in (select agency_id from logged) as has_log
            from agencies
            where agency_id = $id
        )
        select others.agency_id
        from agencies as others
        join this on others.kind = this.kind and others.agency_id <> this.agency_id
        where
            (not this.has_log or others.agency_id in (select agency_id from logged))
            and (this.population is null) = (others.population is null)
        order by
            case when this.population > 0 and others.population > 0
                then abs(ln(others.population / this.population))
            end,
            others.state <> this.state,
            others.name,
            others.agency_id
        limit $count
        """,
        {"id": agency_id, "count": count},
    )
    return [row[0] for row in rows]


@question
def best_documented(release: Release, count: int = 2) -> Sequence[str]:
    """Ids of the agencies of which most is recorded: a place to start, not a ranking.

    By residents asked in published blocks, then requests in logs, then published numbers, then sources.
    """
    rows = release.rows(
        """
        with figures as (
            select agency_id, sum(asked) as asked, 0 as requests, 0 as numbers, 0 as sources
            from consent_blocks group by agency_id
            union all
            select agency_id, 0, sum(requests), 0, 0 from request_counts group by agency_id
            union all
            select agency_id, 0, 0, count(*), 0 from published_counts group by agency_id
            union all
            select agency_id, 0, 0, 0, sum(sources) from partnerships group by agency_id
        )
        select agency_id
        from figures
        group by agency_id
        order by sum(asked) desc, sum(requests) desc, sum(numbers) desc, sum(sources) desc, agency_id
        limit $count
        """,
        {"count": count},
    )
    return [row[0] for row in rows]
