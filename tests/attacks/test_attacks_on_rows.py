"""Attacks inside one release: rows that break the rule, cross a unit, overlap, or show what must not be shown."""

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from etl.judge import judge
from tests.attacks.made_releases import AGENCY, Q1, Q2, Q3, Q4, Block, Release, sent

# Gone when the tests end.
KEPT = TemporaryDirectory(prefix="porchlight-nothing-")


@cache
def nothing_before():
    """A release without a block or a request, for attacks of one release."""
    return Release(number=0).write(Path(KEPT.name))


def refused(*folders, rule=None, leak=None, as_a_run=True):
    """Judge, expect a refusal by this rule and a leak that names these words; return the verdict.

    The same once more `as_a_run` does it: what came before was proved before, and only the last release is new.
    """
    judged = [judge(list(folders))]
    *before, last = folders
    if as_a_run and (not before or judge(before).ok):
        judged.append(judge([*(before or [nothing_before()]), last], proven=len(before) or 1))
    for one in judged:
        assert not one.ok
        if rule:
            assert rule in [refusal.rule for refusal in one.refusals], one.report()
        if leak:
            assert any(all(word in found.in_words() for word in leak) for found in one.leaks), one.report()
    return judged[0]


def test_naive_suppression_published_instead_of_blocks_is_caught(tmp_path):
    """Cells of 10 or more shown, smaller ones hidden, totals shown: the hidden cell is total minus shown."""
    blocks = [
        Block("burglary", {(Q1, "burglary"): 3}, asked=20, shared=6),
        Block("quarter", {(Q1, "burglary"): 3, (Q1, "robbery"): 1}, asked=24, shared=8),
    ]
    requests = [sent(Q1, "burglary", 3), sent(Q1, "robbery", 1)]
    verdict = refused(
        Release(blocks=blocks, requests=requests).write(tmp_path),
        rule="no two blocks share a request",
        leak=("quarter 2020-01-01, robbery", "asked is exactly 4", "24 asked", "minus [block burglary"),
    )
    assert verdict.failed == 1


def test_suppression_of_two_cells_is_caught_where_both_can_be_worked_out(tmp_path):
    """Two cells hidden in a table of quarters by categories with both margins: rows and columns give them back."""
    cells = {(Q1, "burglary"): 30, (Q1, "robbery"): 4, (Q2, "burglary"): 25, (Q2, "robbery"): 5}
    rows = {"q1": [(Q1, "burglary"), (Q1, "robbery")], "q2": [(Q2, "burglary"), (Q2, "robbery")]}
    columns = {"b": [(Q1, "burglary"), (Q2, "burglary")], "r": [(Q1, "robbery"), (Q2, "robbery")]}
    blocks = [
        Block(name, dict.fromkeys(inside, 2), asked=sum(cells[cell] for cell in inside), shared=4)
        for name, inside in (rows | columns).items()
        if name != "r"
    ]
    blocks.append(Block("shown", {(Q1, "burglary"): 2}, asked=30, shared=3))
    refused(
        Release(blocks=blocks, requests=[sent(*cell, 2) for cell in cells]).write(tmp_path),
        rule="no two blocks share a request",
        leak=("quarter 2020-01-01, robbery", "asked is exactly 4"),
    )


def test_a_block_that_crosses_a_regime_is_caught(honest, tmp_path):
    """Its requests after 2021-06-07 were posts that anyone could read, not private e-mails."""
    quarter = date(2021, 7, 1)
    honest.blocks.append(Block("crossing", {(date(2021, 4, 1), "assault"): 2, (quarter, "assault"): 2}, 30, 9))
    honest.requests += [
        sent(date(2021, 4, 1), "assault", 2),
        sent(quarter, "assault", 2, regime_id="request-for-assistance"),
    ]
    verdict = refused(honest.write(tmp_path), rule="a block does not cross a regime")
    where = [
        r for r in verdict.refusals if r.rule == "a block holds only requests of its own agency, program and regime"
    ]
    assert "regime request-for-assistance has requests there" in where[0].recipe


def test_a_block_that_crosses_a_regime_inside_its_boundary_quarter_is_caught(honest, tmp_path):
    """The quarter belongs to both regimes; only the public request counts tell the two apart."""
    quarter = date(2021, 4, 1)
    honest.blocks.append(Block("crossing", {(quarter, "assault"): 4}, asked=30, shared=9))
    honest.requests += [sent(quarter, "assault", 2), sent(quarter, "assault", 2, regime_id="request-for-assistance")]
    refused(honest.write(tmp_path), rule="a block holds only requests of its own agency, program and regime")


@pytest.mark.parametrize("other", [{"agency_id": "us-oh-otherton-pd"}, {"program_id": "ring-community-requests"}])
def test_a_block_that_crosses_an_agency_or_program_is_caught(honest, other, tmp_path):
    honest.blocks.append(replace(honest.blocks[0], **other))
    refused(honest.write(tmp_path), rule="a block is of one agency, program and regime")


def test_a_block_of_requests_without_a_known_regime_is_caught(honest, tmp_path):
    honest.blocks.append(Block("adrift", {(Q4, "burglary"): 3}, 30, 9, regime_id="unassigned"))
    refused(honest.write(tmp_path), rule="a block is of one agency, program and regime")


def test_two_blocks_that_share_a_request_are_caught(honest, tmp_path):
    honest.blocks.append(Block("again", {(Q1, "burglary"): 3}, asked=23, shared=7))
    verdict = refused(
        honest.write(tmp_path), rule="no two blocks share a request", leak=("robbery", "asked is exactly 7")
    )
    assert verdict.narrowest.reach.width == 0


def test_a_planted_agency_year_over_blocks_that_cross_the_year_is_caught_as_a_block(tmp_path):
    """Blocks end in the next year; the year's total minus the blocks inside it reaches into the crossing one."""
    january = date(2021, 1, 1)
    requests = [sent(Q1, "burglary", 2), sent(Q2, "burglary", 2), sent(Q4, "robbery", 2), sent(january, "robbery", 2)]
    blocks = [
        Block("inside", {(Q1, "burglary"): 2, (Q2, "burglary"): 2}, asked=30, shared=9),
        Block("crossing", {(Q4, "robbery"): 2, (january, "robbery"): 2}, asked=26, shared=8),
        Block("year", {(Q1, "burglary"): 2, (Q2, "burglary"): 2, (Q4, "robbery"): 2}, asked=37, shared=11),
    ]
    refused(
        Release(blocks=blocks, requests=requests).write(tmp_path),
        rule="no two blocks share a request",
        leak=("quarter 2020-10-01, robbery", "asked is exactly 7", "37 asked", "minus [block inside"),
    )


@pytest.mark.parametrize("asked, shared", [(60, 1), (60, 3), (40, 38), (100, 97)])
def test_an_exact_count_where_a_range_belongs_is_caught(honest, asked, shared, tmp_path):
    honest.blocks[2] = replace(honest.blocks[2], asked=asked, shared=shared)
    refused(honest.write(tmp_path), rule="a range stands where an exact count would be extreme")


@pytest.mark.parametrize("asked, shared", [(39, 0), (39, 1), (39, 38), (12, 11)])
def test_an_exact_block_that_nearly_all_or_nearly_nobody_answered_is_caught(honest, asked, shared, tmp_path):
    honest.blocks[2] = replace(honest.blocks[2], asked=asked, shared=shared)
    refused(
        honest.write(tmp_path),
        rule="an exact block has at least 2 who shared and 2 who did not",
        leak=("vandalism", "cannot reach 2"),
    )


@pytest.mark.parametrize("limits", [(0, 4), (1, 3), (0, 2), (55, 60), (57, 59)])
def test_a_range_with_other_limits_than_declared_is_caught(honest, limits, tmp_path):
    honest.blocks[1] = replace(honest.blocks[1], shared=limits)
    refused(honest.write(tmp_path), rule="a range has the declared limits")


def test_a_range_below_forty_asked_is_caught(honest, tmp_path):
    honest.blocks[1] = replace(honest.blocks[1], asked=39, shared=(0, 1))
    refused(honest.write(tmp_path), rule="a range has the declared limits", leak=("shared cannot reach 2",))


def test_a_block_that_asks_hardly_more_than_one_per_request_is_caught(honest, tmp_path):
    """30 requests, 34 asked: a quarter of it is known to within 4."""
    honest.blocks[0] = Block("mixed", {(Q1, "burglary"): 20, (Q1, "robbery"): 10}, asked=34, shared=9)
    honest.requests[:3] = [sent(Q1, "burglary", 20), sent(Q1, "robbery", 10)]
    refused(
        honest.write(tmp_path),
        rule="a block asks at least 6 residents more than it has requests",
        leak=("robbery", "4 wide", "34 asked"),
    )


def test_five_more_asked_than_requests_are_not_enough(honest, tmp_path):
    honest.blocks[0] = Block("mixed", {(Q1, "burglary"): 3, (Q1, "robbery"): 7}, asked=15, shared=9)
    honest.requests[:3] = [sent(Q1, "burglary", 3), sent(Q1, "robbery", 7)]
    refused(honest.write(tmp_path), rule="a block asks at least 6 residents more than it has requests")


def test_a_block_of_fewer_than_ten_asked_is_caught(honest, tmp_path):
    honest.blocks[2] = replace(honest.blocks[2], asked=9)
    refused(honest.write(tmp_path), rule="an exact block asks at least 10", leak=("asked is exactly 9",))


@pytest.mark.parametrize("responded", [9, 10, 29, 30])
def test_responded_of_an_exact_block_against_the_rule_is_caught(honest, responded, tmp_path):
    """9 shared of 30: fewer than 2 declined, or fewer than 2 did not answer."""
    honest.blocks[0] = replace(honest.blocks[0], responded=responded)
    refused(honest.write(tmp_path), rule="responded is shown only where every answer stays possible")


@pytest.mark.parametrize("limits, responded", [((0, 3), 4), ((0, 3), 59), ((57, 60), 58), ((57, 60), 30)])
def test_responded_of_a_range_against_the_rule_is_caught(honest, limits, responded, tmp_path):
    honest.blocks[1] = replace(honest.blocks[1], shared=limits, responded=responded)
    refused(honest.write(tmp_path), rule="responded is shown only where every answer stays possible")


def test_responded_two_beside_a_low_range_proves_that_nobody_shared(honest, tmp_path):
    """It is shown only where 2 or more declined, so nobody is left who shared."""
    honest.blocks[1] = replace(honest.blocks[1], responded=2)
    refused(honest.write(tmp_path), leak=("shared cannot reach 2", "2 responded", "shared is exactly 0"))


def test_responded_beside_a_low_range_is_let_pass_where_the_rule_shows_it(honest, tmp_path):
    honest.blocks[1] = replace(honest.blocks[1], responded=5)
    assert judge([honest.write(tmp_path)]).ok


def test_a_block_described_otherwise_than_by_its_cells_is_caught(honest, tmp_path):
    def shift(con):
        con.execute("update consent_blocks set last_quarter = first_quarter where block_id = 'range'")

    refused(honest.write(tmp_path, shift), rule="a block says what its cells say")


def test_cells_without_their_block_are_caught(honest, tmp_path):
    def orphan(con):
        con.execute("delete from consent_blocks where block_id = 'range'")

    refused(honest.write(tmp_path, orphan), rule="cells belong to a block")


def test_request_counts_that_make_room_for_an_overlap_are_caught(honest, tmp_path):
    honest.requests.append(sent(Q1, "robbery", 1))
    refused(honest.write(tmp_path), rule="request counts count each request once")


def test_a_block_of_a_regime_that_is_not_listed_is_caught(honest, tmp_path):
    honest.blocks[0] = replace(honest.blocks[0], regime_id="a-regime-of-its-own")
    refused(honest.write(tmp_path), rule="a block is of one agency, program and regime")


def test_a_block_of_a_quarter_that_may_still_change_is_caught(honest, tmp_path):
    honest.data_as_of = date(2021, 2, 27)
    refused(honest.write(tmp_path), rule="only quarters closed for 60 days are in blocks")


def test_a_count_that_cannot_be_is_caught(honest, tmp_path):
    honest.blocks[0] = replace(honest.blocks[0], shared=31)
    refused(honest.write(tmp_path), rule="every count of a block is there and possible")


def test_the_report_names_agency_quarter_and_category_and_the_narrowest_leak_first(honest, tmp_path):
    honest.blocks.append(Block("again", {(Q1, "burglary"): 3}, asked=23, shared=7))
    honest.blocks[1] = Block("range", {(Q2, "burglary"): 2, (Q3, "burglary"): 1, (Q3, "vandalism"): 2}, 9, 3)
    report = judge([honest.write(tmp_path)]).report()
    leaks = [line for line in report.splitlines() if line.startswith("- us-")]
    assert leaks[0].startswith(f"- {AGENCY}, quarter 2020-01-01, ") and "0 wide" in leaks[0]
    assert any("4 wide" in line for line in leaks[1:])
