"""Whatever is asked, the answer is a sum of whole blocks: held against a second reading of the release's files.

The second reading goes cell by cell through block_cells in plain Python and shares nothing with the dashboard.
"""

import importlib
import inspect
import pkgutil
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from dashboard import public_data
from dashboard.public_data import consent
from dashboard.releases import Release, open_release
from dashboard.selection import Selection
from etl.run import run, settings_for
from etl.simulate import simulate

pytestmark = pytest.mark.xdist_group("one-selection")

PEOPLE = ("asked", "shared_low", "shared_high")
TODAY = date(2026, 7, 31)


@dataclass(frozen=True)
class Block:
    """A published block with its cells (quarter_start, category, county, area) and what is known of its agency."""

    row: dict[str, Any]
    agency: dict[str, Any]
    cells: tuple[tuple[date, str, str, str], ...]


class World:
    """One release read twice: as the dashboard opens it, and as plain rows of its files."""

    def __init__(self, release: Release) -> None:
        self.release = release
        self.agencies = {row["agency_id"]: row for row in table(release.folder, "agencies")}
        self.regimes = {row["regime_id"]: row for row in table(release.folder, "regimes")}
        self.counts = [
            row | {"agency": self.agencies[row["agency_id"]]} for row in table(release.folder, "request_counts")
        ]
        cells: dict[str, list[tuple[date, str, str, str]]] = {}
        for cell in table(release.folder, "block_cells"):
            place = (cell["quarter_start"], cell["incident_category"], cell["county_fips"], cell["area"])
            cells.setdefault(cell["block_id"], []).append(place)
        self.blocks = {
            row["block_id"]: Block(row, self.agencies[row["agency_id"]], tuple(cells[row["block_id"]]))
            for row in table(release.folder, "consent_blocks")
        }

    def __repr__(self) -> str:
        """Short: a failing example must stay readable."""
        return f"<release {self.release.release_id}>"


def table(folder: Path, name: str) -> list[dict[str, Any]]:
    with duckdb.connect() as con:
        con.execute(f"from read_parquet('{folder / name}.parquet')")
        columns = [column[0] for column in con.description]
        return [dict(zip(columns, row, strict=True)) for row in con.fetchall()]


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> World:
    data = tmp_path_factory.mktemp("one")
    made = settings_for("demo", data=data, incoming=None, memory_limit="2GB", threads=2, today=TODAY)
    simulate(made.incoming[0], agencies=70, requests=2_000, months=100, seed=3, reference=made.reference)
    run(made, quiet=True, prepared=True)
    return World(open_release(data / "public", "demo"))


def last_day(start: date, months: int) -> date:
    return (start + timedelta(days=31 * months)).replace(day=1) - timedelta(days=1)


def picks(selection: Selection, agency: dict[str, Any], row: dict[str, Any]) -> bool:
    """Whether agency, program and regime are picked."""
    return (
        (not selection.states or agency["state"] in selection.states)
        and selection.kind in (None, agency["kind"])
        and selection.agency_id in (None, agency["agency_id"])
        and selection.program in (None, row["program_id"])
        and selection.regime in (None, row["regime_id"])
    )


def holds(selection: Selection, start: date, months: int, category: str, county: str, area: str) -> bool:
    """Whether a cell of so many months lies wholly inside."""
    return (
        (not selection.categories or category in selection.categories)
        and (not selection.counties or county in selection.counties)
        and (not selection.areas or area in selection.areas)
        and (selection.since is None or start >= selection.since)
        and (selection.until is None or last_day(start, months) <= selection.until)
    )


def inside(world: World, selection: Selection) -> set[str]:
    """Ids of the blocks of which every cell lies inside. A block does not say its channel or legal basis."""
    if selection.channel or selection.legal_basis:
        return set()
    return {
        name
        for name, block in world.blocks.items()
        if picks(selection, block.agency, block.row)
        and all(holds(selection, cell[0], 3, *cell[1:]) for cell in block.cells)
    }


def requests_of(world: World, selection: Selection) -> tuple[int, int]:
    """Requests of the selection, and those of them that say how many were asked."""
    found = [
        row
        for row in world.counts
        if picks(selection, row["agency"], row)
        and selection.channel in (None, row["channel"])
        and selection.legal_basis in (None, row["legal_basis"])
        and holds(selection, row["month_start"], 1, row["incident_category"], row["county_fips"], row["area"])
    ]
    return sum(row["requests"] for row in found), sum(row["requests_with_asked"] for row in found)


def total(world: World, ids: set[str], column: str) -> int:
    return sum(world.blocks[name].row[column] for name in ids)


def status_of(world: World, selection: Selection, covered: int) -> str:
    """The state as the design names it."""
    requests, with_asked = requests_of(world, selection)
    if covered:
        return "published" if 10 * covered >= 8 * requests else "partly_published"
    if with_asked:
        return "pending"
    regime = world.regimes.get(selection.regime or "")
    if regime and not regime["has_request_tool"]:
        return "no_request_tool"
    hides = regime and regime["agency_sees_who_was_asked"] == "no" and regime["denominator_known_to"] != "agency"
    return "not_measurable" if hides else "not_reported"


@st.composite
def selections(draw: st.DrawFn, world: World) -> Selection:
    """Drawn around one block, half the time one of several quarters.

    Some fields are picked so that they hold all, a part or none of its cells; most are left wide.
    """
    several = [block for block in world.blocks.values() if len({cell[0] for cell in block.cells}) > 1]
    block = draw(st.sampled_from(several if draw(st.booleans()) else list(world.blocks.values())))
    quarters = sorted({cell[0] for cell in block.cells})

    def is_picked() -> bool:
        return draw(st.integers(0, 3)) == 0

    def some(own: set[str], all_values: set[str]) -> tuple[str, ...]:
        if not is_picked():
            return ()
        a_part = draw(st.lists(st.sampled_from(sorted(own)), max_size=len(own), unique=True))
        others = draw(st.lists(st.sampled_from(sorted(all_values)), max_size=3, unique=True))
        return tuple(sorted({*a_part, *others}))

    def one(own: str, all_values: set[str]) -> str | None:
        return draw(st.sampled_from([own, own, *sorted(all_values)])) if is_picked() else None

    def day(edges: list[date]) -> date | None:
        if draw(st.booleans()):
            return None
        return draw(st.sampled_from(edges)) + timedelta(days=draw(st.sampled_from([-200, -1, 0, 0, 0, 1, 45, 400])))

    def values(column: str) -> set[str]:
        return {row[column] for row in world.counts}

    return Selection(
        states=some({block.agency["state"]}, {agency["state"] for agency in world.agencies.values()}),
        program=one(block.row["program_id"], values("program_id")),
        regime=one(block.row["regime_id"], set(world.regimes)),
        kind=one(block.agency["kind"], {agency["kind"] for agency in world.agencies.values()}),
        categories=some({cell[1] for cell in block.cells}, values("incident_category")),
        counties=some({cell[2] for cell in block.cells}, values("county_fips")),
        areas=some({cell[3] for cell in block.cells}, values("area")),
        since=day(quarters),
        until=day([last_day(quarter, 3) for quarter in quarters]),
        agency_id=one(block.agency["agency_id"], values("agency_id")),
        channel=draw(st.sampled_from([None] * 20 + sorted(values("channel")))),
        legal_basis=draw(st.sampled_from([None] * 20 + sorted(values("legal_basis")))),
    )


# Without shrinking: the first counterexample is small enough to read, and a smaller one takes minutes.
TRIES = settings(
    max_examples=60,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@TRIES
@given(data=st.data())
def test_an_answer_is_the_sum_of_the_whole_blocks_inside_the_selection(world, data):
    selection = data.draw(selections(world))
    answer, ids = consent(world.release, selection), inside(world, selection)
    assert set(public_data.blocks_inside(world.release, selection)["block_id"]) == ids
    assert (answer.asked, answer.shared_low, answer.shared_high) == tuple(total(world, ids, name) for name in PEOPLE)
    assert (answer.blocks, answer.requests_covered) == (len(ids), total(world, ids, "requests"))
    told = {name for name in ids if world.blocks[name].row["responded"] is not None}
    assert (answer.responded, answer.asked_of_responded) == (
        total(world, told, "responded"),
        total(world, told, "asked"),
    )
    assert (answer.requests_in_selection, answer.requests_with_asked) == requests_of(world, selection)


@TRIES
@given(data=st.data())
def test_two_answers_differ_by_whole_blocks_added_and_taken_away(world, data):
    """Also where one selection lies inside the other, or beside it: no view reaches below a block."""
    first = data.draw(selections(world))
    other = data.draw(selections(world))
    second = data.draw(st.sampled_from([other, replace(first, until=other.until), replace(first, areas=other.areas)]))
    one, two = consent(world.release, first), consent(world.release, second)
    ids = [set(public_data.blocks_inside(world.release, picked)["block_id"]) for picked in (first, second)]
    for column in PEOPLE:
        added, taken = total(world, ids[1] - ids[0], column), total(world, ids[0] - ids[1], column)
        assert getattr(two, column) - getattr(one, column) == added - taken


@TRIES
@given(data=st.data())
def test_every_answer_is_in_exactly_the_state_that_the_facts_give(world, data):
    selection = data.draw(selections(world))
    answer = consent(world.release, selection)
    assert answer.status == status_of(world, selection, answer.requests_covered)
    assert answer.coverage is None if not answer.requests_in_selection else 0 <= answer.coverage <= 1
    if not answer.blocks:
        assert answer.status not in ("published", "partly_published")
        assert (answer.rate, answer.rate_low, answer.rate_high, answer.asked, answer.responded) == (
            None,
            None,
            None,
            0,
            0,
        )
    else:
        assert 0 <= answer.rate_low <= answer.shared_low / answer.asked
        assert answer.shared_high / answer.asked <= answer.rate_high <= 1


def test_a_block_whose_requests_were_withdrawn_since_does_not_cover_more_than_everything(world):
    """Blocks stay, the counts of requests fall at once."""
    answer = replace(consent(world.release, Selection()), requests_covered=7, requests_in_selection=5)
    assert answer.coverage == 1


# ---- No other way to a count of people -------------------------------------------------------------------------------

# Numbers that are not about residents, or that are reckoned from the sums of blocks beside them.
NOT_PEOPLE = {
    "active", "agencies", "blocks", "columns", "csv_bytes", "expected", "facts", "joined", "latitude", "left",
    "listings", "longitude", "named", "parquet_bytes", "per_100k_residents", "population", "population_2020",
    "regime_requests", "release_no", "requests", "requests_covered", "requests_with_asked", "rows", "rows_accepted",
    "rows_added", "rows_before", "rows_now", "rows_quarantined", "rows_read", "rows_removed", "share_of_agencies",
    "sources", "year", "design_effect", "p_value", "phi", "q_value", "rate_high", "rate_low", "shrunken_rate",
    "target_high", "target_low",
}  # fmt: skip


def questions() -> list[Any]:
    """Every function of dashboard/public_data that is given a release."""
    found = []
    for module in pkgutil.iter_modules(public_data.__path__):
        names = vars(importlib.import_module(f"dashboard.public_data.{module.name}"))
        for name, asked in names.items():
            plain = inspect.unwrap(asked) if callable(asked) else None
            if inspect.isfunction(plain) and plain.__module__.endswith(f"public_data.{module.name}"):
                parameters = list(inspect.signature(plain).parameters)
                if parameters[:1] == ["release"] and not name.startswith("_"):
                    found.append(pytest.param(asked, parameters[1:], id=f"{module.name}.{name}"))
    return found


def answers_to_give(world: World) -> dict[str, list[Any]]:
    """Parameter -> values to ask with. A question with a new parameter fails here until this test knows it."""
    most = pd.Series([block.row["agency_id"] for block in world.blocks.values()]).value_counts().index
    picked = [
        Selection(regime="email-video-requests"),
        Selection(regime="community-requests", categories=("burglary", "package_theft", "theft_from_vehicle")),
        Selection(regime="email-video-requests", since=date(2019, 2, 10), until=date(2020, 8, 2)),
        Selection(regime="email-video-requests", agency_id=most[0]),
        Selection(regime="email-video-requests", areas=("unknown", "district-1")),
    ]
    return {
        "selection": picked, "agency_id": list(most[:6]), "ids": [tuple(most[:3])], "wrong_id": ["us-ca-nowhere-pd"],
        "period": ["quarter", "year"], "by": ["incident_category", "channel", "legal_basis", "county_fips", "area"],
        "scope": ["US"], "scopes": [()], "measures": [()], "states": [()], "state": ["CA"], "day": [None],
        "days": [(None, date(2020, 12, 31))],
        "program_id": ["ring-neighbors"], "table_name": ["consent_blocks"], "source_id": ["simulated"],
        "name": ["states"], "most": [5], "count": [3], "words": ["requests"],
    }  # fmt: skip


@pytest.mark.parametrize(("asked", "parameters"), questions())
def test_no_question_is_answered_with_people_who_are_not_a_sum_of_whole_blocks(world, asked, parameters):
    possible = answers_to_give(world)
    assert set(parameters) <= set(possible), "tell this test what to ask with"
    calls: list[dict[str, Any]] = [{}]
    for name in parameters:
        calls = [call | {name: value} for call in calls for value in possible[name]]
    for call in calls:
        answer = asked(world.release, **call)
        if isinstance(answer, pd.DataFrame):
            hold_to_blocks(world, answer, call.get("selection", Selection(agency_id=call.get("agency_id"))))


def hold_to_blocks(world: World, frame: pd.DataFrame, selection: Selection) -> None:
    """Every number of the frame is known not to be about people, is cited, or is a sum of whole blocks of its row."""
    numbers = {
        name for name in frame if pd.api.types.is_numeric_dtype(frame[name]) or is_object_of_numbers(frame[name])
    }
    numbers -= {name for name in numbers if pd.api.types.is_bool_dtype(frame[name])}
    numbers -= NOT_PEOPLE
    if {"measure", "source_id"} <= set(frame):
        numbers -= {"value"}  # what somebody else published, with its source
    if "question" in frame:  # low and high answer the question of the row
        for column in ("low", "high"):
            numbers -= {column}
            for row in frame.to_dict("records"):
                if row["question"] in ("asked", "shared") and row["basis"] == "log" and pd.notna(row[column]):
                    name = "asked" if row["question"] == "asked" else f"shared_{column}"
                    assert row[column] == total(world, blocks_of_row(world, row, selection), name)
    assert numbers <= {*PEOPLE, "responded"}, "a number that this test does not know"
    for row in frame.to_dict("records") if numbers else []:
        ids = blocks_of_row(world, row, selection)
        for name in numbers & set(PEOPLE):
            assert row[name] == total(world, ids, name) if ids else pd.isna(row[name]), name
        if "responded" in numbers:
            assert row["block_id"] in ids and (
                row["responded"] == world.blocks[row["block_id"]].row["responded"] or pd.isna(row["responded"])
            )


def is_object_of_numbers(column: pd.Series) -> bool:
    known = column.dropna()
    return column.dtype == object and bool(len(known)) and all(isinstance(value, int | float) for value in known)


def blocks_of_row(world: World, row: dict[str, Any], selection: Selection) -> set[str]:
    """The blocks that the row's own keys and period name, out of those inside the selection."""
    narrowed = selection
    if "year" in row:
        narrowed = replace(narrowed, since=date(row["year"], 1, 1), until=date(row["year"], 12, 31))
    elif "starts_on" in row:
        narrowed = replace(
            narrowed,
            since=max(filter(None, [selection.since, row["starts_on"].date()])),
            until=min(filter(None, [selection.until, row["ends_on"].date()])),
        )
    if "regime_id" in row:
        narrowed = replace(narrowed, regime=row["regime_id"])
    ids = inside(world, replace(narrowed, agency_id=row.get("agency_id", selection.agency_id)))
    return ids & {row["block_id"]} if "block_id" in row else ids
