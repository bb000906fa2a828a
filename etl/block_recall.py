"""Makes the block builder's ledger anew where its file is lost, or refuses.

Without the ledger nobody knows which requests the published blocks are made of. A block that shares requests with
another can be subtracted from it, so a guess will not do: today's input must explain the newest release completely.
"""

from pathlib import Path

import duckdb

from etl.block_rules import CLOSED_FOR_DAYS
from etl.block_steps import CELL_COLUMNS, UNIT_COLUMNS, add_steps, literal, one, open_cells, place, start_empty
from etl.blocks import build_blocks
from etl.errors import ProtectionError
from etl.press_figures import touched


def recall(con: duckdb.DuckDBPyConnection, newest: Path) -> None:
    """Make ledger_rows as it was when `newest` (a release's folder) was published; else raise ProtectionError.

    For every agency, program and regime with a known request in that release: the same number of requests in every
    cell, and exactly its blocks. Then the same requests are pending, and whatever the order in which they came, the
    next step finds the run as it was. All others were never used; they arrive with the next step.
    """
    recall_requests(con, newest)
    built = build_blocks(open_cells(con))
    place(con, built.cells)
    con.register("recalled_blocks", built.blocks)
    found = one(
        con,
        f"""
        select
            (select count(*) from ledger_differences)
            + (select count(*) from ({same_columns("ledger_earlier")} except {same_columns("recalled_blocks")}))
            + (select count(*) from ({same_columns("recalled_blocks")} except {same_columns("ledger_earlier")}))
        """,
    )
    con.unregister("recalled_blocks")
    if found:
        raise ProtectionError(
            f"data/private: the ledger of release {newest.name} is missing, and today's input does not explain that "
            "release. Restore the folder `ledger` from a backup; nothing was published."
        )


def recall_requests(con: duckdb.DuckDBPyConnection, newest: Path) -> None:
    """Make ledger_rows from the input as of that release; ledger_differences: cells with another number of requests."""
    as_of = f"(select data_as_of from read_parquet({literal(newest / 'release.parquet')}))"
    closed = f"quarter_start + interval 3 months + interval {CLOSED_FOR_DAYS} days <= {as_of}"
    con.execute(
        f"""
        create or replace temp table ledger_published as
        select {UNIT_COLUMNS}, {CELL_COLUMNS}, sum(requests_with_asked)::bigint as requests
        from (
            select *, date_trunc('quarter', month_start)::date as quarter_start
            from read_parquet({literal(newest / "request_counts.parquet")})
        ) as listed
        where regime_id <> 'unassigned' and {closed} and not {touched("listed")}
        group by all having sum(requests_with_asked) > 0
        """
    )
    con.execute(
        f"""
        create or replace temp table ledger_arrived as
        select * from ledger_input semi join ledger_published using ({UNIT_COLUMNS})
        where is_known and {closed}
        """
    )
    con.execute(
        f"""
        create or replace temp table ledger_differences as
        select {UNIT_COLUMNS}, {CELL_COLUMNS}
        from (select {UNIT_COLUMNS}, {CELL_COLUMNS}, count(*) as requests from ledger_arrived group by all) as now
        full join ledger_published as published using ({UNIT_COLUMNS}, {CELL_COLUMNS})
        where now.requests is distinct from published.requests
        """
    )
    start_empty(con)
    con.execute(
        f"create or replace temp table ledger_used as "
        f"select {UNIT_COLUMNS}, quarter_start as last_quarter, step as last_step from ledger_rows"
    )
    add_steps(con)


def same_columns(table: str) -> str:
    """Select what a block says, whatever release said it first, in one order and type."""
    return (
        f"select block_id, {UNIT_COLUMNS}, first_quarter::date, last_quarter::date, categories, counties, areas, "
        f"requests, asked, responded, shared_low, shared_high, rules_version from {table}"
    )
