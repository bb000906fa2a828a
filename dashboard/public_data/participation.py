"""Participation: which agencies take part, since when, by month and by state."""

from collections.abc import Sequence
from datetime import date

import pandas as pd

from dashboard.public_data.asking import Conditions, question, whose_agency
from dashboard.releases import Release
from dashboard.selection import Selection


def said_of(selection: Selection) -> tuple[str, Conditions]:
    """The relation that the questions below count: one row per agency and program of the selection.

    `joined_month` is null where only a year or nothing is known; `active_by` is the day by whose end the agency was
    surely in (a month known only as such counts from its last day). With a list picked, only what that list says.
    """
    where = whose_agency(selection, "said")
    where.add("said.program_id = $program", program=selection.program)
    where.add("said.source_id = $source", source=selection.source)
    said = "partnership_claims" if selection.source else "partnerships"
    last_seen = "said.known_active_on" if selection.source else "said.last_known_active_on"
    sources = "1" if selection.source else "said.sources"
    return (
        f"""
        select
            said.agency_id,
            said.program_id,
            said.started_on,
            said.started_precision,
            {last_seen} as last_known_active_on,
            said.ended_on,
            said.approval,
            said.incentive,
            {sources} as sources,
            case when said.started_precision in ('day', 'month')
                then date_trunc('month', said.started_on)::date
            end as joined_month,
            least(
                case said.started_precision
                    when 'day' then said.started_on
                    when 'month' then last_day(said.started_on)
                    when 'year' then make_date(year(said.started_on), 12, 31)
                end,
                said.known_active_on
            ) as active_by
        from {said} as said
        where {where.sql}
        """,
        where,
    )


def members(selection: Selection) -> tuple[str, Conditions]:
    """The same rows with who and where the agency is: to look it up costs as much as to count."""
    relation, where = said_of(selection)
    return (
        f"""
        select
            agencies.agency_id,
            agencies.name,
            agencies.kind,
            agencies.state,
            agencies.county_fips,
            agencies.latitude,
            agencies.longitude,
            agencies.placed_by,
            said.* exclude (agency_id)
        from ({relation}) as said
        join agencies on said.agency_id = agencies.agency_id
        """,
        where,
    )


@question
def partnerships(release: Release, selection: Selection) -> pd.DataFrame:
    """One row per agency and program of the selection, by state and name; only those active on a picked day."""
    relation, where = members(selection)
    day = Conditions()
    day.add("active_by <= $day and coalesce(ended_on > $day, true)", day=selection.active_on)
    return release.query(
        f"select * from ({relation}) where {day.sql} order by state, name, agency_id, program_id",
        where.values | day.values,
    )


def named_by(release: Release, selection: Selection, day: date | None = None) -> int:
    """How many agencies of the selection are named as taking part by the end of that day, or at all without a day."""
    return named_on(release, selection, (day,))[0]


@question
def named_on(release: Release, selection: Selection, days: tuple[date | None, ...]) -> Sequence[int]:
    """The answers of `named_by` for several days, asked together."""
    relation, where = said_of(selection)
    # With a program picked each agency has one row; without, one in two programs is one agency.
    agencies = "count(agency_id)" if selection.program else "count(distinct agency_id)"
    found = dict(
        release.rows(
            f"""
            select asked.position, {agencies}
            from (select agency_id, active_by, ended_on from ({relation})) as said
            join (select unnest($days::date[]) as day, generate_subscripts($days, 1) as position) as asked
                on asked.day is null or (said.active_by <= asked.day and coalesce(said.ended_on > asked.day, true))
            group by asked.position
            """,
            where.values | {"days": list(days)},
        )
    )
    return [found.get(position, 0) for position, _day in enumerate(days, start=1)]


@question
def participation_by_month(release: Release, selection: Selection) -> pd.DataFrame:
    """One row per month, oldest first: month_start, month_end, joined, left, active, status, for one program.

    `joined` counts agencies whose start is known to the month; `active` those surely in by the month's end. Both are
    null in a month with status not_reported: no source speaks of it. `left` is null where no source reports exits.
    Without picked kind or list, state or country, the numbers are those of table participation.
    """
    relation, where = said_of(selection)
    where.add("participation.program_id = $program", program=selection.program)
    return release.query(
        f"""
        with members as materialized (
            -- Rows that no month tells apart are counted once: months are few, agencies many.
            select
                joined_month,
                date_trunc('month', ended_on)::date as left_month,
                date_trunc('month', active_by)::date as active_month,
                count(*) as agencies
            from ({relation})
            group by all
        ),
        months as (
            select participation.month_start, last_day(participation.month_start) as month_end, participation.status
            from participation
            where participation.scope = 'US' and participation.program_id = $program
        )
        select
            months.month_start,
            months.month_end,
            case when months.status <> 'not_reported' then
                (select coalesce(sum(members.agencies), 0) from members
                 where members.joined_month = months.month_start)::bigint
            end as joined,
            case when months.status <> 'not_reported' and (select count(members.left_month) > 0 from members) then
                (select coalesce(sum(members.agencies), 0) from members
                 where members.left_month = months.month_start)::bigint
            end as left,
            -- A month is over by its last day: what began in it counts, what ended in it does not.
            case when months.status <> 'not_reported' then
                (select coalesce(sum(members.agencies), 0) from members
                 where members.active_month <= months.month_start
                 and coalesce(members.left_month > months.month_start, true))::bigint
            end as active,
            months.status
        from months
        order by months.month_start
        """,
        where.values | {"program": selection.program},
    )


@question
def participation_by_state(release: Release, selection: Selection) -> pd.DataFrame:
    """One row per state and DC, most agencies first.

    Columns: state, name, agencies, per_100k_residents, share_of_agencies, population_2020, status. Counted on
    `active_on` if picked, else all that are named. The share counts city, town and county agencies only,
    over the FBI's list of 2018. A state without a named agency has status not_reported and no number.
    """
    relation, where = members(selection)
    day = Conditions()
    day.add("active_by <= $day and coalesce(ended_on > $day, true)", day=selection.active_on)
    wanted = Conditions()
    wanted.add("list_contains($states, states.state)", states=selection.states)
    return release.query(
        f"""
        with counted as (
            select
                state,
                count(distinct agency_id) as agencies,
                count(distinct agency_id) filter (where kind in ('municipal_police', 'sheriff')) as local
            from ({relation})
            where {day.sql}
            group by state
        )
        select
            states.state,
            states.name,
            counted.agencies::bigint as agencies,
            100000.0 * counted.agencies / states.population_2020 as per_100k_residents,
            counted.local / states.city_and_county_agencies_2018 as share_of_agencies,
            states.population_2020,
            if(counted.agencies is null, 'not_reported', 'published') as status
        from states
        left join counted on states.state = counted.state
        where {wanted.sql}
        order by counted.agencies desc nulls last, states.name
        """,
        where.values | day.values | wanted.values,
    )


@question
def unplaced(release: Release, selection: Selection) -> int:
    """How many agencies of the selection have no position, so that no map can show them."""
    relation, where = members(selection)
    counted = release.rows(f"select count(distinct agency_id) from ({relation}) where latitude is null", where.values)
    return int(counted[0][0])
