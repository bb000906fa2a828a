"""What may change between two releases of an edition, and what may not: blocks are added, never edited or withdrawn."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import duckdb

from etl.judging.verdict import Refusal


@dataclass(frozen=True)
class Edition:
    """One release as it names itself."""

    folder: str
    release_id: str
    edition: str
    release_no: int
    data_as_of: date
    previous: str | None


def chain_faults(editions: list[Edition]) -> Iterator[Refusal]:
    """Two editions mixed, two releases of one number, or a release that names another as the one before it."""
    for before, now in pairwise(editions):
        if before.edition != now.edition:
            yield Refusal("one edition is judged at a time", now.folder, "Releases of two editions were given.")
        if before.release_no == now.release_no:
            yield Refusal(
                "each release has its number", now.folder, f"Two releases say that they are number {now.release_no}."
            )
        elif now.release_no == before.release_no + 1 and now.previous != before.release_id:
            yield Refusal("releases form one chain", now.folder, "It names another release as the one before it.")


def compare(con: duckdb.DuckDBPyConnection, tables: dict[str, dict[str, str]]) -> None:
    """Make `touched`: the block_id of each row of these tables (name: columns) that one of two releases has more often.

    In one pass: a row of this release counts 1, one of the release before -1, and what is in both cancels out.
    """
    sides = []
    for name, columns in tables.items():
        listed = ", ".join(columns)
        sides.append(
            f"""
            select block_id from (
                select {listed}, 1 as counts from seen.{name}_now
                union all
                select {listed}, -1 from seen.{name}_before
            )
            group by {listed} having sum(counts) <> 0
            """
        )
    con.execute(f"create or replace temp table touched as {' union '.join(sides)}")


def changed_blocks(con: duckdb.DuckDBPyConnection, edition: Edition) -> Iterator[Refusal]:
    """Blocks of the release before that are missing or different in this one, by `touched`."""
    con.execute(
        """
        create or replace temp table gone as
        select old.block_id, old.agency_id, old.first_quarter, old.categories, old.requests, old.asked
        from seen.consent_blocks_before as old
        where not exists (select 1 from seen.consent_blocks_now as now where now.block_id = old.block_id)
        """
    )
    row = con.execute("select * from gone order by asked, block_id limit 1").fetchone()
    if row:
        block, agency, quarter, categories, requests, asked = row
        yield Refusal(
            "a published block stays",
            f"{edition.folder}: block {block} of {agency}, {quarter}, {categories}",
            f"The release before shows {requests} requests and {asked} asked for it; what replaces it can be "
            "subtracted from that.",
            count(con, "select count(*) from gone"),
        )
    con.execute(
        """
        create or replace temp table edited as
        select block_id from touched
        where block_id in (select block_id from seen.consent_blocks_before)
            and block_id in (select block_id from seen.consent_blocks_now)
        """
    )
    row = con.execute(
        """
        select block_id, now.agency_id, now.first_quarter, now.categories, now.requests - old.requests,
            now.asked - old.asked, now.shared_low - old.shared_low, now.shared_high - old.shared_high
        from edited
        join seen.consent_blocks_before as old using (block_id)
        join seen.consent_blocks_now as now using (block_id)
        order by abs(now.asked - old.asked), block_id
        limit 1
        """
    ).fetchone()
    if row:
        block, agency, quarter, categories, requests, asked, low, high = row
        yield Refusal(
            "a published block is never edited",
            f"{edition.folder}: block {block} of {agency}, {quarter}, {categories}",
            f"This release minus the one before: {requests} requests, {asked} asked, "
            f"{low if low == high else f'{low} or {high}'} shared. That difference is below a block.",
            count(con, "select count(*) from edited"),
        )


def misnumbered(con: duckdb.DuckDBPyConnection, edition: Edition, *, is_first: bool) -> Iterator[Refusal]:
    """New blocks that claim another release, so that a reader would look for them in the wrong place."""
    wrong = count(
        con,
        "select count(*) from seen.consent_blocks_now as now where "
        + ("now.release_no > ?" if is_first else "now.release_no is distinct from ?")
        + " and not exists (select 1 from seen.consent_blocks_before as old where old.block_id = now.block_id)",
        [edition.release_no],
    )
    if wrong:
        yield Refusal(
            "a block names the release that first showed it",
            f"{edition.folder}: column release_no of table consent_blocks",
            f"The blocks are new in release {edition.release_no} and say otherwise; what was added cannot be checked.",
            wrong,
        )


def count(con: duckdb.DuckDBPyConnection, query: str, values: list[int] | None = None) -> int:
    """The one whole number that a query returns."""
    row = con.execute(query, values or []).fetchone()
    return int(row[0]) if row else 0
