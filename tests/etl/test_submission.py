"""`porchlight check`: what the loader would say of a submission, file by file."""

import json

from click.testing import CliRunner

from etl.cli import main
from etl.submission import BadRow, check_files


def test_every_bad_row_is_told_with_its_reasons_and_no_value(town):
    town.requests({}, {"channel": "pigeon", "asked": "x"})
    files = [town.folder / name for name in ("requests.csv", "agencies.csv", "sources.csv", "areas.csv")]
    requests, *rest = check_files(files)
    assert (requests.table, requests.rows_read, requests.rows_accepted, requests.rows_quarantined) == (
        "requests",
        2,
        1,
        1,
    )
    assert requests.bad_rows == (
        BadRow(2, ("channel: not in the vocabulary", "asked: not a whole number of 0 or more")),
    )
    assert all(result.is_clean for result in rest)
    assert "pigeon" not in requests.in_words()


def test_ids_are_looked_up_in_the_curated_record(tmp_path):
    path = tmp_path / "partnerships-new.csv"
    path.write_text(
        "agency_id,program_id,started_on,started_precision,known_active_on,ended_on,approval,incentive,note,source_id\n"
        "us-al-huntsville-pd,camera-registry,,unknown,,,unknown,unknown,,waff-madison\n"
    )
    (result,) = check_files([path])
    assert result.is_clean
    (result,) = check_files([path], reference=None)
    assert result.bad_rows[0].reasons == ("agency_id: not in agencies", "source_id: not in sources")


def test_a_file_that_cannot_be_read_does_not_hide_the_others(town):
    town.requests({})
    town.write("responses.csv", "agency_id,request_ref,response,answered_after_hours,name\n")
    town.write("letter.docx", "x")
    names = ("letter.docx", "responses.csv", "requests.csv", "agencies.csv", "sources.csv", "areas.csv")
    letter, responses, requests, *_ = check_files([town.folder / name for name in names])
    assert "fits no table" in letter.error
    assert "not in the list of columns: 'name'" in responses.error
    assert requests.is_clean and requests.rows_accepted == 1


def test_the_command_exits_1_where_a_row_is_bad_and_0_where_none_is(town):
    town.requests({})
    files = [str(town.folder / f"{name}.csv") for name in ("requests", "agencies", "sources", "areas")]
    assert CliRunner().invoke(main, ["check", *files]).exit_code == 0
    town.requests({"shared": "9"})
    told = CliRunner().invoke(main, ["check", *files, "--json"])
    assert told.exit_code == 1
    assert json.loads(told.output)[0]["bad_rows"][0]["row_number"] == 1
