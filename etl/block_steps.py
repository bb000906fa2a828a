"""The ledger in SQL: which requests are new, at which step each is used, and the cells that result.

Works on temporary tables of one run: `ledger_input` (every request that arrived) and `ledger_rows` (every request used
so far or taken now). No count of residents decides anything here; steps follow from what anyone can see.
"""

from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from etl.block_frames import CELL, UNIT
from etl.block_rules import CLOSED_FOR_DAYS
from etl.errors import ProtectionError

PUBLIC = ["program_id", "regime_id", *CELL]
COUNTS = ["asked", "shared", "responded", "declined"]
COLUMNS = ", ".join(["agency_id", "request_ref", *PUBLIC, *COUNTS])
UNIT_COLUMNS = ", ".join(UNIT)
CELL_COLUMNS = ", ".join(CELL)
PLACE = ", ".join([*UNIT, "step", *CELL])


def read_requests(con: duckdb.DuckDBPyConnection, today: date) -> None:
    """Make ledger_input: every request of staging.requests, with is_known (its people) and is_closed (its quarter).

    regime_id 'unassigned' is a request of the month in which the regime changed: it belongs to no unit.
    """
    con.execute(
        f"""
        create or replace temp table ledger_input as
        select
            agency_id, request_ref, {", ".join(PUBLIC)}, asked, shared,
            -- responded = shared + declined, so either gives the other.
            coalesce(responded, shared + declined) as responded,
            coalesce(declined, responded - shared) as declined,
            coalesce(asked >= 1 and shared is not null and regime_id <> 'unassigned', false) as is_known,
            quarter_start + interval 3 months + interval {CLOSED_FOR_DAYS} days <= cast(? as date) as is_closed
        from staging.requests
        """,
        [today],
    )


def start_empty(con: duckdb.DuckDBPyConnection) -> None:
    """Make ledger_rows without a row: nothing was ever published."""
    con.execute(
        f"create or replace temp table ledger_rows as select {COLUMNS}, 0::bigint as step, null::varchar as block_id, "
        "null::date as changed_on from ledger_input where false"
    )


def read_ledger(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Make ledger_rows from the ledger of a release."""
    start_empty(con)
    try:
        con.execute(f"insert into ledger_rows by name select * from read_parquet({literal(path)})")
    except duckdb.Error:
        raise ProtectionError(f"{path.name}: this ledger of blocks cannot be read; restore it from a backup.") from None


def take(con: duckdb.DuckDBPyConnection, today: date) -> int:
    """Bring ledger_rows up to date with the input; return how many requests were held.

    Published requests stay as they are; one that now reads otherwise is marked with the day. A pending request that is
    gone or reads otherwise is forgotten: if it is still there, it arrives anew, in a step of today.
    """
    same = " and ".join(f"known.{name} is not distinct from input.{name}" for name in [*PUBLIC, *COUNTS])
    con.execute(
        f"""
        create or replace temp table ledger_compared as
        select known.*, input.agency_id is not null as is_there, coalesce(input.is_known and {same}, false) as is_same
        from ledger_rows as known left join ledger_input as input using (agency_id, request_ref)
        """
    )
    con.execute(
        f"create or replace temp table ledger_used as select {UNIT_COLUMNS}, max(quarter_start) as last_quarter, "
        f"max(step) as last_step from ledger_rows group by {UNIT_COLUMNS}"
    )
    con.execute(
        """
        create or replace temp table ledger_rows as
        select * exclude (is_there, is_same, changed_on),
            case when is_there and not is_same then coalesce(changed_on, cast(? as date)) else changed_on end
                as changed_on
        from ledger_compared where block_id is not null or is_same
        """,
        [today],
    )
    held = hold(con)
    add_steps(con)
    con.execute("drop table ledger_compared; drop table ledger_arrived")
    return held


def hold(con: duckdb.DuckDBPyConnection) -> int:
    """Make ledger_arrived: requests not yet in the ledger that may be used. Return how many were held back.

    Where published requests have vanished from the input, requests that turn up in the same quarter of the same agency
    may be those under a new reference (a new export numbers anew), and a request of the same reference, program and
    quarter may be one of them under another agency (two agencies merged). Used again, they would make a block that
    can be subtracted from the old one.
    """
    con.execute(
        """
        create or replace temp table ledger_vanished as
        select distinct agency_id, request_ref, program_id, quarter_start
        from ledger_compared where block_id is not null and not is_there
        """
    )
    con.execute(
        """
        create or replace temp table ledger_arrived as
        select input.*,
            exists (
                select 1 from ledger_vanished as gone
                where gone.quarter_start = input.quarter_start and gone.agency_id = input.agency_id
            )
            or exists (
                select 1 from ledger_vanished as gone
                where gone.quarter_start = input.quarter_start
                    and gone.request_ref = input.request_ref and gone.program_id = input.program_id
            ) as is_held
        from ledger_input as input anti join ledger_rows using (agency_id, request_ref)
        where input.is_known and input.is_closed
        """
    )
    held = one(con, "select count(*) from ledger_arrived where is_held")
    con.execute("delete from ledger_arrived where is_held")
    return held


def add_steps(con: duckdb.DuckDBPyConnection) -> None:
    """Put what arrived into ledger_rows, at steps after all earlier ones of its unit.

    One step per quarter that the unit uses for the first time, in order. Late requests, of quarters no later than one
    already used, come with the first of these; where there is none, they are a step of their own.
    """
    con.execute(
        f"""
        insert into ledger_rows by name
        with quarters as (
            select {UNIT_COLUMNS}, quarter_start, coalesce(last_step, 0) as last_step,
                coalesce(quarter_start <= last_quarter, false) as is_late
            from (select distinct {UNIT_COLUMNS}, quarter_start from ledger_arrived)
            left join ledger_used using ({UNIT_COLUMNS})
        ),
        batches as (
            select *,
                case when is_late
                    then coalesce(min(quarter_start) filter (where not is_late) over unit, date '0001-01-01')
                    else quarter_start
                end as batch
            from quarters window unit as (partition by {UNIT_COLUMNS})
        ),
        steps as (
            select {UNIT_COLUMNS}, quarter_start,
                last_step + dense_rank() over (partition by {UNIT_COLUMNS} order by batch) as step
            from batches
        )
        select {COLUMNS}, step from ledger_arrived join steps using ({UNIT_COLUMNS}, quarter_start)
        """
    )


def open_cells(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Requests of ledger_rows that are in no block yet, as cells for build_blocks: one row per unit, step and cell.

    They are the open run of every unit and what arrived after it: a run that closes takes all its requests along.
    """
    known = "count(responded) = count(*) and count(declined) = count(*)"
    table = con.sql(
        f"""
        select {PLACE}, count(*) as requests, sum(asked)::bigint as asked, sum(shared)::bigint as shared,
            case when {known} then sum(responded)::bigint end as responded,
            case when {known} then sum(declined)::bigint end as declined
        from ledger_rows where block_id is null group by {PLACE}
        """
    ).to_arrow_table()
    # By way of Arrow texts stay as they are; as Python objects a country's cells would take half a gigabyte more.
    frame = table.to_pandas(date_as_object=False, types_mapper={pa.int64(): pd.Int64Dtype()}.get)
    return frame.astype(dict.fromkeys(["step", "requests", "asked", "shared"], "int64"))


def place(con: duckdb.DuckDBPyConnection, built: pd.DataFrame) -> None:
    """Write into ledger_rows which block each request is in now; `built`: the cells of build_blocks.

    Only requests that were in no block get one: what is published stays.
    """
    con.register("built_cells", built.loc[built["block_id"].notna(), [*UNIT, "step", *CELL, "block_id"]])
    con.execute(
        f"""
        create or replace temp table ledger_placed as
        select * from ledger_rows where block_id is not null
        union all by name
        select known.* exclude (block_id), built.block_id
        from ledger_rows as known left join built_cells as built using ({PLACE})
        where known.block_id is null
        """
    )
    con.unregister("built_cells")
    con.execute("drop table ledger_rows; alter table ledger_placed rename to ledger_rows")


def write_ledger(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Write ledger_rows as Parquet."""
    con.execute(f"copy ledger_rows to {literal(path)} (format parquet)")


def one(con: duckdb.DuckDBPyConnection, query: str) -> int:
    """The one whole number that the query returns."""
    # fetchone would leave the result open, and duckdb 2 lets nothing else happen on the connection until it is read.
    return int(con.execute(query).fetchall()[0][0])


def literal(path: Path) -> str:
    """The path as an SQL string."""
    return "'" + str(path).replace("'", "''") + "'"
