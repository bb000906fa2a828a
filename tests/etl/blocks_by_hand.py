"""The rule of safe blocks once more, slowly, in plain Python: the reference that tests compare the builder with.

Written from the rule, not from the builder, and shares no code with it. A cell is a tuple
(quarter, county, category, area, requests, asked, shared, step).
"""

from collections import defaultdict
from dataclasses import dataclass, field

import pandas as pd

QUARTER, COUNTY, CATEGORY, AREA, REQUESTS, ASKED, SHARED, STEP = range(8)
REAL = {"asked": 10, "each": 2, "excess": 6, "big": 40, "one_in": 20}
SCALED = {"asked": 5, "each": 2, "excess": 4, "big": 8, "one_in": 4}


@dataclass
class Unit:
    """Blocks (lists of cells) and pending cells of one agency, program and regime."""

    blocks: list = field(default_factory=list)
    pending: list = field(default_factory=list)


def is_safe(cells, rules=REAL):
    requests, asked, shared = (sum(cell[place] for cell in cells) for place in (REQUESTS, ASKED, SHARED))
    if asked - requests < rules["excess"]:
        return False
    if asked >= rules["big"]:
        return True
    return asked >= rules["asked"] and shared >= rules["each"] and asked - shared >= rules["each"]


def close(cells, rules=REAL):
    """Walk one unit's cells forward by step."""
    unit, run = Unit(), []
    for step in sorted({cell[STEP] for cell in cells}):
        new = [cell for cell in cells if cell[STEP] == step]
        run = run + new
        if is_safe(run, rules):
            unit.blocks += split(run, new, [COUNTY, CATEGORY, AREA], rules)
            run = []
    unit.pending = run
    return unit


def split(part, anchors, dims, rules=REAL):
    if not dims:
        return [part]
    by_value = defaultdict(list)
    for cell in part:
        by_value[cell[dims[0]]].append(cell)
    if len(by_value) == 1:
        return split(part, anchors, dims[1:], rules)
    order = sorted(by_value, key=lambda value: (-sum(cell[REQUESTS] for cell in by_value[value]), value))
    with_anchor = {cell[dims[0]] for cell in anchors}
    keeper = [value for value in order if value in with_anchor][-1]
    joined, blocks = list(part), []
    for value in order:
        if value == keeper or value not in with_anchor:
            continue
        rest = [cell for cell in joined if cell[dims[0]] != value]
        if is_safe(by_value[value], rules) and is_safe(rest, rules):
            joined = rest
            blocks += split(by_value[value], [cell for cell in anchors if cell[dims[0]] == value], dims[1:], rules)
    return blocks + split(joined, [cell for cell in anchors if cell[dims[0]] == keeper], dims[1:], rules)


def shown(block, rules=REAL):
    """(asked, shared_low, shared_high) of a block."""
    asked, shared = (sum(cell[place] for cell in block) for place in (ASKED, SHARED))
    reach = asked // rules["one_in"]
    if asked >= rules["big"] and shared <= reach:
        return asked, 0, reach
    if asked >= rules["big"] and asked - shared <= reach:
        return asked, asked - reach, asked
    return asked, shared, shared


def blocks_by_hand(frame: pd.DataFrame, rules=REAL) -> set:
    """All blocks of a frame of cells: (agency, program, regime, its cells without steps, asked, low, high)."""
    units = defaultdict(list)
    for row in frame.itertuples(index=False):
        cell = (
            row.quarter_start,
            row.county_fips,
            row.incident_category,
            row.area,
            row.requests,
            row.asked,
            row.shared,
        )
        units[row.agency_id, row.program_id, row.regime_id].append((*cell, row.step))
    found = set()
    for unit, cells in units.items():
        for block in close(cells, rules).blocks:
            merged = defaultdict(int)
            for cell in block:
                merged[cell[:REQUESTS]] += cell[REQUESTS]
            found.add((*unit, frozenset(merged.items()), *shown(block, rules)))
    return found
