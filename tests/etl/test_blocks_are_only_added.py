"""Release after release only open runs are built on; what comes out is what the whole history, built anew, comes to."""

import pandas as pd
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from etl.block_frames import CELL, UNIT
from etl.blocks import build_blocks
from etl.engines.duckdb import connect
from tests.etl.test_block_ledger import House, frame, request

COUNTS = ["asked", "shared", "responded", "declined"]
REQUEST = st.builds(
    lambda ref, quarter, shared, others, **where: request(ref, quarter, shared + others, shared, **where),
    ref=st.sampled_from([f"r{number}" for number in range(12)]),
    quarter=st.integers(0, 3),
    shared=st.integers(0, 3),
    others=st.integers(1, 42),
    agency_id=st.sampled_from(["us-oh-a-pd", "us-oh-b-pd"]),
    incident_category=st.sampled_from(["burglary", "robbery"]),
)
# What an agency's log holds on the day of each release: requests come late, change, go and come back.
LOG = st.lists(REQUEST, max_size=12, unique_by=lambda row: (row["agency_id"], row["request_ref"]))


def built_anew(ledger: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Blocks and their cells, of all that a ledger holds, from the first step on."""
    place = ", ".join([*UNIT, "step", *CELL])
    known = "count(responded) = count(*) and count(declined) = count(*)"
    sums = ", ".join(f"sum({name})::bigint as {name}" for name in COUNTS[:2])
    answers = ", ".join(f"case when {known} then sum({name})::bigint end as {name}" for name in COUNTS[2:])
    with connect() as con:
        cells = frame(
            con,
            f"select {place}, count(*) as requests, {sums}, {answers} from '{ledger}' group by {place} order by all",
        )
    whole = build_blocks(cells.astype({"responded": "Int64", "declined": "Int64"}))
    return whole.blocks.drop(columns="rules_version"), whole.block_cells


def in_order(rows: pd.DataFrame) -> list[list]:
    """Rows as text, whatever their order and types."""
    return sorted(rows.astype(object).where(rows.notna(), None).astype(str).values.tolist())


@given(logs=st.lists(LOG, min_size=1, max_size=4))
@hypothesis_settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_history_of_arrivals_and_corrections_gives_the_blocks_of_a_whole_rebuild(tmp_path_factory, logs):
    house = House(tmp_path_factory.mktemp("history"))
    for log in logs:
        added = house.release(log)
        blocks, cells = built_anew(str(added.memory.folder / f"release-{house.number}.parquet"))
        assert in_order(added.consent_blocks[blocks.columns]) == in_order(blocks)
        assert in_order(added.block_cells[cells.columns]) == in_order(cells)
        added.cover(seed=1)


def test_a_new_block_of_the_same_cells_as_two_published_ones_gets_a_name_of_its_own(tmp_path):
    house = House(tmp_path)
    rows = [request(f"r{number}", 0, asked=20 + number, shared=5) for number in range(3)]
    for number in (1, 2, 3):
        added = house.release(rows[:number])
    assert added.consent_blocks["block_id"].nunique() == 3
    blocks, _ = built_anew(str(added.memory.folder / "release-3.parquet"))
    assert in_order(added.consent_blocks[blocks.columns]) == in_order(blocks)


def test_only_what_is_open_is_built_on(tmp_path):
    house = House(tmp_path)
    closed, pending = request("a", 0, asked=20, shared=5), request("b", 1, asked=2, shared=1)
    house.release([closed, pending])
    added = house.release([closed, pending, request("c", 2, asked=20, shared=5)])
    assert added.new["requests"].tolist() == [2] and len(added.consent_blocks) == 2
    assert sorted(added.blocks.cells["asked"]) == [2, 20]
