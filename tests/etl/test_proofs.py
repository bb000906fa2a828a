"""What the judge passed counts as proven only while releases and judge are what they were, to the byte."""

from pathlib import Path

import pytest

from etl import proofs
from etl.errors import ProtectionError
from etl.proofs import Proofs
from etl.protect import refuse_unsafe
from tests.attacks.made_releases import Q1, Q4, Block, Release, sent

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
