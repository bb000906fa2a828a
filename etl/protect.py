"""The way out: what a release may hold of residents, and the tests that stand before it.

Between the private marts and schema `out` stands only this file: people-counts enter `out` as safe blocks or not at
all.
"""

from pathlib import Path

import duckdb

from etl import catalog
from etl.block_ledger import Addition, add_release
from etl.cover import cover_test
from etl.errors import ProtectionError
from etl.judge import judge
from etl.press_figures import settle
from etl.proofs import Proofs
from etl.publish import all_releases
from etl.release_files import check_whole
from etl.settings import Settings

FALSE_WORLDS = 3


def protect(con: duckdb.DuckDBPyConnection, settings: Settings) -> Addition:
    """Continue the blocks of the newest release and put them through the cover test.

    A figure of the press that could be subtracted from earlier blocks goes to quarantine before.
    Raises ProtectionError where the test fails, CheckError where the newest release is not as it was published.
    """
    releases = all_releases(settings)
    if releases:
        check_whole(releases[-1])
    settle(con, releases)
    addition = add_release(con, settings, releases[-1] if releases else None)
    cover_test(addition.blocks, seed=settings.today.toordinal(), worlds=FALSE_WORLDS)
    return addition


def gather(con: duckdb.DuckDBPyConnection, addition: Addition) -> None:
    """Make schema `out`: every table of a release but those about itself, in the described columns."""
    con.execute("create or replace schema out")
    con.register("new_corrections", addition.corrections)
    made = {
        "source_rows": "from ingest.source_rows",
        "quarantine_reasons": (
            "from (select source_id, unnest(reasons) as reason from quarantine.rows) select source_id, reason, "
            "count(*) as rows group by all"
        ),
        "consent_blocks": "from next_blocks",
        "block_cells": "from next_cells",
        "corrections": "from marts.corrections union all by name from new_corrections",
    }
    for mart in catalog.marts().values():
        if mart.sql_path or mart.name in made:
            columns = ", ".join(f'cast("{column.name}" as {column.type}) as "{column.name}"' for column in mart.columns)
            # A mart is published as it stands; only what is not one yet is written down.
            kind, rows = ("table", made[mart.name]) if mart.name in made else ("view", f"from marts.{mart.name}")
            con.execute(f"create {kind} out.{mart.name} as select {columns} from ({rows})")
    con.unregister("new_corrections")


def refuse_unsafe(releases: list[Path], proofs: Proofs | None = None) -> None:
    """Raise ProtectionError with the judge's recipe where these releases together give a resident away.

    With `proofs`, what the judge passed before and finds as it was is not proved again.
    """
    verdict = judge(releases, proven=proofs.proven(releases[:-1]) if proofs else 0)
    if not verdict.ok:
        raise ProtectionError(verdict.report())
    if proofs:
        proofs.passed(releases)
