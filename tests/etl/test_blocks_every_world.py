"""Every world that prints the same release: no part of a block or of a pending run is narrow in all of them.

Small random cases with scaled thresholds (asked 5, each 2, width 3, ranges from 8), planted ones with the real ones.
"""

from dataclasses import replace

import numpy as np
import pytest

from etl.block_rules import RULES, BlockRules, shared_range
from tests.etl.every_world import Case, all_worlds, blocks_of, grid, groups_of, narrow_parts, random_case
from tests.etl.test_blocks import SCALED_RULES
from tests.etl.test_cover import UnprovenRules


def cases(number: int, rules: BlockRules, seed: int) -> list[tuple[Case, np.ndarray, np.ndarray]]:
    """So many random cases with all their worlds."""
    draw, found = np.random.default_rng(seed), []
    while len(found) < number:
        case = random_case(draw)
        worlds = all_worlds(case, rules)
        if worlds is not None:
            found.append((case, *worlds))
    return found


def is_range(case: Case, cells: list[int], rules: BlockRules) -> bool:
    low, high = shared_range(case.asked[cells].sum(keepdims=True), case.shared[cells].sum(keepdims=True), rules)
    return bool(low[0] < high[0])


def test_no_part_of_any_small_case_is_narrow_in_all_its_worlds():
    tried = cases(400, SCALED_RULES, seed=1)
    seen = dict.fromkeys(["worlds", "pending", "range", "split by county", "split", "joined", "later quarter"], 0)
    for case, asked, shared in tried:
        blocks = case.blocks(SCALED_RULES)
        assert narrow_parts(blocks, asked, shared, SCALED_RULES) == []
        closed = [cells for cells in groups_of(blocks) if blocks[cells[0]] != -1]
        seen["worlds"] += len(asked)
        seen["pending"] += -1 in blocks
        seen["range"] += any(is_range(case, cells, SCALED_RULES) for cells in closed)
        seen["split"] += len(closed) > 1
        seen["split by county"] += len({frozenset(case.dims[0][cells]) for cells in closed}) > 1
        seen["joined"] += any(
            len(set(zip(*(codes[cells] for codes in case.dims), strict=True))) > 1 for cells in closed
        )
        seen["later quarter"] += any(len(set(case.step[cells])) > 1 for cells in closed)
    # The cases are worth trying only if they hold everything that the program can do.
    assert min(seen.values()) >= 10 and seen["worlds"] > 100_000, seen


def test_an_excess_no_larger_than_the_width_is_found_to_be_narrow():
    loose = UnprovenRules(asked=5, each=2, excess=3, big=8, one_in=4, width=3)
    assert any(narrow_parts(case.blocks(loose), *worlds, loose) for case, *worlds in cases(100, loose, seed=1))


def test_planted_real_thresholds_two_quarters_that_close_together():
    """Requests 5 and 1, asked 8 and 6: asked beyond requests is 3 before the second quarter comes, 8 after."""
    case = Case.of((0, 0, 0, 0, 5, 8, 2), (1, 0, 0, 0, 1, 6, 4))
    blocks = case.blocks(RULES)
    assert blocks.tolist() == [0, 0]
    asked, shared = all_worlds(case, RULES)
    assert narrow_parts(blocks, asked, shared, RULES) == []
    assert np.ptp(asked[:, 0]) >= 5


@pytest.mark.parametrize("asked", [10, 11, 12])
@pytest.mark.parametrize("dimension", [1, 2, 3])
def test_planted_real_thresholds_a_joined_county_category_or_area(asked, dimension):
    one, other = [0, 0, 0, 0, 1, asked - 2, 1], [0, 0, 0, 0, 1, 2, 1]
    other[dimension] = 1
    case = Case.of(one, other)
    assert case.blocks(RULES).tolist() == [0, 0]
    assert narrow_parts(case.blocks(RULES), *all_worlds(case, RULES), RULES) == []


# A pending request that its agency corrects before the next release: what was pending is known to have been unsafe.


def corrected(case: Case, draw: np.random.Generator) -> tuple[Case, Case, int] | None:
    """(the cells of the first release, those of the next one, the corrected cell), or None if nothing is pending."""
    early = np.flatnonzero(case.step < case.step.max())
    if len(early) == 0:
        return None
    before = case.only(early)
    pending = early[before.blocks(SCALED_RULES) == -1]
    if len(pending) == 0:
        return None
    cell = int(draw.choice(pending))
    asked, shared = case.asked.copy(), case.shared.copy()
    asked[cell] += draw.integers(0, 8)
    shared[cell] = draw.integers(0, asked[cell] + 1)
    if (asked[cell], shared[cell]) == (case.asked[cell], case.shared[cell]):
        return None
    return before, replace(case, asked=asked, shared=shared), cell


def could_have_been_pending(before: Case, after: Case, cell: int, asked: np.ndarray, shared: np.ndarray) -> np.ndarray:
    """For each world of the next release: some other old count of the corrected request explains the first release."""
    seen, last = before.blocks(SCALED_RULES), after.step.max()
    kept = after.step < last
    at = int(kept[:cell].sum())
    explained = np.zeros(len(asked), bool)
    for old_asked, old_shared in grid(np.array([12, 12])):
        if old_asked >= after.requests[cell] and old_shared <= old_asked:
            old = asked[:, kept].copy(), shared[:, kept].copy()
            old[0][:, at], old[1][:, at] = old_asked, old_shared
            differs = (old_asked != asked[:, cell]) | (old_shared != shared[:, cell])
            explained |= differs & (blocks_of(before, *old, SCALED_RULES) == seen).all(axis=1)
    return explained


def test_a_corrected_pending_request_that_arrives_anew_makes_nothing_narrow():
    draw, tried = np.random.default_rng(4), 0
    while tried < 60:
        made = corrected(random_case(draw), draw)
        if made is None:
            continue
        before, after, cell = made
        next_release = after.later(cell, after.step.max())
        worlds = all_worlds(next_release, SCALED_RULES)
        if worlds is None or len(worlds[0]) > 4_000:
            continue
        tried += 1
        possible = could_have_been_pending(before, after, cell, *worlds)
        asked, shared = worlds[0][possible], worlds[1][possible]
        assert len(asked) > 0
        assert narrow_parts(next_release.blocks(SCALED_RULES), asked, shared, SCALED_RULES) == []
