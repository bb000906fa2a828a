"""Press figures and blocks never count the same residents: whichever was used first stays, the other is left out.

A newspaper's "319 were asked from May to September" minus the blocks inside these months is what the blocks keep back.
So a quarter that a published figure about residents touches gives no request to a block; and a figure that comes when
requests of its quarters were already used, in a block or in a run that waits for one, is not published but quarantined.
Both follow from what anyone can see, so that the program gives nothing away by them. BLOCKS.md, part E.
"""

from pathlib import Path

import duckdb

from etl import catalog
from etl.block_rules import CLOSED_FOR_DAYS

# What a figure may tell of residents; no video submitted means that nobody shared. Requests and cases tell nothing.
ABOUT_RESIDENTS = "('asked', 'responded', 'shared', 'declined', 'submissions')"
REASON = "counts residents of requests that blocks were already made of: the difference would tell of the others"
PERIOD = """
    agency_id, program_id,
    coalesce(period_start, date '0001-01-01') as starts_on,
    coalesce(period_end, date '9999-12-31') as ends_on
"""
# A figure without any day cannot be laid over quarters.
IS_ONE = f"measure in {ABOUT_RESIDENTS} and coalesce(period_start, period_end) is not null"


def settle(con: duckdb.DuckDBPyConnection, releases: list[Path]) -> int:
    """Make press_periods, the periods of all figures about residents ever published; return how many were refused.

    `releases`: folders of all earlier releases. What is refused moves from staging and marts to quarantine.
    press_periods: agency_id, program_id, starts_on, ends_on (days, both included), release_no (null: today's).
    A figure under the id of an agency that was merged since stands under both ids.
    """
    con.execute(
        "create or replace temp table press_periods "
        "(agency_id varchar, program_id varchar, starts_on date, ends_on date, release_no bigint)"
    )
    for number, folder in enumerate(releases):
        con.execute(
            f"insert into press_periods select distinct {PERIOD}, {number} from read_parquet($counts) where {IS_ONE}",
            {"counts": str(folder / "published_counts.parquet")},
        )
    con.execute(
        """
        insert into press_periods
        select merges.agency_id, figure.* exclude (agency_id) from press_periods as figure
        join staging.agency_merges as merges on figure.agency_id = merges.merged_id
        """
    )
    refused = refuse(con, releases)
    con.execute(f"insert into press_periods select distinct {PERIOD}, null from marts.published_counts where {IS_ONE}")
    return refused


def keep_out(con: duckdb.DuckDBPyConnection) -> None:
    """Leave requests of a quarter that a figure touches out of blocks: is_known of ledger_input becomes false."""
    con.execute(f"update ledger_input set is_known = false where is_known and {touched('ledger_input')}")


def touched(requests: str, figures: str = "press_periods", also: str = "true") -> str:
    """SQL condition: a figure touches the quarter of this row of `requests` (agency_id, program_id, quarter_start)."""
    return f"""
        exists (
            select 1 from {figures} as figure
            where figure.agency_id = {requests}.agency_id and figure.program_id = {requests}.program_id
                and figure.starts_on < {requests}.quarter_start + interval 3 months
                and figure.ends_on >= {requests}.quarter_start and {also}
        )
    """


def refuse(con: duckdb.DuckDBPyConnection, releases: list[Path]) -> int:
    """Quarantine today's figures that touch a quarter whose requests an earlier release used; return how many."""
    con.execute(
        f"create or replace temp table press_today as select {PERIOD}, file, row_number from staging.published_counts "
        f"where {IS_ONE}"
    )
    con.execute("create or replace temp table press_used (agency_id varchar, program_id varchar, quarter_start date)")
    # Today's figure is about the requests of every agency that was merged into its own as well.
    con.execute(
        """
        create or replace temp table press_whose as
        select distinct agency_id, program_id, agency_id as now_id from press_today
        union
        select merged_id, program_id, agency_id from press_today join staging.agency_merges using (agency_id)
        """
    )
    if con.execute("select 1 from press_today limit 1").fetchall():
        for number, folder in enumerate(releases):
            add_used(con, number, folder)
    con.execute(
        """
        create or replace temp table press_refused as
        select distinct file, row_number from press_today as today
        join press_used as used on today.agency_id = used.agency_id and today.program_id = used.program_id
            and today.starts_on < used.quarter_start + interval 3 months and today.ends_on >= used.quarter_start
        """
    )
    quarantine(con)
    return len(con.execute("select 1 from press_refused").fetchall())


def add_used(con: duckdb.DuckDBPyConnection, number: int, folder: Path) -> None:
    """Add to press_used the quarters of which a release used requests: in a block, or waiting for one."""
    con.execute(
        f"""
        insert into press_used
        with listed as (
            select distinct agency_id, program_id, now_id, date_trunc('quarter', month_start)::date as quarter_start
            from read_parquet($counts) join press_whose using (agency_id, program_id)
            where requests_with_asked > 0 and regime_id <> 'unassigned'
        )
        select now_id, program_id, quarter_start from listed
        where quarter_start + interval 3 months + interval {CLOSED_FOR_DAYS} days
                <= (select data_as_of from read_parquet($release))
            and not {touched("listed", also=f"figure.release_no <= {number}")}
        union
        -- Requests of a block may have been withdrawn since; the block stays.
        select now_id, program_id, quarter_start
        from read_parquet($cells) join read_parquet($blocks) using (block_id)
        join press_whose using (agency_id, program_id)
        """,
        {
            "counts": str(folder / "request_counts.parquet"),
            "release": str(folder / "release.parquet"),
            "cells": str(folder / "block_cells.parquet"),
            "blocks": str(folder / "consent_blocks.parquet"),
        },
    )


def quarantine(con: duckdb.DuckDBPyConnection) -> None:
    """Move the rows of press_refused from staging and marts to quarantine, and keep the account of rows right."""
    source = catalog.sources()["published_counts"]
    same_key = " and ".join(f"marts.published_counts.{name} is not distinct from gone.{name}" for name in source.key)
    con.execute(
        f"""
        delete from marts.published_counts
        using (select * from staging.published_counts semi join press_refused using (file, row_number)) as gone
        where {same_key}
        """
    )
    con.execute(
        "delete from staging.published_counts using press_refused as gone "
        "where published_counts.file = gone.file and published_counts.row_number = gone.row_number"
    )
    con.execute(
        f"""
        insert into quarantine.rows
        select 'published_counts', raw.file, raw.row_number, [$reason],
            to_json({{{", ".join(f"'{column.name}': raw.{column.name}" for column in source.kept)}}})
        from raw.published_counts as raw semi join press_refused using (file, row_number)
        """,
        {"reason": REASON},
    )
    con.execute(
        """
        update ingest.source_rows as told
        set rows_accepted = told.rows_accepted - gone.rows, rows_quarantined = told.rows_quarantined + gone.rows
        from (select file, count(*) as rows from press_refused group by file) as gone
        where told.source_id = 'published_counts' and told.file = gone.file
        """
    )
