"""Lists every world that prints the same release as a small case, and finds the parts that stay narrow in all of them.

A reader who knows the program can rule a world out only if the program would have printed something else in it. So:
list every (asked, shared) per cell that gives the published rows, run the program on each, keep those with the same
blocks, and look how far asked and shared of every part still vary.
"""

import itertools
from dataclasses import dataclass, replace

import numpy as np

from etl.block_rules import BlockRules, shared_range
from etl.block_walk import NO_BLOCK, walk

TOO_MANY = 20_000


@dataclass(frozen=True)
class Case:
    """Cells of one unit: step, county, category, area, and the true requests, asked, shared of each."""

    step: np.ndarray
    dims: list[np.ndarray]
    requests: np.ndarray
    asked: np.ndarray
    shared: np.ndarray

    @classmethod
    def of(cls, *cells) -> "Case":
        """From tuples (step, county, category, area, requests, asked, shared)."""
        step, county, category, area, requests, asked, shared = np.array(cells, dtype=np.int64).T
        return cls(step, [county, category, area], requests, asked, shared)

    def only(self, cells: np.ndarray) -> "Case":
        """Some of the cells."""
        dims = [codes[cells] for codes in self.dims]
        return Case(self.step[cells], dims, self.requests[cells], self.asked[cells], self.shared[cells])

    def later(self, cell: int, step: int) -> "Case":
        """The same with one cell at another step."""
        steps = self.step.copy()
        steps[cell] = step
        return replace(self, step=steps)

    def blocks(self, rules: BlockRules) -> np.ndarray:
        """The true blocks; see blocks_of."""
        return blocks_of(self, self.asked[None], self.shared[None], rules)[0]


def blocks_of(case: Case, asked: np.ndarray, shared: np.ndarray, rules: BlockRules) -> np.ndarray:
    """For every world (row) and cell: the first cell of the same block, or -1 while pending. All worlds in one walk."""
    worlds, cells = asked.shape
    step, requests, *dims = (np.tile(values, worlds) for values in (case.step, case.requests, *case.dims))
    unit = np.repeat(np.arange(worlds), cells)
    block = walk(unit, step, dims, requests, asked.ravel(), shared.ravel(), rules).block.reshape(worlds, cells)
    same = block[:, :, None] == block[:, None, :]
    return np.where(block == NO_BLOCK, -1, same.argmax(axis=2))


def groups_of(blocks: np.ndarray) -> list[list[int]]:
    """The cells of every block, and those that are pending."""
    return [np.flatnonzero(blocks == number).tolist() for number in np.unique(blocks)]


def grid(sizes: np.ndarray) -> np.ndarray:
    """Every tuple with 0 <= tuple[i] < sizes[i], one per row."""
    return np.indices(tuple(sizes)).reshape(len(sizes), -1).T


def worlds_of_group(case: Case, cells: list[int], is_open: bool, rules: BlockRules) -> np.ndarray | None:
    """Every (asked..., shared...) of a group's cells that its published row allows; None if there are too many."""
    requests, total = case.requests[cells], case.asked[cells].sum()
    least, low, high = total, 0, 10**6
    if is_open:
        # More than this is safe whatever the answers, so a pending run never asked it.
        least, total = requests.sum(), max(rules.big, requests.sum() + rules.excess) - 1
    else:
        (low,), (high,) = shared_range(np.array([total]), np.array([case.shared[cells].sum()]), rules)
    if (total - requests.sum() + 1) ** len(cells) > TOO_MANY:
        return None
    asked = requests + grid(np.full(len(cells), total - requests.sum() + 1))
    asked = asked[(asked.sum(axis=1) >= least) & (asked.sum(axis=1) <= total)]
    if np.prod(asked + 1.0, axis=1).sum() > 20 * TOO_MANY:
        return None
    found = []
    for row in asked:
        yes = grid(row + 1)
        yes = yes[(yes.sum(axis=1) >= low) & (yes.sum(axis=1) <= high)]
        found.append(np.hstack([np.broadcast_to(row, yes.shape), yes]))
    return np.vstack(found)


def all_worlds(case: Case, rules: BlockRules) -> tuple[np.ndarray, np.ndarray] | None:
    """(asked, shared), one row per world that prints the same blocks and rows; None if there are too many to list."""
    blocks = case.blocks(rules)
    groups = groups_of(blocks)
    lists = [worlds_of_group(case, cells, blocks[cells[0]] == -1, rules) for cells in groups]
    if any(worlds is None for worlds in lists) or np.prod([float(len(worlds)) for worlds in lists]) > TOO_MANY:
        return None
    picks = grid(np.array([len(worlds) for worlds in lists]))
    asked = np.empty((len(picks), len(case.step)), np.int64)
    shared = np.empty_like(asked)
    for place, (cells, worlds) in enumerate(zip(groups, lists, strict=True)):
        asked[:, cells], shared[:, cells] = np.hsplit(worlds[picks[:, place]], 2)
    same = (blocks_of(case, asked, shared, rules) == blocks).all(axis=1)
    return asked[same], shared[same]


def narrow_parts(blocks: np.ndarray, asked: np.ndarray, shared: np.ndarray, rules: BlockRules) -> list[str]:
    """What a reader who tried all these worlds knows too much about: every part that is not a union of blocks."""
    closed = [frozenset(cells) for cells in groups_of(blocks) if blocks[cells[0]] != -1]
    some_blocks = (some for size in range(len(closed) + 1) for some in itertools.combinations(closed, size))
    unions = {frozenset().union(*some) for some in some_blocks}
    found = []
    for size in range(1, len(blocks) + 1):
        for part in itertools.combinations(range(len(blocks)), size):
            if frozenset(part) not in unions:
                of_part, yes = asked[:, part].sum(axis=1), shared[:, part].sum(axis=1)
                if of_part.max() - of_part.min() < rules.width:
                    found.append(f"size of {part}")
                if yes.max() < rules.each:
                    found.append(f"all-no in {part}")
                if (of_part - yes).max() < rules.each:
                    found.append(f"all-yes in {part}")
    return found


def random_case(draw: np.random.Generator) -> Case:
    """Two to five cells in up to three quarters, two counties, three categories and two areas."""
    cells: dict[tuple, tuple] = {}
    steps, counties = int(draw.integers(1, 4)), int(draw.integers(1, 3))
    for _ in range(draw.integers(2, 6)):
        key = tuple(int(draw.integers(0, most)) for most in (steps, counties, 3, 2))
        requests = int(draw.integers(1, 3))
        asked = requests + int(draw.geometric(1 / 3)) - 1
        cells[key] = (requests, asked, int(draw.binomial(asked, draw.choice([0, 0.1, 0.5, 1]))))
    return Case.of(*(key + counts for key, counts in cells.items()))
