"""A counted source is read in one pass and folded: the same counts, reasons, texts and row numbers as row by row."""

import os
import random
import sys
from dataclasses import replace
from datetime import date

import duckdb
import pytest

from etl import ingest as loader
from etl.catalog import sources
from etl.errors import UsageError
from tests.etl.conftest import AGENCIES

UNKNOWN = dict.fromkeys(("asked", "responded", "shared", "declined"), "")
HEADER = "agency_id,request_ref,response,answered_after_hours\n"
GOOD = """us-oh-oak-pd,r-1,shared,1.5
us-oh-oak-pd,r-1,no_answer,
us-oh-oak-pd,r-2,declined,30
us-oh-oak-pd,r-3,shared,
 us-oh-oak-pd , r-2 , shared , 01.5 """.splitlines()
BAD = """us-oh-oak-pd,r-1,perhaps,1
us-oh-oak-pd,r-1,shared,1.234
us-oh-oak-pd,r-1,shared,-2
us-oh-oak-pd,r-1,no_answer,3
us-oh-oak-pd,r-9,shared,1
us-oh-elm-pd,r-1,shared,2.5
,r-1,shared,1
us-oh-oak-pd,,shared,1
us-oh-oak-pd,r-1,,
us-oh-oak-pd,jane@example.org,shared,1
us-oh-oak-pd,r-1,shared,12345678901
us-oh-oak-pd,r-1,shared,1e2
us-oh-oak-pd,r-1,shared,555-867-5309
us-oh-oak-pd,r-2,SHARED,""".splitlines()
TORN = ["us-oh-oak-pd,r-3", "us-oh-oak-pd,r-1,shared,1,,"]


def outcome(town):
    """All that the loader says: counts of requests, rows in quarantine, the account of every file."""
    con, taken = town.load()
    counted = con.execute(
        "select request_ref, asked, responded, shared, declined from staging.requests order by all"
    ).fetchall()
    held = con.execute("select * from quarantine.rows order by all").fetchall()
    return counted, held, taken.source_rows.values.tolist()


def parts_of(town):
    return sorted((town.data / "private/record/parts").glob("*/*.parquet"))


def row_by_row(monkeypatch, tmp_path):
    """Switch folding off: the loader as it works for every other source."""
    plain = tmp_path / "responses.sql"
    whole = sources()["responses"]
    plain.write_text(whole.sql.replace("raw.rows", "1 as rows"))
    columns = tuple(replace(column, only_given=False) for column in whole.columns)
    unfolded = {**sources(), "responses": replace(whole, counted=False, columns=columns, sql_path=plain)}
    monkeypatch.setattr(loader, "sources", lambda: unfolded)
    monkeypatch.setattr("etl.files.sources", lambda: unfolded)


@pytest.mark.parametrize("seed", range(6))
def test_folding_changes_no_count_no_reason_and_no_text(town, tmp_path, monkeypatch, seed):
    rng = random.Random(seed)
    town.requests(UNKNOWN, UNKNOWN, UNKNOWN, {})
    for name in ("responses-a.csv", "responses-b.csv"):
        rows = rng.choices(GOOD, k=200) + rng.choices(BAD, k=12 * (seed > 0)) + rng.choices(TORN, k=3 * (seed > 2))
        rng.shuffle(rows)
        town.write(name, HEADER + "\n".join(rows) + "\n")
    folded = outcome(town)
    row_by_row(monkeypatch, tmp_path)
    assert folded == outcome(town)
    assert seed == 0 or len(folded[1]) >= 24


def test_a_parquet_of_numbers_folds_like_its_text(town, tmp_path, monkeypatch):
    town.requests(UNKNOWN, {})
    hours = "1.5, 30, 0, 0.01, 9999999.99, 10000000, -1, 1.005, 0.00001, 'nan', 1e300, null"
    duckdb.execute(
        f"""copy (
            select 'us-oh-oak-pd' as agency_id, 'r-1' as request_ref, 'shared' as response,
                unnest([{hours}]::double[]) as answered_after_hours
        ) to '{town.folder}/responses.parquet' (format parquet)"""
    )
    folded = outcome(town)
    row_by_row(monkeypatch, tmp_path)
    assert folded == outcome(town)
    assert [row[2] for row in folded[1]] == [6, 7, 8, 9, 10, 11]


def test_rows_that_are_alike_are_one_row_with_their_number(town):
    town.requests(UNKNOWN)
    town.write("responses.csv", HEADER + "us-oh-oak-pd,r-1,shared,1.5\n" * 700 + "us-oh-oak-pd,r-1,shared,2\n" * 300)
    con, taken = town.load()
    assert con.execute("select response, rows from staging.responses").fetchall() == [("shared", 1000)]
    assert taken.source_rows.set_index("file").rows_accepted["responses.csv"] == 1000
    assert "answered_after_hours" not in [row[0] for row in con.execute("describe staging.responses").fetchall()]


def test_what_was_folded_is_used_again_and_a_changed_file_is_noticed(town):
    town.requests(UNKNOWN)
    path = town.write("responses.csv", HEADER + "us-oh-oak-pd,r-1,shared,1.5\n" * 3)
    assert outcome(town)[0] == [("r-1", 3, 3, 3, 0)]
    kept = {path: path.stat().st_mtime_ns for path in parts_of(town)}
    assert sorted(path.name for path in kept) == ["rows.parquet"] * 2 + ["typed.parquet"]
    assert outcome(town)[0] == [("r-1", 3, 3, 3, 0)]
    assert {path: path.stat().st_mtime_ns for path in parts_of(town)} == kept
    # Same length, same date, other content.
    before = path.stat()
    path.write_text((HEADER + "us-oh-oak-pd,r-1,shared,1.5\n" * 2 + "us-oh-oak-pd,r-1,declined,1\n")[: before.st_size])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert outcome(town)[0] == [("r-1", 3, 3, 2, 1)]
    assert len(parts_of(town)) == 3 and len(set(parts_of(town)) & set(kept)) == 2, "what has no file is forgotten"


@pytest.mark.parametrize(("what", "again"), [("day", 0), ("references", 0), ("name", 1), ("rules", 1), ("types", 1)])
def test_typed_rows_are_made_again_only_where_what_makes_them_has_changed(town, tmp_path, monkeypatch, what, again):
    """The day and other tables are asked every time; a file's typed rows are its own."""
    town.requests(UNKNOWN)
    before = outcome(town)
    kept = {path for path in parts_of(town) if path.name == "typed.parquet"}
    known = sources()["requests"]
    if what == "day":
        monkeypatch.setattr(sys.modules[type(town).__module__], "TODAY", date(2016, 1, 1))
    elif what == "references":
        town.write("agencies.csv", AGENCIES.splitlines()[0] + "\n")
    elif what == "name":
        (town.folder / "requests.csv").rename(town.folder / "requests-2.csv")
    else:
        changed = replace(known, rules=known.rules[1:])
        if what == "types":
            (tmp_path / "requests.sql").write_text(known.sql + "\n-- another way\n")
            changed = replace(known, sql_path=tmp_path / "requests.sql")
        monkeypatch.setattr(loader, "sources", lambda: sources() | {"requests": changed})
        monkeypatch.setattr("etl.files.sources", lambda: sources() | {"requests": changed})
    after = outcome(town)
    assert len({path for path in parts_of(town) if path.name == "typed.parquet"} - kept) == again
    assert (after != before) == (what in ("day", "references", "name"))


def test_refused_rows_are_looked_up_again_when_another_table_changes(town):
    town.requests(UNKNOWN)
    town.write("responses.csv", HEADER + "us-oh-oak-pd,r-1,shared,1\nus-oh-oak-pd,r-2,shared,1\n")
    assert [row[2] for row in outcome(town)[1]] == [2]
    town.requests(UNKNOWN, UNKNOWN)
    assert outcome(town)[1] == []
    town.requests({"request_ref": "r-2"} | UNKNOWN)
    assert [row[2] for row in outcome(town)[1]] == [1]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text.replace("counted = true", 'counted = true\nkey = ["agency_id"]'), "without a key"),
        (lambda text: text.replace("counted = true", ""), "only_given"),
        (
            lambda text: text.replace("answered_after_hours is not null", "answered_after_hours > 9"),
            "looks at the value",
        ),
    ],
)
def test_a_counted_source_that_would_lose_something_is_refused(tmp_path, change, words):
    for name in ("requests", "agencies", "sources", "areas"):
        for ending in (".toml", ".sql"):
            (tmp_path / f"{name}{ending}").write_text((sources()[name].sql_path.with_suffix(ending)).read_text())
    path = sources()["responses"].sql_path
    (tmp_path / "responses.sql").write_text(path.read_text())
    (tmp_path / "responses.toml").write_text(change(path.with_suffix(".toml").read_text()))
    with pytest.raises(UsageError, match=words):
        sources(tmp_path)
