"""What a release says about itself and its world: sources, programs, regimes, events, reported totals, dictionary."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from dashboard.public_data.asking import Conditions, question
from dashboard.releases import Release


@dataclass(frozen=True)
class Source:
    """One page, document or file that a fact rests on."""

    source_id: str
    publisher: str
    title: str | None
    url: str | None
    published_on: date | None
    published_precision: str
    licence: str | None
    read: str
    note: str | None


@question
def programs(release: Release) -> pd.DataFrame:
    """One row per program as in table programs, and `agencies` that take part; the one with most agencies first."""
    return release.query(
        """
        select programs.*, count(partnerships.agency_id)::bigint as agencies
        from programs
        left join partnerships using (program_id)
        group by all
        order by agencies desc, program_id
        """
    )


@question
def regimes(release: Release) -> pd.DataFrame:
    """One row per regime, oldest first, as in table regimes; `ends_on` is NaT where it still lasts."""
    return release.query("select * from regimes order by starts_on, regime_id")


@question
def events(release: Release, scopes: tuple[str, ...] = ()) -> pd.DataFrame:
    """One row per dated step, oldest first, as in table events, with publisher and url of its source."""
    where = Conditions()
    where.add("list_contains($scopes, events.scope)", scopes=scopes)
    return release.query(
        f"""
        select events.*, sources.publisher, sources.url
        from events
        left join sources using (source_id)
        where {where.sql}
        order by events.happened_on, events.event_id
        """,
        where.values,
    )


@question
def reported_totals(release: Release, scope: str, measures: tuple[str, ...]) -> pd.DataFrame:
    """One row per number reported for a scope ('US' or a state): the table's columns, publisher, url, and `stands_on`.

    `stands_on` is the last day of the period a number is given for ("2020" is the end of 2020); NaT where undated.
    """
    return release.query(
        """
        select
            reported_totals.*,
            sources.publisher,
            sources.url,
            case reported_totals.as_of_precision
                when 'day' then reported_totals.as_of
                when 'month' then last_day(reported_totals.as_of)
                when 'year' then make_date(year(reported_totals.as_of), 12, 31)
            end as stands_on
        from reported_totals
        left join sources using (source_id)
        where reported_totals.scope = $scope and list_contains($measures, reported_totals.measure)
        order by stands_on, reported_totals.measure, reported_totals.value
        """,
        {"scope": scope, "measures": list(measures)},
    )


@question
def source_named(release: Release, source_id: str) -> Source | None:
    """The source of that id, or None."""
    columns = ", ".join(Source.__dataclass_fields__)
    found = release.rows(f"select {columns} from sources where source_id = $id", {"id": source_id})
    return Source(*found[0]) if found else None


@question
def dictionary(release: Release, table_name: str) -> pd.DataFrame:
    """One row per column of a table, in order: column_name, type, unit, description, allowed_values."""
    return release.query(
        "select column_name, type, unit, description, allowed_values from dictionary "
        "where table_name = $name order by position",
        {"name": table_name},
    )


@question
def definitions(release: Release, table_name: str) -> Mapping[str, str]:
    """Column -> what it means, for the header of a file."""
    return dict(
        release.rows("select column_name, description from dictionary where table_name = $name", {"name": table_name})
    )
