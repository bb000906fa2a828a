"""The ledger: a request is used once, what is published stays, and a kill or a loss never makes two blocks overlap."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from etl.block_ledger import Addition, add_release
from etl.cover import cover_test
from etl.engines.duckdb import connect
from etl.errors import ProtectionError
from etl.settings import Settings

COLUMNS = """agency_id varchar, program_id varchar, regime_id varchar, request_ref varchar, month_start date,
    quarter_start date, county_fips varchar, incident_category varchar, area varchar,
    asked bigint, shared bigint, responded bigint, declined bigint"""
QUARTERS = [date(year, month, 1) for year in (2021, 2022, 2023) for month in (1, 4, 7, 10)]


def request(ref, quarter, asked=8, shared=2, **other):
    """One request; quarter counts from 0. Two of those asked say no, if there are as many."""
    responded = None if asked is None or shared is None else min(asked, shared + 2)
    row = {
        "agency_id": "us-oh-a-pd",
        "program_id": "ring",
        "regime_id": "email",
        "request_ref": ref,
        "month_start": QUARTERS[quarter],
        "quarter_start": QUARTERS[quarter],
        "county_fips": "39001",
        "incident_category": "burglary",
        "area": "unknown",
        "asked": asked,
        "shared": shared,
        "responded": responded,
        "declined": None if responded is None else responded - shared,
    }
    return row | other


@dataclass(frozen=True)
class Added:
    """An addition, and its tables of the next release in the order of the block builder."""

    addition: Addition
    consent_blocks: pd.DataFrame
    block_cells: pd.DataFrame

    def __getattr__(self, name: str) -> Any:
        return getattr(self.addition, name)

    @property
    def new(self) -> pd.DataFrame:
        return self.addition.blocks.blocks

    def cover(self, **how: int) -> None:
        cover_test(self.addition.blocks, **how)


class House:
    """Releases made one after another, as the publisher makes them, from the requests of that day."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.newest: Path | None = None
        self.number = 0

    def add(self, rows: list[dict], today: date = date(2024, 6, 1)) -> Added:
        """What the next release would hold; nothing is published."""
        self.settings = Settings(data=self.data, today=today)
        with connect() as con:
            load(con, rows)
            addition = add_release(con, self.settings, self.newest)
            order = "agency_id, program_id, regime_id, first_quarter, last_quarter, block_id"
            return Added(
                addition,
                frame(con, f"select * from next_blocks order by {order}"),
                frame(con, "select * from next_cells order by all"),
            )

    def release(self, rows: list[dict], today: date = date(2024, 6, 1), *, remembers: bool = True) -> Added:
        """Publish, with `remembers` the ledger as well."""
        added = self.add(rows, today)
        self.number += 1
        folder = self.settings.releases / f"release-{self.number}"
        if remembers:
            added.memory.remember(folder.name)
        folder.mkdir(parents=True)
        with connect() as con:
            load(con, rows)
            con.register("blocks", added.consent_blocks)
            con.register("cells", added.block_cells)
            days = "replace (first_quarter::date as first_quarter, last_quarter::date as last_quarter)"
            write(con, f"select * {days} from blocks", folder / "consent_blocks.parquet")
            day = "replace (quarter_start::date as quarter_start)"
            write(con, f"select * {day} from cells", folder / "block_cells.parquet")
            write(con, f"select {self.number} as release_no, date '{today}' as data_as_of", folder / "release.parquet")
            counts = "count(case when asked >= 1 and shared is not null then 1 end) as requests_with_asked"
            write(
                con,
                f"select {REQUEST_COUNTS}, {counts} from staging.requests group by all",
                folder / "request_counts.parquet",
            )
        self.newest = folder
        return added


REQUEST_COUNTS = "agency_id, program_id, regime_id, month_start, incident_category, county_fips, area"


def load(con: duckdb.DuckDBPyConnection, rows: list[dict]) -> None:
    con.execute(f"create schema if not exists staging; create or replace table staging.requests ({COLUMNS})")
    con.execute("create temp table if not exists press_periods (agency_id varchar, program_id varchar, starts_on date, "
                "ends_on date, release_no bigint)")  # fmt: skip
    names = [name.split()[0] for name in COLUMNS.split(",")]
    # No figure of the press lies over any quarter; press_figures.settle makes this table.
    periods = "agency_id varchar, program_id varchar, starts_on date, ends_on date, release_no bigint"
    con.execute(f"create or replace temp table press_periods ({periods})")
    if rows:
        con.executemany(
            f"insert into staging.requests ({', '.join(names)}) values ({', '.join('?' * len(names))})",
            [[row[name] for name in names] for row in rows],
        )


def frame(con: duckdb.DuckDBPyConnection, query: str) -> pd.DataFrame:
    """What a query returns; texts are of one type, however many there are."""
    table = con.execute(query).df()
    return table.astype({name: "str" for name in table.columns if table[name].dtype == object})


def write(con: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    con.execute(f"copy ({query}) to '{path}' (format parquet)")


def remembered(path: Path) -> list[tuple]:
    with connect() as con:
        return con.execute(f"select * from read_parquet('{path}') order by agency_id, request_ref").fetchall()


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def of_blocks(added: Addition) -> pd.DataFrame:
    return added.consent_blocks[["requests", "asked", "shared_low", "shared_high", "release_no"]]


def ten_quarters() -> list[dict]:
    """Every quarter two requests of 8 and one of 3: blocks of different length, and something pending at the end."""
    rows = [
        request(f"q{quarter}-{n}", quarter, asked=asked, shared=quarter % 3, area=area)
        for quarter in range(10)
        for n, (asked, area) in enumerate([(8, "north"), (8, "south"), (3, "north")])
    ]
    return [*rows, request("tail", 10, asked=2, shared=0)]


def test_only_known_requests_of_closed_quarters_and_one_regime_are_used(house):
    rows = [
        request("used", 0, asked=20, shared=5),
        request("asked unknown", 0, asked=None),
        request("nobody asked", 0, asked=0, shared=0),
        request("shared unknown", 0, shared=None),
        request("between regimes", 0, regime_id="unassigned"),
        request("its quarter has not been over for 60 days", 5, asked=30, shared=5),
    ]
    day_59 = house.add(rows, today=date(2022, 8, 29))
    assert day_59.consent_blocks["requests"].tolist() == [1]
    day_60 = house.add(rows, today=date(2022, 8, 30))
    assert day_60.consent_blocks["asked"].tolist() == [20, 30]


def test_responded_is_found_from_declined_and_the_other_way_round(house):
    rows = [request("declined only", 0, asked=20, shared=4) | {"responded": None, "declined": 5}]
    assert house.add(rows).consent_blocks["responded"].tolist() == [9]


def test_the_same_input_adds_nothing_and_the_ledger_does_not_change(house):
    first = house.release(ten_quarters())
    ledger = remembered(first.memory.folder / "release-1.parquet")
    again = house.add(list(reversed(ten_quarters())))
    pd.testing.assert_frame_equal(first.consent_blocks, again.consent_blocks)
    assert remembered(first.memory.folder / ".next.parquet") == ledger


@pytest.mark.parametrize("cut", range(1, 10))
def test_history_cut_at_any_quarter_and_continued_gives_the_same_blocks(tmp_path, cut):
    rows = ten_quarters()
    whole = House(tmp_path / "whole").release(rows)
    house = House(tmp_path / "cut")
    early = house.release([row for row in rows if row["quarter_start"] < QUARTERS[cut]])
    late = house.release(rows)
    assert set(early.consent_blocks["block_id"]) <= set(late.consent_blocks["block_id"])
    known = ["release_no"]
    pd.testing.assert_frame_equal(whole.consent_blocks.drop(columns=known), late.consent_blocks.drop(columns=known))
    pd.testing.assert_frame_equal(whole.block_cells, late.block_cells)
    kept = late.consent_blocks[late.consent_blocks["release_no"] == 1].reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, early.consent_blocks)


def test_a_late_request_of_an_older_quarter_waits_in_the_current_run(house):
    house.release([request("a", 0, asked=20, shared=5)])
    late = house.release([request("a", 0, asked=20, shared=5), request("late", 0, asked=4, shared=1)])
    assert of_blocks(late).values.tolist() == [[1, 20, 5, 5, 1]]
    assert late.blocks.pending["requests"].sum() == 1
    rows = [
        request("a", 0, asked=20, shared=5),
        request("late", 0, asked=4, shared=1),
        request("b", 1, asked=9, shared=3),
    ]
    done = house.release(rows)
    assert of_blocks(done).values.tolist() == [[1, 20, 5, 5, 1], [2, 13, 4, 4, 3]]
    assert done.consent_blocks["first_quarter"].tolist() == [pd.Timestamp(QUARTERS[0])] * 2
    done.cover(seed=1, worlds=5)


def test_late_requests_come_with_the_first_new_quarter_and_the_others_follow_in_order(house):
    house.release([request("a", 2, asked=20, shared=5)])
    rows = [request("a", 2, asked=20, shared=5), request("late", 0), request("b", 3), request("c", 4, asked=20)]
    added = house.release(rows)
    steps = added.blocks.cells.sort_values(["step", "quarter_start"])[["step", "quarter_start"]]
    assert [(step, QUARTERS.index(day.date())) for step, day in steps.values.tolist()] == [
        (2, 0),
        (2, 3),
        (3, 4),
    ]


def test_two_blocks_of_the_same_cells_and_requests_have_different_ids(house):
    house.release([request("a", 0, asked=20, shared=5)])
    added = house.release([request("a", 0, asked=20, shared=5), request("b", 0, asked=30, shared=9)])
    assert added.consent_blocks["block_id"].is_unique
    assert sorted(added.consent_blocks["asked"]) == [20, 30]
    assert added.block_cells["requests"].tolist() == [1, 1]
    added.cover(seed=1, worlds=3)


def test_a_corrected_published_request_leaves_its_block_alone_and_is_listed_without_a_number(house):
    first = house.release([request("a", 0, asked=20, shared=5), request("b", 1, asked=20, shared=5)])
    rows = [request("a", 0, asked=31, shared=7), request("b", 1, asked=20, shared=5)]
    for today in (date(2024, 7, 1), date(2024, 8, 1)):
        added = house.release(rows, today=today)
        pd.testing.assert_frame_equal(added.consent_blocks, first.consent_blocks)
        [correction] = added.corrections.to_dict("records")
        assert correction["correction_id"] == f"block-{first.consent_blocks['block_id'][0]}"
        assert correction["corrected_on"].date() == date(2024, 7, 1)
        assert "31" not in correction["what_was_wrong"] + correction["what_is_right"]


def test_a_published_request_that_moves_to_another_category_is_not_used_again(house):
    house.release([request("a", 0, asked=20, shared=5)])
    moved = house.add([request("a", 0, asked=20, shared=5, incident_category="robbery")])
    assert moved.consent_blocks["categories"].tolist() == ["burglary"]
    assert len(moved.corrections) == 1


def test_a_withdrawn_published_request_leaves_its_block_as_it_is(house):
    first = house.release([request("a", 0, asked=20, shared=5), request("b", 1, asked=2, shared=0)])
    gone = house.release([])
    pd.testing.assert_frame_equal(first.consent_blocks, gone.consent_blocks)
    assert gone.blocks.pending.empty
    back = house.release([request("a", 0, asked=20, shared=5), request("b", 1, asked=2, shared=0)])
    pd.testing.assert_frame_equal(first.consent_blocks, back.consent_blocks)


def test_a_withdrawn_pending_request_is_forgotten(house):
    rows = [request("a", 0, asked=5, shared=1), request("b", 1, asked=5, shared=1)]
    house.release(rows[:1])
    added = house.release(rows[1:])
    assert added.consent_blocks.empty
    assert added.blocks.pending["quarter_start"].tolist() == [pd.Timestamp(QUARTERS[1])]


def test_a_corrected_pending_request_arrives_anew_so_that_it_can_hold_up_the_block(house):
    """In its old place it would close the run in the past, where everyone knows that the run was open."""
    house.release([request("a", 0, asked=5, shared=1), request("b", 1, asked=2, shared=1)])
    added = house.release([request("a", 0, asked=30, shared=5), request("b", 1, asked=2, shared=1)])
    assert added.new["requests"].tolist() == [2]
    anchors = added.blocks.cells[added.blocks.cells["is_anchor"]]
    assert anchors["asked"].tolist() == [30]
    assert added.blocks.cells["step"].tolist() != [1, 2]
    added.cover(seed=3, worlds=5)


def test_requests_that_may_be_published_ones_under_new_references_are_held(house):
    rows = [request(f"old-{n}", 0, asked=10, shared=2) for n in range(3)]
    first = house.release(rows)
    renumbered = [row | {"request_ref": f"new-{n}"} for n, row in enumerate(rows)]
    added = house.release([*renumbered, request("one more", 0, asked=12, shared=3)])
    assert added.held == 4
    pd.testing.assert_frame_equal(first.consent_blocks, added.consent_blocks)
    assert house.release([*rows, request("one more", 0, asked=12, shared=3)]).held == 0


def test_requests_of_an_agency_that_was_merged_into_another_are_held(house):
    rows = [request(f"r{n}", 0, asked=10, shared=2) for n in range(3)]
    house.release(rows)
    merged = [row | {"agency_id": "us-oh-county-sheriff"} for row in rows]
    added = house.release([*merged, request("own", 0, asked=20, shared=4, agency_id="us-oh-county-sheriff")])
    assert added.held == 3
    assert added.consent_blocks["asked"].tolist() == [30, 20]


def test_a_kill_before_the_release_gets_its_name_changes_nothing(house):
    rows = ten_quarters()
    house.release(rows[:15])
    killed = house.add(rows)
    killed.memory.remember("release-that-never-was")
    after = house.release(rows)
    pd.testing.assert_frame_equal(after.consent_blocks, killed.consent_blocks)
    assert sorted(path.name for path in after.memory.folder.glob("*.parquet")) == [
        "release-1.parquet",
        "release-2.parquet",
    ]


def test_a_lost_ledger_is_recalled_from_the_same_input(house):
    rows = ten_quarters()
    first = house.release(rows, today=date(2022, 9, 1), remembers=False)
    again = house.release(rows)
    assert again.consent_blocks["release_no"].unique().tolist() == [1, 2]
    kept = again.consent_blocks[again.consent_blocks["release_no"] == 1].reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, first.consent_blocks)


def test_a_lost_ledger_and_an_agency_that_was_not_there_before_is_no_reason_to_refuse(house):
    house.release(ten_quarters(), remembers=False)
    newcomer = request("n", 0, asked=20, shared=5, agency_id="us-oh-newcomer-pd")
    assert "us-oh-newcomer-pd" in set(house.release([*ten_quarters(), newcomer]).consent_blocks["agency_id"])


@pytest.mark.parametrize(
    "today_it_reads",
    [
        pytest.param(lambda rows: rows[1:], id="a published request is gone"),
        pytest.param(lambda rows: [*rows, request("late", 0)], id="a late request of a quarter already used"),
        pytest.param(lambda rows: [rows[0] | {"asked": 9}, *rows[1:]], id="other people in a block"),
        pytest.param(lambda rows: [*rows[:-1], rows[-1] | {"asked": 40}], id="a pending request would have closed"),
        pytest.param(lambda rows: [rows[0] | {"area": "south"}, *rows[1:]], id="a request in another area"),
    ],
)
def test_a_lost_ledger_refuses_when_the_input_does_not_explain_the_release(house, today_it_reads):
    house.release(ten_quarters(), remembers=False)
    with pytest.raises(ProtectionError, match="ledger"):
        house.add(today_it_reads(ten_quarters()))


@pytest.mark.parametrize(
    "edited",
    [
        "asked + 1 as asked", "requests + 1 as requests", "shared_high - 1 as shared_high", "'email2' as regime_id",
        "shared_high + 1 as shared_low", "date '2020-01-01' as first_quarter", "'older' as rules_version",
    ],
)  # fmt: skip
def test_a_release_whose_blocks_were_edited_is_refused(house, edited):
    house.release(ten_quarters())
    path = house.newest / "consent_blocks.parquet"
    with connect() as con:
        con.execute(f"create table edited as from read_parquet('{path}')")
        write(con, f"select * replace ({edited}) from edited", path)
    with pytest.raises(ProtectionError, match="not what their requests in the ledger make"):
        house.add(ten_quarters())


def test_a_release_that_lacks_a_block_of_its_ledger_is_refused(house):
    house.release(ten_quarters())
    path = house.newest / "consent_blocks.parquet"
    with connect() as con:
        con.execute(f"create table edited as from read_parquet('{path}') limit 2")
        write(con, "from edited", path)
    with pytest.raises(ProtectionError, match="only to the release or only to its ledger"):
        house.add(ten_quarters())


def test_a_damaged_ledger_is_refused_and_never_taken_for_an_empty_one(house):
    first = house.release(ten_quarters())
    (first.memory.folder / "release-1.parquet").write_bytes(b"not parquet")
    with pytest.raises(ProtectionError, match="cannot be read"):
        house.add(ten_quarters())


def test_an_edition_without_a_request_has_no_blocks(house):
    added = house.release([])
    assert added.consent_blocks.empty and added.blocks.block_cells.empty and added.corrections.empty
    assert house.release([request("a", 0, asked=20, shared=5)]).consent_blocks["release_no"].tolist() == [2]
