"""Holds every published block row to the rule: what it counts, how it shows it, and that no two blocks share a request.

Each check is a query that returns the rows that break it, the smallest first.
"""

from collections.abc import Iterator

import duckdb

from etl.judging.rules import (
    ASKED_BEYOND_REQUESTS,
    ASKED_NEEDED,
    CELL,
    MIX_NEEDED,
    ONE_IN,
    QUARTER_RESTS_DAYS,
    RANGES_FROM,
    TOTALS_THAT_COULD_BE_SUBTRACTED,
)
from etl.judging.verdict import Refusal

LISTED = ", ".join(CELL)
LIMIT = f"(asked // {ONE_IN})"
EXACT = "shared_low = shared_high"

# name of the rule, what breaks it, what a reader gains. `{...}` are columns of the row.
ROW_RULES = (
    (
        "every count of a block is there and possible",
        "requests is null or asked is null or shared_low is null or shared_high is null or requests < 1 "
        "or asked < requests or shared_low < 0 or shared_low > shared_high or shared_high > asked "
        "or responded < shared_low or responded > asked",
        "The row of {requests} requests cannot be true as it stands; it was not made by the rule.",
    ),
    (
        f"a block asks at least {ASKED_BEYOND_REQUESTS} residents more than it has requests",
        f"asked - requests < {ASKED_BEYOND_REQUESTS}",
        "{requests} requests asked {asked}: every request asks at least one, so each part of the block is known to "
        "within the difference.",
    ),
    (
        f"an exact block asks at least {ASKED_NEEDED}",
        f"asked < {ASKED_NEEDED}",
        "The row itself says that only {asked} residents were asked.",
    ),
    (
        f"an exact block has at least {MIX_NEEDED} who shared and {MIX_NEEDED} who did not",
        f"{EXACT} and (shared_low < {MIX_NEEDED} or asked - shared_low < {MIX_NEEDED})",
        "{shared_low} of {asked} shared: what nearly everybody did, each is known to have done.",
    ),
    (
        "a range stands where an exact count would be extreme",
        f"{EXACT} and asked >= {RANGES_FROM} and (shared_low <= {LIMIT} or asked - shared_low <= {LIMIT})",
        f"{{shared_low}} of {{asked}} shared is shown exactly; at one in {ONE_IN} or fewer the answer of a "
        "household can be guessed.",
    ),
    (
        "a range has the declared limits",
        f"shared_low < shared_high and (asked < {RANGES_FROM} or not ((shared_low = 0 and shared_high = {LIMIT}) "
        f"or (shared_low = asked - {LIMIT} and shared_high = asked)))",
        f"{{shared_low}} to {{shared_high}} of {{asked}}: other limits than one in {ONE_IN} were chosen by the answers "
        "and tell of them.",
    ),
    (
        "responded is shown only where every answer stays possible",
        f"""responded is not null and (
            asked - responded < {MIX_NEEDED}
            or ({EXACT} and responded - shared_low < {MIX_NEEDED})
            or (shared_low < shared_high and shared_low = 0 and responded < shared_high + {MIX_NEEDED})
            or (shared_low < shared_high and shared_low > 0)
        )""",
        "{responded} of {asked} responded: by the rule for showing it, shared must lie below {shared_high}, or the few "
        "who did not answer are known.",
    ),
)


# Cells that a new block can have crowded, and all cells of agencies whose press figures may overlap with blocks.
LOOKED_AT = f"""(
    (agency_id, program_id) in (select agency_id, program_id from seen.press)
    or (agency_id, program_id, regime_id, {LISTED}) in (
        select agency_id, program_id, regime_id, {LISTED}
        from seen.blocks join seen.cells using (row_key) where row_key >= (select row_key from seen.since)
    )
)"""


def refusals(con: duckdb.DuckDBPyConnection, proven: int) -> Iterator[Refusal]:
    """Everything about the published rows that breaks the rule, from `seen.*`.

    What only blocks of the first `proven` releases could break is not asked again.
    """
    for rule, broken, gain in ROW_RULES:
        yield from told(con, rule, f"select * from seen.blocks where {broken}", gain)
    yield from units_and_cells(con)
    yield from regimes(con)
    yield from request_counts(con)
    yield from overlaps(con, LOOKED_AT if proven else "true")
    yield from totals(con)


def told(con: duckdb.DuckDBPyConnection, rule: str, query: str, gain: str) -> Iterator[Refusal]:
    """One refusal for the smallest of the rows that a query over blocks returns, with how many there are."""
    cursor = con.execute(
        f"select *, count(*) over () as so_many from ({query}) order by asked nulls first, block_id limit 1"
    )
    names = [column[0] for column in cursor.description or []]
    row = cursor.fetchone()
    if row:
        facts = dict(zip(names, row, strict=True))
        where = "block {block_id} of {agency_id}, {first_quarter} to {last_quarter}, {categories}".format(**facts)
        yield Refusal(rule, where, gain.format(**facts), int(facts["so_many"]))


def units_and_cells(con: duckdb.DuckDBPyConnection) -> Iterator[Refusal]:
    """Ids that stand for two units, and blocks whose row does not say what their cells say."""
    yield from told(
        con,
        "a block is of one agency, program and regime",
        "select * from seen.blocks where block_id in (select block_id from seen.blocks group by block_id "
        "having count(distinct (agency_id, program_id, regime_id)) > 1) or regime_id = 'unassigned' "
        "or regime_id not in (select regime_id from seen.regimes_before)",
        "One id stands for requests of more than one agency, program or regime, or of none.",
    )
    con.execute(
        """
        create or replace temp table told_by_cells as
        select row_key, cast(sum(requests) as bigint) as requests, min(quarter_start) as first_quarter,
            max(quarter_start) as last_quarter,
            array_to_string(list_sort(list(distinct incident_category)), '|') as categories,
            array_to_string(list_sort(list(distinct county_fips)), '|') as counties,
            array_to_string(list_sort(list(distinct area)), '|') as areas,
            min(requests) < 1 or bool_or(quarter_start <> date_trunc('quarter', quarter_start)) as is_wrong,
            count(*) <> count(distinct (quarter_start, incident_category, county_fips, area)) as is_double
        from seen.cells
        where row_key >= (select row_key from seen.since)
        group by row_key
        """
    )
    yield from told(
        con,
        "a block says what its cells say",
        """
        select blocks.* from seen.blocks as blocks
        left join told_by_cells as cells using (row_key)
        where blocks.row_key >= (select row_key from seen.since)
            and (cells.row_key is null or is_wrong or is_double or blocks.requests <> cells.requests
            or (blocks.first_quarter, blocks.last_quarter, blocks.categories, blocks.counties, blocks.areas)
            is distinct from (cells.first_quarter, cells.last_quarter, cells.categories, cells.counties, cells.areas))
        """,
        "Its {requests} requests are described in two ways; a reader would add it under a filter it does not lie in.",
    )
    lost = con.execute(
        "select count(distinct block_id) from seen.block_cells_before "
        "where block_id not in (select block_id from seen.consent_blocks_before)"
    ).fetchone()
    if lost and lost[0]:
        yield Refusal(
            "cells belong to a block", "table block_cells", "Cells of a block that is not there were found.", lost[0]
        )


def regimes(con: duckdb.DuckDBPyConnection) -> Iterator[Refusal]:
    """Blocks with a quarter that lies wholly outside their regime's time."""
    yield from told(
        con,
        "a block does not cross a regime",
        """
        select distinct blocks.* from seen.blocks as blocks
        join seen.cells as cells using (row_key)
        join seen.regimes_before as regimes on regimes.regime_id = blocks.regime_id
        where cells.quarter_start + interval 3 month <= regimes.starts_on
            or cells.quarter_start >= case regimes.ends_precision
                when 'year' then date_trunc('year', regimes.ends_on) + interval 1 year
                when 'month' then date_trunc('month', regimes.ends_on) + interval 1 month
                else regimes.ends_on end
        """,
        "It holds {requests} requests of regime {regime_id} from a time in which a request was something else.",
    )
    yield from told(
        con,
        f"only quarters closed for {QUARTER_RESTS_DAYS} days are in blocks",
        f"""
        select blocks.* from seen.blocks as blocks
        join seen.release_days as days using (position)
        where days.data_as_of < blocks.last_quarter + interval 3 month + interval {QUARTER_RESTS_DAYS - 1} day
        """,
        "Late requests of {last_quarter} would have to change a published row.",
    )


def request_counts(con: duckdb.DuckDBPyConnection) -> Iterator[Refusal]:
    """Request counts that are no counts, or count one thing twice: they would make room for blocks that overlap."""
    row = con.execute(
        """
        select agency_id, month_start, incident_category, count(*) over () from (
            select
                agency_id, program_id, regime_id, month_start, channel, incident_category, legal_basis, county_fips,
                area
            from seen.request_counts_before
            group by all
            having count(*) > 1 or bool_or(requests is null or requests_with_asked is null or requests < 1
                or requests_with_asked < 0 or requests_with_asked > requests
                or month_start <> date_trunc('month', month_start))
        )
        order by all limit 1
        """
    ).fetchone()
    if row:
        recipe = "One month's requests are counted twice or cannot be; blocks could overlap unseen."
        yield Refusal("request counts count each request once", f"{row[0]}, {row[1]}, {row[2]}", recipe, row[3])


def overlaps(con: duckdb.DuckDBPyConnection, where: str) -> Iterator[Refusal]:
    """Cells of which blocks count more requests than were ever listed: two blocks share a request, or cross a unit.

    `where`: which cells are looked at.
    """
    con.execute(
        f"""
        create or replace temp table room as
        select agency_id, program_id, regime_id, {LISTED}, cast(sum(requests_with_asked) as bigint) as listed
        from (select *, cast(date_trunc('quarter', month_start) as date) as quarter_start from seen.listed)
        where {where}
        group by all
        """
    )
    con.execute(
        f"""
        create or replace temp table crowded as
        with latest as (
            select block_id, max(position) as position from seen.blocks group by block_id
        )
        select agency_id, program_id, regime_id, {LISTED}, any_value(coalesce(room.listed, 0)) as listed,
            cast(sum(cells.requests) as bigint) as in_blocks, count(*) as blocks
        from seen.blocks as blocks
        join latest using (block_id, position)
        join seen.cells as cells using (row_key)
        left join room using (agency_id, program_id, regime_id, {LISTED})
        where {where}
        group by agency_id, program_id, regime_id, {LISTED}
        having sum(cells.requests) > any_value(coalesce(room.listed, 0))
        """
    )
    row = con.execute(
        """
        select agency_id, regime_id, quarter_start, incident_category, listed, in_blocks, blocks, count(*) over (),
            (select string_agg(distinct room.regime_id, ', ') from room
             where room.agency_id = crowded.agency_id and room.quarter_start = crowded.quarter_start
                and room.incident_category = crowded.incident_category and room.regime_id <> crowded.regime_id)
        from crowded order by blocks desc, agency_id, quarter_start limit 1
        """
    ).fetchone()
    if not row:
        return
    agency, regime, quarter, category, listed, in_blocks, blocks, cells, elsewhere = row
    where = f"{agency}, {regime}, quarter {quarter}, {category}"
    if blocks > 1:
        recipe = f"{blocks} blocks count {in_blocks} requests of {listed}: one can be subtracted from another."
        yield Refusal("no two blocks share a request", where, recipe, cells)
    else:
        hint = f"; regime {elsewhere} has requests there: the block crosses a regime" if elsewhere else ""
        recipe = f"A block counts {in_blocks} requests of {listed} that have known counts{hint}. It holds requests of "
        recipe += "something else."
        yield Refusal("a block holds only requests of its own agency, program and regime", where, recipe, cells)


def totals(con: duckdb.DuckDBPyConnection) -> Iterator[Refusal]:
    """Reported totals of people for a state or the country while blocks are published: they would be subtracted."""
    listed = ", ".join(f"'{measure}'" for measure in TOTALS_THAT_COULD_BE_SUBTRACTED)
    row = con.execute(
        f"select scope, measure, count(*) over () from seen.reported_totals_before where measure in ({listed}) "
        "and (select count(*) from seen.blocks) > 0 order by scope, measure limit 1"
    ).fetchone()
    if row:
        recipe = f"The sum of the blocks of {row[0]} can be subtracted from it; what is left is pending."
        yield Refusal("no total of people beside the blocks", f"reported_totals: {row[1]} of {row[0]}", recipe, row[2])
