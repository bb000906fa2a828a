"""A downloaded file says what it is, and holds exactly the rows that are shown."""

import csv
import io

import pandas as pd

from dashboard.components.downloads import csv_text, file_name


def parts(text):
    lines = text.splitlines(keepends=True)
    notes = [line for line in lines if line.startswith("# ")]
    return notes, list(csv.reader(io.StringIO("".join(lines[len(notes) :]))))


def made(release, frame, **more):
    return csv_text(
        frame, title="Agencies", release=release, citation="Porchlight", definitions={"n": "How\nmany."}, **more
    )


def test_the_header_carries_release_licence_citation_and_definitions(release):
    notes, rows = parts(
        made(release, pd.DataFrame({"n": [1501], "status": ["pending"]}), coverage="3 of 4", sources=["A list"])
    )
    header = "".join(notes)
    for told in (release.release_id, "CC BY 4.0", "Porchlight", "n: How many.", "3 of 4", "A list"):
        assert told in header
    assert "SIMULATED" not in header
    assert rows == [["n", "status"], ["1501", "pending"]]


def test_a_file_of_the_demo_edition_says_simulated_in_name_and_text(demo):
    assert "SIMULATED" in parts(made(demo, pd.DataFrame({"n": [1]})))[0][0]
    assert file_name(demo, "requests", "by month") == f"porchlight-SIMULATED-requests-by-month-{demo.release_id}.csv"


def test_no_cell_runs_as_a_formula_in_a_spreadsheet(release):
    _notes, rows = parts(made(release, pd.DataFrame({"name": ["=1+1", "@x", "-cmd", "-5", "fine"]})))
    assert [row[0] for row in rows[1:]] == ["'=1+1", "'@x", "'-cmd", "-5", "fine"]
