"""The constants and the two questions they answer: may a set be published, and what of it."""

import ast
import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from etl.block_rules import RULES, BlockRules, safe, shared_range, shows_responded
from etl.errors import ProtectionError

HOUSE = Path(__file__).resolve().parents[2]


def numbers(*values):
    return [np.array([value]) for value in values]


@pytest.mark.parametrize(
    ("requests", "asked", "shared", "is_safe"),
    [
        pytest.param(1, 10, 2, True, id="all four conditions just met"),
        pytest.param(1, 9, 2, False, id="asked 9"),
        pytest.param(1, 10, 1, False, id="shared 1"),
        pytest.param(1, 10, 8, True, id="not shared 2"),
        pytest.param(1, 10, 9, False, id="not shared 1"),
        pytest.param(4, 10, 5, True, id="asked beyond requests 6"),
        pytest.param(5, 10, 5, False, id="asked beyond requests 5"),
        pytest.param(1, 39, 0, False, id="asked 39, nobody shared"),
        pytest.param(1, 40, 0, True, id="asked 40, nobody shared"),
        pytest.param(1, 39, 39, False, id="asked 39, all shared"),
        pytest.param(1, 40, 40, True, id="asked 40, all shared"),
        pytest.param(34, 40, 0, True, id="a range with asked beyond requests 6"),
        pytest.param(35, 40, 0, False, id="a range with asked beyond requests 5"),
    ],
)
def test_a_set_is_safe_exactly_from_the_thresholds_on(requests, asked, shared, is_safe):
    assert safe(*numbers(requests, asked, shared)).tolist() == [is_safe]


@pytest.mark.parametrize(
    ("asked", "shared", "low", "high"),
    [
        (39, 0, 0, 0),
        (40, 0, 0, 2),
        (40, 2, 0, 2),
        (40, 3, 3, 3),
        (40, 37, 37, 37),
        (40, 38, 38, 40),
        (40, 40, 38, 40),
        (319, 15, 0, 15),
        (319, 16, 16, 16),
        (319, 304, 304, 319),
        (319, 303, 303, 303),
    ],
)
def test_one_in_twenty_at_either_end_is_shown_as_a_range(asked, shared, low, high):
    assert [int(limit[0]) for limit in shared_range(*numbers(asked, shared))] == [low, high]


@pytest.mark.parametrize(
    ("asked", "shared", "responded", "is_shown"),
    [
        pytest.param(20, 5, 7, True, id="exact, declined 2"),
        pytest.param(20, 5, 6, False, id="exact, declined 1"),
        pytest.param(20, 5, 18, True, id="exact, no answer 2"),
        pytest.param(20, 5, 19, False, id="exact, no answer 1"),
        pytest.param(100, 0, 2, False, id="low range, responded 2"),
        pytest.param(100, 0, 3, False, id="low range, responded 3"),
        pytest.param(100, 0, 6, False, id="low range, responded h + 1"),
        pytest.param(100, 0, 7, True, id="low range, responded h + 2"),
        pytest.param(100, 0, 98, True, id="low range, no answer 2"),
        pytest.param(100, 0, 99, False, id="low range, no answer 1"),
        pytest.param(100, 96, 98, False, id="high range: never"),
        pytest.param(319, 0, 11, False, id="Fort Lauderdale 2018: 11 of 319 answered"),
    ],
)
def test_responded_is_shown_only_where_it_proves_nothing(asked, shared, responded, is_shown):
    low, high = shared_range(*numbers(asked, shared))
    shown = shows_responded(*numbers(asked), low, high, *numbers(responded, responded - shared))
    assert shown.tolist() == [is_shown]


def test_no_row_proves_fewer_than_two_of_any_answer_for_any_block_of_10_to_100_asked():
    """Every (shared, declined, no answer) grouped by what is published: each group reaches 2 of each kind."""
    worlds = pd.concat([every_answer(asked) for asked in range(10, 101)], ignore_index=True)
    worlds = worlds[safe(np.ones(len(worlds), int), *(worlds[name].to_numpy() for name in ("asked", "shared")))]
    asked, shared, declined = (worlds[name].to_numpy() for name in ("asked", "shared", "declined"))
    low, high = shared_range(asked, shared)
    shows = shows_responded(asked, low, high, shared + declined, declined)
    worlds = worlds.assign(
        low=low, high=high, responded=np.where(shows, shared + declined, -1), not_shared=asked - shared
    )
    reach = worlds.groupby(["asked", "low", "high", "responded"])[
        ["shared", "not_shared", "declined", "no_answer"]
    ].max()
    assert len(reach) > 50_000
    assert (reach >= 2).all(axis=None)


def every_answer(asked: int) -> pd.DataFrame:
    shared, declined = (grid.ravel() for grid in np.meshgrid(np.arange(asked + 1), np.arange(asked + 1)))
    possible = shared + declined <= asked
    rows = pd.DataFrame({"asked": asked, "shared": shared[possible], "declined": declined[possible]})
    return rows.assign(no_answer=rows["asked"] - rows["shared"] - rows["declined"])


def test_adding_requests_to_a_safe_set_keeps_it_safe():
    sets = np.array([(r, a, s) for r in range(1, 9) for a in range(r, 46) for s in range(a + 1) if s < 4 or a - s < 4])
    is_safe = safe(*sets.T)
    for requests, asked in itertools.product((1, 2), (1, 2, 5)):
        for shared in {0, 1, asked}:
            if asked >= requests and shared <= asked:
                more = safe(*(sets + np.array([requests, asked, shared])).T)
                assert more[is_safe].all()


@pytest.mark.parametrize(
    "broken", [{"big": 39}, {"one_in": 21}, {"excess": 5}, {"width": 6}, {"each": 3}, {"asked": 41}]
)
def test_constants_with_which_the_proof_does_not_hold_are_refused(broken):
    with pytest.raises(ProtectionError):
        BlockRules(**broken)


def test_the_constants_are_those_of_the_proof():
    assert BlockRules(asked=10, each=2, excess=6, big=40, one_in=20, width=5) == RULES


def test_no_setting_no_argument_and_no_environment_reaches_the_rules():
    """Only the builder, its walk and the cover test name BlockRules; each takes RULES unless a test says otherwise."""
    knowing = {"block_rules.py", "block_walk.py", "block_frames.py", "blocks.py", "cover.py"}
    for path in [*(HOUSE / "etl").rglob("*.py"), *(HOUSE / "dashboard").rglob("*.py")]:
        if path.name in knowing:
            assert not {"os", "sys", "tomllib", "argparse", "click", "etl.settings"} & imported(path), path
        else:
            assert "BlockRules" not in path.read_text(encoding="utf-8"), path
            assert not [call for call in calls(path, "build_blocks", "cover_test") if hands_over_rules(call)], path
    made = [path.name for path in (HOUSE / "etl").rglob("*.py") for call in calls(path, "BlockRules")]
    assert made == ["block_rules.py"]


def calls(path: Path, *names: str) -> list[ast.Call]:
    nodes = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    return [call for call in nodes if getattr(call.func, "id", getattr(call.func, "attr", "")) in names]


def hands_over_rules(call: ast.Call) -> bool:
    return bool({word.arg for word in call.keywords} & {"rules", "build", None})


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    plain = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    return plain | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
