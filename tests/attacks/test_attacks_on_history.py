"""Attacks over several releases: what was published once can be subtracted from what is published later."""

from dataclasses import replace

from etl.judge import judge
from tests.attacks.made_releases import Q1, Q3, Q4, Block, Release, sent
from tests.attacks.test_attacks_on_rows import refused


def test_a_block_edited_in_the_next_release_is_caught(honest, next_release, tmp_path):
    next_release.blocks[0] = replace(next_release.blocks[0], asked=32, shared=10)
    verdict = refused(honest.write(tmp_path), next_release.write(tmp_path), rule="a published block is never edited")
    recipe = next(r.recipe for r in verdict.refusals if r.rule == "a published block is never edited")
    assert "0 requests, 2 asked, 1 shared" in recipe


def test_cells_edited_in_the_next_release_are_caught(honest, next_release, tmp_path):
    """The block's row stays; only where its requests lie is told anew."""

    def move(con):
        con.execute("update block_cells set requests = 2 where block_id = 'mixed'")

    refused(honest.write(tmp_path), next_release.write(tmp_path, move), rule="a published block is never edited")


def test_responded_added_to_a_block_later_is_caught(honest, next_release, tmp_path):
    next_release.blocks[2] = replace(next_release.blocks[2], responded=9)
    refused(honest.write(tmp_path), next_release.write(tmp_path), rule="a published block is never edited")


def test_a_withdrawn_block_is_caught(honest, next_release, tmp_path):
    del next_release.blocks[1]
    refused(honest.write(tmp_path), next_release.write(tmp_path), rule="a published block stays")


def test_a_block_withdrawn_and_brought_back_is_caught(honest, next_release, tmp_path):
    between = replace(next_release, blocks=[block for block in next_release.blocks if block.block_id != "mixed"])
    folders = [honest.write(tmp_path), between.write(tmp_path), replace(next_release, number=3).write(tmp_path)]
    refused(*folders, rule="a published block stays")


def test_two_more_askings_of_one_late_request_are_caught(honest, next_release, tmp_path):
    """The block is published again with the late request in it: new minus old is one request and two residents."""
    grown = Block("mixed", {(Q1, "burglary"): 3, (Q1, "robbery"): 2}, asked=32, shared=10)
    next_release.blocks = [grown, *next_release.blocks[1:3]]
    refused(
        honest.write(tmp_path),
        next_release.write(tmp_path),
        rule="a published block is never edited",
        leak=(
            "quarter 2020-01-01, robbery",
            "asked is exactly 2, shared is exactly 1",
            "32 asked",
            "minus [block mixed",
        ),
    )


def test_two_more_askings_under_a_new_name_are_caught(honest, next_release, tmp_path):
    """Neither release shows anything small, and in each release alone nothing is wrong."""
    grown = Block("mixed-2", {(Q1, "burglary"): 3, (Q1, "robbery"): 2}, asked=32, shared=10, release_no=2)
    next_release.blocks = [grown, *next_release.blocks[1:3]]
    first, second = honest.write(tmp_path), next_release.write(tmp_path)
    refused(
        first,
        second,
        rule="a published block stays",
        leak=(
            "robbery",
            "asked is exactly 2, shared is exactly 1",
            "mixed-2 of release 2",
            "minus [block mixed of release 1",
        ),
    )
    assert judge([first]).ok


def test_a_block_that_hides_when_it_was_added_is_caught(honest, next_release, tmp_path):
    next_release.blocks[3] = replace(next_release.blocks[3], release_no=1)
    refused(
        honest.write(tmp_path),
        next_release.write(tmp_path),
        rule="a block names the release that first showed it",
    )


def test_two_releases_of_one_number_are_caught(honest, tmp_path):
    refused(honest.write(tmp_path / "one"), honest.write(tmp_path / "two"), rule="each release has its number")


def test_releases_of_two_editions_are_not_judged_as_one(honest, next_release, tmp_path):
    next_release.edition = "demo"
    refused(honest.write(tmp_path), next_release.write(tmp_path), rule="one edition is judged at a time")


def test_a_release_that_follows_another_than_the_one_given_is_caught(honest, next_release, tmp_path):
    def disown(con):
        con.execute("update release set previous_release_id = 'release-other'")

    refused(honest.write(tmp_path), next_release.write(tmp_path, disown), rule="releases form one chain")


def test_a_missing_release_is_said(honest, next_release, tmp_path):
    honest.write(tmp_path)
    assert "1 of 2 releases were given" in judge([next_release.write(tmp_path)]).notes[0]


def test_a_late_request_that_fits_no_room_in_its_cell_is_caught(honest, next_release, tmp_path):
    """A new block claims a request of a cell that is already whole in an earlier block: the two overlap."""
    next_release.blocks[3] = Block("later", {(Q3, "vandalism"): 1, (Q4, "burglary"): 3}, 25, 4, release_no=2)
    refused(honest.write(tmp_path), next_release.write(tmp_path), rule="no two blocks share a request")


def test_no_release_at_all_is_not_a_pass():
    assert not judge([]).ok


def test_a_correction_is_a_block_of_requests_of_its_own(tmp_path):
    """Corrected counts of three requests, with requests that were pending: a new block beside the old one."""
    first = Release(1, [Block("old", {(Q1, "burglary"): 4}, 30, 8)], [sent(Q1, "burglary", 4), sent(Q1, "robbery", 2)])
    second = Release(
        2,
        [*first.blocks, Block("new", {(Q1, "burglary"): 3, (Q1, "robbery"): 2}, 28, 6, release_no=2)],
        [sent(Q1, "burglary", 7), sent(Q1, "robbery", 2)],
    )
    assert judge([first.write(tmp_path), second.write(tmp_path)]).ok
