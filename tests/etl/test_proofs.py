"""What the judge passed counts as proven only while releases and judge are what they were, to the byte."""

from pathlib import Path

import pytest

from etl import proofs
from etl.engines.duckdb import connect
from etl.errors import ProtectionError
from etl.judge import judge
from etl.judging.history import lay_out
from etl.proofs import Proofs
from etl.protect import refuse_unsafe
from tests.attacks.made_releases import Q1, Q2, Q4, Block, Press, Release, sent

FIRST = Release(1, [Block("old", {(Q1, "burglary"): 4}, 30, 8)], [sent(Q1, "burglary", 4), sent(Q4, "robbery", 3)])
SECOND = Release(2, [*FIRST.blocks, Block("new", {(Q4, "robbery"): 3}, 28, 6, release_no=2)], FIRST.requests)
THIRD = Release(3, SECOND.blocks, SECOND.requests)


@pytest.fixture
def releases(tmp_path) -> list[Path]:
    return [release.write(tmp_path / "public") for release in (FIRST, SECOND, THIRD)]


@pytest.fixture
def kept(tmp_path) -> Path:
    return tmp_path / "private" / "proofs"


def test_what_was_passed_is_proven_for_the_next_run_and_for_a_prefix(releases, kept):
    kept.parent.mkdir()
    assert Proofs(kept).proven(releases[:2]) == 0
    refuse_unsafe(releases, Proofs(kept))
    assert Proofs(kept).proven(releases) == 3
    assert Proofs(kept).proven(releases[:2]) == 2
    assert Proofs(kept).proven(releases[1:]) == 0
    assert Proofs(kept).proven([*releases[:2], releases[0]]) == 0


@pytest.mark.parametrize("name", ["consent_blocks.csv", "porchlight.duckdb", "request_counts.parquet", "release.json"])
def test_a_byte_of_any_file_takes_the_proof_away(releases, kept, name):
    kept.parent.mkdir()
    Proofs(kept).passed(releases)
    path = releases[0] / name
    path.write_bytes(path.read_bytes() + b" ")
    assert Proofs(kept).proven(releases) == 0


def test_a_file_more_or_less_takes_the_proof_away(releases, kept):
    kept.parent.mkdir()
    Proofs(kept).passed(releases)
    (releases[0] / "more.txt").write_text("")
    assert Proofs(kept).proven(releases) == 0
    (releases[0] / "more.txt").unlink()
    assert Proofs(kept).proven(releases) == 3
    (releases[1] / "regimes.csv").unlink()
    assert Proofs(kept).proven(releases) == 0


def test_another_judge_has_proven_nothing(releases, kept, monkeypatch):
    kept.parent.mkdir()
    Proofs(kept).passed(releases)
    monkeypatch.setattr(proofs, "JUDGE", ("judge.py", "judging/rules.py"))
    assert Proofs(kept).proven(releases) == 0


def test_a_release_that_is_refused_is_not_noted(releases, kept, tmp_path):
    kept.parent.mkdir()
    refuse_unsafe(releases[:1], Proofs(kept))
    edited = Block("old", {(Q1, "burglary"): 4}, 31, 8)
    bad = Release(2, [edited], FIRST.requests).write(tmp_path / "bad")
    with pytest.raises(ProtectionError, match="never edited"):
        refuse_unsafe([releases[0], bad], Proofs(kept))
    assert Proofs(kept).proven([releases[0], bad]) == 0
    assert Proofs(kept).proven(releases[:1]) == 1


def seen(folders, proven):
    """All that the judge knows of these releases, without the keys that it numbers rows with."""
    with connect() as con:
        _, refusals = lay_out(con, folders, proven)
        assert not refusals
        return [
            con.execute(f"select {columns} from {table} order by all").fetchall()
            for columns, table in (
                ("* exclude (row_key)", "seen.blocks"),
                ("blocks.position, cells.* exclude (row_key)", "seen.cells join seen.blocks as blocks using (row_key)"),
                ("*", "seen.press"),
                ("* exclude (requests, requests_with_asked), sum(requests), sum(requests_with_asked)",
                 "seen.listed group by all"),
                ("*", "seen.release_days"),
                ("*", "seen.consent_blocks_before"),
                ("*", "seen.request_counts_before"),
            )
        ]  # fmt: skip


def test_proven_releases_are_known_to_the_last_row(tmp_path):
    """Counts rise and fall, press figures come, are corrected and go; only of blocks is the last release enough."""
    figure = Press("requests", 9, Q1, Q4)
    fewer = [sent(Q1, "burglary", 2), sent(Q4, "robbery", 3), sent(Q2, "burglary", 1)]
    more = [sent(Q1, "burglary", 5), sent(Q4, "robbery", 4)]
    new = Block("third", {(Q4, "robbery"): 1}, 24, 5, release_no=4)
    history = [
        FIRST,
        Release(2, SECOND.blocks, fewer, [figure, Press("shared", 4, Q1, Q1, "at_least")]),
        Release(3, SECOND.blocks, more, [Press("requests", 8, Q1, Q4)]),
        Release(4, [*SECOND.blocks, new], more),
    ]
    folders = [release.write(tmp_path) for release in history]
    everything = seen(folders, 0)
    assert [row[0] for row in everything[0]] == [0, 1, 3] and len(everything[2]) == 3
    for proven in range(1, len(folders) + 1):
        assert seen(folders, proven) == everything


def test_a_new_release_must_have_the_highest_number(releases, tmp_path):
    """With a number below, it would be taken for one of those whose blocks were proven to stay."""
    edited = Release(-5, [Block("old", {(Q1, "burglary"): 4}, 31, 8, release_no=-5)], FIRST.requests)
    verdict = judge([*releases, edited.write(tmp_path)], proven=3)
    assert "a new release has the highest number" in [refusal.rule for refusal in verdict.refusals]
