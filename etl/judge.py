"""The judge: reads finished release folders, all together, and refuses them if anything below a block can be learnt.

It is independent: it imports nothing of the code that makes blocks and states every rule again (etl/judging/rules.py).
It does not know how the program chooses blocks; what that choice itself gives away is what the cover test is for.
"""

import json
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

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

MEMORY = "1GB"
LISTED = ", ".join((*UNIT, *CELL))
# What judge_parts reckons with.
NUMBERS = ("row_key", "requests", "asked", "responded", "shared_low", "shared_high")
# Sets beyond the cells that a reader would ask for: every sum along one of these, per agency and program.
COMBINATIONS = (
    ("quarter_start",),
    ("incident_category",),
    ("county_fips",),
    ("area",),
    ("quarter_start", "incident_category"),
)


def judge(release_folders: list[Path], *, proven: int = 0) -> Verdict:
    """Judge the releases of one edition together, in order of their numbers. Reads only the folders.

    `proven`: so many of them, the oldest, were judged together before by this program, as they are now (proofs.py).
    They still count as known to the reader; what they show by themselves is not proved again, nor counted.
    """
    began = time.monotonic()
    with (
        TemporaryDirectory(prefix="porchlight-judge-") as spill,
        connect(None, memory_limit=MEMORY, threads=2, spill=Path(spill)) as con,
    ):
        editions, refusals = lay_out(con, release_folders, proven)
        if not release_folders:
            refusals.append(Refusal("there is something to judge", "no release was named", "Nothing was judged."))
        refusals += rows.refusals(con, proven)
        number_cells(con, proven)
        tangled = judge_tangles(con)
        verdict = gather(con, tangled)
    notes = list(tangled.notes)
    if proven:
        notes.append(f"Judged before and unchanged since: {proven}. Only what was added was judged anew.")
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


def number_cells(con: duckdb.DuckDBPyConnection, proven: int) -> None:
    """Make `usable` (block rows that can be reckoned with) and `cells` (one row per public cell)."""
    con.execute(
        """
        create temp table usable as
        select blocks.* from seen.blocks as blocks
        left join told_by_cells as cells using (row_key)
        where row_key < (select row_key from seen.since)
            or (blocks.requests = cells.requests and not is_wrong and not is_double and asked >= blocks.requests
            and shared_low between 0 and shared_high and shared_high <= asked
            and (responded is null or responded between 0 and asked))
        """
    )
    con.execute(
        f"""
        create temp table cells as
        with inside as (
            select {LISTED}, cast(sum(cells.requests) as bigint) as in_blocks
            from usable join seen.cells as cells using (row_key)
            where {rows.LOOKED_AT if proven else "true"}
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
        where row_key >= (select row_key from seen.since) and row_key not in (select row_key from tangled_rows)
        """
    )
    # Numbers only: names are looked up for the few that are told of. A country has a million cells.
    blocks = con.execute(
        f"select {', '.join(NUMBERS)} from usable where row_key >= (select row_key from seen.since) order by row_key"
    ).df()
    cells = con.execute("select cell_key, listed, in_blocks from cells order by cell_key").df()
    parts = judge_parts(con.execute("select cell_key, row_key, requests from plain").df(), blocks)
    failing = parts[~parts["is_safe"]]
    state = states(con, cells, parts, tangled)
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
        leaks=(*tangled.leaks, *told(con, failing)),
    )


def states(con: duckdb.DuckDBPyConnection, cells: pd.DataFrame, parts: pd.DataFrame, tangled: Tangled) -> np.ndarray:
    """The state of each cell: published (whole blocks and nothing else), protected, undecided or failed."""
    state = np.full(len(cells), "protected", dtype=object)
    is_whole = parts.groupby("cell_key")["is_whole"].all().reindex(cells.index, fill_value=False)
    state[is_whole & (cells["in_blocks"] >= cells["listed"])] = "published"
    units = {(agency, program) for agency, program, _ in tangled.cells} | tangled.left
    for at, agency, program, regime, quarter, *where in named_cells(con, units):
        found = tangled.cells.get((agency, program, (regime, quarter, *where)))
        found = "undecided" if (agency, program) in tangled.left else found
        if found and (found != "protected" or state[at] == "published"):
            state[at] = found
    state[parts.loc[~parts["is_safe"], "cell_key"].unique()] = "failed"
    return state


def named_cells(con: duckdb.DuckDBPyConnection, units: set[tuple[str, str]]) -> list[tuple[Any, ...]]:
    """(cell_key, agency_id, program_id, regime_id, quarter_start, category, county, area) of these agencies' cells."""
    con.register("units_asked", pd.DataFrame(sorted(units), columns=["agency_id", "program_id"], dtype="str"))
    return con.execute(
        f"select cell_key, agency_id, program_id, regime_id, {', '.join(CELL)} from cells "
        "semi join units_asked using (agency_id, program_id)"
    ).fetchall()


def sums(con: duckdb.DuckDBPyConnection, blocks: pd.DataFrame) -> tuple[int, int]:
    """Sums along COMBINATIONS: how many were judged and how many failed.

    Rows that do not overlap are independent, so a sum stays as open as the most open part of a block in it. Each such
    part is judged on its own, which asks for more. A sum goes by the least number of its cells.
    """
    judged = failed = 0
    for keys in COMBINATIONS:
        by = ", ".join(("agency_id", "program_id", *keys))
        parts = judge_parts(
            con.execute(
                f"""
                select min(cell_key) over (partition by {by}) as sum_key, row_key, requests
                from (
                    select {by}, row_key, min(cell_key) as cell_key, cast(sum(requests) as bigint) as requests
                    from plain
                    group by {by}, row_key
                )
                """
            ).df(),
            blocks,
        )
        judged += parts["sum_key"].nunique()
        failed += parts.loc[~parts["is_safe"], "sum_key"].nunique()
    return judged, failed


def told(con: duckdb.DuckDBPyConnection, failing: pd.DataFrame) -> list[Leak]:
    """Leaks for the narrowest of the parts that failed."""
    order = (failing["asked_high"] - failing["asked_low"]).sort_values(kind="stable").index[:LEAKS_ENOUGH]
    leaks = []
    for _, part in failing.loc[order].iterrows():
        key = int(part["row_key"])
        block = con.execute("select * from usable where row_key = ?", [key]).df().iloc[0]
        agency, quarter, category = con.execute(
            "select agency_id, quarter_start, incident_category from cells where cell_key = ?", [int(part["cell_key"])]
        ).fetchall()[0]
        leaks.append(leak_of(part, block, f"{agency}, quarter {quarter}, {category}"))
    return leaks
