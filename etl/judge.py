"""The judge: reads finished release folders, all together, and refuses them if anything below a block can be learnt.

It is independent: it imports nothing of the code that makes blocks and states every rule again (etl/judging/rules.py).
It does not know how the program chooses blocks; what that choice itself gives away is what the cover test is for.
"""

import json
import time
from dataclasses import replace
from pathlib import Path

import click
import duckdb
import numpy as np
import pandas as pd

from etl.engines.duckdb import connect
from etl.errors import ProtectionError
from etl.judging import rows
from etl.judging.bounds import judge_parts, leak_of
from etl.judging.history import lay_out
from etl.judging.rules import CELL, UNIT
from etl.judging.tangles import LEAKS_ENOUGH, Tangled, judge_tangles
from etl.judging.verdict import Leak, Refusal, Verdict

LISTED = ", ".join((*UNIT, *CELL))
# Sets beyond the cells that a reader would ask for: every sum along one of these, per agency and program.
COMBINATIONS = (
    ("quarter_start",),
    ("incident_category",),
    ("county_fips",),
    ("area",),
    ("quarter_start", "incident_category"),
)


def judge(release_folders: list[Path]) -> Verdict:
    """Judge the releases of one edition together, in order of their numbers. Reads only the folders."""
    began = time.monotonic()
    with connect(None, memory_limit="2GB", threads=2) as con:
        editions, refusals = lay_out(con, release_folders)
        if not release_folders:
            refusals.append(Refusal("there is something to judge", "no release was named", "Nothing was judged."))
        refusals += rows.refusals(con)
        number_cells(con)
        tangled = judge_tangles(con)
        verdict = gather(con, tangled)
    notes = list(tangled.notes)
    if editions and len(editions) != editions[-1].release_no:
        given = f"{len(editions)} of {editions[-1].release_no} releases"
        notes.append(f"{given} were given; only these were judged together.")
    return replace(
        verdict,
        releases=tuple(edition.release_id for edition in editions),
        refusals=tuple(refusals),
        notes=tuple(notes),
        seconds=round(time.monotonic() - began, 3),
    )


def judge_cli(paths: list[str], as_json: bool) -> int:
    """Judge, print, and return the exit code: 0 only if nothing can be recovered."""
    verdict = judge([Path(path) for path in paths])
    click.echo(json.dumps(verdict.as_dict(), indent=2, default=str) if as_json else verdict.report())
    return 0 if verdict.ok else ProtectionError.exit_code


def number_cells(con: duckdb.DuckDBPyConnection) -> None:
    """Make `usable` (block rows that can be reckoned with) and `cells` (one row per public cell)."""
    con.execute(
        """
        create temp table usable as
        select blocks.* from seen.blocks as blocks
        join told_by_cells as cells using (row_key)
        where blocks.requests = cells.requests and not is_wrong and not is_double and asked >= blocks.requests
            and shared_low between 0 and shared_high and shared_high <= asked
            and (responded is null or responded between 0 and asked)
        """
    )
    con.execute(
        f"""
        create temp table cells as
        with inside as (
            select {LISTED}, cast(sum(cells.requests) as bigint) as in_blocks
            from usable join seen.cells as cells using (row_key)
            group by all
        )
        select row_number() over (order by {LISTED}) - 1 as cell_key, {LISTED}, coalesce(listed, 0) as listed,
            coalesce(in_blocks, 0) as in_blocks
        from (select * from room where listed > 0) as room
        full join inside using ({LISTED})
        """
    )


def gather(con: duckdb.DuckDBPyConnection, tangled: Tangled) -> Verdict:
    """Judge by bounds what does not overlap, join it with what does, and count."""
    con.register("tangled_rows", pd.DataFrame({"row_key": pd.Series(sorted(tangled.row_keys), dtype="int64")}))
    con.execute(
        f"""
        create temp table plain as
        select cell_key, row_key, {LISTED}, inside.requests
        from usable
        join seen.cells as inside using (row_key)
        join cells using ({LISTED})
        where row_key not in (select row_key from tangled_rows)
        """
    )
    blocks = con.execute("select * from usable order by row_key").df()
    cells = con.execute("select * from cells order by cell_key").df()
    parts = judge_parts(con.execute("select cell_key, row_key, requests from plain").df(), blocks)
    failing = parts[~parts["is_safe"]]
    state = states(cells, parts, tangled)
    judged, failed = sums(con, blocks)
    return Verdict(
        blocks=len(blocks),
        cells=len(cells),
        published=int((state == "published").sum()),
        protected=int((state == "protected").sum()),
        failed=int((state == "failed").sum()),
        undecided=int((state == "undecided").sum()) + tangled.undecided,
        combinations=judged + tangled.combinations,
        combinations_failed=failed + tangled.combinations_failed,
        leaks=(*tangled.leaks, *told(failing, cells, blocks)),
    )


def states(cells: pd.DataFrame, parts: pd.DataFrame, tangled: Tangled) -> np.ndarray:
    """The state of each cell: published (whole blocks and nothing else), protected, undecided or failed."""
    state = np.full(len(cells), "protected", dtype=object)
    is_whole = parts.groupby("cell_key")["is_whole"].all().reindex(cells.index, fill_value=False)
    state[is_whole & (cells["in_blocks"] >= cells["listed"])] = "published"
    if tangled.cells or tangled.left:
        names = zip(
            cells["agency_id"], cells["program_id"], *(cells[name] for name in ("regime_id", *CELL)), strict=True
        )
        for at, (agency, program, regime, quarter, *where) in enumerate(names):
            found = tangled.cells.get((agency, program, (regime, quarter.date(), *where)))
            found = "undecided" if (agency, program) in tangled.left else found
            if found and (found != "protected" or state[at] == "published"):
                state[at] = found
    state[parts.loc[~parts["is_safe"], "cell_key"].unique()] = "failed"
    return state


def sums(con: duckdb.DuckDBPyConnection, blocks: pd.DataFrame) -> tuple[int, int]:
    """Sums along COMBINATIONS: how many were judged and how many failed.

    Rows that do not overlap are independent, so a sum stays as open as the most open part of a block in it. Each such
    part is judged on its own, which asks for more.
    """
    judged = failed = 0
    for keys in COMBINATIONS:
        by = ["agency_id", "program_id", *keys]
        query = f"select {', '.join(by)}, row_key, cast(sum(requests) as bigint) as requests from plain group by all"
        parts = judge_parts(con.execute(query).df(), blocks)
        judged += len(parts[by].drop_duplicates())
        failed += len(parts.loc[~parts["is_safe"], by].drop_duplicates())
    return judged, failed


def told(failing: pd.DataFrame, cells: pd.DataFrame, blocks: pd.DataFrame) -> list[Leak]:
    """Leaks for the narrowest of the parts that failed."""
    named = blocks.set_index("row_key")
    order = (failing["asked_high"] - failing["asked_low"]).sort_values(kind="stable").index[:LEAKS_ENOUGH]
    leaks = []
    for _, part in failing.loc[order].iterrows():
        cell = cells.loc[part["cell_key"]]
        where = f"{cell['agency_id']}, quarter {cell['quarter_start']:%Y-%m-%d}, {cell['incident_category']}"
        leaks.append(leak_of(part, named.loc[part["row_key"]], where))
    return leaks
