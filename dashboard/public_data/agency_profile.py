"""Everything that a release holds about one agency, and which agencies are like it."""

import re
from collections.abc import Mapping

import pandas as pd

from dashboard.public_data.agencies import agency
from dashboard.public_data.asking import question
from dashboard.releases import Release

# Agencies of like size have between half and twice the residents.
LIKE_SIZE = 2.0


@question
def agency_names(release: Release) -> Mapping[str, str]:
    """Agency id -> its name and state, by state and name. Invented names carry their state already."""
    return dict(
        release.rows(
            """
            select
                agency_id,
                agencies.name || if(ends_with(agencies.name, state), '', ', ' || coalesce(states.name, state))
            from agencies
            left join states using (state)
            order by coalesce(states.name, state), agencies.name, agency_id
            """
        )
    )


@question
def near_matches(release: Release, wrong_id: str, most: int = 8) -> pd.DataFrame:
    """The agencies whose id or name comes closest to an id that no agency has: agency_id, name, state, closest first.

    Empty where nothing is alike. An id begins with us-<state>-, so a state in it draws its agencies nearer.
    """
    wanted = wrong_id.lower()[:80]
    in_words = " ".join(re.findall(r"[a-z0-9]+", wanted.removeprefix("us-")))
    return release.query(
        """
        with measured as (
            select
                agency_id,
                name,
                state,
                greatest(
                    jaro_winkler_similarity(agency_id, $wanted),
                    jaro_winkler_similarity(lower(state || ' ' || name), $in_words),
                    jaro_winkler_similarity(lower(name), $in_words),
                    jaro_winkler_similarity(lower(coalesce(city, '')), $in_words),
                    if(length($in_words) >= 3 and contains(lower(name || ' ' || state), $in_words), 1.0, 0.0)
                ) as likeness
            from agencies
        )
        select agency_id, name, state
        from measured
        where likeness >= 0.75
        order by likeness desc, agency_id
        limit $most
        """,
        {"wanted": wanted, "in_words": in_words, "most": most},
    )


@question
def partnerships_of(release: Release, agency_id: str) -> pd.DataFrame:
    """One row per program of the agency, programs that ask residents first, then by start.

    Columns of table partnerships, `asks_residents`, `first_seen_on` (earliest day on which a source shows it taking
    part, start or not), publisher and url of the source of the start.
    """
    return release.query(
        """
        select
            partnerships.*,
            coalesce(programs.asks_residents, false) as asks_residents,
            coalesce(partnerships.started_on, seen.first_seen_on) as first_seen_on,
            sources.publisher,
            sources.url
        from partnerships
        left join programs using (program_id)
        left join sources on partnerships.started_source_id = sources.source_id
        left join (
            select agency_id, program_id, min(known_active_on) as first_seen_on
            from partnership_claims
            group by all
        ) as seen using (agency_id, program_id)
        where partnerships.agency_id = $id
        order by asks_residents desc, coalesce(partnerships.started_on, seen.first_seen_on), program_id
        """,
        {"id": agency_id},
    )


@question
def listings_of(release: Release, agency_id: str) -> pd.DataFrame:
    """The rows of published lists that name the agency: columns of partnership_listings, publisher, title, url."""
    return release.query(
        """
        select listed.*, sources.publisher, sources.title, sources.url
        from partnership_listings as listed
        left join sources using (source_id)
        where listed.agency_id = $id
        order by listed.started_on, listed.source_id, listed.listing_ref
        """,
        {"id": agency_id},
    )


@question
def start_conflicts(release: Release, agency_id: str) -> pd.DataFrame:
    """Where sources disagree on the start: one row per claim with a start, of the programs with several starts.

    program_id, source_id, started_on, started_precision, publisher, url, is_shown (the date that the record uses).
    """
    return release.query(
        """
        select
            claims.program_id,
            claims.source_id,
            claims.started_on,
            claims.started_precision,
            sources.publisher,
            sources.url,
            claims.source_id = resolved.started_source_id as is_shown
        from partnership_claims as claims
        join partnerships as resolved using (agency_id, program_id)
        left join sources using (source_id)
        where claims.agency_id = $id and claims.started_on is not null and resolved.conflicts is not null
        order by claims.program_id, is_shown desc, claims.started_on, claims.source_id
        """,
        {"id": agency_id},
    )


@question
def state_beside(release: Release, state: str, program_id: str) -> tuple[int, int, int]:
    """Agencies of a state named in a program; of these, those with a number of requests; with a consent figure."""
    found = release.rows(
        """
        with named as (
            select agency_id
            from partnerships
            join agencies using (agency_id)
            where agencies.state = $state and partnerships.program_id = $program
        )
        select
            count(*),
            count(*) filter (
                where agency_id in (select agency_id from request_counts)
                or agency_id in (select agency_id from published_counts where measure = 'requests')
            ),
            count(*) filter (where agency_id in (select agency_id from consent_blocks))
        from named
        """,
        {"state": state, "program": program_id},
    )
    named, asking, answered = found[0]
    return int(named), int(asking), int(answered)


_KNOWN_ABOUT = """
    select
        agencies.agency_id,
        agencies.name,
        agencies.kind,
        agencies.state,
        agencies.population,
        joined.started_on,
        coalesce(joined.started_precision, 'unknown') as started_precision,
        case
            when logs.requests > 0 then 'published'
            when press.agency_id is not null then 'partly_published'
            else 'not_reported'
        end as requests_status,
        case
            when blocks.agency_id is not null then 'published'
            when logs.with_asked > 0 then 'pending'
            else 'not_reported'
        end as consent_status
    from agencies
    left join (
        select
            agency_id,
            min(started_on) as started_on,
            min_by(started_precision, started_on) as started_precision
        from partnerships
        join programs using (program_id)
        where programs.asks_residents
        group by agency_id
    ) as joined using (agency_id)
    left join (
        select agency_id, sum(requests) as requests, sum(requests_with_asked) as with_asked
        from request_counts
        group by agency_id
    ) as logs using (agency_id)
    left join (select distinct agency_id from published_counts where measure = 'requests') as press using (agency_id)
    left join (select distinct agency_id from consent_blocks) as blocks using (agency_id)
"""


@question
def peers(release: Release, agency_id: str, most: int = 6) -> pd.DataFrame:
    """Agencies of like size and kind, by name: of the same kind, with between half and twice the residents.

    Those of the same state come before others, then the nearest in residents; `most` of them. Where the agency's
    residents are not known, the nearest in place of the same kind instead (`by_place` is then true for all).
    Columns: agency_id, name, kind, state, population, started_on, started_precision, requests_status,
    consent_status (a state each), by_place. The order says nothing about the figures.
    """
    found = agency(release, agency_id)
    if found.empty:
        return release.query(f"select *, false as by_place from ({_KNOWN_ABOUT}) where false")
    me = found.iloc[0].to_dict()
    by_place = pd.isna(me["population"])
    near = (
        # Flat distance is good enough to say who is near; a degree of longitude is shorter than one of latitude.
        "pow(latitude - $latitude, 2) + pow(0.77 * (longitude - $longitude), 2)"
        if by_place
        else "abs(ln(population::double / $population))"
    )
    fits = "latitude is not null" if by_place else "population between $population / $size and $population * $size"
    values = {"id": agency_id, "kind": me["kind"], "state": me["state"], "most": most}
    if by_place and pd.isna(me["latitude"]):
        return release.query(f"select *, true as by_place from ({_KNOWN_ABOUT}) where false")
    values |= (
        {"latitude": float(me["latitude"]), "longitude": float(me["longitude"])}
        if by_place
        else {"population": int(me["population"]), "size": LIKE_SIZE}
    )
    return release.query(
        f"""
        with nearest as (
            select agency_id
            from agencies
            where kind = $kind and agency_id <> $id and {fits}
            order by state = $state desc, {near}, agency_id
            limit $most
        )
        select known.*, {str(by_place).lower()} as by_place
        from ({_KNOWN_ABOUT}) as known
        join nearest using (agency_id)
        order by known.name, known.agency_id
        """,
        values,
    )


@question
def documented_agencies(release: Release, most: int = 40) -> pd.DataFrame:
    """Agencies of which more is public than a name and a date, by state and name: columns as of `peers`."""
    return release.query(
        f"""
        select *
        from ({_KNOWN_ABOUT})
        where requests_status <> 'not_reported' or consent_status <> 'not_reported'
        order by state, name, agency_id
        limit $most
        """,
        {"most": most},
    )
