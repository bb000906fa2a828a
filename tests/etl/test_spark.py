"""The same SQL files on Spark, on a real cluster of two executor processes: the same tables, the same release.

One session for the whole module. A SQL file that does not go over to Spark fails here, by name.
"""

import csv
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from etl import catalog, personal_data
from etl.build import build
from etl.checks import check
from etl.engines.dialect import java_pattern, to_spark
from etl.engines.duckdb import connect
from etl.engines.spark import Spark, session
from etl.errors import CheckError, EngineError, UsageError
from etl.identity import resolve
from etl.ingest import ingest
from etl.rules import row_rules
from etl.run import run, settings_for
from etl.settings import Settings
from etl.simulate import simulate

pytestmark = pytest.mark.xdist_group("spark")
HOUSE = Path(__file__).parents[2]
GOLDEN = HOUSE / "tests" / "golden" / "incoming"
TODAY = date(2026, 6, 30)
FILES = sorted(
    path.relative_to(HOUSE / "etl").as_posix()
    for folder in ("sources", "staging", "marts", "checks")
    for path in (HOUSE / "etl" / folder).glob("*.sql")
)


@pytest.fixture(scope="module")
def spark():
    os.environ["SPARK_CONF_DIR"] = str(Path(__file__).parent / "spark_conf")
    with session("local-cluster[2,1,1024]") as session_:
        yield session_


@pytest.fixture(scope="module")
def golden(tmp_path_factory):
    """The golden world, counted by DuckDB."""
    settings = Settings(data=tmp_path_factory.mktemp("data"), incoming=(GOLDEN,), curated=None, today=TODAY)
    with connect() as con:
        ingest(settings, con)
        resolve(con, settings)
        build(con, settings)
        yield con, settings


def columns(con, relation: str) -> list[tuple[str, str]]:
    return [(name, kind) for name, kind, *_ in con.execute(f"describe {relation}").fetchall()]


def rows(con, table: str) -> list[tuple]:
    return con.execute(f"select * from {table} order by all").fetchall()


def test_two_executors_do_the_counting(spark):
    spark.range(4).count()  # a first job waits until all executors are there: spark_conf says so
    assert spark.sparkContext._jsc.sc().getExecutorMemoryStatus().size() == 3  # two, and the driver


@pytest.mark.parametrize("file", FILES)
def test_a_sql_file_goes_over_to_spark(file, golden, spark):
    """Spark's own analyzer takes it, and names and types of its columns are those of DuckDB."""
    con, _ = golden
    select = (HOUSE / "etl" / file).read_text(encoding="utf-8")
    frame = Spark(con, spark).frame(select, file)
    con.register("made", frame.limit(0).toArrow())
    assert columns(con, "made") == columns(con, f"({select})")
    con.unregister("made")


@pytest.mark.parametrize("name", catalog.sources())
def test_the_rules_of_a_source_go_over_to_spark(name, golden, spark):
    con, _ = golden
    source = catalog.sources()[name]
    rules = row_rules(source, f"(\n{source.sql}\n)", dict(columns(con, source.sql)), TODAY)
    Spark(con, spark).frame(f"select * from ({rules.checked}) as checked where not {rules.broken}", name)


def test_the_golden_world_is_counted_alike_and_every_check_holds(golden, spark):
    con, settings = golden
    tables = [f"staging.{path.stem}" for path in sorted((HOUSE / "etl" / "staging").glob("*.sql"))]
    tables += [f"marts.{mart.name}" for mart in catalog.marts().values() if mart.sql_path]
    by_duckdb = {table: (columns(con, table), rows(con, table)) for table in tables}
    con.execute("begin")
    try:
        engine = Spark(con, spark)
        build(con, settings, engine)
        assert {table: (columns(con, table), rows(con, table)) for table in tables} == by_duckdb
        assert check(con, engine) == len(list((HOUSE / "etl" / "checks").glob("*.sql")))
        con.execute("update ingest.source_rows set rows_read = rows_read + 1 where file = 'requests.csv'")
        with pytest.raises(CheckError, match="rows_are_accounted_for: 1 rows"):
            check(con, Spark(con, spark))
    finally:
        con.execute("rollback")


def test_a_table_without_rows_is_handed_over(spark):
    """Where nothing is in quarantine: DuckDB gives Spark a list column without a single chunk."""
    with connect() as con:
        con.execute("create schema quarantine; create table quarantine.rows (file varchar, reasons varchar[])")
        engine = Spark(con, spark)
        engine.create("quarantine.rows", "select rows.file, rows.reasons from quarantine.rows as rows")
        assert engine.count("select rows.file from quarantine.rows as rows") == 0
        assert columns(con, "quarantine.rows") == [("file", "VARCHAR"), ("reasons", "VARCHAR[]")]


def test_what_is_handed_over_is_read_by_tasks_and_not_while_planning(spark):
    with connect() as con:
        con.execute("create schema staging; create table staging.days as select 1::bigint as day")
        frame = Spark(con, spark).frame("select days.day from staging.days as days where days.day > 0")
        assert "LocalRelation" not in frame._jdf.queryExecution().optimizedPlan().toString()
        assert frame.count() == 1


BAD_ROWS = """
    ('us-oh-nobody-pd', 'r-1', 'shared', 2), ('us-oh-nobody-pd', 'r-1', 'shared', 2), (null, ' x ', 'shared', null),
    ('us-oh-nobody-pd', 'r-2', 'no_answer', 0.00001), ('us-oh-nobody-pd', 'r-2', 'shared', -1.5),
    ('us-oh-nobody-pd', 'r-2', 'shared', 'nan'::double), ('us-oh-nobody-pd', 'r-2', 'shared', 12.345)
"""


@pytest.fixture(scope="module")
def incoming(tmp_path_factory):
    """A simulated country as offices send it, mistakes and all; its answers as Parquet, with mistakes of our own."""
    folder = tmp_path_factory.mktemp("incoming")
    simulate(folder, agencies=40, requests=700, months=30, seed=5, responses=True)
    answers = folder / "responses.csv"
    with connect() as con:
        con.execute(
            f"copy (select * replace (try_cast(answered_after_hours as double) as answered_after_hours) "
            f"from read_csv('{answers}', all_varchar = true) union all values {BAD_ROWS}) "
            f"to '{folder / 'responses.parquet'}' (format parquet)"
        )
    answers.unlink()
    return folder


def test_a_run_leaves_the_same_rows_and_the_same_release_to_the_byte(spark, incoming, tmp_path):
    made = {}
    elsewhere = tmp_path / "bucket"
    elsewhere.mkdir()
    shutil.copy(incoming / "responses.parquet", elsewhere)
    for engine, files in (("duckdb", None), ("spark", elsewhere.as_uri())):
        settings = settings_for(
            "demo", data=tmp_path / engine, incoming=None, memory_limit="2GB", threads=2, today=TODAY, engine=engine,
            spark_files=files,
        )  # fmt: skip
        report = run(replace(settings, incoming=(incoming,)), quiet=True, prepared=True)
        with connect(settings.private / "warehouse.duckdb", read_only=True) as con:
            tables = con.execute(
                "select table_schema || '.' || table_name from information_schema.tables "
                "where table_schema in ('staging', 'quarantine', 'ingest', 'marts') and table_name <> 'alike' "
                "order by 1"
            ).fetchall()
            private = {table: (columns(con, table), rows(con, table)) for (table,) in tables}
        made[engine] = report.release, private
    (ours, private), (theirs, also_private) = made.values()
    assert len(private["quarantine.rows"][1]) > 7
    # The number of a fold means nothing; that of a row in quarantine does.
    number = [name for name, _ in private["staging.responses"][0]].index("row_number")
    for found in (private, also_private):
        found["staging.responses"] = sorted(row[:number] + row[number + 1 :] for row in found["staging.responses"][1])
        found["ingest.refused"] = [row[:2] if row[0] == "responses" else row for row in found["ingest.refused"][1]]
    for table, content in private.items():
        assert also_private[table] == content, table
    assert ours.release_id == theirs.release_id
    for path in sorted(ours.folder.glob("*.parquet")):
        assert path.read_bytes() == (theirs.folder / path.name).read_bytes(), path.name


def test_a_file_that_the_executors_cannot_reach_is_one_sentence(spark, incoming, tmp_path):
    with connect() as con, pytest.raises(EngineError, match="Spark failed at responses") as caught:
        Spark(con, spark, files=f"{tmp_path.as_uri()}/nowhere").land("ingest.parquet", incoming / "responses.parquet")
    assert "\n" not in str(caught.value)


TEXTS = [
    "12 Elm St", "ſt", "K9", "a\n", "a\r\n", "a\u2028", "x\x0by", "  ", "\u00a0a\u3000", "a]b", "[a", "a&&b", "İ", "ß",
    "2019-0042", "back\\slash", "it's", "",
]  # fmt: skip


def test_regular_expressions_find_the_same_in_java(spark):
    with (HOUSE / "tests" / "benchmarks" / "personal_data.csv").open(encoding="utf-8", newline="") as file:
        texts = TEXTS + [row[-1] for row in csv.reader(file)]
    patterns = [*(f"(?i){pattern}" for pattern in personal_data.PATTERNS.values()), r"^(?:[a-z]+)$", r"\s$", r"^.a.?$"]
    patterns += [f"(?i){pattern}" for pattern in personal_data.FREE_TEXT.values()]
    patterns += [f"^(?:{c.format})$" for s in catalog.sources().values() for c in s.columns if c.format]
    listed = ", ".join("'" + pattern.replace("'", "''") + "'" for pattern in patterns)
    with connect() as con:
        con.execute("create schema tried; create table tried.texts (place bigint, text varchar)")
        con.executemany("insert into tried.texts values (?, ?)", list(enumerate(texts)))
        hits = ", ".join(
            f"regexp_matches(texts.text, '{pattern.replace(chr(39), chr(39) * 2)}') as p{at}"
            for at, pattern in enumerate(patterns)
        )
        select = f"select texts.place, length(trim(texts.text)) as n, {hits} from tried.texts as texts"
        ours = con.execute(f"{select} order by texts.place").fetchall()
        con.register("theirs", Spark(con, spark).frame(select).toArrow())
        assert listed and con.execute("select * from theirs order by place").fetchall() == ours


def test_what_means_something_else_on_spark_is_refused():
    for select in (
        "select regexp_replace(a, 'x', 'y') from staging.t as t",
        "select regexp_matches(a, b) from staging.t as t",
        r"select regexp_matches(a, '[\S]') from staging.t as t",
        "select from from",
    ):
        with pytest.raises(UsageError):
            to_spark(select)
    assert java_pattern(r"a.$") == r"(?d)a.\z"


def porchlight(tmp_path: Path, code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    arguments = ["run", "--engine", "spark", "--data", str(tmp_path)]
    return subprocess.run(
        [sys.executable, "-c", f"{code}; from etl.cli import main; main({arguments})"],
        cwd=HOUSE, env={**os.environ, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_without_spark_or_java_one_sentence_says_what_to_install(tmp_path):
    old = tmp_path / "bin" / "java"
    old.parent.mkdir()
    old.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n")
    old.chmod(0o755)
    for done, words in (
        (porchlight(tmp_path, "import sys; sys.modules['pyspark'] = None"), "pip install 'porchlight[spark]'"),
        (porchlight(tmp_path, "pass", JAVA_HOME="", PATH=str(tmp_path)), "needs Java, and none was found"),
        (porchlight(tmp_path, "pass", JAVA_HOME=str(tmp_path)), "needs Java 17 or newer, and found 11"),
    ):
        assert done.returncode == 8
        assert words in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "public").exists()
