"""Where published rows overlap: cuts one agency's requests into atoms (sets that every row holds wholly or not at all).

A press figure is a row over the requests of that agency and program whose dates lie in its period. Dates are public by
month and a block says only how many of a cell's requests it holds, so how many requests an atom has may itself be
unknown; then it is an unknown of the problem as the people are.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from etl.judging.published import BlockRow, Cell, Press
from etl.judging.rules import MIX_NEEDED, PEOPLE_MEASURES
from etl.judging.worlds import Problem, Row

ROOM = 1_000  # residents that an atom with nothing published about it may ask beyond every number that is published


@dataclass(frozen=True)
class Atom:
    """A set of requests of one cell that each row holds wholly or not at all. Places of its unknowns in the problem."""

    cell: Cell | None
    blocks: frozenset[int]
    press: frozenset[tuple[date, date]]
    requests: int  # known number, or 0 where `count` is an unknown
    count: int | None
    asked: int
    shared: int
    answered: int


@dataclass
class Tangle:
    """One agency and program: its atoms, the problem that holds for them, and which atoms are tied together."""

    atoms: list[Atom] = field(default_factory=list)
    problem: Problem = field(default_factory=Problem)

    def components(self) -> Iterator[tuple[list[Atom], Problem]]:
        """Groups of atoms that two or more published rows tie together, each with a problem of its own."""
        size, rows = len(self.problem.low), self.problem.rows
        ends = [(at, size + place) for place, row in enumerate(rows) for at in row.weights]
        if not ends:
            return
        left, right = np.array(ends).T
        graph = coo_matrix((np.ones(len(ends)), (left, right)), shape=(size + len(rows),) * 2)
        label = connected_components(graph, directed=False)[1]
        members: dict[int, list[Atom]] = defaultdict(list)
        for atom in self.atoms:
            members[label[atom.asked]].append(atom)
        rows_of: dict[int, list[Row]] = defaultdict(list)
        for at, row in enumerate(rows):
            rows_of[label[size + at]].append(row)
        for group, atoms in members.items():
            told = rows_of[group]
            keys = {key for atom in atoms for key in atom.blocks}
            if keys and (len(keys) > 1 or any(row.is_press for row in told)):
                yield narrowed(atoms, told, self.problem, np.flatnonzero(label[:size] == group))


def narrowed(atoms: list[Atom], rows: list[Row], problem: Problem, used: np.ndarray) -> tuple[list[Atom], Problem]:
    """The same atoms and rows over the used unknowns only, numbered anew."""
    new = {int(old): place for place, old in enumerate(used)}
    own = Problem([problem.low[old] for old in used], [problem.high[old] for old in used])
    own.counts = [new[old] for old in problem.counts if old in new]
    own.rows = [replace(row, weights={new[at]: weight for at, weight in row.weights.items()}) for row in rows]
    moved = [
        replace(
            atom,
            asked=new[atom.asked],
            answered=new[atom.answered],
            shared=new[atom.shared],
            count=None if atom.count is None else new[atom.count],
        )
        for atom in atoms
    ]
    return moved, own


def tangle(
    months: dict[Cell, dict[date, int]], unknown: dict[date, int], blocks: list[BlockRow], press: list[Press]
) -> Tangle:
    """Build the problem of one agency and program.

    `months`: requests with known counts per cell and month. `unknown`: requests without, per month.
    """
    made = Tangle()
    cap = (
        ROOM
        + sum(row.asked for row in blocks)
        + sum(row.value for row in press)
        + sum(sum(m.values()) for m in months.values())
    )
    periods = sorted({(row.start, row.end) for row in press})
    inside: dict[Cell, dict[int, int]] = defaultdict(dict)
    for row in blocks:
        for cell, requests in row.inside.items():
            inside[cell][row.key] = requests
    ids = {row.key: row.block_id for row in blocks}
    for cell in sorted(set(months) | set(inside)):
        add_cell(made, cell, months.get(cell, {}), inside[cell], ids, periods, cap)
    without: dict[frozenset[tuple[date, date]], int] = defaultdict(int)
    for month, requests in sorted(unknown.items()):
        for signature in signatures(month, periods):
            without[signature] += requests
    for signature, requests in without.items():
        if signature:  # a press figure counts their residents too, however few or many
            add_atom(made, None, frozenset(), signature, requests, None, cap, least=0)
    for row in blocks:
        add_block(made, row)
    for figure in press:
        add_press(made, figure, press, cap)
    return made


def signatures(month: date, periods: list[tuple[date, date]]) -> list[frozenset[tuple[date, date]]]:
    """Which sets of periods a day of this month can lie in."""
    after = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    cuts = {month}
    for start, end in periods:
        cuts.add(max(month, start))
        if end < date.max:
            cuts.add(max(month, end + timedelta(days=1)))
    found = [frozenset(p for p in periods if p[0] <= day <= p[1]) for day in sorted(cuts) if month <= day < after]
    return list(dict.fromkeys(found))


def layers(inside: dict[int, int], ids: dict[int, str], listed: int) -> list[tuple[frozenset[int], int]]:
    """How the rows that count requests of one cell can share them: (rows that hold it, requests) per layer.

    Versions of one block are nested. Different blocks are disjoint if the cell has room for it; else a row that counts
    the whole cell holds all of it, and what still does not fit is read as nested.
    """
    listed = max([listed, *inside.values()])
    families: dict[str, dict[int, int]] = defaultdict(dict)
    for key, requests in inside.items():
        families[ids[key]][key] = requests
    whole: frozenset[int] = frozenset()
    if sum(max(rows.values()) for rows in families.values()) > listed:
        whole = frozenset(key for key, requests in inside.items() if requests == listed)
        families = {name: {k: n for k, n in rows.items() if k not in whole} for name, rows in families.items()}
        families = {name: rows for name, rows in families.items() if rows}
        if sum(max(rows.values()) for rows in families.values()) > listed:
            families = {"": {key: n for rows in families.values() for key, n in rows.items()}}
    made: list[tuple[frozenset[int], int]] = []
    for rows in families.values():
        below = 0
        for level in sorted(set(rows.values())):
            made.append((whole | {key for key, requests in rows.items() if requests >= level}, level - below))
            below = level
    rest = listed - sum(requests for _, requests in made)
    return [*made, (whole, rest)] if rest else made


def add_cell(
    made: Tangle,
    cell: Cell,
    months: dict[date, int],
    inside: dict[int, int],
    ids: dict[int, str],
    periods: list[tuple[date, date]],
    cap: int,
) -> None:
    """Add one cell's atoms, and rows for what is public about the numbers of their requests."""
    groups = layers(inside, ids, sum(months.values()))
    can_be: dict[tuple[frozenset[tuple[date, date]], ...], int] = defaultdict(int)
    for month, requests in months.items():
        can_be[tuple(signatures(month, periods))] += requests
    surplus = sum(requests for _, requests in groups) - sum(months.values())
    if surplus > 0:  # a block counts more than was listed: nobody can say in which month
        quarter = [cell[1]] + [(cell[1] + timedelta(days=32 * step)).replace(day=1) for step in (1, 2)]
        can_be[tuple(dict.fromkeys(s for month in quarter for s in signatures(month, periods)))] += surplus
    places = {signature for possible in can_be for signature in possible}
    if len(places) <= 1:
        for blocks, requests in groups:
            add_atom(made, cell, blocks, next(iter(places), frozenset()), requests, None, cap)
        return
    if len(groups) == 1 and all(len(possible) == 1 for possible in can_be):
        for possible, requests in can_be.items():
            add_atom(made, cell, groups[0][0], possible[0], requests, None, cap)
        return
    by_group: dict[int, dict[int, int]] = defaultdict(dict)
    for possible, requests in can_be.items():
        in_month: dict[int, int] = {}
        for place, (blocks, in_group) in enumerate(groups):
            for signature in possible:
                count = made.problem.unknown(0, min(requests, in_group))
                made.problem.counts.append(count)
                add_atom(made, cell, blocks, signature, 0, count, cap)
                in_month[count] = by_group[place][count] = 1
        made.problem.add("", in_month, requests, requests)
    for place, (_, requests) in enumerate(groups):
        made.problem.add("", by_group[place], requests, requests)


def add_atom(
    made: Tangle,
    cell: Cell | None,
    blocks: frozenset[int],
    press: frozenset[tuple[date, date]],
    requests: int,
    count: int | None,
    cap: int,
    *,
    least: int | None = None,
) -> None:
    """Add an atom: at least one resident asked per request, answered among asked, shared among answered."""
    problem = made.problem
    low = least if least is not None else requests
    asked, answered, shared = problem.unknown(low, cap), problem.unknown(0, cap), problem.unknown(0, cap)
    problem.add("", {asked: 1, answered: -1}, 0, np.inf)
    problem.add("", {answered: 1, shared: -1}, 0, np.inf)
    if count is not None:
        problem.add("", {asked: 1, count: -1}, 0, np.inf)
        problem.add("", {asked: 1, count: -cap}, -np.inf, 0)
    made.atoms.append(Atom(cell, blocks, press, requests, count, asked, shared, answered))


def add_block(made: Tangle, row: BlockRow) -> None:
    """A block's row; `responded` is shown only where 2 or more declined and 2 or more gave no answer."""
    atoms = [atom for atom in made.atoms if row.key in atom.blocks]
    problem = made.problem
    problem.add(row.says, {atom.asked: 1 for atom in atoms}, row.asked, row.asked)
    problem.add(row.says, {atom.shared: 1 for atom in atoms}, row.shared_low, row.shared_high)
    if row.responded is not None:
        says = f"{row.says}, {row.responded} responded"
        problem.add(says, {atom.answered: 1 for atom in atoms}, row.responded, row.responded)
        declined = {atom.answered: 1 for atom in atoms} | {atom.shared: -1 for atom in atoms}
        problem.add(says, declined, MIX_NEEDED, np.inf)


def add_press(made: Tangle, figure: Press, press: list[Press], cap: int) -> None:
    """A press figure over the requests of its period. `about` is read as exact: a reader would try that."""
    atoms = [atom for atom in made.atoms if (figure.start, figure.end) in atom.press]
    if figure.measure not in PEOPLE_MEASURES or not atoms:
        return
    parts = {"asked": ("asked",), "shared": ("shared",), "responded": ("answered",), "declined": ("answered", "shared")}
    weights: dict[int, int] = {}
    for sign, name in zip((1, -1), parts[figure.measure], strict=False):
        weights |= {getattr(atom, name): sign for atom in atoms}
    listed = sum(atom.requests for atom in atoms)
    missing = max(
        (
            row.value
            for row in press
            if row.measure == "requests" and (row.start, row.end) == (figure.start, figure.end)
        ),
        default=0,
    )
    if missing > listed and all(atom.count is None for atom in atoms):
        # The figure counts requests that the logs do not hold; who they asked is open.
        weights[made.problem.unknown(missing - listed if figure.measure == "asked" else 0, cap)] = 1
    low: float = figure.value + (1 if figure.qualifier == "more_than" else 0)
    high: float = figure.value
    if figure.qualifier in ("at_least", "more_than"):
        high = np.inf
    elif figure.qualifier == "at_most":
        low = -np.inf
    made.problem.add(figure.says, weights, low, high, is_press=True)
