"""Publishing: immutable, from content, atomic at any kill. Real DuckDB, real files, real SIGKILL."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import nullcontext
from datetime import date
from pathlib import Path

import pytest

from etl import catalog
from etl.engines.duckdb import connect
from etl.errors import CheckError, ProtectionError
from etl.publish import all_releases, current_release, point_at, publish
from etl.release_files import write_parquet
from etl.settings import Settings

NOT_PLACED = ("OH", None, None, None, None, "not_placed", None)
ROWS = {
    "agencies": [
        ("us-oh-elm-pd", "Elm Police Department", "municipal_police", *NOT_PLACED),
        ("us-oh-ash-pd", "Ash Police Department", "municipal_police", *NOT_PLACED),
    ],
    "events": [
        (
            "e1",
            date(2019, 4, 18),
            "day",
            "OH",
            "council",
            "Elm votes",
            'It\'s approved; "all" agreed,\nsaid one.',
            "paper",
        )
    ],
}


def settings_in(folder: Path, day: date = date(2026, 6, 30)) -> Settings:
    return Settings(data=folder, today=day)


def gathered(con, rows=ROWS):
    con.execute("create schema if not exists out")
    for mart in catalog.marts().values():
        columns = ", ".join(f'"{column.name}" {column.type}' for column in mart.columns)
        con.execute(f"create or replace table out.{mart.name} ({columns})")
        for row in rows.get(mart.name, []):
            con.execute(f"insert into out.{mart.name} values ({', '.join('?' * len(row))})", row)


def published(settings, rows=ROWS, judge=lambda releases: None):
    with connect() as con:
        gathered(con, rows)
        release = publish(con, settings, rules_version="1", judge=judge, remember=lambda release_id: None)
    point_at(settings, release)
    return release


def test_a_release_holds_every_table_three_times_and_they_agree(tmp_path):
    folder = published(settings_in(tmp_path)).folder
    with connect(folder / "porchlight.duckdb", read_only=True) as con:
        tables = sorted(row[0] for row in con.execute("select table_name from duckdb_tables()").fetchall())
        assert tables == sorted(catalog.marts())
        for name in tables:
            stored = con.execute(f"select * from {name}").fetchall()
            assert stored == con.execute(f"select * from read_parquet('{folder / name}.parquet')").fetchall()
            with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
                assert len(list(csv.reader(handle))) == len(stored) + 1


def test_every_column_is_described_where_it_lies(tmp_path):
    folder = published(settings_in(tmp_path)).folder
    with connect(folder / "porchlight.duckdb", read_only=True) as con:
        bare = con.execute(
            "select table_name, column_name from duckdb_columns() where not internal and comment is null"
        ).fetchall()
        assert bare == []
        listed = con.execute("select count(*) from dictionary").fetchone()
    package = json.loads((folder / "datapackage.json").read_text())
    assert listed == (sum(len(mart.columns) for mart in catalog.marts().values()),)
    assert {entry["path"] for entry in package["resources"]} == {f"{name}.csv" for name in catalog.marts()}


def test_the_same_content_is_the_same_release_in_any_row_order(tmp_path):
    first = published(settings_in(tmp_path / "a"))
    shuffled = {name: rows[::-1] for name, rows in ROWS.items()}
    second = published(settings_in(tmp_path / "b"), shuffled)
    assert first.release_id == second.release_id


def test_what_the_database_happens_to_know_of_nulls_is_not_in_the_bytes(tmp_path):
    """DuckDB writes a column as never null where it knows so: of a fresh table, not of one that once held a null."""
    mart = catalog.marts()["events"]
    with connect(threads=2) as con:
        gathered(con)
        con.execute("create table knows as from out.events")
        con.execute("create table once as from out.events; insert into once default values")
        con.execute("delete from once where event_id is null")
        con.execute("create view together as from once union all from knows limit 1")
        written = set()
        for name in ("knows", "once", "together"):
            write_parquet(con, mart, name, tmp_path)
            written.add((tmp_path / "events.parquet").read_bytes())
        assert con.execute("select current_setting('threads')").fetchall() == [(2,)]
    assert len(written) == 1


def test_unchanged_content_makes_no_new_release(tmp_path):
    first = published(settings_in(tmp_path))
    again = published(settings_in(tmp_path, date(2026, 7, 15)))
    assert (again.release_id, again.is_new) == (first.release_id, False)
    assert len(all_releases(settings_in(tmp_path))) == 1


def test_a_changed_row_makes_a_new_release_that_says_what_changed(tmp_path):
    published(settings_in(tmp_path))
    second = published(settings_in(tmp_path, date(2026, 7, 1)), {**ROWS, "agencies": ROWS["agencies"][:1]})
    with (second.folder / "release_changes.csv").open() as handle:
        changed = {row["table_name"]: row for row in csv.DictReader(handle)}
    assert changed["agencies"]["rows_before"] == "2" and changed["agencies"]["rows_removed"] == "1"
    assert changed["events"]["rows_added"] == "0"
    assert current_release(settings_in(tmp_path)) == second.folder


def test_what_the_judge_refuses_is_not_published(tmp_path):
    def refuse(releases):
        raise ProtectionError("a cell falls")

    first = published(settings_in(tmp_path))
    with pytest.raises(ProtectionError):
        published(settings_in(tmp_path), {"agencies": ROWS["agencies"][:1]}, judge=refuse)
    assert current_release(settings_in(tmp_path)) == first.folder
    assert [path.name for path in settings_in(tmp_path).releases.iterdir()] == [first.release_id]


@pytest.mark.parametrize("refuses", [False, True])
def test_while_the_judge_works_the_run_holds_next_to_no_memory(tmp_path, refuses):
    with connect(memory_limit="1GB") as con:
        gathered(con)

        def limit():
            return con.execute("select current_setting('memory_limit')").fetchall()

        before, inside = limit(), []

        def judge(_releases):
            inside.append(limit())
            if refuses:
                raise ProtectionError("no")

        with pytest.raises(ProtectionError) if refuses else nullcontext():
            publish(con, settings_in(tmp_path), rules_version="1", judge=judge, remember=lambda release_id: None)
        assert inside == [[("122.0 MiB",)]] and limit() == before


def test_record_and_demo_never_mix(tmp_path):
    simulated = ("us-oh-simulated-0001-pd", "Simulated PD 0001, OH", *ROWS["agencies"][0][2:])
    with pytest.raises(CheckError, match="record edition would hold 1"):
        published(settings_in(tmp_path), {"agencies": [*ROWS["agencies"], simulated]})
    with pytest.raises(CheckError, match="demo edition would hold 2"):
        published(Settings(edition="demo", data=tmp_path, today=date(2026, 6, 30)))


@pytest.mark.parametrize("cell", ["=HYPERLINK(1)", "=1+1", "@SUM(A1)", "-1+cmd|' /C calc'!A0"])
def test_a_cell_that_a_spreadsheet_would_run_is_refused(tmp_path, cell):
    row = ("e1", date(2019, 4, 18), "day", "OH", "council", cell, None, "paper")
    with pytest.raises(CheckError, match=r"events\.csv"):
        published(settings_in(tmp_path), {**ROWS, "events": [row]})


def test_a_number_with_its_sign_is_no_formula(tmp_path):
    row = ("e1", date(2019, 4, 18), "day", "OH", "council", "+1 (330) 555-0100", None, "paper")
    assert published(settings_in(tmp_path), {**ROWS, "events": [row]}).is_new


ENDLESS = """
import sys
from datetime import date, timedelta
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from tests.etl.test_publish import ROWS, published, settings_in
for turn in range(10_000):
    rows = {**ROWS, "agencies": [(f"us-oh-elm-{turn}-pd", *ROWS["agencies"][0][1:])]}
    published(settings_in(Path(sys.argv[1]), date(2026, 6, 30) + timedelta(days=turn)), rows)
    print(turn, flush=True)
"""


def test_a_kill_at_any_moment_leaves_the_last_release_whole(tmp_path):
    house = Path(__file__).resolve().parents[2]
    settings = settings_in(tmp_path)
    for delay in (0.0, 0.05, 0.11, 0.17, 0.23, 0.29):
        child = subprocess.Popen(
            [sys.executable, "-c", ENDLESS, str(tmp_path), str(house)], stdout=subprocess.PIPE, cwd=house, text=True
        )
        assert child.stdout.readline(), "the child published nothing"
        time.sleep(delay)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        folder = current_release(settings)
        with connect(folder / "porchlight.duckdb", read_only=True) as con:
            assert con.execute("select release_id from release").fetchone() == (folder.name,)
            assert con.execute("select count(*) from agencies").fetchone() == (1,)
    published(settings, {"agencies": ROWS["agencies"][:1]})
    assert not list(settings.releases.glob(".building-*"))
