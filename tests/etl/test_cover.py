"""The cover test passes what the builder makes, and refuses what an unsafe builder makes."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from etl import block_walk
from etl.block_rules import RULES, BlockRules, safe, shared_range
from etl.blocks import build_blocks
from etl.cover import cover_test, false_world
from etl.errors import ProtectionError
from tests.benchmarks.bench_blocks import country
from tests.etl.test_blocks import build, cell, cells_of_any_kind, without_repeats

KEYS = ["agency_id", "program_id", "regime_id", "step", "quarter_start", "county_fips", "incident_category", "area"]


class UnprovenRules(BlockRules):
    """Constants that the proof does not allow, to see that the tests would notice."""

    def __post_init__(self) -> None:
        pass


def some_country(shared: float, seed: int = 5) -> pd.DataFrame:
    rows = country(agencies=150, months=48, requests=9_000, shared=shared, seed=seed)
    return rows.groupby(KEYS, as_index=False)[["requests", "asked", "shared", "responded", "declined"]].sum()


@pytest.mark.parametrize("shared", [0.13, 0.03])
def test_a_false_world_gives_the_same_blocks_and_ranges(shared):
    cover_test(build_blocks(some_country(shared)), seed=1, worlds=8)


@given(cells_of_any_kind)
@settings(max_examples=30, deadline=None)
def test_a_false_world_gives_the_same_blocks_whatever_the_cells(cells):
    cover_test(build(*without_repeats(cells)), seed=2, worlds=2)


def test_a_false_world_is_as_false_as_the_proof_says():
    built = build_blocks(some_country(0.13))
    cells, false = built.cells, false_world(built, np.random.default_rng(3))
    pd.testing.assert_frame_equal(cells[[*KEYS, "requests"]], false[[*KEYS, "requests"]])
    excess = false["asked"] - false["requests"]
    assert (excess >= 0).all() and ((false["shared"] >= 0) & (false["shared"] <= false["asked"])).all()
    in_block = cells["block_id"].notna()
    # Outside the anchors at most `width` residents of a run were asked beyond one per request.
    moved = excess[~(cells["is_anchor"] & in_block)].groupby(cells["run"]).sum()
    assert moved.max() == RULES.width and (moved == 0).any()
    # In the country few cells asked just one resident per request; in the false world many did.
    assert (excess == 0).mean() > 4 * (cells["asked"] == cells["requests"]).mean()
    totals = false[in_block].groupby(cells["block_id"])[["asked", "shared"]].sum()
    shown = built.blocks.set_index("block_id").loc[totals.index]
    assert (totals["asked"] == shown["asked"]).all()
    assert totals["shared"].between(shown["shared_low"], shown["shared_high"]).all()


def test_ranges_are_tried_at_both_ends():
    built = build(cell(asked=100, shared=0), cell(2, asked=100, shared=100))
    draw = np.random.default_rng(1)
    shared = np.array([false_world(built, draw)["shared"].tolist() for _ in range(100)])
    assert [shared[:, 0].min(), shared[:, 0].max()] == [0, 5]
    assert [shared[:, 1].min(), shared[:, 1].max()] == [95, 100]


def test_an_excess_that_is_only_as_large_as_the_width_is_refused():
    loose = UnprovenRules(excess=5)
    built = build_blocks(some_country(0.13), rules=loose)
    with pytest.raises(ProtectionError, match="cover test"):
        cover_test(built, seed=1, worlds=3, rules=loose)


def split_without_keeper(part, value, anchor, counts, rules):
    """The split of an earlier draft: every safe value stands alone where what is left is safe, the last one too."""
    new_part, new_anchor = part.copy(), anchor.copy()
    next_part = part.max() + 1 if len(part) else 0
    for number in np.unique(part):
        joined = part == number
        for one in np.unique(value[joined]):
            alone = joined & (value == one)
            rest = joined & ~alone
            sums = [np.array([[count[cells].sum()] for count in counts]) for cells in (alone, rest)]
            if rest.any() and all(safe(*total, rules)[0] for total in sums):
                new_part[alone], joined, next_part = next_part, rest, next_part + 1
    return new_part, new_anchor


def test_a_split_without_a_keeper_is_refused(monkeypatch):
    monkeypatch.setattr(block_walk, "split", split_without_keeper)
    # The small safe value stands alone; that the two others were joined proves that both are unsafe.
    parts = [(4, 38, 0, "burglary"), (4, 38, 1, "robbery"), (1, 12, 3, "traffic")]
    built = build(*(cell(requests=r, asked=a, shared=s, incident_category=c) for r, a, s, c in parts))
    assert len(built.blocks) == 2
    with pytest.raises(ProtectionError, match="cover test"):
        cover_test(built, seed=1, worlds=40)


def test_a_count_of_a_block_that_was_edited_is_refused():
    built = build(cell(asked=100, shared=30), cell(2, asked=100, shared=30))
    built.blocks.loc[1, "responded"] = 99
    with pytest.raises(ProtectionError, match="cover test"):
        cover_test(built, seed=1)


def test_an_edition_without_requests_has_nothing_to_cover():
    cover_test(build(), seed=1)


def test_the_false_world_leaves_every_published_range_as_it_was():
    built = build_blocks(some_country(0.03))
    false = false_world(built, np.random.default_rng(8))
    totals = false[built.cells["block_id"].notna()].groupby(built.cells["block_id"])[["asked", "shared"]].sum()
    shown = built.blocks.set_index("block_id").loc[totals.index]
    low, high = shared_range(totals["asked"].to_numpy(), totals["shared"].to_numpy())
    assert (low == shown["shared_low"]).all() and (high == shown["shared_high"]).all()
