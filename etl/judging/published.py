"""The published rows of one agency whose rows overlap: versions of blocks, press figures, public request counts."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import duckdb

from etl.judging.rules import PEOPLE_MEASURES

MEASURES = ", ".join(f"'{measure}'" for measure in PEOPLE_MEASURES)
Cell = tuple[str, date, str, str, str]  # regime_id, quarter_start, incident_category, county_fips, area


@dataclass(frozen=True)
class BlockRow:
    """One version of a block; `inside` says how many requests of each cell are in it."""

    inside: dict[Cell, int]
    key: int
    block_id: str
    release_no: int
    requests: int
    asked: int
    responded: int | None
    shared_low: int
    shared_high: int

    @property
    def says(self) -> str:
        """How a reader would quote it."""
        shared = (
            f"{self.shared_low}" if self.shared_low == self.shared_high else f"{self.shared_low} to {self.shared_high}"
        )
        name = f"block {self.block_id} of release {self.release_no}"
        return f"{name}: {self.requests} requests, {self.asked} asked, {shared} shared"


@dataclass(frozen=True)
class Press:
    """One published count. A missing day means: from the beginning, or to the end."""

    start: date
    end: date
    measure: str
    value: int
    qualifier: str
    source_id: str

    @property
    def says(self) -> str:
        """How a reader would quote it."""
        period = f"{'' if self.start == date.min else self.start} to {'' if self.end == date.max else self.end}"
        return f"published_counts: {self.measure} {self.qualifier} {self.value}, {period}, source {self.source_id}"


def entangled(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Agencies and programs with a cell counted twice, a block in two versions, or a press figure that meets blocks."""
    return con.execute(
        f"""
        select agency_id, program_id from crowded
        union
        select agency_id, program_id from seen.blocks where block_id in (
            select block_id from seen.blocks group by block_id having count(*) > 1
        )
        union
        select agency_id, program_id from seen.blocks as blocks
        join seen.press as press using (agency_id, program_id)
        where press.measure in ({MEASURES}) and not press.is_corrected
            and coalesce(press.period_start, press.period_end) is not null
            and coalesce(press.period_start <= blocks.last_quarter + interval 3 month - interval 1 day, true)
            and coalesce(press.period_end >= blocks.first_quarter, true)
        order by 1, 2
        """
    ).fetchall()


def facts(
    con: duckdb.DuckDBPyConnection, agency: str, program: str
) -> tuple[list[BlockRow], dict[Cell, dict[date, int]], dict[date, int], list[Press]]:
    """The published rows of one agency and program."""
    own = {"agency": agency, "program": program}
    inside: dict[int, dict[Cell, int]] = defaultdict(dict)
    for key, *cell, requests in con.execute(
        """
        select row_key, regime_id, quarter_start, incident_category, county_fips, area, cells.requests
        from usable
        join seen.cells as cells using (row_key)
        where agency_id = $agency and program_id = $program
        """,
        own,
    ).fetchall():
        inside[key][tuple(cell)] = requests
    found = con.execute(
        """
        select row_key, block_id, days.release_no, requests, asked, responded, shared_low, shared_high
        from usable
        join seen.release_days as days using (position)
        where agency_id = $agency and program_id = $program
        order by row_key
        """,
        own,
    ).fetchall()
    blocks = [BlockRow(inside[row[0]], *row) for row in found]
    months: dict[Cell, dict[date, int]] = defaultdict(dict)
    unknown: dict[date, int] = defaultdict(int)
    for month, *cell, known, without in con.execute(
        """
        select month_start, regime_id, cast(date_trunc('quarter', month_start) as date), incident_category,
            county_fips, area, cast(sum(requests_with_asked) as bigint),
            cast(greatest(sum(requests) - sum(requests_with_asked), 0) as bigint)
        from seen.listed
        where agency_id = $agency and program_id = $program
        group by all
        """,
        own,
    ).fetchall():
        if known:
            months[tuple(cell)][month] = known
        if without:
            unknown[month] += without
    told = con.execute(
        f"""
        select coalesce(period_start, date '0001-01-01'), coalesce(period_end, date '9999-12-31'), measure, value,
            qualifier, source_id
        from seen.press
        where agency_id = $agency and program_id = $program and measure in ('requests', {MEASURES})
            and coalesce(period_start, period_end) is not null and not is_corrected
        order by all
        """,
        own,
    ).fetchall()
    press = [Press(*row) for row in told]
    return blocks, months, unknown, press
