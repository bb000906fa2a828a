"""Says what is wrong with rows that failed: temp table faults, one row per file, row_number and reason.

`bad` holds the typed rows that break a rule; `place` orders the reasons of a row.
"""

import duckdb

from etl.catalog import Source
from etl.errors import CheckError
from etl.rules import RowRules


def name_reasons(con: duckdb.DuckDBPyConnection, rules: RowRules) -> None:
    """Add the reasons of every row of bad to faults; CheckError where a row is refused without one."""
    if not rules.reasons or con.execute("select 1 from bad limit 1").fetchone() is None:
        return
    con.execute("create or replace temp table reasons (place bigint, reason varchar)")
    con.executemany("insert into reasons values (?, ?)", [(at, rule.reason) for at, rule in enumerate(rules.reasons)])
    broken = ", ".join(f"case when {rule.breaks} then {at} end" for at, rule in enumerate(rules.reasons))
    con.execute(
        f"""
        insert into faults
        select told.file, told.row_number, told.place, reasons.reason
        from (select file, row_number, unnest([{broken}]) as place from bad) as told
        join reasons on told.place = reasons.place
        """
    )
    unnamed = con.execute("select count(*) from bad anti join faults using (file, row_number)").fetchone()
    if unnamed and unnamed[0]:
        raise CheckError(f"{unnamed[0]} rows are refused without a reason.")


def part_duplicates(con: duckdb.DuckDBPyConnection, source: Source, kept: list[str]) -> None:
    """Quarantine all but one of equal rows, and all rows that share a key and differ: nobody can say which is right."""
    key = ", ".join(source.key)
    # A blank where a key must not be blank is a fault of its own and no sign of a shared key.
    needed = [column.name for column in source.columns if column.name in source.key and column.required]
    whole = " and ".join(f"{name} is not null" for name in needed) or "true"
    content = ", ".join(name for name in kept if name not in ("file", "row_number"))
    con.execute(
        f"""
        create or replace temp table twice as
        select {key}
        from (select {key} from staging.{source.name} union all select {key} from bad where {whole})
        group by all
        having count(*) > 1
        """
    )
    if con.execute("select 1 from twice limit 1").fetchone() is None:
        return
    same_key = " and ".join(f"rows.{name} is not distinct from twice.{name}" for name in source.key)
    con.execute(
        f"""
        insert into faults
        with rows as (
            select file, row_number, false as is_bad, {content} from staging.{source.name}
            union all
            select file, row_number, true as is_bad, {content} from bad where {whole}
        ),
        shared as (
            select rows.*
            from rows
            join twice on {same_key}
        ),
        told as (
            select {key}, count(distinct row(is_bad, {content})) as versions, min(row(file, row_number)) as first
            from shared
            group by all
        )
        select rows.file, rows.row_number, 1000000,
            case when twice.versions > 1 then $differ else 'exact duplicate of another row' end
        from shared as rows
        join told as twice on {same_key}
        where twice.versions > 1 or row(rows.file, rows.row_number) <> twice.first
        """,
        {"differ": f"{', '.join(source.key)}: used by rows that differ"},
    )
    con.execute(
        f"delete from staging.{source.name} where row(file, row_number) in (select row(file, row_number) from faults)"
    )


def quarantine(con: duckdb.DuckDBPyConnection, source: Source) -> None:
    """Put the rows of faults into quarantine, with all their reasons and their original text."""
    con.execute(
        f"""
        insert into quarantine.rows
        select $source, faults.file, faults.row_number, list(faults.reason order by faults.place),
            any_value(to_json({{{", ".join(f"'{column.name}': raw.{column.name}" for column in source.kept)}}}))
        from faults
        join raw.{source.name} as raw on faults.file = raw.file and faults.row_number = raw.row_number
        group by faults.file, faults.row_number
        """,
        {"source": source.name},
    )
