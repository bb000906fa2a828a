"""What arrives in which form: encodings, delimiters, quotes, headers, rows of the wrong length."""

import csv
import io
import random

import duckdb
import pytest

from etl.catalog import sources
from etl.engines.duckdb import connect
from etl.errors import SourceError, UsageError
from etl.landing import land, make_raw
from tests.samples import SAMPLES, needs_samples

HEADER = "source_id,publisher,title,url,published_on,published_precision,read,note"


def sources_csv(title: str) -> str:
    return f"{HEADER}\nlog,Town,,,,unknown,data,\ns-2,Peña Blog,{title},,,unknown,full,\n"


def title_of(town) -> str:
    con, _ = town.load()
    return con.execute("select title from staging.sources where source_id = 's-2'").fetchone()[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_encoding_gives_the_same_text(town, encoding):
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    town.write("sources.csv", mark + sources_csv("Señal – “una”").encode(encoding))
    con, _ = town.load()
    assert con.execute("select publisher, title from staging.sources where source_id = 's-2'").fetchone() == (
        "Peña Blog",
        "Señal – “una”",
    )
    told = con.execute("select encoding from ingest.files where file = 'sources.csv'").fetchone()[0]
    assert told == ("utf-16" if encoding.startswith("utf-16") else encoding)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xef\xbb\xbf" + sources_csv("\xe9").encode("latin-1"), "bytes that are not"),
        (sources_csv("x").encode() + b"s-3,\x81\x8d\xe9,,,,unknown,full,\n", "neither UTF-8"),
        (b"\xff\xfe" + sources_csv("x").encode("utf-16-le") + b"\x41", "neither UTF-8"),
        (sources_csv("x").encode("utf-16-le"), "NUL"),
        (sources_csv("x").encode("utf-32"), "UTF-32"),
    ],
)
def test_bytes_of_no_known_encoding_are_an_error_that_names_the_file(town, content, words):
    town.write("sources.csv", content)
    with pytest.raises(SourceError, match=rf"sources\.csv.*{words}"):
        town.load()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_by_which_the_header_fits(town, delimiter):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(csv.reader(io.StringIO(sources_csv("a title"))))
    town.write("sources.csv", out.getvalue())
    assert title_of(town) == "a title"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_is_read(town, end):
    town.write("sources.csv", sources_csv("a title").replace("\n", end).encode())
    assert title_of(town) == "a title"


def test_mixed_line_ends_are_read_and_no_row_is_lost(town):
    lines = sources_csv("a title").split("\n")
    town.write(
        "sources.csv", (lines[0] + "\n" + lines[1] + "\r\n" + lines[2] + "\r" + "s-3,P,,,,unknown,full,").encode()
    )
    con, _ = town.load()
    assert con.execute("select list(source_id order by row_number) from staging.sources").fetchone()[0] == [
        "log",
        "s-2",
        "s-3",
    ]


def test_quoted_line_breaks_delimiters_and_quotes_stay_in_the_cell(town):
    town.write("sources.csv", sources_csv('"two\nlines, and ""words"""'))
    assert title_of(town) == 'two\nlines, and "words"'


def test_columns_may_come_in_any_order_and_optional_ones_may_be_missing(town):
    town.write("sources.csv", "note,read,licence,published_precision,published_on,url,title,publisher,source_id\n"
               ",data,CC0,unknown,,,T,P,log\n")  # fmt: skip
    con, _ = town.load()
    assert con.execute("select publisher, licence from staging.sources").fetchall() == [("P", "CC0")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "empty"),
        ("\n\n", "first line is blank"),
        (HEADER.replace("url", "title") + "\n", r"named twice: 'title'; missing: 'url'"),
        (HEADER + ",resident_email\n", "not in the list of columns: 'resident_email'"),
        (HEADER.replace(",url", "") + "\n", "missing: 'url'"),
        ("a,b\n1,2\n", "none of the columns"),
        (HEADER + ",\n", "a column without a name"),
    ],
)
def test_a_header_that_does_not_fit_is_an_error_that_names_file_and_column(town, content, words):
    town.write("sources.csv", content)
    with pytest.raises(SourceError, match=rf"sources\.csv.*{words}.*Nothing was loaded"):
        town.load()


def test_a_file_without_a_header_does_not_show_its_first_record(town):
    town.write("sources.csv", "log,Jane Doe,jane@example.org,,,unknown,data,\n")
    with pytest.raises(SourceError) as error:
        town.load()
    assert "jane" not in str(error.value).lower()


def test_a_file_with_a_header_only_has_no_rows_and_is_no_error(town):
    town.write("requests.csv", (town.folder / "areas.csv").read_text().splitlines()[0] + "\n")
    town.write("requests.csv", ",".join(column.header for column in sources()["requests"].columns) + "\n")
    _, taken = town.load()
    rows = taken.source_rows.set_index("file").loc["requests.csv"]
    assert (rows.rows_read, rows.rows_accepted, rows.rows_quarantined) == (0, 0, 0)


def test_rows_of_the_wrong_length_are_quarantined_by_their_own_number_with_their_text(town):
    good = "p{0},Town,,,,unknown,full,\n"
    lines = [
        "log,Town,,,,unknown,data,\n",  # 1
        "short,Town\n",  # 2
        '"q\nuoted",Town\n',  # 3: two lines, one row
        good.format(4),
        "Denver, CO,Town,,,unknown,full,,\n",  # 5: a comma too many, and a blank cell at the end
        "\n",  # a blank line is no row
        good.format(6),
        "long,Town,,,,unknown,full,,x,y\n",  # 7
    ]
    town.write("sources.csv", HEADER + "\n" + "".join(lines))
    con, taken = town.load()
    held = con.execute("select row_number, reasons, original from quarantine.rows order by 1").fetchall()
    assert held == [
        (2, ["row has 2 cells, the header has 8"], "short,Town"),
        (3, ["row has 2 cells, the header has 8"], "q\nuoted,Town"),
        (5, ["row has 9 cells, the header has 8"], "Denver, CO,Town,,,unknown,full,,"),
        (7, ["row has 10 cells, the header has 8"], "long,Town,,,,unknown,full,,x,y"),
    ]
    kept = con.execute("select source_id, row_number from staging.sources order by 2").fetchall()
    assert kept == [("log", 1), ("p4", 4), ("p6", 6)]
    rows = taken.source_rows.set_index("file").loc["sources.csv"]
    assert (rows.rows_read, rows.rows_accepted, rows.rows_quarantined) == (7, 3, 4)


@pytest.mark.parametrize("cell", ['"never closed', '"closed"twice'])
def test_a_broken_quotation_mark_is_an_error_that_names_the_line(town, cell):
    town.write("sources.csv", sources_csv("x") + f"s-3,{cell},,,,unknown,full,\ns-4,P,,,,unknown,full,\n")
    with pytest.raises(SourceError, match=r"sources\.csv: line \d+: a quotation mark"):
        town.load()


@pytest.mark.parametrize("seed", range(4))
def test_the_fast_reader_and_a_plain_one_give_the_same_rows(tmp_path, seed):
    # Long enough for DuckDB to read it in several pieces at once, with quoted line breaks and odd rows everywhere.
    rng = random.Random(seed)
    names = [column.header for column in sources()["areas"].columns]
    cells = ["", "a", "x y", '"', "line\nbreak", "co,mma", 'say "hi"', "é" * 40, "long" * 30]
    rows = [[rng.choice(cells) for _ in names] for _ in range(60_000)]
    for row in rng.sample(rows, 500 if seed % 2 else 0):
        row.append("extra") if rng.random() < 0.5 else row.pop()
    rows = [row for row in rows if row != [""]]
    path = tmp_path / "areas.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator=rng.choice(["\n", "\r\n"])).writerows([names, *rows])
    con = connect()
    con.execute("create schema raw; create schema quarantine")
    con.execute(
        "create table quarantine.rows "
        "(source_id varchar, file varchar, row_number bigint, reasons varchar[], original varchar)"
    )
    make_raw(con, sources()["areas"])
    assert land(con, sources()["areas"], path, "areas.csv", tmp_path).rows_read == len(rows)
    landed = con.execute(f"select row_number, {', '.join(names)} from raw.areas order by 1").fetchall()
    expected = [(number, *row) for number, row in enumerate(rows, 1) if len(row) == len(names)]
    # A quoted carriage return is not tested: DuckDB keeps it, and so do we.
    assert landed == expected
    odd = con.execute("select list(row_number order by row_number) from quarantine.rows").fetchone()[0] or []
    assert odd == [number for number, row in enumerate(rows, 1) if len(row) != len(names)]


def test_parquet_is_read_like_the_csv_of_it(town):
    # As pandas writes it: a nullable count as a floating number, a day as a timestamp.
    duckdb.execute(
        f"""copy (
            select 'r-1' as request_ref, 'us-oh-oak-pd' as agency_id, 'ring-neighbors' as program_id,
                'email' as channel, timestamp '2019-05-02' as requested_on, null as incident_category,
                null as legal_basis, '39049' as county_fips, null as area, 12.0 as asked, null::double as responded,
                3::tinyint as shared, null::int as declined, null as outcome, 'log' as source_id
        ) to '{town.folder}/requests.parquet' (format parquet)"""
    )
    con, _ = town.load()
    found = con.execute(
        "select requested_on::varchar, asked, responded, shared, incident_category from staging.requests"
    ).fetchall()
    assert found == [("2019-05-02", 12, None, 3, "unknown")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("select 1 as a", "not in the list"),
        ("select ['x'] as agency_id, 'b' as area, 1 as households, 's' as source_id", "column 'agency_id' holds"),
    ],
)
def test_parquet_that_does_not_fit_is_an_error_that_names_file_and_column(town, content, words):
    duckdb.execute(f"copy ({content}) to '{town.folder}/areas-2.parquet' (format parquet)")
    with pytest.raises(SourceError, match=rf"areas-2\.parquet.*({words})"):
        town.load()


def test_a_file_that_is_no_parquet_is_an_error_that_names_the_file(town):
    town.write("areas-2.parquet", "not parquet")
    with pytest.raises(SourceError, match=r"areas-2\.parquet: cannot be read as Parquet"):
        town.load()


def test_a_name_with_signs_that_mean_a_pattern_is_one_file(town):
    town.requests({}, name="requests-[1] copy*.csv")
    _, taken = town.load()
    assert "requests-[1] copy*.csv" in set(taken.source_rows.file)


def test_files_that_no_source_reads_are_listed_and_not_an_error(town):
    town.write("notes.docx", "x")
    town.write("my_requests.txt", "x")
    _, taken = town.load()
    assert sorted(taken.unrecognised) == ["my_requests.txt", "notes.docx"]


def test_names_are_matched_in_upper_and_lower_case(town):
    town.requests({}, name="REQUESTS-Oak.CSV")
    _, taken = town.load()
    assert "REQUESTS-Oak.CSV" in set(taken.source_rows.file)


def test_files_of_one_name_in_two_folders_keep_apart(town, tmp_path):
    other = tmp_path / "record"
    other.mkdir()
    other.joinpath("areas.csv").write_text("agency_id,area,households,source_id\nus-oh-elm-pd,south,150,log\n")
    _, taken = town.load(curated=other)
    assert {"record/areas.csv", "incoming/areas.csv"} <= set(taken.source_rows.file)


def test_a_folder_that_is_not_there_is_a_usage_error(town):
    town.folder = town.folder / "elsewhere"
    with pytest.raises(UsageError, match="elsewhere"):
        town.load()


@needs_samples
def test_real_files_of_another_kind_are_listed_or_refused_by_name(town):
    files = sorted(SAMPLES.glob("mcclatchy_*.csv"))
    assert files
    for path in files:
        town.write(path.name, path.read_bytes())
    _, taken = town.load()
    assert sorted(taken.unrecognised) == [path.name for path in files]
    for path in files:
        town.write("agencies.csv", path.read_bytes())
        with pytest.raises(SourceError, match=r"agencies\.csv: the header .*(missing|none of the columns)"):
            town.load()
