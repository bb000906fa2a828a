"""The gate at the entrance, from end to end: what must not come in is nowhere in a release, a message or a report.

A town sends its log with personal data in every column that takes text. Each piece is a string that stands nowhere
else, and every file of the release is searched for it: text as it is, Parquet and DuckDB as the rows they hold.
"""

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from etl.engines.duckdb import connect
from tests.etl.conftest import AGENCIES, REQUEST, csv_of

# What is made for all of these is made once, on one worker.
pytestmark = pytest.mark.xdist_group("residents-gate")

TODAY = "2026-06-30"
AGENCY = "us-oh-oak-pd"
SOURCES = "source_id,publisher,title,url,published_on,published_precision,read,note\n"
AREAS = "agency_id,area,households,source_id\n"

# Column of requests -> what somebody wrote there, and the kind that the reason names.
IN_A_REQUEST = [
    ("request_ref", "dana.fox@mail.example.org", "an e-mail address"),
    ("request_ref", "614-555-0171", "a phone number"),
    ("request_ref", "1420-quince-street", "a street address"),
    ("request_ref", "39.961234", "coordinates finer than 3 decimals"),
    ("request_ref", "198.51.100.77", "an IP address"),
    ("request_ref", "a4:cf:12:9b:00:7e", "a device id"),
    ("request_ref", "dob-1971-11-30", "a date of birth"),
    ("request_ref", "plate-QZX7781", "a licence plate"),
    ("request_ref", "412-66-7093", "a social security number"),
    ("request_ref", "man in a green coat ran off", "free text"),
    ("area", "88-larkspur-lane", "a street address"),
    ("outcome", "called Mrs Delacroix at 614-555-0172", "a phone number"),
    ("incident_category", "burglary at 77 Larkspur Court", "a street address"),
    ("channel", "lee.marsh@mail.example.org", "an e-mail address"),
    ("legal_basis", "warrant for 1971 Quince Avenue", "a street address"),
    ("county_fips", "39.96117", "coordinates finer than 3 decimals"),
    ("asked", "12 and 614-555-0173", "a phone number"),
    ("shared", "ines.roy@mail.example.org", "an e-mail address"),
    ("source_id", "log-of-614-555-0174", "a phone number"),
]
# In other tables: file, header, row, and the piece that must not come through.
ELSEWHERE = [
    ("areas.csv", AREAS, f"{AGENCY},9-quince-road,400,log", "quince-road"),
    ("areas.csv", AREAS, f"{AGENCY},tiny-cul-de-sac,99,log", "tiny-cul-de-sac"),
    ("sources.csv", SOURCES, "tip,Town,,,,unknown,data,ask ana.li@mail.example.org", "ana.li"),
    ("sources.csv", SOURCES, "call,Town,,,,unknown,data,ring (614) 555-0175", "555-0175"),
]
GOOD = 30


def porchlight(*words: object) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "porchlight"), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def write_town(folder: Path) -> None:
    """Good requests with references of their own, and one bad row for every entry of the two lists."""
    folder.mkdir()
    (folder / "agencies.csv").write_text(AGENCIES)
    tables = {"areas.csv": AREAS + f"{AGENCY},north,400,log\n", "sources.csv": SOURCES + "log,Town,,,,unknown,data,\n"}
    for name, _, row, _ in ELSEWHERE:
        text = next(csv.reader([row]))
        tables[name] += ",".join(text) + "\n"
    for name, text in tables.items():
        (folder / name).write_text(text)
    good = [
        REQUEST | {"request_ref": f"KEPT-PRIVATE-{n:03d}", "requested_on": f"2019-0{1 + n % 6}-11"} for n in range(GOOD)
    ]
    bad = [REQUEST | {"request_ref": f"bad-{n:03d}", column: text} for n, (column, text, _) in enumerate(IN_A_REQUEST)]
    (folder / "requests-oak.csv").write_text(csv_of(good + bad))


@pytest.fixture(scope="module")
def town(tmp_path_factory) -> dict[str, Any]:
    parent = tmp_path_factory.mktemp("gate")
    write_town(parent / "incoming")
    done = porchlight("run", "--incoming", parent / "incoming", "--data", parent / "data", "--today", TODAY, "--json")
    assert done.returncode == 0, done.stderr
    checked = porchlight("check", *sorted((parent / "incoming").glob("*.csv")))
    [report] = json.loads(done.stdout)
    return {
        "release": Path(report["folder"]),
        "private": parent / "data" / "private" / "record" / "warehouse.duckdb",
        "said": done.stdout + done.stderr + checked.stdout + checked.stderr,
        "report": report,
        "checked": checked,
    }


def pieces() -> list[str]:
    return [text for _, text, _ in IN_A_REQUEST] + [piece for *_, piece in ELSEWHERE]


def everything_in(release: Path) -> str:
    """The whole content of a release's files as text."""
    texts = []
    for path in sorted(release.rglob("*")):
        if path.suffix == ".parquet":
            with connect() as con:
                texts += [str(row) for row in con.execute(f"from read_parquet('{path}')").fetchall()]
        elif path.suffix == ".duckdb":
            with connect(path, read_only=True) as con:
                for (name,) in con.execute("select table_name from duckdb_tables()").fetchall():
                    texts += [str(row) for row in con.execute(f"from {name}").fetchall()]
        if path.is_file():
            texts.append(path.read_bytes().decode("utf-8", errors="replace"))
    return "\n".join(texts).lower()


def test_no_piece_of_personal_data_is_in_any_file_of_the_release(town):
    text = everything_in(town["release"])
    assert "oak police department" in text
    assert [piece for piece in pieces() if piece.lower() in text] == []


def test_references_and_days_of_good_requests_stay_private_too(town):
    text = everything_in(town["release"])
    assert "kept-private" not in text and "2019-01-11" not in text


def test_neither_run_nor_check_prints_a_piece(town):
    assert [piece for piece in pieces() if piece.lower() in town["said"].lower()] == []


def test_every_bad_row_is_held_with_column_and_kind_and_only_there_is_its_text(town):
    with connect(town["private"], read_only=True) as con:
        held = con.execute(
            "select original, reasons from quarantine.rows where source_id = 'requests' order by row_number"
        ).fetchall()
    assert len(held) == len(IN_A_REQUEST)
    for (original, reasons), (column, text, kind) in zip(held, IN_A_REQUEST, strict=True):
        assert f"{column}: looks like {kind}" in reasons
        assert json.loads(original)[column] == text
        assert not any(text in reason for reason in reasons)


def test_good_rows_beside_bad_ones_are_published_and_every_row_is_accounted_for(town):
    account = {row["file"]: row for row in town["report"]["source_rows"]}
    log = account["requests-oak.csv"]
    assert (log["rows_read"], log["rows_accepted"], log["rows_quarantined"]) == (
        GOOD + len(IN_A_REQUEST),
        GOOD,
        len(IN_A_REQUEST),
    )
    assert sum(row["rows_quarantined"] for row in account.values()) == len(IN_A_REQUEST) + len(ELSEWHERE)
    with connect(town["release"] / "porchlight.duckdb", read_only=True) as con:
        requests = con.execute("select sum(requests) from request_counts where agency_id = ?", [AGENCY]).fetchall()
        reasons = con.execute("select distinct reason from quarantine_reasons order by 1").fetchall()
    assert requests == [(GOOD,)]
    assert any("households" in reason for (reason,) in reasons)


def test_check_tells_the_town_which_rows_to_mend(town):
    assert town["checked"].returncode == 1
    assert "request_ref: looks like an e-mail address" in town["checked"].stdout


STOPS = [
    ("requests.csv", "request_ref,agency_id,resident_name\nr1,us-oh-oak-pd,Ines Roy\n", "resident_name"),
    ("responses.csv", "agency_id,request_ref,response,email\nus-oh-oak-pd,r1,shared,x@mail.example.org\n", "email"),
    ("areas.csv", "agency_id,area,households,source_id,at\nus-oh-oak-pd,north,400,log,39.96123\n", "at"),
    ("requests-614-555-0176.csv", csv_of([REQUEST]), "a phone number"),
    ("requests_ana.li@mail.example.org.csv", csv_of([REQUEST]), "an e-mail address"),
]


@pytest.mark.parametrize(("name", "content", "named"), STOPS)
def test_a_column_or_a_file_name_that_tells_of_a_person_stops_the_run(name, content, named, tmp_path):
    incoming = tmp_path / "incoming"
    incoming.mkdir()
    (incoming / "agencies.csv").write_text(AGENCIES)
    (incoming / name).write_text(content)
    done = porchlight("run", "--incoming", incoming, "--data", tmp_path / "data", "--today", TODAY)
    assert done.returncode == 3, done.stderr
    assert name in done.stderr and named in done.stderr
    assert "Traceback" not in done.stderr
    assert not any(secret in done.stderr for secret in ("Ines", "x@mail", "39.96123"))
    assert not list((tmp_path / "data").rglob("current.json"))
