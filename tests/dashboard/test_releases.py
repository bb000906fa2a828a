"""Opening releases: the pointer, old releases, honest absence, nothing but reading."""

from concurrent.futures import ThreadPoolExecutor

import duckdb
import pytest
from dashboard_world import publish

from dashboard.releases import MissingReleaseError, UnknownReleaseError, open_release, release_ids


def test_the_current_release_is_the_one_that_the_pointer_names(tmp_path):
    publish(tmp_path, number=1)
    second = publish(tmp_path, number=2)
    assert open_release(tmp_path / "public", "record").release_id == second


def test_a_swapped_pointer_is_seen_without_a_restart(tmp_path):
    first = publish(tmp_path, number=1)
    assert open_release(tmp_path / "public", "record").release_id == first
    second = publish(tmp_path, number=2)
    assert open_release(tmp_path / "public", "record").release_id == second


def test_an_old_release_opens_by_its_id(tmp_path):
    first = publish(tmp_path, number=1)
    publish(tmp_path, number=2)
    assert open_release(tmp_path / "public", "record", first).release_no == 1
    assert release_ids(tmp_path / "public", "record") == ["2026-11-02-000000000002", "2026-11-01-000000000001"]


@pytest.mark.parametrize("as_of", ["2026-01-01-00000000dead", "../../demo/releases/x", "", "latest", "2026-11-01-0000"])
def test_an_unknown_release_is_said_to_be_unknown(tmp_path, as_of):
    publish(tmp_path)
    if as_of:
        with pytest.raises(UnknownReleaseError):
            open_release(tmp_path / "public", "record", as_of)
    else:
        assert open_release(tmp_path / "public", "record", as_of).release_no == 1


@pytest.mark.parametrize("edition", ["demo", "../record", "private"])
def test_an_edition_that_was_never_built_is_missing(tmp_path, edition):
    publish(tmp_path, "record")
    with pytest.raises(MissingReleaseError):
        open_release(tmp_path / "public", edition)


def test_what_is_simulated_is_told_by_the_release_and_not_by_its_folder(tmp_path):
    publish(tmp_path, "record", is_simulated=True)
    assert open_release(tmp_path / "public", "record").is_simulated


def test_nothing_can_be_written_read_from_disk_or_unlocked(release, tmp_path):
    (tmp_path / "secret.csv").write_text("a\n1\n")
    for sql in (
        "create table x (a int)",
        f"select * from read_csv('{tmp_path}/secret.csv')",
        f"attach '{tmp_path}/other.duckdb'",
        f"copy agencies to '{tmp_path}/out.csv'",
        "set enable_external_access = true",
        "install httpfs",
    ):
        with pytest.raises(duckdb.Error):
            release.query(sql)


def test_many_sessions_ask_at_the_same_time(release):
    with ThreadPoolExecutor(8) as sessions:
        answers = list(sessions.map(lambda _: release.rows("select count(*) from states")[0][0], range(64)))
    assert set(answers) == {51}
