"""Agencies: the list, one of them, and what each source claims about it."""

import pandas as pd

from dashboard.public_data.about import programs
from dashboard.public_data.asking import of_agencies, question
from dashboard.releases import Release
from dashboard.selection import Selection


@question
def agencies(release: Release, selection: Selection) -> pd.DataFrame:
    """One row per agency of the selection (states, kind, agency), by state and name, as in table agencies."""
    where = of_agencies(selection)
    return release.query(f"select * from agencies where {where.sql} order by state, name, agency_id", where.values)


@question
def agency(release: Release, agency_id: str) -> pd.DataFrame:
    """The agency of that id: one row as in table agencies with `state_name`, or none."""
    return release.query(
        "select agencies.*, states.name as state_name from agencies left join states using (state) "
        "where agencies.agency_id = $id",
        {"id": agency_id},
    )


@question
def claims_of(release: Release, agency_id: str) -> pd.DataFrame:
    """What each source says of the agency's partnerships, oldest first, with publisher, title, url of the source."""
    return release.query(
        """
        select claims.*, sources.publisher, sources.title, sources.url
        from partnership_claims as claims
        left join sources using (source_id)
        where claims.agency_id = $id
        order by coalesce(claims.started_on, claims.known_active_on), claims.source_id
        """,
        {"id": agency_id},
    )


def default_program(release: Release) -> str | None:
    """The program shown unless another is picked: of those that can ask residents, the one with most agencies."""
    known = programs(release)
    asking = known[known["asks_residents"]]
    return None if asking.empty else str(asking.iloc[0]["program_id"])
