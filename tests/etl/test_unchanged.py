"""A run with nothing new to do says so at once; whatever has changed makes it a whole run."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from etl import run as running
from etl.errors import CheckError
from etl.run import Report, run, settings_for

# What is made for all of these is made once, on one worker.
pytestmark = pytest.mark.xdist_group("unchanged")
TODAY = date(2026, 11, 22)


def run_in(data: Path, today: date = TODAY, afresh: bool = False) -> Report:
    """Run the record edition in a data folder."""
    settings = settings_for("record", data=data, incoming=None, memory_limit="1GB", threads=2, today=today)
    return run(settings, quiet=True, afresh=afresh)


@pytest.fixture(scope="module")
def once(tmp_path_factory) -> tuple[Path, Report]:
    """A data folder after the first run, and what that run reported. Read only."""
    data = tmp_path_factory.mktemp("once")
    (data / "private/incoming").mkdir(parents=True)
    return data, run_in(data)


@pytest.fixture
def again(once, tmp_path, monkeypatch):
    """Says of each run after the first whether it went through its stages."""
    data = tmp_path / "data"
    shutil.copytree(once[0], data)
    went: list[str] = []
    stages = running.all_stages
    monkeypatch.setattr(running, "all_stages", lambda *given: went.append("whole") or stages(*given))

    def is_whole(today: date = TODAY, afresh: bool = False) -> bool:
        went.clear()
        is_whole.report = run_in(data, today, afresh)
        return bool(went)

    is_whole.data, is_whole.report = data, once[1]
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
