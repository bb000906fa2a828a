"""The block builder against a slow reference, on planted cases and on anything hypothesis thinks of."""

import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.block_rules import BlockRules
from etl.blocks import Blocks, build_blocks
from etl.errors import ProtectionError
from tests.etl.blocks_by_hand import REAL, SCALED, blocks_by_hand

HOUSE = Path(__file__).resolve().parents[2]
QUARTERS = pd.date_range("2020-01-01", periods=8, freq="QS")
SCALED_RULES = BlockRules(asked=5, each=2, excess=4, big=8, one_in=4, width=3)


def cell(step=1, requests=1, asked=20, shared=5, *, quarter=None, **other):
    """One cell; its quarter is that of its step unless it is late. Two declined, if so many did not share."""
    declined = min(2, asked - shared)
    return {
        "agency_id": "us-oh-a-pd",
        "program_id": "ring",
        "regime_id": "email",
        "step": step,
        "quarter_start": QUARTERS[step - 1 if quarter is None else quarter],
        "county_fips": "39001",
        "incident_category": "burglary",
        "area": "north",
        "requests": requests,
        "asked": asked,
        "shared": shared,
        "responded": shared + declined,
        "declined": declined,
    } | other


def build(*cells, rules=None) -> Blocks:
    frame = pd.DataFrame(list(cells), columns=list(cell()))
    return build_blocks(frame, rules=rules) if rules else build_blocks(frame)


def asked_of(built: Blocks) -> list[int]:
    return sorted(built.blocks["asked"].tolist())


def as_set(built: Blocks) -> set:
    """The builder's blocks in the form of the reference."""
    cells = built.block_cells.groupby("block_id")
    held = {
        block_id: frozenset(
            ((row.quarter_start, row.county_fips, row.incident_category, row.area), row.requests)
            for row in rows.itertuples()
        )
        for block_id, rows in cells
    }
    columns = ["agency_id", "program_id", "regime_id", "asked", "shared_low", "shared_high"]
    return {
        (*keys[:3], held[block_id], *keys[3:])
        for block_id, *keys in built.blocks[["block_id", *columns]].itertuples(index=False)
    }


# Planted cases.


def test_a_small_category_is_not_joined_in_a_way_that_proves_the_others_unsafe():
    """38, 38 and 12 asked with 0, 1 and 3 shared: told apart, a reader proves at most one of 37 to 39 shared."""
    cells = [
        cell(asked=asked, shared=shared, incident_category=category)
        for asked, shared, category in [(38, 0, "burglary"), (38, 1, "robbery"), (12, 3, "traffic")]
    ]
    built = build(*cells)
    assert built.blocks["categories"].tolist() == ["burglary|robbery|traffic"]
    assert built.blocks[["requests", "asked", "shared_low", "shared_high"]].values.tolist() == [[3, 88, 0, 4]]


@pytest.mark.parametrize("asked_and_shared", [[(39, 0), (39, 1), (12, 3)], [(18, 0), (18, 18), (10, 5)]])
def test_other_joins_that_would_prove_something_stay_one_block(asked_and_shared):
    names = ["burglary", "robbery", "traffic"]
    cells = [cell(asked=a, shared=s, incident_category=n) for (a, s), n in zip(asked_and_shared, names, strict=True)]
    assert len(build(*cells).blocks) == 1


def test_a_quarter_with_less_asked_beyond_its_requests_waits_for_the_next():
    built = build(cell(1, requests=5, asked=8, shared=2), cell(2, requests=1, asked=6, shared=4))
    assert built.blocks[["requests", "asked", "shared_low"]].values.tolist() == [[6, 14, 6]]
    assert built.blocks["first_quarter"].tolist() == [QUARTERS[0]]
    assert built.blocks["last_quarter"].tolist() == [QUARTERS[1]]


def test_the_value_with_the_fewest_requests_is_never_tried():
    """Both areas are safe alone; the smaller one stands alone only because what is left of the larger one does."""
    both = [cell(requests=3, asked=30, shared=9, area="large"), cell(requests=2, asked=30, shared=9, area="small")]
    assert asked_of(build(*both)) == [30, 30]
    # The large one is not safe alone, the small one would be: the small one is not tried, so they stay together.
    unsafe_large = [cell(requests=3, asked=30, shared=1, area="large"), both[1]]
    assert build(*unsafe_large).blocks["areas"].tolist() == ["large|small"]


def test_with_equal_requests_the_lowest_key_is_tried_first_and_the_highest_is_the_keeper():
    cells = [cell(asked=30, shared=1, area="a"), cell(asked=30, shared=9, area="b"), cell(asked=30, shared=9, area="c")]
    assert sorted(build(*cells).blocks["areas"]) == ["a|c", "b"]


def test_a_value_without_a_request_in_the_closing_quarter_stays_joined():
    """Else the reader knows that its people were asked before the run closed, and that the run was not safe then."""
    waiting = cell(1, requests=3, asked=8, shared=3, area="early")
    closing = [cell(2, asked=30, shared=9, area="b"), cell(2, asked=30, shared=9, area="c")]
    built = build(waiting, *closing)
    assert sorted(built.blocks["areas"]) == ["b", "c|early"]


def test_counties_are_split_first_then_categories_then_areas():
    cells = [
        cell(asked=30, shared=9, county_fips=county, incident_category=category, area=area)
        for county in ("39001", "39003")
        for category in ("burglary", "robbery")
        for area in ("north", "south")
    ]
    built = build(*cells)
    assert len(built.blocks) == 8
    one_county = [row | {"shared": 0} if row["county_fips"] == "39001" else row for row in cells]
    counties = build(*one_county).blocks["counties"]
    assert set(counties) == {"39001", "39003"}


def test_what_is_left_at_the_end_is_pending_and_has_no_block():
    built = build(cell(1), cell(2, asked=5, shared=1))
    assert asked_of(built) == [20]
    assert built.pending[["step", "asked"]].values.tolist() == [[2, 5]]


def test_a_block_never_crosses_agencies_programs_or_regimes():
    half = [{"agency_id": "us-oh-b-pd"}, {"program_id": "other"}, {"regime_id": "post"}, {}]
    assert build(*(cell(asked=9, shared=4, **unit) for unit in half)).blocks.empty
    built = build(
        *(cell(1, asked=9, shared=4, **unit) for unit in half), *(cell(2, asked=9, shared=4, **unit) for unit in half)
    )
    assert built.blocks["requests"].tolist() == [2, 2, 2, 2]
    assert not built.blocks.duplicated(["agency_id", "program_id", "regime_id"]).any()


def test_responded_is_shown_only_where_it_is_known_for_every_request():
    known = cell(asked=20, shared=5, area="a")
    assert build(known).blocks["responded"].tolist() == [7]
    unknown = cell(2, asked=3, shared=1) | {"responded": None, "declined": None}
    together = build(cell(1, asked=9, shared=3), unknown | {"asked": 9})
    assert together.blocks["requests"].tolist() == [2]
    assert together.blocks["responded"].isna().all()


def test_a_late_request_anchors_only_the_block_of_the_step_it_came_in():
    built = build(cell(1, asked=5, shared=1), cell(2, asked=20, shared=5, quarter=0))
    assert built.block_cells["requests"].tolist() == [2]
    assert built.cells["is_anchor"].tolist() == [False, True]


# Frames.


def described(table: str) -> list[str]:
    columns = tomllib.loads((HOUSE / "etl" / "marts" / f"{table}.toml").read_text(encoding="utf-8"))["columns"]
    return [name for name in columns if name != "release_no"]


@pytest.mark.parametrize("cells", [[], [cell()]])
def test_the_frames_have_the_columns_that_the_release_describes(cells):
    built = build(*cells)
    assert built.blocks.columns.tolist() == described("consent_blocks")
    assert built.block_cells.columns.tolist() == described("block_cells")


def test_an_id_follows_from_public_facts_alone():
    one, other = build(cell(asked=20, shared=5)), build(cell(asked=33, shared=9))
    assert one.blocks["block_id"].tolist() == other.blocks["block_id"].tolist()
    assert build(cell(requests=2)).blocks["block_id"].tolist() != one.blocks["block_id"].tolist()
    assert build(cell(area="south")).blocks["block_id"].tolist() != one.blocks["block_id"].tolist()


@pytest.mark.parametrize(
    "wrong",
    [
        {"asked": 3, "requests": 4},
        {"shared": 21},
        {"shared": -1},
        {"requests": 0},
        {"responded": 21},
        {"regime_id": "unassigned"},
        {"quarter_start": None},
    ],
)
def test_cells_that_cannot_be_are_refused_without_their_values(wrong):
    with pytest.raises(ProtectionError) as refused:
        build(cell() | wrong)
    assert "20" not in str(refused.value) and "us-oh" not in str(refused.value)


# Properties.

cells_of_any_kind = st.lists(
    st.builds(
        lambda step, lag, requests, more, yes, rest: cell(
            step, requests, requests + more, round(yes * (requests + more)), quarter=max(0, step - 1 - lag), **rest
        ),
        step=st.integers(1, 6),
        lag=st.sampled_from([0, 0, 0, 1, 2]),
        requests=st.integers(1, 3),
        more=st.one_of(st.integers(0, 8), st.integers(0, 60)),
        yes=st.sampled_from([0, 0, 0.05, 0.1, 0.2, 0.5, 0.95, 1]),
        rest=st.fixed_dictionaries(
            {
                "agency_id": st.sampled_from(["us-oh-a-pd", "us-oh-b-pd"]),
                "regime_id": st.sampled_from(["email", "post"]),
                "county_fips": st.sampled_from(["39001", "39003", "unknown"]),
                "incident_category": st.sampled_from(["burglary", "robbery", "unknown"]),
                "area": st.sampled_from(["north", "south", "unknown"]),
            }
        ),
    ),
    max_size=40,
)
PLACE = ["agency_id", "regime_id", "step", "quarter_start", "county_fips", "incident_category", "area"]


def without_repeats(cells: list[dict]) -> list[dict]:
    return list({tuple(row[name] for name in PLACE): row for row in cells}.values())


@given(cells_of_any_kind)
@settings(max_examples=40, deadline=None)
def test_the_blocks_are_those_of_the_slow_reference(cells):
    cells = without_repeats(cells)
    for rules, by_hand in ((BlockRules(), REAL), (SCALED_RULES, SCALED)):
        built = build(*cells, rules=rules)
        assert as_set(built) == blocks_by_hand(pd.DataFrame(cells, columns=list(cell())), by_hand)


@pytest.mark.parametrize(("rules", "by_hand"), [(BlockRules(), REAL), (SCALED_RULES, SCALED)])
def test_the_blocks_of_many_agencies_are_those_of_the_slow_reference(rules, by_hand):
    draw, size = np.random.default_rng(11), 12_000
    cells = pd.DataFrame({name: [value] * size for name, value in cell().items()}).assign(
        agency_id=np.char.mod("us-oh-%d-pd", draw.integers(0, 120, size)),
        step=draw.integers(1, 8, size),
        county_fips=draw.choice(["1", "2"], size),
        incident_category=draw.choice(list("abcd"), size, p=[0.5, 0.3, 0.1, 0.1]),
        area=draw.choice(list("xyz"), size),
        requests=draw.integers(1, 3, size),
    )
    cells["quarter_start"] = QUARTERS[cells["step"] - 1]
    cells["asked"] = cells["requests"] + draw.geometric(1 / 14.5, size) - 1
    cells["shared"] = draw.binomial(cells["asked"], draw.choice([0.0, 0.02, 0.13, 0.9], size))
    cells["responded"], cells["declined"] = cells["shared"], 0
    cells = cells.drop_duplicates(["agency_id", *PLACE])
    built = build_blocks(cells, rules=rules)
    assert as_set(built) == blocks_by_hand(cells, by_hand)
    assert (built.blocks["shared_low"] < built.blocks["shared_high"]).any()
    assert built.blocks["areas"].str.contains("|", regex=False).any()


@given(cells_of_any_kind, st.randoms())
@settings(max_examples=20, deadline=None)
def test_the_order_of_the_rows_changes_nothing(cells, random):
    cells = without_repeats(cells)
    shuffled = random.sample(cells, len(cells))
    one, other = build(*cells), build(*shuffled)
    pd.testing.assert_frame_equal(one.blocks, other.blocks)
    pd.testing.assert_frame_equal(one.block_cells, other.block_cells)


@given(cells_of_any_kind, st.integers(0, 6))
@settings(max_examples=20, deadline=None)
def test_a_later_step_leaves_every_earlier_block_as_it_was(cells, cut):
    cells = without_repeats(cells)
    early, late = build(*(row for row in cells if row["step"] <= cut)), build(*cells)
    kept = late.blocks[late.blocks["block_id"].isin(early.blocks["block_id"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(early.blocks, kept)


@given(cells_of_any_kind)
@settings(max_examples=20, deadline=None)
def test_every_cell_is_in_one_block_or_pending_and_nothing_is_lost(cells):
    cells = without_repeats(cells)
    built = build(*cells)
    for count in ("requests", "asked"):
        assert built.blocks[count].sum() + built.pending[count].sum() == sum(row[count] for row in cells)
    assert built.block_cells["requests"].sum() == built.blocks["requests"].sum()
    assert built.blocks["block_id"].is_unique
    assert not built.block_cells.duplicated([name for name in built.block_cells if name != "requests"]).any()
    assert set(built.cells["block_id"].dropna()) == set(built.blocks["block_id"])
    held = built.cells.dropna(subset="block_id").groupby("block_id")["is_anchor"].any()
    assert held.all()
