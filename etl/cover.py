"""The cover test: could the residents have answered quite differently and the program have printed the same release?

For every release it builds a false world in which almost nobody was asked where they really were, runs the block
builder on it, and demands the very same blocks. As long as that holds, nothing the program *did* (when it closed a
run, what it split, what it refused to split) tells a reader more than the blocks themselves say. BLOCKS.md, part B.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from etl.block_frames import Places, whole
from etl.block_rules import RULES, BlockRules, Counts, Flags
from etl.block_walk import starts
from etl.blocks import Blocks, build_blocks
from etl.errors import ProtectionError

Builder = Callable[..., Blocks]


def cover_test(
    blocks: Blocks, *, seed: int, worlds: int = 1, rules: BlockRules = RULES, build: Builder = build_blocks
) -> None:
    """Raise ProtectionError unless `worlds` false worlds rebuild to identical blocks, ranges and `responded`."""
    draw = np.random.default_rng(seed)
    for _ in range(worlds):
        refuse_another(blocks, build(false_world(blocks, draw, rules), rules=rules, taken=blocks.taken))


def refuse_another(blocks: Blocks, rebuilt: Blocks) -> None:
    """Raise ProtectionError unless both print the same."""
    for shown, again in ((blocks.blocks, rebuilt.blocks), (blocks.block_cells, rebuilt.block_cells)):
        if not shown.equals(again):
            raise ProtectionError(
                "The cover test refused: with other answers the program would have made other blocks, "
                "so the blocks tell more than they say. Nothing was published."
            )


def false_world(blocks: Blocks, draw: np.random.Generator, rules: BlockRules = RULES) -> pd.DataFrame:
    """Cells with the same public facts as those of `blocks` and other people-counts, as far off as the proof allows.

    Every request asks one resident. The excess of a block sits in one of its anchors, but for x <= width residents of
    one block of each run, who sit in one other cell of that block. Those who shared are any number that the block's
    range allows, in whatever cells. A pending run has x residents in excess somewhere, and any answers.
    """
    groups = Groups.of(blocks)
    asked = groups.requests + excess(groups, draw, rules)
    shared, responded, is_known = answers(groups, asked, draw)
    unsorted = np.argsort(groups.order)
    known = is_known[unsorted]
    return blocks.cells.drop(columns=["block_id", "run", "is_anchor"]).assign(
        asked=asked[unsorted],
        shared=shared[unsorted],
        responded=pd.Series(responded[unsorted], blocks.cells.index, dtype="Int64").where(known),
        declined=pd.Series((responded - shared)[unsorted], blocks.cells.index, dtype="Int64").where(known),
    )


@dataclass(frozen=True)
class Groups:
    """The cells sorted by run and group; a group is a block, or what is pending of a run.

    order: place of each sorted cell in the input. requests, is_anchor: one per sorted cell. first: where groups begin.
    of_cell: group of each sorted cell. run, is_open, shows_responded: one per group; open is pending.
    published: the rows of the frame of blocks, one per group; zeros where pending.
    """

    order: Places
    requests: Counts
    is_anchor: Flags
    first: Places
    of_cell: Places
    run: Counts
    is_open: Flags
    published: dict[str, Counts]
    shows_responded: Flags

    @classmethod
    def of(cls, blocks: Blocks) -> "Groups":
        """Sort the cells and look up what is published of each group."""
        cells, shown = blocks.cells, blocks.blocks
        row = pd.Index(shown["block_id"]).get_indexer(cells["block_id"]).astype(np.int64)
        if ((row < 0) != cells["block_id"].isna().to_numpy(bool)).any():
            raise ProtectionError("Cover test: a cell is in a block that is not among the blocks.")
        run = cells["run"].to_numpy(np.int64)
        order = np.lexsort((row, run))
        first = starts(run[order], row[order])
        of_cell = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(order))))
        group_row = row[order][first]
        is_open = group_row < 0
        columns = {name: whole(shown[name]) for name in ("requests", "asked", "shared_low", "shared_high", "responded")}
        shows = shown["responded"].notna().to_numpy(bool)
        return cls(
            order=order,
            requests=cells["requests"].to_numpy(np.int64)[order],
            is_anchor=cells["is_anchor"].to_numpy(bool)[order],
            first=first,
            of_cell=of_cell,
            run=run[order][first],
            is_open=is_open,
            published={name: np.append(column, 0)[group_row] for name, column in columns.items()},
            shows_responded=np.append(shows, False)[group_row],
        )


def excess(groups: Groups, draw: np.random.Generator, rules: BlockRules) -> Counts:
    """For each sorted cell: how many residents more than one per request it asked."""
    extra = np.zeros(len(groups.order), np.int64)
    closed = np.flatnonzero(~groups.is_open)
    anchors = one_cell_each(groups, groups.is_anchor, draw)[closed]
    if (anchors < 0).any():
        raise ProtectionError("Cover test: a block without a cell of the step in which it closed.")
    extra[anchors] = (groups.published["asked"] - groups.published["requests"])[closed]
    # One block of every run gives some of it away. More than `width` in a run could have closed it earlier.
    first_of_run = starts(groups.run)
    in_run = np.diff(np.append(first_of_run, len(groups.run)))
    giver = first_of_run + draw.integers(0, np.maximum(in_run, 1))
    gift = draw.integers(0, rules.width + 1, len(giver))
    places = one_cell_each(groups, np.ones(len(extra), bool), draw)[giver]
    anchor_of = np.full(len(groups.first), -1, np.int64)
    anchor_of[closed] = anchors
    gives = anchor_of[giver] >= 0
    np.subtract.at(extra, anchor_of[giver][gives], gift[gives])
    np.add.at(extra, places, gift)
    return extra


def one_cell_each(groups: Groups, allowed: Flags, draw: np.random.Generator) -> Counts:
    """A random allowed cell of every group (its place among the sorted cells), -1 where none is allowed."""
    lot = np.where(allowed, draw.permutation(len(allowed)), -1)
    highest = np.maximum.reduceat(lot, groups.first) if len(lot) else lot
    chosen = np.full(len(groups.first), -1, np.int64)
    drawn = np.flatnonzero((lot >= 0) & (lot == highest[groups.of_cell]))
    chosen[groups.of_cell[drawn]] = drawn
    return chosen


def answers(groups: Groups, asked: Counts, draw: np.random.Generator) -> tuple[Counts, Counts, Flags]:
    """For each sorted cell: shared, responded, and whether responded is known there.

    The residents of a group stand in a ring, cell by cell; those who shared are neighbours from a random place on,
    those who declined come next. So answers pile up in few cells, which is as uneven as the world can be.
    """
    total = np.add.reduceat(asked, groups.first) if len(asked) else asked
    low = groups.published["shared_low"]
    high = np.where(groups.is_open, total, groups.published["shared_high"])
    shared = draw.integers(low, high + 1)
    responded = np.where(groups.shows_responded, groups.published["responded"], 0)
    # Where it is not shown, either few declined, or few gave no answer, or it is not known everywhere.
    hidden, few = draw.integers(0, 3, len(total)), draw.integers(0, 2, len(total))
    responded = np.where(~groups.shows_responded & (hidden < 2), np.minimum(shared + few, total), responded)
    responded = np.where(~groups.shows_responded & (hidden == 2), np.maximum(total - few, shared), responded)
    is_known = groups.shows_responded | (hidden > 0)
    begin = draw.integers(0, np.maximum(total, 1))
    until = np.cumsum(asked) - (np.cumsum(total) - total)[groups.of_cell]
    ring = (until - asked, until, begin[groups.of_cell], total[groups.of_cell])
    return (
        on_ring(*ring, shared[groups.of_cell]),
        on_ring(*ring, responded[groups.of_cell]),
        is_known[groups.of_cell],
    )


def on_ring(start: Counts, end: Counts, begin: Counts, around: Counts, length: Counts) -> Counts:
    """How many places from `start` to before `end` lie on the arc of `length` places that begins at `begin`."""
    ahead = np.minimum(end, begin + length) - np.maximum(start, begin)
    wrapped = np.minimum(end, begin + length - around) - start
    return np.maximum(ahead, 0) + np.maximum(wrapped, 0)
