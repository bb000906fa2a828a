"""Judges the agencies of which published rows overlap: every cell, every combination of rows, one by one with HiGHS."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import duckdb
import numpy as np

from etl.judging.entangled import Atom, tangle
from etl.judging.published import BlockRow, Cell, entangled, facts
from etl.judging.rules import MIX_NEEDED, WIDTH_NEEDED
from etl.judging.verdict import Leak, Reach, is_known_safe
from etl.judging.worlds import Problem, Worlds, adds_to

LEAKS_ENOUGH = 50  # a release with so many is refused anyway; what is left then counts as undecided
LOOKS_FEW, LOOKS_MANY, ATOMS_MANY = 4, 32, 30  # worlds collected beforehand
CLASSES_ALL = 6  # up to so many classes of atoms every union is judged, beyond that only differences of two rows


@dataclass
class Tangled:
    """What was found. `cells`: worst state per (agency, program, cell). `row_keys`: blocks that were judged here.

    `left`: agencies and programs that were not judged any more, because enough was found to refuse.
    """

    row_keys: set[int] = field(default_factory=set)
    cells: dict[tuple[str, str, Cell], str] = field(default_factory=dict)
    leaks: list[Leak] = field(default_factory=list)
    combinations: int = 0
    combinations_failed: int = 0
    undecided: int = 0
    notes: list[str] = field(default_factory=list)
    solved: int = 0
    left: set[tuple[str, str]] = field(default_factory=set)


@dataclass(frozen=True)
class Target:
    """A set of atoms and how to name it with public words. `cell` where it is a cell or a part of one."""

    where: str
    atoms: tuple[int, ...]
    cell: Cell | None = None


def judge_tangles(con: duckdb.DuckDBPyConnection) -> Tangled:
    """Judge every agency and program with overlapping rows, from `seen.*`."""
    found = Tangled()
    for agency, program in entangled(con):
        if len(found.leaks) >= LEAKS_ENOUGH:
            found.left.add((agency, program))
            continue
        blocks, months, unknown, press = facts(con, agency, program)
        for atoms, problem in tangle(months, unknown, blocks, press).components():
            judge_component(found, agency, program, atoms, problem, blocks)
    return found


def judge_component(
    found: Tangled, agency: str, program: str, atoms: list[Atom], problem: Problem, blocks: list[BlockRow]
) -> None:
    """Judge every target of atoms that rows tie together, and add what was found."""
    known = published_whole(atoms, blocks)
    found.row_keys |= {key for atom in atoms for key in atom.blocks}
    worlds, press_worlds = Worlds(problem), Worlds(problem, press_only=True)
    worlds.look_around(LOOKS_FEW if len(atoms) < ATOMS_MANY else LOOKS_MANY)
    for target in targets(agency, atoms):
        if target.atoms in known:
            state = "protected"
        elif len(found.leaks) >= LEAKS_ENOUGH:
            state = "undecided"
        else:
            state = judge_target(found, target, atoms, worlds, press_worlds)
        if target.cell:
            at = (agency, program, target.cell)
            found.cells[at] = max(
                found.cells.get(at, "protected"), state, key=("protected", "undecided", "failed").index
            )
        else:
            found.combinations += 1
            found.combinations_failed += state == "failed"
            found.undecided += state == "undecided"
    if not len(worlds.found):
        quotes = (
            "; ".join(dict.fromkeys(row.says for row in problem.rows if row.is_press)) or "blocks of several releases"
        )
        found.notes.append(f"{agency}: published rows contradict each other, so nothing is proved: {quotes}.")
    found.solved += worlds.solved + press_worlds.solved


def published_whole(atoms: list[Atom], blocks: list[BlockRow]) -> set[tuple[int, ...]]:
    """Sets of atoms that are exactly one exact block, safe as it stands: nothing is left to learn of it."""
    found = set()
    for row in blocks:
        no = row.asked - row.shared_low
        reach = Reach(
            row.requests, row.asked, row.asked, row.shared_low, row.shared_low, no, no, row.asked - row.requests
        )
        if row.shared_low == row.shared_high and is_known_safe(reach):
            found.add(tuple(place for place, atom in enumerate(atoms) if row.key in atom.blocks))
    return found


def judge_target(found: Tangled, target: Target, atoms: list[Atom], worlds: Worlds, press_worlds: Worlds) -> str:
    """'protected', 'failed' or 'undecided'; a leak is added where the set fails."""
    asked, shared, requests = (np.zeros(worlds.size, dtype="int64") for _ in range(3))
    listed = 0
    for place in target.atoms:
        atom = atoms[place]
        asked[atom.asked] = shared[atom.shared] = 1
        listed += atom.requests
        if atom.count is not None:
            requests[atom.count] = 1
    reach, state = worlds.reach(asked, shared, requests, listed)
    if state in ("open", "safe"):
        return "protected"
    if state == "unsure":
        return "undecided"
    # What the press says by itself is a fact; the release fails only if its blocks tell more.
    by_press, state = press_worlds.reach(asked, shared, requests, listed)
    if state == "narrow" and not adds_to(reach, by_press):
        return "protected"
    found.leaks.append(Leak(target.where, reach, recipe(reach, asked, shared, worlds)))
    return "failed"


def recipe(reach: Reach, asked: np.ndarray, shared: np.ndarray, worlds: Worlds) -> str:
    """The arithmetic on published rows that gives the limit which fails."""
    if reach.width < WIDTH_NEEDED:
        most = worlds.arithmetic(asked, most=True)
        least = worlds.arithmetic(asked, most=False)
        text = f"asked is at most {reach.asked_high}: {most}"
        return text if least == most else f"{text}; and at least {reach.asked_low}: {least or 'one per request'}"
    if reach.shared_high < MIX_NEEDED:
        return f"shared is at most {reach.shared_high}: {worlds.arithmetic(shared, most=True)}"
    return f"not shared is at most {reach.not_shared_high}: {worlds.arithmetic(asked - shared, most=True)}"


def targets(agency: str, atoms: list[Atom]) -> Iterator[Target]:
    """Every set to judge, once: cells, parts of cells, an agency's quarters and categories, combinations of rows."""
    known: set[tuple[int, ...]] = set()
    for target in all_targets(agency, atoms):
        if target.atoms and target.atoms not in known:
            known.add(target.atoms)
            yield target


def all_targets(agency: str, atoms: list[Atom]) -> Iterator[Target]:
    """As `targets`, with repetitions. Cells come first, so that a set that is also a cell is counted as a cell."""
    for parts in (lambda a: (a.cell,), lambda a: (a.cell, a.blocks), lambda a: (a.cell, a.blocks, a.press)):
        for (cell, *_), places in grouped([atom for atom in atoms if atom.cell], parts, atoms).items():
            yield Target(f"{agency}, quarter {cell[1]}, {cell[2]}", places, cell)
    for (quarter,), places in grouped([a for a in atoms if a.cell], lambda a: (a.cell[1],), atoms).items():
        yield Target(f"{agency}, quarter {quarter}, all categories", places)
    for (category,), places in grouped([a for a in atoms if a.cell], lambda a: (a.cell[2],), atoms).items():
        yield Target(f"{agency}, all quarters, {category}", places)
    classes = list(grouped(atoms, lambda a: (a.blocks, a.press), atoms).values())
    if len(classes) <= CLASSES_ALL:
        unions = [chosen for size in range(1, len(classes) + 1) for chosen in combinations(classes, size)]
        sets = [frozenset(place for part in chosen for place in part) for chosen in unions]
    else:
        sets = [frozenset(part) for part in classes] + list(differences(atoms))
    for one in sets:
        yield Target(describe(agency, one, atoms), tuple(sorted(one)))


def grouped(some: list[Atom], key: Any, atoms: list[Atom]) -> dict[tuple[Any, ...], tuple[int, ...]]:
    """Places of atoms by key, in order of first appearance."""
    place_of = {id(atom): place for place, atom in enumerate(atoms)}
    groups: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for atom in some:
        groups[key(atom)].append(place_of[id(atom)])
    return {name: tuple(places) for name, places in groups.items()}


def differences(atoms: list[Atom]) -> Iterator[frozenset[int]]:
    """For each two rows that meet: what one holds beyond the other, and both; each press figure against all blocks."""
    rows: dict[Any, set[int]] = defaultdict(set)
    for place, atom in enumerate(atoms):
        for name in (*atom.blocks, *atom.press):
            rows[name].add(place)
    for one, other in combinations(rows.values(), 2):
        if one & other:
            yield from (frozenset(one - other), frozenset(other - one), frozenset(one & other))
    for name, held in rows.items():
        if isinstance(name, tuple):
            meeting = [own for key, own in rows.items() if not isinstance(key, tuple) and own & held]
            within = [own for own in meeting if own <= held]
            yield frozenset(set().union(*meeting) - held)
            yield frozenset(held - set().union(*within))
            yield frozenset(held - set().union(*meeting))


def describe(agency: str, places: frozenset[int], atoms: list[Atom]) -> str:
    """A combination of rows in public words."""
    cells = [cell for place in places if (cell := atoms[place].cell)]
    if not cells:
        return f"{agency}, requests without known counts"
    first, last = min(cell[1] for cell in cells), max(cell[1] for cell in cells)
    categories = "|".join(sorted({cell[2] for cell in cells}))
    period = f"quarter {first}" if first == last else f"quarters {first} to {last}"
    return f"{agency}, {period}, {categories} (a difference of published rows)"
