"""The private memory of the block builder: which request went into which block, with which counts, at which step.

It makes blocks append-only: a request is used once, what is published stays, what is pending waits for the next step.
One Parquet file per release in `data/private/<edition>/ledger/`, named after the release it belongs to, so that a kill
between writing the file and publishing the release leaves both as they were. BLOCKS.md, part D.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from etl import catalog
from etl.block_frames import UNIT
from etl.block_recall import recall
from etl.block_rules import RULES_VERSION
from etl.block_steps import literal, one, open_cells, place, read_ledger, read_requests, start_empty, take, write_ledger
from etl.blocks import Blocks, build_blocks
from etl.durable import sync
from etl.errors import ProtectionError
from etl.press_figures import keep_out
from etl.settings import Settings

CHANGED = "The agency changed a request of block {block_id} after the block was published."
STAYS = "The block stays as published. The difference is not shown: it would concern single requests."


@dataclass(frozen=True)
class Memory:
    """The ledger that waits in `folder` for its release; `newest` is the id of the release before."""

    folder: Path
    newest: str | None

    def remember(self, release_id: str) -> None:
        """Keep the ledger as that of `release_id`; call it just before the release gets its name.

        The ledger of the newest release stays: should the next one not be published after all, that one still counts.
        """
        written = self.folder / ".next.parquet"
        sync(written)
        written.replace(self.folder / f"{release_id}.parquet")
        sync(self.folder)
        for path in self.folder.glob("*.parquet"):
            if path.stem not in (release_id, self.newest):
                path.unlink()


@dataclass(frozen=True)
class Addition:
    """What the next release adds, and the memory to keep once it is published.

    blocks: those that close today, with block_cells and (private) all cells of open runs; give it to the cover test.
    corrections: rows to add to table corrections, one per published block of which a request was changed since.
    held: number of requests that are not used because they may be published ones under another name.
    """

    blocks: Blocks
    corrections: pd.DataFrame
    held: int
    memory: Memory


def add_release(con: duckdb.DuckDBPyConnection, settings: Settings, newest: Path | None) -> Addition:
    """Continue the blocks of the `newest` release (its folder; None before the first) with what staging.requests holds.

    Makes next_blocks and next_cells, tables consent_blocks and block_cells of the next release: the published rows as
    they are, and those that close today. Only requests with asked >= 1, shared known and a regime, of quarters closed
    for 60 days, and no press figure about their residents (press_periods, made by press_figures.settle). The same
    input adds nothing. Raises ProtectionError where release and ledger do not tell of the same blocks.
    """
    folder = settings.private / "ledger"
    folder.mkdir(parents=True, exist_ok=True)
    read_requests(con, settings.today)
    keep_out(con)
    read_earlier(con, newest)
    if newest is None:
        start_empty(con)
    elif (folder / f"{newest.name}.parquet").exists():
        read_ledger(con, folder / f"{newest.name}.parquet")
    else:
        recall(con, newest)
    strangers, unlike = blocks_of_one_side(con), unlike_blocks(con)
    if strangers or unlike:
        raise ProtectionError(
            f"Blocks: {unlike} published blocks are not what their requests in the ledger make, and {strangers} "
            "blocks are known only to the release or only to its ledger. Nothing was published."
        )
    held = take(con, settings.today)
    taken = frozenset(row[0] for row in con.execute("select block_id from ledger_earlier").fetchall())
    blocks = build_blocks(open_cells(con), taken=taken)
    place(con, blocks.cells)
    write_ledger(con, folder / ".next.parquet")
    lay_beside(con, blocks, newest)
    return Addition(
        blocks=blocks,
        corrections=corrections(con),
        held=held,
        memory=Memory(folder, newest.name if newest else None),
    )


def read_earlier(con: duckdb.DuckDBPyConnection, newest: Path | None) -> None:
    """Make ledger_earlier: table consent_blocks of the newest release, empty before the first."""
    marts = catalog.marts()
    none = ", ".join(f'null::{column.type} as "{column.name}"' for column in marts["consent_blocks"].columns)
    published = (
        f"from read_parquet({literal(newest / 'consent_blocks.parquet')})" if newest else f"select {none} limit 0"
    )
    con.execute(f"create or replace temp table ledger_earlier as {published}")


def blocks_of_one_side(con: duckdb.DuckDBPyConnection) -> int:
    """How many blocks stand only in the newest release, or only in its ledger."""
    return one(
        con,
        "select count(*) from (select block_id from ledger_earlier) as published full join "
        "(select distinct block_id from ledger_rows where block_id is not null) as known using (block_id) "
        "where published.block_id is null or known.block_id is null",
    )


def unlike_blocks(con: duckdb.DuckDBPyConnection) -> int:
    """How many earlier blocks do not add up to their requests in ledger_rows, or were made by other rules."""
    return one(
        con,
        f"""
        select count(*) from ledger_earlier as published
        join (
            select block_id, count(*) as requests, sum(asked) as asked, sum(shared) as shared,
                min(quarter_start) as first_quarter, max(quarter_start) as last_quarter,
                {", ".join(f"min({name}) as {name}, max({name}) as last_{name}" for name in UNIT)}
            from ledger_rows where block_id is not null group by block_id
        ) as made using (block_id)
        where (published.requests, published.asked, published.first_quarter, published.last_quarter)
                is distinct from (made.requests, made.asked, made.first_quarter, made.last_quarter)
            or not made.shared between published.shared_low and published.shared_high
            or {" or ".join(f"published.{name} <> made.{name} or made.{name} <> last_{name}" for name in UNIT)}
            or published.rules_version <> '{RULES_VERSION}'
        """,
    )


def lay_beside(con: duckdb.DuckDBPyConnection, blocks: Blocks, newest: Path | None) -> None:
    """Make next_blocks and next_cells: what `newest` published, row for row, and the new blocks with their number."""
    number = one(con, f"select release_no from read_parquet({literal(newest / 'release.parquet')})") if newest else 0
    days = "replace (first_quarter::date as first_quarter, last_quarter::date as last_quarter)"
    con.register("new_blocks", blocks.blocks)
    con.register("new_cells", blocks.block_cells)
    con.execute(
        "create or replace temp table next_blocks as from ledger_earlier "
        f"union all by name select * {days}, {number + 1}::bigint as release_no from new_blocks"
    )
    published = f"from read_parquet({literal(newest / 'block_cells.parquet')}) union all by name " if newest else ""
    con.execute(
        f"create or replace temp table next_cells as {published}"
        "select * replace (quarter_start::date as quarter_start) from new_cells"
    )
    con.unregister("new_blocks")
    con.unregister("new_cells")


def corrections(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per block of which a request was changed since; columns of marts/corrections.toml, and no number."""
    return con.execute(
        """
        select 'block-' || block_id as correction_id, min(changed_on) as corrected_on, 'consent_blocks' as table_name,
            replace(?, '{block_id}', block_id) as what_was_wrong, ? as what_is_right, null::varchar as source_id
        from ledger_rows where changed_on is not null group by block_id order by block_id
        """,
        [CHANGED, STAYS],
    ).df()
