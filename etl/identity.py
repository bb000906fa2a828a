"""Turns names into agencies: reads the record and the lists from staging, writes the register and the listings.

A listing whose name fits two agencies goes to quarantine. Every rule is in etl/matching.py; here are only the tables.
"""

from typing import Any

import duckdb
import pandas as pd

from etl import catalog
from etl.agencies import Agency, Listing
from etl.errors import CheckError
from etl.ledger import Ledger, read_ledger
from etl.matching import Matched, match
from etl.names import state_code
from etl.places import NOWHERE, Places, Position
from etl.settings import Settings

LISTS = ("atlas", "ring_map")
WITH_AGENCY_ID = ("partnerships", "requests", "responses", "areas", "published_counts")
REGISTRY = """
    agency_id varchar, name varchar, kind varchar, state varchar, city varchar, county varchar, county_fips varchar,
    latitude double, longitude double, placed_by varchar, population bigint
"""
NOTES = "note varchar, agency_id varchar, other_id varchar"


def resolve(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Write staging.agency_registry, .listings, .identity_notes and .agency_merges; quarantine listings that fit none.

    Call once, after ingest. Grain: agency; row of a list (source_id, listing_ref); remark for a person; merged id.
    ingest.source_rows stays right: read = accepted + quarantined.
    """
    places = Places(settings.reference)
    ledger = read_ledger(settings.curated)
    record, given = _record(con, places)
    listings = _listings(con)
    matched = match(listings, record, ledger, places)
    if settings.edition == "demo":
        for agency in matched.agencies.values():
            agency.position, agency.population = given.get(agency.agency_id, (NOWHERE, None))
    else:
        for agency_id, (_, population) in given.items():
            if agency_id in matched.agencies and population is not None:
                matched.agencies[agency_id].population = population
    _write(con, matched, listings)
    _merge(con, ledger, matched)
    _hold_back(con, listings)


def _record(
    con: duckdb.DuckDBPyConnection, places: Places
) -> tuple[list[Agency], dict[str, tuple[Position, int | None]]]:
    """The record's own agencies; and what they themselves say of their position (a simulation does) and residents."""
    agencies, given = [], {}
    for row in _rows(con, "agencies"):
        county = places.with_fips(row.get("county_fips"))
        agency = Agency(
            row["agency_id"], row["name"], row["kind"], row["state"], row["city"],
            row["county"] or (county.name if county else None), in_record=True,
        )  # fmt: skip
        agencies.append(agency)
        at = [None if row.get(name) is None else float(row[name]) for name in ("latitude", "longitude")]
        given[agency.agency_id] = (Position("simulated", row.get("county_fips"), at[0], at[1]), row.get("population"))
    return agencies, given


def _listings(con: duckdb.DuckDBPyConnection) -> list[Listing]:
    return [
        Listing(
            table, row["file"], row["row_number"], row["source_id"], row["listing_ref"], row["program_id"],
            state_code(row["listed_state"]) or row["listed_state"], row["city"], row["county"], row["agency_name"],
            row["stated_name"], row["kind"], row["started_on"], row["known_active_on"],
        )
        for table in LISTS
        for row in _rows(con, table)
    ]  # fmt: skip


def _rows(con: duckdb.DuckDBPyConnection, table: str) -> list[dict[str, Any]]:
    """Every row of staging.<table>, by column name; none where there is no such table."""
    if con.execute(
        "select 1 from information_schema.tables where table_schema = 'staging' and table_name = ?", [table]
    ).fetchone() is None:  # fmt: skip
        return []
    found = con.execute(f"select * from staging.{table}")
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _write(con: duckdb.DuckDBPyConnection, matched: Matched, listings: list[Listing]) -> None:
    agencies = sorted(matched.agencies.values(), key=lambda one: one.agency_id)
    registry = [
        (
            one.agency_id, one.name, one.kind, one.state, one.city, one.county, one.position.county_fips,
            one.position.latitude, one.position.longitude, one.position.placed_by, one.population,
        )
        for one in agencies
    ]  # fmt: skip
    _fill(con, "agency_registry", REGISTRY, registry)
    _fill(con, "identity_notes", NOTES, sorted({(n.note, n.agency_id, n.other_id or "") for n in matched.notes}))
    known = {one.agency_id for one in agencies}
    if any(row.agency_id and row.agency_id not in known for row in listings):
        raise CheckError("staging.listings: names an agency that is not in staging.agency_registry.")
    _fill(
        con,
        "resolved",
        "list varchar, file varchar, row_number bigint, listing_ref varchar, agency_id varchar, matched_by varchar, "
        "state varchar",
        [
            (row.table, row.file, row.row_number, row.listing_ref, row.agency_id, row.matched_by, row.state)
            for row in listings
            if row.agency_id
        ],
    )
    selects = [_listing_select(con, table) for table in LISTS if _columns(con, table)]
    none = "select * from resolved_shape where false"
    con.execute(
        "create or replace temp table resolved_shape (source_id varchar, listing_ref varchar, agency_id varchar, "
        "program_id varchar, started_on date, started_precision varchar, known_active_on date, matched_by varchar, "
        "video_requests bigint, period_start date, period_end date, state varchar, listed_state varchar, "
        "file varchar, row_number bigint)"
    )
    con.execute(f"create or replace table staging.listings as {' union all by name '.join([none, *selects])}")
    con.execute("drop table resolved_shape; drop table staging.resolved")


def _listing_select(con: duckdb.DuckDBPyConnection, table: str) -> str:
    counts = "list.video_requests, list.period_start, list.period_end"
    if "video_requests" not in _columns(con, table):
        counts = "null as video_requests, null as period_start, null as period_end"
    return f"""
        select list.source_id, resolved.listing_ref, resolved.agency_id, list.program_id, list.started_on,
            list.started_precision, list.known_active_on, resolved.matched_by, {counts},
            resolved.state, list.listed_state, list.file, list.row_number
        from staging.{table} as list
        join staging.resolved as resolved
            on resolved.list = '{table}' and list.file = resolved.file and list.row_number = resolved.row_number
    """


def _columns(con: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    return {
        row[0]
        for row in con.execute(
            "select column_name from information_schema.columns where table_schema = 'staging' and table_name = ?",
            [table],
        ).fetchall()
    }


def _fill(con: duckdb.DuckDBPyConnection, table: str, columns: str, rows: list[tuple[Any, ...]]) -> None:
    """Make staging.<table> of the rows."""
    con.execute(f"create or replace table staging.{table} ({columns})")
    if rows:
        frame = pd.DataFrame(rows, dtype=object)
        con.register("identity_rows", frame)
        con.execute(f"insert into staging.{table} select * from identity_rows")
        con.unregister("identity_rows")


def _merge(con: duckdb.DuckDBPyConnection, ledger: Ledger, matched: Matched) -> None:
    """Give the record's own rows the id that stands for a merged one; staging.agency_merges names both."""
    merges = [(merged, ledger.survivor(merged)) for merged in sorted(ledger.merges)]
    merges = [(merged, survivor) for merged, survivor in merges if survivor in matched.agencies]
    _fill(con, "agency_merges", "merged_id varchar, agency_id varchar", merges)
    for merged, survivor in merges:
        for table in WITH_AGENCY_ID:
            if "agency_id" in _columns(con, table):
                con.execute(f"update staging.{table} set agency_id = ? where agency_id = ?", [survivor, merged])


def _hold_back(con: duckdb.DuckDBPyConnection, listings: list[Listing]) -> None:
    """Move listings that got no agency from staging to quarantine, and keep the account of rows right."""
    held = [(row.table, row.file, row.row_number, row.reason) for row in listings if row.agency_id is None]
    if not held:
        return
    _fill(con, "held", "list varchar, file varchar, row_number bigint, reason varchar", held)
    for table in sorted({row[0] for row in held}):
        kept = ", ".join(f"'{column.name}': raw.{column.name}" for column in catalog.sources()[table].kept)
        con.execute(
            f"""
            insert into quarantine.rows
            select held.list, held.file, held.row_number, [held.reason], to_json({{{kept}}})
            from staging.held as held
            join raw.{table} as raw on held.file = raw.file and held.row_number = raw.row_number
            where held.list = '{table}'
            """
        )
        con.execute(
            f"""
            delete from staging.{table} as list using staging.held as held
            where held.list = '{table}' and list.file = held.file and list.row_number = held.row_number
            """
        )
    con.execute(
        """
        update ingest.source_rows as told
        set rows_accepted = told.rows_accepted - held.rows, rows_quarantined = told.rows_quarantined + held.rows
        from (select list, file, count(*) as rows from staging.held group by list, file) as held
        where told.source_id = held.list and told.file = held.file
        """
    )
    con.execute("drop table staging.held")
