"""Lays the releases of an edition side by side, oldest first: every block row ever published, and what changed since.

The result is three tables of a private in-memory database: `seen.blocks` (one row per version of a block: row_key,
position of the release), `seen.cells` (one row per version of a block and cell) and `seen.months` (one row per unit,
month, category, county and area: how many requests with known counts were ever listed, and how many without).
"""

from itertools import pairwise
from pathlib import Path

import duckdb

from etl.judging.changes import Edition, chain_faults, changed_blocks, compare, count, misnumbered
from etl.judging.folder import attach, refusals
from etl.judging.subjects import BLOCK_COLUMNS, BLOCK_TABLES, CELL_COLUMNS, MAY_GO, PRESS_COLUMNS, SUBJECTS
from etl.judging.verdict import Refusal


def lay_out(con: duckdb.DuckDBPyConnection, folders: list[Path], proven: int) -> tuple[list[Edition], list[Refusal]]:
    """Fill schema `seen` from the folders, oldest first by their own number; refusals of files, columns, history.

    The first `proven` folders are not looked into again: their blocks are those of the last of them, for it was proven
    that blocks are only added. seen.since: first row_key after them.
    """
    prepare(con)
    opened, found = open_all(con, folders, proven)
    for position, (edition, name) in enumerate(opened):
        is_proven = position < proven
        try:
            load(con, name, MAY_GO if position < proven - 1 else SUBJECTS)
        except duckdb.Error:
            found.append(Refusal("declared columns have declared types", edition.folder, "The tables cannot be read."))
            break
        if position and not is_proven:
            compare(con, BLOCK_TABLES)
            found += list(changed_blocks(con, edition))
        if not is_proven:
            found += list(misnumbered(con, edition, is_first=position == 0))
        con.execute(
            "insert into seen.release_days values (?, ?, ?)", [position, edition.release_no, edition.data_as_of]
        )
        remember_blocks(con, position, is_proven=is_proven)
        remember_press(con)
        remember_listed(con)
        turn_over(con)
        con.execute(f"detach {name}")
    con.execute(
        "create table seen.since as select coalesce(min(row_key) filter (where position >= ?), max(row_key) + 1, 0) "
        "as row_key from seen.blocks",
        [proven],
    )
    return [edition for edition, _ in opened], found


def open_all(
    con: duckdb.DuckDBPyConnection, folders: list[Path], proven: int
) -> tuple[list[tuple[Edition, str]], list[Refusal]]:
    """Attach every release, in order of their numbers: what it says of itself and the name it is attached by."""
    found: list[Refusal] = []
    opened: list[tuple[Edition, str]] = []
    for place, folder in enumerate(folders):
        name = f"release_{place}"
        refusal = attach(con, folder, name)
        edition = None if refusal else describe(con, folder, name)
        if refusal:
            found.append(refusal)
        elif edition is None:
            found.append(
                Refusal("a release says what it is", folder.name, "Table release does not hold one whole row.")
            )
        else:
            found += refusals(con, folder, name) if place >= proven else []
            opened.append((edition, name))
    if proven and any(before.release_no > now.release_no for (before, _), (now, _) in pairwise(opened)):
        found.append(
            Refusal("a new release has the highest number", folders[-1].name, "It would be read as an earlier one.")
        )
    opened.sort(key=lambda pair: pair[0].release_no)
    return opened, [*found, *chain_faults([edition for edition, _ in opened])]


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Make the empty tables."""
    con.execute("create schema seen")
    for name, columns in SUBJECTS.items():
        for when in ("now", "before"):
            con.execute(f"create table seen.{name}_{when} ({told(columns)})")
    con.execute(f"create table seen.blocks (row_key bigint, position integer, {told(BLOCK_COLUMNS)})")
    con.execute(f"create table seen.cells (row_key bigint, {told(CELL_COLUMNS)})")
    con.execute(f"create table seen.press ({told(PRESS_COLUMNS)}, is_corrected boolean default false)")
    con.execute("create table seen.release_days (position integer, release_no bigint, data_as_of date)")
    con.execute(
        "create table seen.listed (agency_id varchar, program_id varchar, regime_id varchar, month_start date, "
        "incident_category varchar, county_fips varchar, area varchar, requests bigint, requests_with_asked bigint)"
    )


def told(columns: dict[str, str]) -> str:
    """Names and types as SQL declares them."""
    return ", ".join(f"{column} {kind}" for column, kind in columns.items())


def describe(con: duckdb.DuckDBPyConnection, folder: Path, name: str) -> Edition | None:
    """The release's own row, or None where there is not exactly one."""
    try:
        rows = con.execute(
            f"select release_id, edition, release_no, data_as_of, previous_release_id from {name}.release"
        ).fetchall()
    except duckdb.Error:
        return None
    if len(rows) != 1 or any(value is None for value in rows[0][:4]):
        return None
    return Edition(folder.name, *rows[0])


def load(con: duckdb.DuckDBPyConnection, name: str, tables: dict[str, dict[str, str]]) -> None:
    """Copy these tables of an attached release into `seen.*_now`; a missing optional table is an empty one."""
    for table, columns in tables.items():
        row = con.execute(
            "select count(*) from duckdb_tables() where database_name = ? and table_name = ?", [name, table]
        ).fetchone()
        if row and row[0]:
            listed = ", ".join(columns)
            con.execute(f"insert into seen.{table}_now select {listed} from {name}.{table}")


def remember_blocks(con: duckdb.DuckDBPyConnection, position: int, *, is_proven: bool) -> None:
    """Add the blocks that are new in this release, or edited, to what was ever seen.

    A block of proven releases has the position of the release that it names: that is the one that first showed it.
    """
    fresh = "from touched" if position and not is_proven else "select distinct block_id from seen.consent_blocks_now"
    con.execute(f"create or replace temp table fresh as {fresh}")
    start = count(con, "select coalesce(max(row_key) + 1, 0) from seen.blocks")
    con.execute(
        """
        insert into seen.blocks
        select
            $start + row_number() over (order by agency_id, program_id, regime_id, first_quarter, block_id) - 1,
            case when $is_proven then coalesce(
                (select min(days.position) from seen.release_days as days where days.release_no = now.release_no), 0
            ) else $position end,
            now.*
        from seen.consent_blocks_now as now
        join fresh using (block_id)
        """,
        {"start": start, "position": position, "is_proven": is_proven},
    )
    con.execute(
        """
        insert into seen.cells
        select blocks.row_key, cells.*
        from seen.block_cells_now as cells
        join seen.blocks as blocks on blocks.block_id = cells.block_id and blocks.row_key >= ?
        """,
        [start],
    )


def remember_press(con: duckdb.DuckDBPyConnection) -> None:
    """Add the press figures of this release to what was ever seen, and say which of those before were wrong."""
    con.execute(
        f"""
        insert into seen.press
        select {", ".join(PRESS_COLUMNS)}, false from (
            (from seen.published_counts_now) except (select {", ".join(PRESS_COLUMNS)} from seen.press)
        )
        """
    )
    # A figure that was taken away may still be true. One that now stands with another value was wrong, and no fact.
    con.execute(
        """
        update seen.press as old set is_corrected = true
        from seen.published_counts_now as now
        where (old.agency_id, old.program_id, old.period_start, old.period_end, old.measure, old.source_id)
            is not distinct from (
                now.agency_id, now.program_id, now.period_start, now.period_end, now.measure, now.source_id
            )
            and (old.value, old.qualifier) is distinct from (now.value, now.qualifier)
        """
    )


def remember_listed(con: duckdb.DuckDBPyConnection) -> None:
    """Add the requests that are listed in this release and not in the one before.

    Requests that a release no longer lists (an erasure, a correction) may stand in an earlier block. So what was ever
    listed counts: each rise of the finest public row is added up, each fall is ignored.
    """
    con.execute(
        """
        insert into seen.listed
        select
            now.agency_id,
            now.program_id,
            now.regime_id,
            now.month_start,
            now.incident_category,
            now.county_fips,
            now.area,
            greatest(now.requests - coalesce(old.requests, 0), 0) as rise,
            greatest(now.requests_with_asked - coalesce(old.requests_with_asked, 0), 0) as rise_with_asked
        from seen.request_counts_now as now
        left join seen.request_counts_before as old
            using (
                agency_id, program_id, regime_id, month_start, channel, incident_category, legal_basis, county_fips,
                area
            )
        where rise is distinct from 0 or rise_with_asked is distinct from 0
        """
    )


def turn_over(con: duckdb.DuckDBPyConnection) -> None:
    """Let this release become the release before."""
    for table, columns in SUBJECTS.items():
        con.execute(f"drop table seen.{table}_before; alter table seen.{table}_now rename to {table}_before")
        con.execute(f"create table seen.{table}_now ({told(columns)})")
