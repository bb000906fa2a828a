"""Safe blocks: cells of requests in, the people-counts that may be published out. Pure: reads and writes no file.

The constants are in block_rules.py, the walk in block_walk.py, the public frames in block_frames.py, the memory across
releases in block_ledger.py, the proof in BLOCKS.md. Nothing else in Porchlight may publish a count of residents.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from etl.block_frames import UNIT, Keys, Sorted, frames, whole
from etl.block_rules import RULES, BlockRules
from etl.block_walk import NO_BLOCK, walk
from etl.errors import ProtectionError

# Which dimension is split first is policy: of the orders measured this one leaves the category known most often.
SPLIT_BY = ["county_fips", "incident_category", "area"]


@dataclass(frozen=True)
class Blocks:
    """What may be published, and beside it what may not.

    blocks: one row per block, columns of marts/consent_blocks.toml without release_no; sorted, ready to publish.
    block_cells: one row per block and cell, columns of marts/block_cells.toml; counts of requests only.
    cells: PRIVATE. The input with block_id (null while pending), run (a number) and is_anchor.
    taken: ids of blocks that were published before, which none of these has.
    """

    blocks: pd.DataFrame
    block_cells: pd.DataFrame
    cells: pd.DataFrame
    taken: frozenset[str] = frozenset()

    @property
    def pending(self) -> pd.DataFrame:
        """PRIVATE. The cells that wait: one row per unit, step and cell, with their counts."""
        return self.cells[self.cells["block_id"].isna()].drop(columns=["block_id", "is_anchor"])


def build_blocks(cells: pd.DataFrame, *, rules: BlockRules = RULES, taken: frozenset[str] = frozenset()) -> Blocks:
    """Close each agency's requests into blocks as soon as they are safe, and split each block as far as is safe.

    `cells`: one row per agency_id, program_id, regime_id, step, quarter_start, county_fips, incident_category and area,
    with the counts requests, asked, shared, and responded and declined (null unless known for all of the cell).
    Only requests with asked >= 1 and shared known. `step` is the order in time: cells of one step of a unit arrive
    together. The same rows in any order give the same blocks. `taken`: ids that blocks already have, which no other may
    get. Raises ProtectionError for cells that cannot be.
    """
    refuse_impossible(cells)
    keys = Keys.of(cells)
    requests, asked, shared = (cells[name].to_numpy(np.int64) for name in ("requests", "asked", "shared"))
    step = cells["step"].to_numpy(np.int64)
    dims = [keys.codes[name] for name in SPLIT_BY]
    walked = walk(keys.as_one(UNIT), step, dims, requests, asked, shared, rules)
    is_inside = walked.block != NO_BLOCK
    placed = Sorted.of(keys, walked.block, np.flatnonzero(is_inside))
    blocks, block_cells, ids = frames(cells, keys, placed, rules, taken)
    block_id = np.full(len(cells), None, dtype=object)
    block_id[placed.order] = ids[placed.block]
    marked = cells.assign(
        block_id=pd.array(block_id, dtype="str"), run=walked.run, is_anchor=walked.is_anchor & is_inside
    )
    return Blocks(blocks, block_cells, marked, taken)


def refuse_impossible(cells: pd.DataFrame) -> None:
    """Raise ProtectionError where a count contradicts another, or a cell lies in no regime: the proof needs both."""
    requests, asked, shared = cells["requests"], cells["asked"], cells["shared"]
    answers = whole(cells["responded"])
    contradicts = (requests < 1) | (asked < requests) | (shared < 0) | (shared > asked) | (answers > asked)
    if contradicts.any():
        raise ProtectionError(f"Blocks: {int(contradicts.sum())} cells have counts that contradict each other.")
    if (cells["regime_id"] == "unassigned").any():
        raise ProtectionError("Blocks: cells without a regime; numbers of different regimes are never added.")
