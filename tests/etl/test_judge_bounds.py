"""Two ways to the same limits: closed form against HiGHS on random blocks, and HiGHS against counting every world."""

from datetime import date
from itertools import combinations, product

import numpy as np
import pandas as pd
from hypothesis import example, given, settings
from hypothesis import strategies as st

from etl.judging.bounds import LIMITS, judge_parts
from etl.judging.entangled import layers, signatures, tangle
from etl.judging.published import BlockRow, Press
from etl.judging.tangles import targets
from etl.judging.verdict import Reach, is_known_safe, open_enough
from etl.judging.worlds import Problem, Worlds

QUARTER = date(2020, 1, 1)


def cell(name: str, quarter: date = QUARTER) -> tuple:
    return ("a-regime", quarter, name, "unknown", "unknown")


@st.composite
def block_and_part(draw):
    requests = draw(st.integers(1, 12))
    asked = requests + draw(st.integers(0, 50))
    low = draw(st.integers(0, asked))
    high = draw(st.sampled_from([low, min(asked, low + draw(st.integers(0, 6)))]))
    return requests, asked, low, high, draw(st.integers(1, requests))


def exact(problem: Worlds, weights: np.ndarray) -> tuple[int, int]:
    """Both limits of a sum, each proved."""
    low, high = (problem.limit(weights, most=most) for most in (False, True))
    assert low.is_certain and high.is_certain
    assert low.shown <= low.reached <= high.reached <= high.shown
    return low.reached, high.reached


@settings(deadline=None, max_examples=80)
@given(block_and_part())
@example((7, 8, 4, 5, 3))  # with presolve, HiGHS 1.12 says that at least 3 of the part shared; in truth it may be none
def test_the_closed_form_gives_the_limits_that_highs_finds(case):
    requests, asked, low, high, inside = case
    published = {"requests": requests, "asked": asked, "responded": np.nan, "shared_low": low, "shared_high": high}
    blocks = pd.DataFrame([{"row_key": 0, **published}])
    part = judge_parts(pd.DataFrame([{"row_key": 0, "requests": inside}]), blocks).iloc[0]

    months = {cell("part"): {QUARTER: inside}}
    if inside < requests:
        months[cell("rest")] = {QUARTER: requests - inside}
    row = BlockRow({name: sum(of.values()) for name, of in months.items()}, 0, "b", 1, requests, asked, None, low, high)
    made = tangle(months, {}, [row], [])
    worlds = Worlds(made.problem)
    people, yes = np.zeros((2, worlds.size), dtype="int64")
    atom = next(atom for atom in made.atoms if atom.cell == cell("part"))
    people[atom.asked] = yes[atom.shared] = 1
    found = [*exact(worlds, people), *exact(worlds, yes), *exact(worlds, people - yes)]
    found.append(found[0] - inside)
    assert [int(part[name]) for name in LIMITS] == found
    reach = Reach(inside, *found)
    assert bool(part["is_safe"]) == (is_known_safe(reach) or open_enough(reach))
    state = worlds.reach(people, yes, np.zeros(worlds.size, dtype="int64"), inside)[1]
    assert (state in ("open", "safe")) == bool(part["is_safe"]) and state != "unsure"


@settings(deadline=None, max_examples=40)
@given(
    requests=st.tuples(*[st.integers(1, 2)] * 3),
    extra=st.tuples(*[st.integers(0, 4)] * 3),
    share=st.tuples(*[st.integers(0, 6)] * 3),
    rows=st.lists(st.sampled_from([(0, 1), (1, 2), (0, 2), (0, 1, 2), (0,)]), min_size=1, max_size=3, unique=True),
    target=st.sampled_from([(0,), (1,), (2,), (0, 1), (1, 2)]),
)
def test_highs_finds_what_counting_every_world_finds(requests, extra, share, rows, target):
    """Three sets of requests, rows that overlap in any way, all worlds of whole numbers counted one by one."""
    asked = [sent + more for sent, more in zip(requests, extra, strict=True)]
    shared = [min(yes, people) for yes, people in zip(share, asked, strict=True)]
    most = sum(asked) + 2
    problem = Problem()
    people = [problem.unknown(sent, most) for sent in requests]
    yes = [problem.unknown(0, most) for _ in requests]
    for place in range(3):
        problem.add("", {people[place]: 1, yes[place]: -1}, 0, np.inf)
    for row in rows:
        total, agreed = sum(asked[place] for place in row), sum(shared[place] for place in row)
        problem.add("asked", {people[place]: 1 for place in row}, total, total)
        problem.add("shared", {yes[place]: 1 for place in row}, agreed, agreed + 1)
    worlds = Worlds(problem)
    weights = np.zeros((2, 6), dtype="int64")
    weights[0, [people[place] for place in target]] = weights[1, [yes[place] for place in target]] = 1

    counted = []
    for guess in product(*[range(sent, most + 1) for sent in requests]):
        if all(sum(guess[place] for place in row) == sum(asked[place] for place in row) for row in rows):
            for answer in product(*[range(people + 1) for people in guess]):
                agreed = [sum(answer[place] for place in row) - sum(shared[place] for place in row) for row in rows]
                if all(0 <= over <= 1 for over in agreed):
                    counted.append((sum(guess[place] for place in target), sum(answer[place] for place in target)))
    assert exact(worlds, weights[0]) == (min(c[0] for c in counted), max(c[0] for c in counted))
    assert exact(worlds, weights[1]) == (min(c[1] for c in counted), max(c[1] for c in counted))
    assert exact(worlds, weights[0] - weights[1])[1] == max(c[0] - c[1] for c in counted)


def test_a_world_that_breaks_a_row_is_not_kept():
    """What HiGHS returns is checked in whole numbers before it counts as a proof."""
    problem = Problem()
    first, second = problem.unknown(1, 9), problem.unknown(1, 9)
    problem.add("asked", {first: 1, second: 1}, 10, 10)
    worlds = Worlds(problem)
    assert worlds.keep(np.array([4, 6]))
    assert not worlds.keep(np.array([4, 5]))
    assert not worlds.keep(np.array([10, 0]))


def test_rows_that_contradict_each_other_leave_no_world():
    problem = Problem()
    people = problem.unknown(1, 100)
    problem.add("a block", {people: 1}, 10, 10)
    problem.add("a newspaper", {people: 1}, 12, 12)
    one, none = np.ones(1, dtype="int64"), np.zeros(1, dtype="int64")
    assert Worlds(problem).reach(one, none, none, 1)[1] == "unsure"


def test_a_month_that_a_period_cuts_can_lie_on_both_sides():
    middle, whole = (date(2020, 1, 10), date(2020, 2, 29)), (date(2020, 1, 1), date(2020, 1, 31))
    assert signatures(date(2020, 1, 1), [middle, whole]) == [frozenset({whole}), frozenset({middle, whole})]
    assert signatures(date(2020, 2, 1), [middle, whole]) == [frozenset({middle})]
    assert signatures(date(2020, 12, 1), [(date(2020, 5, 1), date.max)]) == [frozenset({(date(2020, 5, 1), date.max)})]


def test_how_many_of_a_cells_requests_are_in_a_period_stays_open_where_the_release_does_not_tell():
    """A block holds 1 of a cell's 2 requests, one sent in January and one in February; January has a press figure."""
    press = Press(QUARTER, date(2020, 1, 31), "asked", 7, "exact", "a-newspaper")
    block = BlockRow({cell("part"): 1, cell("rest"): 1}, 0, "b", 1, 2, 20, None, 5, 5)
    months = {cell("part"): {QUARTER: 1, date(2020, 2, 1): 1}, cell("rest"): {date(2020, 3, 1): 1}}
    made = tangle(months, {}, [block], [press])
    worlds = Worlds(made.problem)
    inside = [a for a in made.atoms if a.cell == cell("part") and a.blocks]
    people = np.zeros(worlds.size, dtype="int64")
    people[[atom.asked for atom in inside]] = 1
    # The January request is the block's: 7. It is the February one: 1 to 19.
    assert exact(worlds, people) == (1, 19)
    assert all(atom.count is not None for atom in inside)


def test_with_many_overlapping_rows_every_difference_of_two_of_them_is_judged():
    """Eight newspapers, each from its own month on, and a block over eight months: what one holds beyond another."""
    starts = [date(2020, month, 1) for month in range(1, 9)]
    press = [Press(start, date(2020, 12, 31), "asked", 1, "at_least", "a-newspaper") for start in starts]
    months = {
        cell(f"sent-{start.month}", date(2020, 1 + (start.month - 1) // 3 * 3, 1)): {start: 1} for start in starts
    }
    block = BlockRow(dict.fromkeys(months, 1), 0, "b", 1, 8, 60, None, 9, 9)
    made = tangle(months, {}, [block], press)
    inside = [
        {place for place, atom in enumerate(made.atoms) if (figure.start, figure.end) in atom.press} for figure in press
    ]
    judged = {target.atoms for target in targets("us-oh-exampleton-pd", made.atoms)}
    for one, other in combinations(inside, 2):
        assert tuple(sorted(one - other)) in judged


def test_rows_that_count_a_cell_are_disjoint_if_there_is_room_and_else_the_larger_holds_the_smaller():
    names = {0: "a", 1: "b", 2: "c"}
    assert layers({1: 2, 2: 1}, names, 4) == [({1}, 2), ({2}, 1), (set(), 1)]
    assert layers({0: 4, 1: 2, 2: 2}, names, 4) == [({0, 1}, 2), ({0, 2}, 2)]
    assert layers({1: 3, 2: 2}, names, 4) == [({1, 2}, 2), ({1}, 1), (set(), 1)]
    # Two versions of one block: the later holds the earlier and one request more.
    assert layers({0: 2, 1: 3}, {0: "a", 1: "a"}, 9) == [({0, 1}, 2), ({1}, 1), (set(), 6)]
    # A block counts more than was ever listed: it is believed.
    assert layers({0: 3}, names, 2) == [({0}, 3)]
