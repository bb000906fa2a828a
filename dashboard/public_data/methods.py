"""What a release says of its own making: files, row accounting, reasons, queries, changes, corrections."""

import pandas as pd

from dashboard.public_data.asking import question
from dashboard.releases import Release


@question
def tables(release: Release) -> pd.DataFrame:
    """One row per table, by name: table_name, rows, columns, csv_bytes, parquet_bytes, has_query."""
    names = release.query(
        """
        select tables.table_name, tables.estimated_size::bigint as rows, tables.column_count::bigint as columns
        from duckdb_tables() as tables
        where not tables.internal
        order by tables.table_name
        """
    )
    for ending in ("csv", "parquet"):
        names[f"{ending}_bytes"] = [
            (release.folder / f"{name}.{ending}").stat().st_size for name in names["table_name"]
        ]
    names["has_query"] = [method(release, name) is not None for name in names["table_name"]]
    return names


def method(release: Release, table_name: str) -> str | None:
    """The query that counted a table, as it lies in the release; None where code and not a query made the table."""
    path = release.folder / "methods" / f"{table_name}.sql"
    return path.read_text(encoding="utf-8") if path.is_file() else None


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
    """One row per source with `facts`: how many claims, listings, counts, totals and events rest on it."""
    return release.query(
        """
        with cited as (
            select source_id from partnership_claims
            union all select source_id from published_counts
            union all select source_id from reported_totals
            union all select source_id from events
            union all select source_id from regimes
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
