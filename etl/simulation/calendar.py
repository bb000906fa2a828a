"""The time of the simulation: its window of months, its four regimes, and the spans in which requests can be sent."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from etl.errors import UsageError

Days = NDArray[np.int64]  # days since 1970-01-01

EPOCH = date(1970, 1, 1)
FIRST_MONTH = date(2018, 3, 1)  # the first known partnership is of March 2018
LAST_MONTH = date(2026, 6, 1)
EARLIEST = date(2015, 1, 1)  # the record format takes no earlier day
E_MAIL, POSTS, NO_TOOL, COMMUNITY = range(4)


class Regime(NamedTuple):
    """One period with its own meaning of a request. `pace` is requests per agency and month against e-mail times."""

    regime_id: str
    program_id: str
    starts_on: date
    ends_on: date | None
    name: str
    what_a_request_is: str
    denominator_known_to: str
    channel: str
    pace: float


@dataclass(frozen=True)
class Window:
    """Whole months: from `first` up to, not including, `end`."""

    first: date
    end: date

    @property
    def months(self) -> int:
        """Number of months."""
        return (self.end.year - self.first.year) * 12 + self.end.month - self.first.month

    @property
    def last_day(self) -> date:
        """The last day of the simulation."""
        return date.fromordinal(self.end.toordinal() - 1)


def stream(seed: int, subject: str, part: int = 0) -> np.random.Generator:
    """Random numbers of one subject. Subjects have streams of their own, so that adding one disturbs no other."""
    return np.random.default_rng([seed, crc32(subject.encode()), part])


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def month_after(day: date, months: int) -> date:
    """First day of the month that lies `months` after the month of `day`."""
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)


def window(months: int, end: date | None) -> Window:
    """`months` whole months that end with the month of `end`; without it from March 2018, but never past June 2026."""
    if months < 1:
        raise UsageError("A simulation needs at least one month.")
    last = end if end else min(month_after(FIRST_MONTH, months - 1), LAST_MONTH)
    first = month_after(last, 1 - months)
    if first < EARLIEST:
        raise UsageError(
            f"{months} months up to {last:%Y-%m} would begin before {EARLIEST}, which the record format refuses."
        )
    return Window(first, month_after(last, 1))


def regimes(span: Window) -> tuple[Regime, ...]:
    """The four regimes with the record's ids and names; unknown days are set by the simulation."""
    said = "SIMULATED: "
    return (
        Regime(
            "email-video-requests",
            "ring-neighbors",
            min(FIRST_MONTH, span.first),
            date(2021, 6, 7),
            "Private e-mail video requests",
            said + "police drew an area in a portal and the vendor e-mailed camera owners inside it. "
            "Assumed: the log says how many were asked for about 7 of 10 requests.",
            "agency",
            "email",
            1.0,
        ),
        Regime(
            "request-for-assistance",
            "ring-neighbors",
            date(2021, 6, 7),
            date(2024, 1, 31),
            "Public Request for Assistance posts",
            said
            + "police posted a public request that anyone nearby could answer. Assumed: nobody counted who saw it.",
            "nobody",
            "public_post",
            0.45,
        ),
        Regime(
            "no-request-tool",
            "ring-neighbors",
            date(2024, 1, 31),
            date(2025, 4, 1),
            "No request tool",
            said + "police could post notices but could not ask for video. "
            "Assumed: it ends on the day on which the next regime starts.",
            "unknown",
            "",
            0.0,
        ),
        Regime(
            "community-requests",
            "ring-community-requests",
            date(2025, 4, 1),
            None,
            "Community Requests through Axon Evidence",
            said
            + "police ask through an evidence platform and residents in the area are notified. Assumed: it starts on "
            "2025-04-01 (the true day was not found) and the log says how many were asked for about 8 of 10 requests.",
            "agency",
            "community_request",
            1.6,
        ),
    )


@dataclass(frozen=True)
class Spans:
    """Parts of months inside one regime with a tool, oldest first: one entry each, days half-open."""

    regime: NDArray[np.int64]
    starts: Days
    ends: Days


def spans(span: Window, its_regimes: tuple[Regime, ...]) -> Spans:
    """The window cut at every first of a month and at every change of regime; times without a tool are left out."""
    rows = []
    for index in range(span.months):
        month, following = month_after(span.first, index), month_after(span.first, index + 1)
        for number, regime in enumerate(its_regimes):
            start = max(month, regime.starts_on)
            stop = min(following, regime.ends_on or following)
            if regime.pace and start < stop:
                rows.append((number, day_number(start), day_number(stop)))
    cut = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return Spans(cut[:, 0], cut[:, 1], cut[:, 2])
