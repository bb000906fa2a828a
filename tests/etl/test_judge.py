"""The judge from outside: what it imports, what it knows of the declared tables, and how it answers."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

from etl.errors import ProtectionError
from etl.judge import judge, judge_cli
from etl.judging import rules
from tests.attacks.made_releases import Q1, Q2, Block, Release, sent

HOUSE = Path(__file__).resolve().parents[2]
MAY_BE_LOADED = {"etl", "etl.errors", "etl.engines", "etl.engines.duckdb", "etl.judge"}


def test_the_judge_loads_no_module_of_the_builder():
    """Everything of etl that importing and using the judge loads: its own parts, the errors, the engine."""
    code = (
        "import sys; from etl.judge import judge; judge([]); "
        "print(*[name for name in sys.modules if name.split('.')[0] in ('etl', 'dashboard')])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=HOUSE, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert {name for name in loaded if not name.startswith("etl.judging")} == MAY_BE_LOADED


def test_the_judge_reads_no_description_and_no_file_of_the_builder():
    """It states tables, columns and numbers itself, so that a change elsewhere cannot change what it refuses."""
    for path in [HOUSE / "etl" / "judge.py", *(HOUSE / "etl" / "judging").glob("*.py")]:
        text = path.read_text()
        assert ".toml" not in text and "etl.blocks" not in text and "etl.cover" not in text and "catalog" not in text, (
            path
        )


def test_every_declared_number_of_a_release_is_known_to_the_judge():
    """A new number in etl/marts/*.toml must be looked at by whoever keeps the judge: add it to etl/judging/rules.py."""
    declared = {
        (path.stem, name)
        for path in (HOUSE / "etl" / "marts").glob("*.toml")
        for name, column in tomllib.loads(path.read_text())["columns"].items()
        if column["type"] not in ("varchar", "date", "boolean")
    }
    assert declared <= rules.PEOPLE_COUNTS | rules.OTHER_NUMBERS
    assert {path.stem for path in (HOUSE / "etl" / "marts").glob("*.toml")} == set(rules.TABLES)


def test_only_three_tables_may_count_people():
    assert {table for table, _ in rules.PEOPLE_COUNTS} == {"consent_blocks", "published_counts", "reported_totals"}


def test_the_command_line_exits_0_only_if_nothing_can_be_recovered(tmp_path, capsys):
    requests = [sent(Q1, "burglary", 2), sent(Q2, "burglary", 2)]
    good = Release(blocks=[Block("b", {(Q1, "burglary"): 2, (Q2, "burglary"): 2}, 20, 5)], requests=requests)
    bad = Release(blocks=[Block("b", {(Q1, "burglary"): 2, (Q2, "burglary"): 2}, 8, 2)], requests=requests)
    assert judge_cli([str(good.write(tmp_path / "good"))], as_json=False) == 0
    assert capsys.readouterr().out.startswith("Nothing below a block can be recovered. 1 releases judged together")
    assert judge_cli([str(bad.write(tmp_path / "bad"))], as_json=False) == ProtectionError.exit_code
    told = capsys.readouterr().out
    assert told.startswith("REFUSED.") and "How: block b publishes 8 asked" in told
    assert judge_cli([str(tmp_path / "nowhere")], as_json=False) == ProtectionError.exit_code


def test_json_holds_the_counts_the_leaks_and_the_answer(tmp_path, capsys):
    requests = [sent(Q1, "burglary", 2), sent(Q2, "burglary", 2)]
    bad = Release(blocks=[Block("b", {(Q1, "burglary"): 2, (Q2, "burglary"): 2}, 8, 2)], requests=requests)
    judge_cli([str(bad.write(tmp_path))], as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["ok"], told["cells"], told["failed"]) == (False, 2, 2)
    assert told["leaks"][0]["reach"]["asked_high"] == 6


def test_judging_twice_gives_the_same_answer_and_changes_no_file(tmp_path):
    requests = [sent(Q1, "burglary", 2), sent(Q2, "burglary", 2)]
    folder = Release(blocks=[Block("b", {(Q1, "burglary"): 2, (Q2, "burglary"): 2}, 20, 5)], requests=requests).write(
        tmp_path
    )
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    first, second = judge([folder]), judge([folder])
    assert first.as_dict() | {"seconds": 0} == second.as_dict() | {"seconds": 0}
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
