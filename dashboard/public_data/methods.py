"""What a release says of its own making: files, dictionary, queries, row accounting, reasons, changes, corrections."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from dashboard.public_data.asking import question
from dashboard.releases import Release, release_ids

# The descriptions of the whole release, for machines that look for data.
DESCRIPTIONS = ("datapackage.json", "dcat.json", "schema-org.json", "release.json")


@question
def tables(release: Release) -> pd.DataFrame:
    """One row per table, by name: its title, description, rows, columns, csv_bytes, parquet_bytes, has_query."""
    names = release.query(
        """
        select
            tables.table_name,
            coalesce(tables.comment, tables.table_name) as told,
            tables.estimated_size::bigint as rows,
            tables.column_count::bigint as columns
        from duckdb_tables() as tables
        where not tables.internal
        order by tables.table_name
        """
    )
    # A comment is the title, a full stop, and the description.
    parts = [str(told).partition(". ") for told in names.pop("told")]
    names.insert(1, "title", [title for title, _stop, _rest in parts])
    names.insert(2, "description", [rest for _title, _stop, rest in parts])
    for ending in ("csv", "parquet"):
        paths = [release.folder / f"{name}.{ending}" for name in names["table_name"]]
        names[f"{ending}_bytes"] = pd.array([_size(path) for path in paths], dtype="Int64")
    names["has_query"] = [method(release, name) is not None for name in names["table_name"]]
    return names


def descriptions(release: Release) -> list[Path]:
    """The files that describe the whole release, as far as it holds them."""
    return [release.folder / name for name in DESCRIPTIONS if (release.folder / name).is_file()]


def database_file(release: Release) -> tuple[Path, int]:
    """The DuckDB file with every table, and its size in bytes."""
    path = release.folder / "porchlight.duckdb"
    return path, path.stat().st_size


def method(release: Release, table_name: str) -> str | None:
    """The query that counted a table, as it lies in the release; None where code and not a query made the table."""
    path = release.folder / "methods" / f"{table_name}.sql"
    return path.read_text(encoding="utf-8") if table_name.isidentifier() and path.is_file() else None


@question
def steps_on_the_way(release: Release) -> Sequence[str]:
    """Queries that are no table's own: what several tables are made from."""
    known = {name for (name,) in release.rows("select table_name from duckdb_tables() where not internal")}
    found = (release.folder / "methods").glob("*.sql") if (release.folder / "methods").is_dir() else ()
    return sorted(path.stem for path in found if path.stem not in known)


@question
def dictionary_matching(release: Release, words: str) -> pd.DataFrame:
    """Columns whose table, name, meaning or allowed values hold every word: table_name, column_name, unit, description.

    Upper and lower case alike; without words, nothing.
    """
    wanted = words.lower().split()[:8]
    return release.query(
        """
        select table_name, column_name, type, unit, description, allowed_values
        from dictionary
        where length($words) > 0 and list_bool_and(list_transform(
            $words,
            lambda word: contains(
                lower(concat_ws(' ', table_name, column_name, description, unit, allowed_values)), word
            )
        ))
        order by table_name, position
        """,
        {"words": wanted},
    )


@question
def row_accounting(release: Release) -> pd.DataFrame:
    """One row per file that was read, as in table source_rows."""
    return release.query("select * from source_rows order by source_id, file")


@question
def reasons(release: Release) -> pd.DataFrame:
    """One row per loader and reason for which rows were held back, the most frequent first."""
    return release.query("select * from quarantine_reasons order by rows desc, source_id, reason")


@question
def cited_sources(release: Release) -> pd.DataFrame:
    """One row per source, the most cited first, with `facts`: how many rows of this release rest on it."""
    return release.query(
        """
        with cited as (
            select source_id from partnership_claims
            union all select source_id from partnership_listings
            union all select source_id from published_counts
            union all select source_id from reported_totals
            union all select source_id from events
            union all select source_id from regimes
            union all select source_id from corrections
        )
        select sources.*, count(cited.source_id)::bigint as facts
        from sources
        left join cited using (source_id)
        group by all
        order by facts desc, sources.source_id
        """
    )


@question
def changes(release: Release) -> pd.DataFrame:
    """One row per table of which rows came or went in this release, as in table release_changes."""
    return release.query("select * from release_changes where rows_added > 0 or rows_removed > 0 order by table_name")


@question
def corrections(release: Release) -> pd.DataFrame:
    """One row per figure that was found wrong, the latest first."""
    return release.query("select * from corrections order by corrected_on desc, correction_id")


def releases(release: Release) -> list[dict[str, Any]]:
    """What release.json says of every release of this edition, newest first. Asked anew: releases come."""
    public, folder = release.folder.parents[2], release.folder.parent
    ids = release_ids(public, release.folder.parents[1].name)
    return [json.loads((folder / name / "release.json").read_text(encoding="utf-8")) for name in ids]


@question
def protected(release: Release) -> tuple[int, int, int, int, int]:
    """What blocks hold: blocks, of them with a range, their requests, requests with known numbers, all requests."""
    found = release.rows(
        """
        select
            (select count(*) from consent_blocks),
            (select count(*) from consent_blocks where shared_low < shared_high),
            (select coalesce(sum(requests), 0)::bigint from consent_blocks),
            (select coalesce(sum(requests_with_asked), 0)::bigint from request_counts),
            (select coalesce(sum(requests), 0)::bigint from request_counts)
        """
    )
    blocks, ranges, covered, known, requests = (int(value) for value in found[0])
    return blocks, ranges, covered, known, requests


@question
def example_blocks(release: Release) -> pd.DataFrame:
    """The blocks of one agency, program and regime that shows closing well: between four and nine blocks in time.

    One row per block, oldest first, with the agency's name. Empty where the release holds no such agency.
    """
    return release.query(
        """
        with units as (
            select agency_id, program_id, regime_id
            from consent_blocks
            group by all
            having count(*) between 4 and 9 and count(distinct first_quarter) >= 3
            order by count(case when first_quarter < last_quarter then 1 end) desc, agency_id
            limit 1
        )
        select blocks.*, agencies.name
        from consent_blocks as blocks
        join units using (agency_id, program_id, regime_id)
        join agencies using (agency_id)
        order by blocks.first_quarter, blocks.block_id
        """
    )


def _size(path: Path) -> int | None:
    return path.stat().st_size if path.is_file() else None
