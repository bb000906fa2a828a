"""Turns numbered cells into the two public frames, consent_blocks and block_cells, and names each block by its content.

Decides nothing: which cells form a block was settled in block_walk.py, what may be shown in block_rules.py.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from etl.block_rules import RULES_VERSION, BlockRules, Counts, shared_range, shows_responded
from etl.block_walk import starts
from etl.errors import ProtectionError

UNIT = ["agency_id", "program_id", "regime_id"]
CELL = ["quarter_start", "incident_category", "county_fips", "area"]
Places = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Keys:
    """The cells' keys as numbers in the order of their names: the sorted names of each column, one code per cell."""

    names: dict[str, pa.Array]
    codes: dict[str, Counts]

    @classmethod
    def of(cls, cells: pd.DataFrame) -> "Keys":
        """Number the keys of a frame of cells; a cell without one of them is refused."""
        names, codes = {}, {}
        for column in [*UNIT, *CELL]:
            is_date = column == "quarter_start"
            values = pd.to_datetime(cells[column]) if is_date else cells[column].astype("str")
            number, unique = pd.factorize(values, sort=True)
            if (number < 0).any():
                raise ProtectionError(f"Blocks: a cell without {column}.")
            codes[column] = number.astype(np.int64)
            text = [day.strftime("%Y-%m-%d") for day in unique] if is_date else list(unique)
            names[column] = pa.array(text, type=pa.string())
        return cls(names, codes)

    def as_one(self, columns: list[str]) -> Counts:
        """One number per cell that stands for several columns, in their order."""
        number = np.zeros(len(self.codes[columns[0]]), np.int64)
        size = 1
        for column in columns:
            size *= max(1, len(self.names[column]))
            number = number * len(self.names[column]) + self.codes[column]
        if size >= 2**62:
            raise ProtectionError("Blocks: too many agencies, quarters, counties and areas to number together.")
        return number

    def text(self, column: str, at: Places) -> pa.Array:
        """The names at these cells."""
        return self.names[column].take(pa.array(self.codes[column][at]))


@dataclass(frozen=True)
class Sorted:
    """Cells that are in a block, sorted by unit, block and cell: their places, block by block."""

    order: Places
    first: Places
    block: Places

    @classmethod
    def of(cls, keys: Keys, block: Counts, inside: Places) -> "Sorted":
        """Sort the cells `inside` by unit, block number and cell; number the blocks anew from 0."""
        order = inside[np.lexsort((keys.as_one(CELL)[inside], block[inside], keys.as_one(UNIT)[inside]))]
        first = starts(block[order])
        return cls(order, first, np.repeat(np.arange(len(first)), np.diff(np.append(first, len(order)))))

    def total(self, counts: Counts) -> Counts:
        """Sum of each block."""
        return np.add.reduceat(counts[self.order], self.first) if len(self.first) else np.zeros(0, np.int64)


def frames(
    cells: pd.DataFrame, keys: Keys, placed: Sorted, rules: BlockRules, taken: Collection[str]
) -> tuple[pd.DataFrame, pd.DataFrame, npt.NDArray[np.object_]]:
    """The frame of blocks, the frame of their cells, and the id of every block in the order of `placed`.

    `taken`: ids of blocks that were published before.
    """
    at, first_cell, requests = merged_cells(cells, keys, placed)
    step = cells["step"].to_numpy(np.int64)[placed.order]
    closed_in = np.maximum.reduceat(step, placed.first) if len(step) else step
    ids = block_ids(keys, placed, at, first_cell, requests, closed_in, taken)
    blocks = block_rows(cells, keys, placed, rules).assign(block_id=pd.array(ids, dtype="str"))
    unit = keys.as_one(UNIT)[placed.order[placed.first]]
    in_order = np.lexsort((ids.astype("S16"), blocks["last_quarter"], blocks["first_quarter"], unit))
    rank = np.argsort(in_order)
    block_of_cell = placed.block[first_cell]
    cell_order = np.argsort(rank[block_of_cell], kind="stable")
    at, block_of_cell, requests = at[cell_order], block_of_cell[cell_order], requests[cell_order]
    block_cells = pd.DataFrame(
        {
            "block_id": pd.array(ids[block_of_cell], dtype="str"),
            "quarter_start": days(keys, at),
            **{name: series(keys.text(name, at)) for name in CELL[1:]},
            "requests": requests,
        }
    )
    return blocks.iloc[in_order].reset_index(drop=True), block_cells, ids


def merged_cells(cells: pd.DataFrame, keys: Keys, placed: Sorted) -> tuple[Places, Places, Counts]:
    """Cells of blocks, those of several steps as one: a place of each in the input, in `placed`, and its requests."""
    first_cell = starts(placed.block, keys.as_one(CELL)[placed.order])
    requests = cells["requests"].to_numpy(np.int64)[placed.order]
    summed = np.add.reduceat(requests, first_cell) if len(first_cell) else requests
    return placed.order[first_cell], first_cell, summed


def block_ids(
    keys: Keys,
    placed: Sorted,
    at: Places,
    first_cell: Places,
    requests: Counts,
    closed_in: Counts,
    taken: Collection[str],
) -> npt.NDArray[np.object_]:
    """Name every block: 16 hex digits of SHA-256 over its agency, program, regime, cells and their requests.

    No count of residents goes in: whoever guesses a hidden number must not be able to try the guess against an id.
    Anyone can recompute an id from block_cells. Where late requests make a second block of the same cells and numbers
    of requests, its place in time (2, 3, ...) goes in as well.
    """
    parts = [keys.text(name, at) for name in CELL]
    lines = pc.binary_join_element_wise(*parts, pa.array(requests).cast(pa.string()), "|")
    head = pc.binary_join_element_wise(*(keys.text(name, placed.order[placed.first]) for name in UNIT), "|")
    content = pc.binary_join_element_wise(head, joined(lines, placed.block[first_cell], "\n"), "\n").to_pylist()
    ids = np.array([short_hash(text) for text in content], dtype=object)
    named = pd.Series(ids, dtype=object)
    again = np.flatnonzero(named.duplicated(keep=False) | named.isin(taken))
    if not len(again):
        return ids
    used = set(taken)
    for block in again[np.argsort(closed_in[again], kind="stable")]:
        times = 1
        while ids[block] in used:
            times += 1
            ids[block] = short_hash(f"{content[block]}\n{times}")
        used.add(ids[block])
    if len(set(ids)) < len(ids) or pd.Series(ids).isin(taken).any():
        raise ProtectionError("Blocks: two blocks have the same id.")
    return ids


def block_rows(cells: pd.DataFrame, keys: Keys, placed: Sorted, rules: BlockRules) -> pd.DataFrame:
    """One row per block in the order of `placed`: columns of marts/consent_blocks.toml, but block_id and release_no."""
    first_cells = placed.order[placed.first]
    requests, asked, shared = (placed.total(cells[name].to_numpy(np.int64)) for name in ("requests", "asked", "shared"))
    shared_low, shared_high = shared_range(asked, shared, rules)
    is_known = (cells["responded"].notna() & cells["declined"].notna()).to_numpy(bool)
    responded, declined = (placed.total(whole(cells[name])) for name in ("responded", "declined"))
    shows = placed.total((~is_known).astype(np.int64)) == 0
    shows &= shows_responded(asked, shared_low, shared_high, responded, declined, rules)
    last_cells = placed.order[np.append(placed.first[1:], len(placed.order)) - 1] if len(placed.first) else first_cells
    return pd.DataFrame(
        {
            "block_id": series(pa.nulls(len(first_cells), pa.string())),
            **{name: series(keys.text(name, first_cells)) for name in UNIT},
            "first_quarter": days(keys, first_cells),
            "last_quarter": days(keys, last_cells),
            "categories": values_of(keys, placed, "incident_category"),
            "counties": values_of(keys, placed, "county_fips"),
            "areas": values_of(keys, placed, "area"),
            "requests": requests,
            "asked": asked,
            "responded": pd.array(np.where(shows, responded, 0), dtype="Int64"),
            "shared_low": shared_low,
            "shared_high": shared_high,
            "rules_version": series(pa.array([RULES_VERSION] * len(first_cells), type=pa.string())),
        }
    ).assign(responded=lambda rows: rows["responded"].mask(~shows))


def values_of(keys: Keys, placed: Sorted, column: str) -> pd.Series:
    """The different values of a column in each block, sorted, joined by '|'."""
    size = max(1, len(keys.names[column]))
    both = np.sort(placed.block * size + keys.codes[column][placed.order])
    different = both[starts(both)]
    return series(joined(keys.names[column].take(pa.array(different % size)), different // size, "|"))


def short_hash(text: str) -> str:
    """16 hex digits of SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def joined(text: pa.Array, group: npt.NDArray[Any], between: str) -> pa.Array:
    """One text per group of neighbours; groups are numbered from 0 without gaps."""
    offsets = np.append(starts(group), len(group)).astype(np.int32)
    return pc.binary_join(pa.ListArray.from_arrays(pa.array(offsets), text), between)


def series(text: pa.Array) -> pd.Series:
    """A column of text."""
    return pd.Series(pd.array(text, dtype="str"))


def days(keys: Keys, at: Places) -> pd.Series:
    """The quarters of these cells as dates (datetime64, midnight)."""
    return pd.Series(
        np.array(keys.names["quarter_start"].to_pylist(), "datetime64[s]")[keys.codes["quarter_start"][at]]
    )


def whole(counts: pd.Series) -> Counts:
    """Nullable counts as whole numbers, 0 where null."""
    return pd.to_numeric(counts).fillna(0).to_numpy(np.int64)
