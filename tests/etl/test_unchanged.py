"""A run with nothing new to do says so at once; whatever has changed makes it a whole run."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from etl import run as running
from etl.errors import CheckError
from etl.run import run, settings_for

TODAY = date(2026, 11, 22)


@pytest.fixture
def again(tmp_path, monkeypatch):
    """Runs the record edition once; then says of each further run whether it went through its stages."""
    incoming = tmp_path / "private/incoming"
    incoming.mkdir(parents=True)
    went: list[str] = []
    stages = running.all_stages
    monkeypatch.setattr(running, "all_stages", lambda *given: went.append("whole") or stages(*given))

    def is_whole(today: date = TODAY, afresh: bool = False) -> bool:
        went.clear()
        settings = settings_for("record", data=tmp_path, incoming=None, memory_limit="1GB", threads=2, today=today)
        is_whole.report = run(settings, quiet=True, afresh=afresh)
        return bool(went)

    is_whole.data = tmp_path
    assert is_whole()
    return is_whole


def test_nothing_new_is_no_run_and_the_same_report(again):
    first = again.report
    assert not again()
    assert again.report.source_rows == first.source_rows
    assert (again.report.release.release_id, again.report.release.is_new) == (first.release.release_id, False)


def test_a_wish_a_day_or_a_file_makes_a_whole_run(again):
    assert again(afresh=True)
    assert again(today=TODAY + timedelta(days=1))
    assert again()
    (again.data / "private/incoming/areas.csv").write_text("agency_id,area,households,source_id\n")
    assert again()
    assert not again()


def test_a_release_or_a_ledger_that_is_gone_makes_a_whole_run(again):
    pointer = again.data / "public/record/current.json"
    pointer.write_text(pointer.read_text() + " ")
    assert again()
    for path in (again.data / "private/record/ledger").glob("*"):
        path.unlink()
    assert Path(again.data / "private/record/last_run.json").exists()
    assert again()


@pytest.mark.parametrize("name", ["agencies.csv", "agencies.parquet", "porchlight.duckdb"])
def test_a_release_that_lost_a_file_is_found_damaged(again, name):
    (again.data / f"public/record/releases/{again.report.release.release_id}/{name}").unlink()
    with pytest.raises(CheckError, match=r"is damaged: .* bring its folder back from a copy"):
        again()
