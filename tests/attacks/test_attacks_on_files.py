"""Attacks through the folder: columns, tables and files that nobody declared, and forms of one table that disagree."""

import json
from functools import partial

import pytest

from tests.attacks.test_attacks_on_rows import refused as refused_in_all_ways

# The files of a new release are looked into whatever came before it.
refused = partial(refused_in_all_ways, as_a_run=False)


@pytest.mark.parametrize(
    "change",
    [
        "alter table request_counts add column asked bigint",
        "alter table request_counts add column weight double",
        "alter table agencies add column note_2 decimal(9, 2)",
        "alter table consent_blocks add column shared bigint",
        "alter table consent_blocks add column parts integer[]",
        "alter table block_cells add column asked varchar",
        "alter table regimes add column extra json",
    ],
)
def test_an_undeclared_column_is_caught(honest, change, tmp_path):
    refused(honest.write(tmp_path, lambda con: con.execute(change)), rule="no undeclared column")


def test_numbers_written_as_text_are_caught(honest, tmp_path):
    def hide(con):
        con.execute("alter table request_counts add column remark varchar")
        con.execute("update request_counts set remark = '7' where incident_category = 'robbery'")

    refused(honest.write(tmp_path, hide), rule="no numbers written as text")


def test_an_undeclared_text_column_without_numbers_passes(honest, tmp_path):
    """Columns may be added to a release; only numbers need the judge's leave."""
    from etl.judge import judge

    def remark(con):
        con.execute("alter table request_counts add column remark varchar")
        con.execute("update request_counts set remark = 'sent by the detective bureau'")

    assert judge([honest.write(tmp_path, remark)]).ok


@pytest.mark.parametrize(
    "change",
    [
        "create table consent_cells as select block_id, asked from consent_blocks",
        "create view recent as select * from consent_blocks",
        "create macro hidden() as 7",
        "create sequence hidden start 7",
        "create type hidden as enum ('7')",
    ],
)
def test_an_undeclared_table_or_anything_like_it_is_caught(honest, change, tmp_path):
    folder = honest.write(tmp_path, lambda con: con.execute(change))
    for copy in folder.glob("consent_cells.*"):
        copy.unlink()
    refused(folder, rule="only declared tables")


def test_a_csv_that_differs_from_the_duckdb_is_caught(honest, tmp_path):
    folder = honest.write(tmp_path)
    path = folder / "consent_blocks.csv"
    path.write_text(path.read_text().replace(",30,12,9,9,", ",32,12,10,10,"))
    verdict = refused(folder, rule="all forms of a table agree")
    assert any("consent_blocks.csv" in refusal.where for refusal in verdict.refusals)


def test_a_csv_with_one_row_more_is_caught(honest, tmp_path):
    folder = honest.write(tmp_path)
    path = folder / "request_counts.csv"
    path.write_text(path.read_text() + path.read_text().splitlines()[-1] + "\n")
    refused(folder, rule="all forms of a table agree")


def test_a_csv_with_one_column_more_is_caught(honest, tmp_path):
    folder = honest.write(tmp_path)
    path = folder / "agencies.csv"
    path.write_text(path.read_text().replace("population", "population,asked"))
    refused(folder, rule="all forms of a table agree")


def test_a_parquet_that_differs_from_the_duckdb_is_caught(honest, next_release, tmp_path):
    folder = honest.write(tmp_path)
    (folder / "block_cells.parquet").write_bytes((next_release.write(tmp_path) / "block_cells.parquet").read_bytes())
    refused(folder, rule="all forms of a table agree")


def test_a_parquet_with_other_columns_is_caught(honest, tmp_path):
    folder = honest.write(tmp_path)
    (folder / "block_cells.parquet").write_bytes((folder / "consent_blocks.parquet").read_bytes())
    refused(folder, rule="all forms of a table agree")


@pytest.mark.parametrize("name", ["cells.csv", ".notes", "porchlight.duckdb.wal", "more"])
def test_an_extra_file_is_caught(honest, name, tmp_path):
    folder = honest.write(tmp_path)
    if name == "more":
        (folder / name).mkdir()
    else:
        (folder / name).write_bytes(b"")
    if not name.endswith(".wal"):
        refused(folder, rule="only declared files")
    else:
        refused(folder)


@pytest.mark.parametrize("name", ["answers.sql", "agencies.csv", "agencies.sql/inner"])
def test_anything_but_the_query_of_a_declared_table_among_the_methods_is_caught(honest, name, tmp_path):
    folder = honest.write(tmp_path)
    stray = folder / "methods" / name
    stray.parent.mkdir(parents=True)
    stray.write_text("select 1")
    refused(folder, rule="only declared files")


@pytest.mark.parametrize("name", ["consent_blocks.csv", "agencies.parquet", "release.json", "porchlight.duckdb"])
def test_a_missing_file_is_caught(honest, name, tmp_path):
    folder = honest.write(tmp_path)
    (folder / name).unlink()
    refused(folder)


@pytest.mark.parametrize("said", [{"asked": 7}, {"tables": [{"shared": [1, 2]}]}, {"more": {"residents_asked": 3}}])
def test_people_counted_in_a_description_are_caught(honest, said, tmp_path):
    folder = honest.write(tmp_path)
    (folder / "release.json").write_text(json.dumps(said))
    refused(folder, rule="no undeclared column")


def test_a_total_of_people_beside_the_blocks_is_caught(honest, tmp_path):
    honest.rows["reported_totals"] = [{"scope": "OH", "measure": "asked", "value": 115.0, "qualifier": "exact"}]
    refused(honest.write(tmp_path), rule="no total of people beside the blocks")


def test_a_release_whose_tables_are_not_there_is_refused_and_not_passed(honest, tmp_path):
    refused(
        honest.write(tmp_path, lambda con: con.execute("drop table request_counts")),
        rule="a release has the tables it is judged by",
    )
