"""The rule on whole-number arrays: which cells form a block together. Knows nothing of names, frames or files.

All units walk one step at a time together, and all parts of a split are tried one value at a time together, so the
number of rounds is the number of quarters and of values, not the number of agencies. BLOCKS.md has the proof.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from etl.block_rules import RULES, BlockRules, Counts, Flags, safe
from etl.errors import ProtectionError

NO_BLOCK = -1


@dataclass(frozen=True)
class Walk:
    """For each cell: the run it is in, its block (or NO_BLOCK while pending), and whether it holds up its block.

    Run and block numbers have no meaning of their own. An *anchor* is a cell of the step in which the run closed,
    as far as the splits left it one: in the reader's eyes the whole excess of its block may sit in it.
    """

    run: Counts
    block: Counts
    is_anchor: Flags


def walk(
    unit: Counts,
    step: Counts,
    dims: list[Counts],
    requests: Counts,
    asked: Counts,
    shared: Counts,
    rules: BlockRules = RULES,
) -> Walk:
    """Close, then split by each of `dims` in turn. One element per cell of unit, step and public keys."""
    if len(unit) == 0:
        return Walk(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, bool))
    run, is_closed, is_anchor = close_runs(unit, step, requests, asked, shared, rules)
    block = np.full(len(unit), NO_BLOCK, np.int64)
    inside = np.flatnonzero(is_closed)
    part, anchor = run[inside], is_anchor[inside]
    counts = (requests[inside], asked[inside], shared[inside])
    for codes in dims:
        part, anchor = split(part, codes[inside], anchor, counts, rules)
    block[inside] = part
    is_anchor[inside] = anchor
    return Walk(run, block, is_anchor)


def close_runs(
    unit: Counts, step: Counts, requests: Counts, asked: Counts, shared: Counts, rules: BlockRules
) -> tuple[Counts, Flags, Flags]:
    """For each cell: its run, whether that run closed, and whether the cell is of the step that closed it."""
    order = np.lexsort((step, unit))
    first_of_step = starts(unit[order], step[order])
    sums = [np.add.reduceat(counts[order], first_of_step) for counts in (requests, asked, shared)]
    unit_of_step = unit[order][first_of_step]
    first_of_unit = starts(unit_of_step)
    steps_in_unit = np.diff(np.append(first_of_unit, len(unit_of_step)))

    closes = np.zeros(len(unit_of_step), bool)
    open_run = [np.zeros(len(first_of_unit), np.int64) for _ in sums]
    # The k-th step of every unit that has one. A closed run is never reopened: two releases could be subtracted.
    by_length = np.argsort(-steps_in_unit, kind="stable")
    still = np.searchsorted(-steps_in_unit[by_length], -np.arange(steps_in_unit.max()), side="left")
    for k, units_left in enumerate(still):
        units = by_length[:units_left]
        at = first_of_unit[units] + k
        for total, new in zip(open_run, sums, strict=True):
            total[units] += new[at]
        closing = safe(open_run[0][units], open_run[1][units], open_run[2][units], rules)
        closes[at] = closing
        for total in open_run:
            total[units[closing]] = 0

    begins = np.zeros(len(closes), bool)
    begins[first_of_unit] = True
    begins[1:] |= closes[:-1]
    run_of_step = np.cumsum(begins) - 1
    last_of_run = np.append(np.flatnonzero(begins)[1:], len(begins)) - 1
    step_of_cell = np.empty(len(unit), np.int64)
    step_of_cell[order] = np.repeat(np.arange(len(first_of_step)), np.diff(np.append(first_of_step, len(unit))))
    run = run_of_step[step_of_cell]
    return run, closes[last_of_run][run], closes[step_of_cell]


def split(
    part: Counts, value: Counts, anchor: Flags, counts: tuple[Counts, Counts, Counts], rules: BlockRules
) -> tuple[Counts, Flags]:
    """Split every part by one public dimension: (new part numbers, anchors that are left), one element per cell.

    Values are tried from most requests to fewest. The keeper, the last of them that holds an anchor, is never tried;
    whatever is not safe alone, or would leave something unsafe behind, stays joined with it.
    """
    if len(part) == 0:
        return part, anchor
    order = np.lexsort((value, part))
    first = starts(part[order], value[order])
    requests, asked, shared = (np.add.reduceat(array[order], first) for array in counts)
    has_anchor = np.logical_or.reduceat(anchor[order], first)
    group_part, group_value = part[order][first], value[order][first]

    # The public order: most requests first, ties by the lowest key. From here on groups are in that order.
    public = np.lexsort((group_value, -requests, group_part))
    requests, asked, shared, has_anchor = requests[public], asked[public], shared[public], has_anchor[public]
    first_value = starts(group_part)
    values_in_part = np.diff(np.append(first_value, len(group_part)))
    part_of = np.repeat(np.arange(len(first_value)), values_in_part)
    place = np.arange(len(group_part))
    keeper = np.maximum.reduceat(np.where(has_anchor, place, -1), first_value)
    if (keeper < 0).any():
        raise ProtectionError("Blocks: a part without a cell of its closing quarter; nothing may be published.")

    alone = np.zeros(len(place), bool)
    joined = [np.add.reduceat(array, first_value) for array in (requests, asked, shared)]
    by_length = np.argsort(-values_in_part, kind="stable")
    several = by_length[: np.count_nonzero(values_in_part > 1)]
    still = np.searchsorted(-values_in_part[several], -np.arange(values_in_part.max()), side="left")
    for k, parts_left in enumerate(still):
        parts = several[:parts_left]
        at = first_value[parts] + k
        tried = has_anchor[at] & (at != keeper[parts])
        parts, at = parts[tried], at[tried]
        left = [total[parts] - own[at] for total, own in zip(joined, (requests, asked, shared), strict=True)]
        accepted = safe(requests[at], asked[at], shared[at], rules) & safe(left[0], left[1], left[2], rules)
        alone[at[accepted]] = True
        for total, rest in zip(joined, left, strict=True):
            total[parts[accepted]] = rest[accepted]

    # A value that stands alone is a part of its own, the rest of its part another: numbered by the keeper's place.
    new_part = np.where(alone, place, keeper[part_of])
    keeps_anchor = alone | (place == keeper[part_of])
    group_of_cell = np.empty(len(part), np.int64)
    place_of_group = np.empty(len(public), np.int64)
    place_of_group[public] = place
    group_of_cell[order] = np.repeat(place_of_group, np.diff(np.append(first, len(part))))
    return new_part[group_of_cell], anchor & keeps_anchor[group_of_cell]


def starts(*sorted_keys: npt.NDArray[np.int64]) -> npt.NDArray[np.intp]:
    """Where each group of equal keys begins, for keys that lie next to each other."""
    changes = np.ones(len(sorted_keys[0]), bool)
    changes[1:] = False
    for keys in sorted_keys:
        changes[1:] |= keys[1:] != keys[:-1]
    return np.flatnonzero(changes)
