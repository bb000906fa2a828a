"""What each published list holds, row by row: the evidence below the partnerships."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from dashboard.public_data.about import Source, source_named
from dashboard.public_data.asking import of_agencies, question
from dashboard.releases import Release
from dashboard.selection import Selection


@dataclass(frozen=True)
class Listing:
    """What one list says of one program, inside a selection.

    `active` counts rows whose start lies on or before the picked day (months count from their last day);
    `active_by_state` is the same by state.
    """

    source: Source
    program_id: str
    rows: int
    agencies: int
    states: int
    to_the_day: int
    to_the_month: int
    to_the_year: int
    undated: int
    first_on: date | None
    last_on: date | None
    by_year: tuple[tuple[int, int], ...]
    active: int | None
    active_by_state: tuple[tuple[str, int], ...]


@question
def lists(release: Release, selection: Selection) -> Sequence[Listing]:
    """Every list with rows in the selection (states, program, kind, list), the longest first."""
    # A list counts by its own states: a place that another source corrects stays where the list put it.
    where = of_agencies(replace(selection, states=()))
    where.add("list_contains($states, listed.listed_state)", states=selection.states)
    where.add("listed.program_id = $program", program=selection.program)
    where.add("listed.source_id = $source", source=selection.source)
    relation = f"""
        select
            listed.*,
            listed.listed_state as state,
            case listed.started_precision
                when 'day' then listed.started_on
                when 'month' then last_day(listed.started_on)
                when 'year' then make_date(year(listed.started_on), 12, 31)
            end as started_by
        from partnership_listings as listed
        join agencies on listed.agency_id = agencies.agency_id
        where {where.sql}
    """
    found = release.rows(
        f"""
        select
            source_id,
            program_id,
            count(*),
            count(distinct agency_id),
            count(distinct state),
            count(*) filter (where started_precision = 'day'),
            count(*) filter (where started_precision = 'month'),
            count(*) filter (where started_precision = 'year'),
            count(*) filter (where started_on is null),
            min(started_on),
            max(started_on)
        from ({relation})
        group by source_id, program_id
        order by count(*) desc, source_id, program_id
        """,
        where.values,
    )
    answers = []
    for source_id, program_id, *counted in found:
        source = source_named(release, source_id)
        if source is None:
            continue
        one = {"one_source": source_id, "one_program": program_id}
        mine = "source_id = $one_source and program_id = $one_program"
        by_year = release.rows(
            f"select year(started_on), count(*) from ({relation}) where {mine} and started_on is not null "
            "group by all order by 1",
            where.values | one,
        )
        active: list[tuple[str, int]] = []
        if selection.active_on:
            active = release.rows(
                f"select state, count(*) from ({relation}) where {mine} and started_by <= $day "
                "group by all order by 2 desc, 1",
                where.values | one | {"day": selection.active_on},
            )
        rows, agencies, states, to_day, to_month, to_year, undated, first_on, last_on = counted
        answers.append(
            Listing(
                source=source,
                program_id=program_id,
                rows=rows,
                agencies=agencies,
                states=states,
                to_the_day=to_day,
                to_the_month=to_month,
                to_the_year=to_year,
                undated=undated,
                first_on=first_on,
                last_on=last_on,
                by_year=tuple(by_year),
                active=sum(count for _state, count in active) if selection.active_on else None,
                active_by_state=tuple(active),
            )
        )
    return answers
