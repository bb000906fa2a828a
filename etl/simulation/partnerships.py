"""When invented agencies join and leave, and how much of that the invented sources know."""

from dataclasses import dataclass

import numpy as np

from etl.simulation.agencies import Agencies, Ints
from etl.simulation.calendar import COMMUNITY, Regime, Window, day_number, stream

NEVER = 10**9  # a day that does not come

NEVER_JOINED = 0.06
LEAVE = 0.11
JOIN_COMMUNITY = 0.62
PRECISIONS, SHARE_OF_PRECISION = ("day", "month", "unknown"), (0.74, 0.18, 0.08)
APPROVALS = ("unknown", "council_vote", "administrative", "public_hearing", "none_found")
SHARE_OF_APPROVAL = (0.81, 0.09, 0.07, 0.01, 0.02)
INCENTIVES, SHARE_OF_INCENTIVE = ("unknown", "yes", "no"), (0.85, 0.1, 0.05)


@dataclass(frozen=True)
class Partnerships:
    """One entry per agency. Days of joining and leaving each program; `NEVER` where it did not happen."""

    joined: Ints
    left: Ints
    joined_community: Ints
    precision: Ints
    approval: Ints
    incentive: Ints
    seen_after: Ints
    second_claim: Ints


def draw_partnerships(agencies: Agencies, span: Window, its_regimes: tuple[Regime, ...], seed: int) -> Partnerships:
    """Joining follows an S-curve (2018 to 2022 in the full window); some leave; many others join the newer program."""
    rng = stream(seed, "partnerships")
    number = len(agencies)
    first, end = day_number(span.first), day_number(span.end)
    length = end - first
    # Logistic curve, steepest two years in; in a short window everything happens sooner.
    steepest, spread = min(730.0, 0.3 * length), min(230.0, 0.1 * length)
    low, high = 1 / (1 + np.exp(steepest / spread)), 1 / (1 + np.exp((steepest - 0.6 * length) / spread))
    share = low + rng.random(number) * (high - low)
    joined = (first + steepest + spread * np.log(share / (1 - share))).astype(np.int64)
    joined = np.where(rng.random(number) < NEVER_JOINED, NEVER, np.clip(joined, first, end - 1))

    left = joined + 120 + rng.exponential(900, number).astype(np.int64)
    left = np.where((rng.random(number) < LEAVE) & (joined < NEVER) & (left < end), left, NEVER)

    # Kinds that never ask (fire) can still take part.
    opens = day_number(its_regimes[COMMUNITY].starts_on)
    later = opens + rng.exponential(130, number).astype(np.int64)
    community = np.where((rng.random(number) < JOIN_COMMUNITY) & (left == NEVER) & (later < end), later, NEVER)

    return Partnerships(
        joined,
        left,
        community,
        rng.choice(len(PRECISIONS), number, p=SHARE_OF_PRECISION),
        rng.choice(len(APPROVALS), number, p=SHARE_OF_APPROVAL),
        rng.choice(len(INCENTIVES), number, p=SHARE_OF_INCENTIVE),
        rng.integers(20, 400, number),
        (rng.random(number) < 0.08).astype(np.int64),
    )
