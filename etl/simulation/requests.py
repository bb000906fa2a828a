"""Requests and what came of them, drawn for some agencies at a time, all at once with numpy."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from etl.errors import UsageError
from etl.simulation.agencies import Agencies, Ints
from etl.simulation.calendar import COMMUNITY, E_MAIL, Spans, Window, day_number, stream
from etl.simulation.habits import CATEGORIES, REQUEST_SPREAD, Habits
from etl.simulation.partnerships import NEVER

NOT_KNOWN = -1
ROWS_AT_ONCE = 200_000  # part of the recipe: another number would draw another country

LEGAL_BASES = ("voluntary_request", "unknown", "exigent", "warrant", "subpoena", "court_order")
SHARE_OF_LEGAL_BASIS = (0.945, 0.04, 0.005, 0.006, 0.003, 0.001)
OUTCOMES = ("video_received", "no_video", "withdrawn", "open", "unknown")
CHANNELS = ("email", "public_post", "community_request", "other", "unknown")
ASKED_SPREAD = 0.85  # of the log of residents asked per request: a heavy tail
MOST_ASKED = 1_500

BASES = np.cumsum(SHARE_OF_LEGAL_BASIS)
READIER = np.array([readier for _, readier in CATEGORIES.values()])


@dataclass(frozen=True)
class Requests:
    """One entry per request, by agency and day. Counts are -1 where not known. `serial` counts from 1 in each agency.

    `known_on` is the day on which the row reaches the files, `corrected_on` the day on which `asked` is put right
    (until then the files say `asked` + `asked_too_many`).
    """

    agency: Ints
    serial: Ints
    regime: Ints
    day: Ints
    channel: Ints
    category: Ints
    legal_basis: Ints
    in_second_county: NDArray[np.bool_]
    names_county: NDArray[np.bool_]
    area: Ints
    asked: Ints
    responded: Ints
    shared: Ints
    declined: Ints
    outcome: Ints
    known_on: Ints
    corrected_on: Ints
    asked_too_many: Ints

    def __len__(self) -> int:
        return len(self.agency)


def shares_of_agencies(habits: Habits, requests: int, seed: int) -> Ints:
    """How many of `requests` fall on each agency and span."""
    shape = habits.weights.shape
    total = habits.weights.sum()
    if not requests:
        return np.zeros(shape, dtype=np.int64)
    if not total:
        raise UsageError("No simulated agency could ask in these months: give more agencies or other months.")
    odds = (habits.weights / total).ravel()
    # Rounding may leave the sum a hair over 1, which multinomial refuses.
    odds /= max(1.0, float(odds.sum()))
    return stream(seed, "volumes").multinomial(requests, odds).reshape(shape)


def parts(counts: Ints) -> list[tuple[int, int]]:
    """Agencies from, to (half-open) of about `ROWS_AT_ONCE` requests each."""
    of_agency = np.concatenate([[0], np.cumsum(counts.sum(axis=1))])
    cuts = [0]
    while cuts[-1] < len(counts):
        reach = int(np.searchsorted(of_agency, of_agency[cuts[-1]] + ROWS_AT_ONCE, side="right")) - 1
        cuts.append(min(max(reach, cuts[-1] + 1), len(counts)))
    return list(pairwise(cuts))


def draw_requests(
    agencies: Agencies,
    habits: Habits,
    when: Spans,
    span: Window,
    counts: Ints,
    between: tuple[int, int],
    rng: np.random.Generator,
) -> Requests:
    """The requests of the agencies from, to (half-open)."""
    first, last = between
    some = counts[first:last]
    cell = np.repeat(np.arange(some.size), some.ravel())
    agency, part = cell // some.shape[1] + first, cell % some.shape[1]
    rows = len(cell)
    starts, ends = habits.starts[agency, part], habits.ends[agency, part]
    day = starts + (rng.random(rows) * (ends - starts)).astype(np.int64)
    # Spans of one agency are in order and never overlap, so sorting by agency and day keeps `regime` in place.
    day = day[np.lexsort((day, agency))]
    regime = when.regime[part]
    run_start = np.concatenate([[0], np.cumsum(some.sum(axis=1))])[:-1]
    serial = np.arange(rows) - run_start[agency - first] + 1

    category = np.zeros(rows, dtype=np.int64)
    drawn = rng.random(rows)
    for column in range(habits.categories.shape[1] - 1):
        category += drawn > habits.categories[agency, column]
    legal_basis = np.minimum(np.searchsorted(BASES, rng.random(rows)), len(LEGAL_BASES) - 1)
    odd = rng.random(rows)
    channel = np.where(odd < 0.015, CHANNELS.index("unknown"), np.array([0, 1, 4, 2])[regime])
    channel = np.where(odd > 0.995, CHANNELS.index("other"), channel)
    # The first area of an agency is the busiest.
    area = (agencies.areas[agency] * rng.random(rows) ** 1.6).astype(np.int64)
    area = np.where(rng.random(rows) < habits.names_area[agency], area, NOT_KNOWN)
    answers = _draw_answers(habits, agency, regime, category, day, legal_basis, span, rng)
    late = rng.random(rows) < 0.02
    delay = np.where(late, 60 + rng.exponential(120, rows), rng.integers(0, 25, rows)).astype(np.int64)
    # At the end of the window everything is known: an earlier `until` is what makes rows late.
    known_on = np.minimum(day + delay, day_number(span.end) - 1)
    mends = (rng.random(rows) < 0.003) & (answers["asked"] > 0)
    corrected_on = known_on + 60 + rng.integers(0, 240, rows)
    mends &= corrected_on < day_number(span.end)
    return Requests(
        agency=agency,
        serial=serial,
        regime=regime,
        day=day,
        channel=channel,
        category=category,
        legal_basis=legal_basis,
        in_second_county=rng.random(rows) < 0.25,
        names_county=rng.random(rows) < habits.names_county[agency],
        area=area,
        known_on=known_on,
        corrected_on=np.where(mends, corrected_on, NEVER),
        asked_too_many=rng.integers(1, 6, rows),
        **answers,
    )


def _draw_answers(
    habits: Habits,
    agency: Ints,
    regime: Ints,
    category: Ints,
    day: Ints,
    legal_basis: Ints,
    span: Window,
    rng: np.random.Generator,
) -> dict[str, Ints]:
    """Counts of residents as the log gives them, and the outcome. What is not known is -1, never 0."""
    rows = len(agency)
    voluntary = legal_basis <= LEGAL_BASES.index("unknown")
    knows = (rng.random(rows) < habits.knows_asked[agency, regime]) & voluntary
    # 1 + floor(x) has mean 1/2 above x.
    middle = np.log(np.maximum(habits.asked[agency] - 0.5, 0.5)) - ASKED_SPREAD**2 / 2
    asked = 1 + np.exp(middle + ASKED_SPREAD * rng.standard_normal(rows)).astype(np.int64)
    asked = np.minimum(asked, MOST_ASKED)
    asked[rng.random(rows) < 0.003] = 0

    years = (day - day_number(span.first)) / 365.25
    readiness = (
        habits.readiness[agency] + READIER[category] + 0.12 - 0.075 * years + np.where(regime == COMMUNITY, 0.45, 0.0)
    )
    # Residents of one request live near each other and hear of the same event: their answers are clustered.
    readiness = readiness + REQUEST_SPREAD * rng.standard_normal(rows)
    willing = np.where(habits.silent[agency], 0.0, 1 / (1 + np.exp(-readiness)))
    shared = rng.binomial(asked, willing)
    declined = rng.binomial(asked - shared, habits.declines[agency])

    gap = rng.random(rows)
    shares_known = knows & (gap > 0.03)
    all_known = knows & (gap > 0.12)
    # Some logs count the videos that came in without knowing how many were asked.
    only_shared = ~knows & np.isin(regime, (E_MAIL, COMMUNITY)) & voluntary & (gap > 0.85)
    outcome = np.where(shared > 0, 0, 1)
    end = day_number(span.end)
    outcome = np.where((end - day < 40) & (shared == 0) & (gap > 0.4), OUTCOMES.index("open"), outcome)
    outcome = np.where(~shares_known & ~only_shared & (gap < 0.7), OUTCOMES.index("unknown"), outcome)
    outcome = np.where(asked == 0, OUTCOMES.index("withdrawn"), outcome)
    return {
        "asked": np.where(knows, asked, NOT_KNOWN),
        "responded": np.where(all_known, shared + declined, NOT_KNOWN),
        "shared": np.where(shares_known | only_shared, shared, NOT_KNOWN),
        "declined": np.where(all_known, declined, NOT_KNOWN),
        "outcome": outcome,
    }
