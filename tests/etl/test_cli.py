"""The command line as a person meets it: real processes, exit codes, and messages that tell no secret."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

# What is made for all of these is made once, on one worker.
pytestmark = pytest.mark.xdist_group("cli")

GOLDEN = Path(__file__).parent.parent / "golden" / "incoming"


def porchlight(*words: object) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "porchlight"), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    incoming = tmp_path_factory.mktemp("incoming")
    done = porchlight("run", "--incoming", incoming, "--data", folder, "--today", "2026-06-30", "--json")
    assert done.returncode == 0, done.stderr
    return folder, json.loads(done.stdout)[0]


def test_run_reports_in_json_what_it_published(data):
    folder, report = data
    assert Path(report["folder"]).is_dir() and Path(report["folder"]).is_relative_to(folder)
    assert report["is_new"] and report["release_id"].startswith("2026-06-30-")
    assert all(row["rows_read"] == row["rows_accepted"] + row["rows_quarantined"] for row in report["source_rows"])


def test_releases_lists_what_is_published_and_what_changed(data):
    folder, report = data
    done = porchlight("releases", "--data", folder, "--json")
    [entry] = json.loads(done.stdout)
    assert entry["release_id"] == report["release_id"] and entry["is_current"]
    assert {"agencies", "partnerships"} <= {change["table_name"] for change in entry["changes"]}
    assert "Next: porchlight run" in porchlight("releases", "--data", folder / "nothing").stdout


def test_judge_passes_an_honest_release_and_says_so_in_its_exit_code(data):
    _, report = data
    assert porchlight("judge", report["folder"]).returncode == 0


def test_judge_refuses_a_release_that_was_tampered_with(data, tmp_path):
    copy = tmp_path / "release"
    shutil.copytree(data[1]["folder"], copy)
    (copy / "agencies.csv").write_text((copy / "agencies.csv").read_text().replace("Police", "Polite"))
    done = porchlight("judge", copy)
    assert done.returncode == 5 and "agencies" in done.stdout


def test_check_passes_good_rows_and_names_every_bad_one_without_its_content(tmp_path):
    done = porchlight("check", *GOLDEN.glob("*.csv"))
    assert done.returncode == 1
    assert "requests.csv" in done.stdout and "requested_on" in done.stdout and "2020-02-30" not in done.stdout
    clean = tmp_path / "requests.csv"
    lines = (GOLDEN / "requests.csv").read_text().splitlines(keepends=True)
    clean.write_text("".join(lines[:-1]))
    # The golden world redefines regimes of the curated record, which is a reason of its own.
    others = [path for path in GOLDEN.glob("*.csv") if path.name not in ("requests.csv", "regimes.csv")]
    assert porchlight("check", clean, *others).returncode == 0


def test_a_wrong_header_is_one_sentence_with_file_and_column_and_nothing_is_published(tmp_path):
    incoming = tmp_path / "incoming"
    incoming.mkdir()
    (incoming / "requests.csv").write_text("request_ref,resident_email\nr1,someone@example.org\n")
    done = porchlight("run", "--incoming", incoming, "--data", tmp_path / "data")
    assert done.returncode == 3
    assert "requests.csv" in done.stderr and "resident_email" in done.stderr
    assert "Traceback" not in done.stderr and "someone@" not in done.stderr + done.stdout
    assert not list((tmp_path / "data").rglob("current.json"))


def test_help_does_not_wait_for_heavy_modules():
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "etl.cli", "--help"], capture_output=True, text=True, check=True
    )
    for heavy in ("pandas", "duckdb", "numpy", "streamlit", "geopandas"):
        assert f"| {heavy}\n" not in done.stderr
