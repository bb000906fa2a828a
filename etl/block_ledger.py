"""The private memory of the block builder: which request went into which block, with which counts, at which step.

It makes blocks append-only: a request is used once, what is published stays, what is pending waits for the next step.
One Parquet file per release in `data/private/<edition>/ledger/`, named after the release it belongs to, so that a kill
between writing the file and publishing the release leaves both as they were. BLOCKS.md, part D.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from etl.block_recall import recall, same_columns
from etl.block_steps import cells, literal, one, place, read_ledger, read_requests, start_empty, take, write_ledger
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
    """The blocks of the next release, and the memory to keep once it is published.

    blocks: everything ever closed, old and new, with block_cells and (private) cells; give it to the cover test.
    consent_blocks: table consent_blocks of the next release, release_no included.
    corrections: rows to add to table corrections, one per published block of which a request was changed since.
    held: number of requests that are not used because they may be published ones under another name.
    """

    blocks: Blocks
    consent_blocks: pd.DataFrame
    corrections: pd.DataFrame
    held: int
    memory: Memory


def add_release(con: duckdb.DuckDBPyConnection, settings: Settings, newest: Path | None) -> Addition:
    """Continue the blocks of the `newest` release (its folder; None before the first) with what staging.requests holds.

    Only requests with asked >= 1, shared known and a regime, of quarters closed for 60 days, and no press figure
    about their residents (press_periods, made by press_figures.settle). The same input adds nothing. Raises
    ProtectionError where the earlier blocks would not come out exactly as they were published.
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
    strangers = blocks_of_one_side(con)
    held = take(con, settings.today)
    blocks = build_blocks(cells(con))
    moved = place(con, blocks.cells)
    changed = changed_blocks(con, blocks)
    if strangers or moved or changed:
        raise ProtectionError(
            f"Blocks: {changed} published blocks would change, {moved} of their requests would move, and {strangers} "
            "blocks are known only to the release or only to its ledger. Nothing was published."
        )
    write_ledger(con, folder / ".next.parquet")
    return Addition(
        blocks=blocks,
        consent_blocks=numbered(con, blocks, newest),
        corrections=corrections(con),
        held=held,
        memory=Memory(folder, newest.name if newest else None),
    )


def read_earlier(con: duckdb.DuckDBPyConnection, newest: Path | None) -> None:
    """Make ledger_earlier: table consent_blocks of the newest release, empty before the first."""
    published = "select null::varchar as block_id, null::bigint as release_no where false"
    if newest:
        published = f"from read_parquet({literal(newest / 'consent_blocks.parquet')})"
    con.execute(f"create or replace temp table ledger_earlier as {published}")


def blocks_of_one_side(con: duckdb.DuckDBPyConnection) -> int:
    """How many blocks stand only in the newest release, or only in its ledger."""
    return one(
        con,
        "select count(*) from (select block_id from ledger_earlier) as published full join "
        "(select distinct block_id from ledger_rows where block_id is not null) as known using (block_id) "
        "where published.block_id is null or known.block_id is null",
    )


def changed_blocks(con: duckdb.DuckDBPyConnection, blocks: Blocks) -> int:
    """How many earlier blocks do not come out as they were published, in any column."""
    if not one(con, "select count(*) from ledger_earlier"):
        return 0
    con.register("rebuilt_blocks", blocks.blocks)
    count = one(con, f"select count(*) from ({same_columns('ledger_earlier')} except {same_columns('rebuilt_blocks')})")
    con.unregister("rebuilt_blocks")
    return count


def numbered(con: duckdb.DuckDBPyConnection, blocks: Blocks, newest: Path | None) -> pd.DataFrame:
    """The blocks with the number of the release that first shows each."""
    number = one(con, f"select release_no from read_parquet({literal(newest / 'release.parquet')})") if newest else 0
    earlier = con.execute("select block_id, release_no from ledger_earlier").df().set_index("block_id")["release_no"]
    release_no = blocks.blocks["block_id"].map(earlier).fillna(number + 1).astype("int64")
    columns = [name for name in blocks.blocks.columns if name != "rules_version"]
    return blocks.blocks.assign(release_no=release_no)[[*columns, "release_no", "rules_version"]]


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
