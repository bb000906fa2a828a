"""What is particular to each invented agency: how often it asks, what its log says, and how its residents answer."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from etl.simulation.agencies import KINDS, Agencies, Floats, Ints
from etl.simulation.calendar import COMMUNITY, E_MAIL, POSTS, Regime, Spans, stream
from etl.simulation.consent import PRESETS, Preset
from etl.simulation.partnerships import Partnerships

CATEGORIES = {
    # category: (share of requests, how much readier residents are, in logits)
    "theft_from_vehicle": (0.19, 0.0),
    "package_theft": (0.18, 0.25),
    "burglary": (0.155, 0.1),
    "vehicle_theft": (0.105, 0.0),
    "vandalism": (0.085, -0.2),
    "robbery": (0.055, 0.1),
    "assault": (0.05, 0.05),
    "traffic": (0.05, -0.35),
    "missing_person": (0.04, 0.6),
    "homicide": (0.012, 0.35),
    "other": (0.048, -0.1),
    "unknown": (0.03, 0.0),
}
SUPPLIES_A_LOG = 0.82
AGENCY_SPREAD, REQUEST_SPREAD = 0.2, 0.35  # standard deviations of readiness, in logits
OUTLIERS, OUTLIER_SHIFT = 0.02, 1.0
SPIKES = 0.03
SPIKE_FACTORS = (6.0, 14.0)


@dataclass(frozen=True)
class Habits:
    """One entry per agency, except `weights` (agency x span: expected share of all requests) and `categories`
    (agency x category: running shares). `knows_asked` is agency x regime."""

    weights: Floats
    starts: Ints
    ends: Ints
    asked: Floats
    knows_asked: Floats
    names_area: Floats
    names_county: Floats
    categories: Floats
    readiness: Floats
    silent: NDArray[np.bool_]
    declines: Floats
    keeps_log: NDArray[np.bool_]


def logit(share: Floats) -> Floats:
    """Log odds."""
    return np.log(share / (1 - share))


def _some_never_some_always(
    rng: np.random.Generator, number: int, never: float, always: float, shape: tuple[float, float]
) -> Floats:
    """A share per agency: 0 for some, 1 for some, beta for the rest."""
    kind = rng.random(number)
    return np.where(kind < never, 0.0, np.where(kind < never + always, 1.0, rng.beta(*shape, number)))


def _shifted_to(readiness: Floats, weight: Floats, share: float) -> Floats:
    """`readiness` moved by one constant so that the weighted mean share of residents who share is `share`."""
    if not len(readiness):
        return readiness
    low, high = -30.0, 30.0
    # A logistic mean over normal noise of standard deviation s is close to one with slope 1 / sqrt(1 + 0.346 s^2).
    slope = 1 / np.sqrt(1 + 0.346 * REQUEST_SPREAD**2)
    for _ in range(60):
        middle = (low + high) / 2
        reached = float((weight / (1 + np.exp(-(readiness + middle) * slope))).sum() / weight.sum())
        low, high = (middle, high) if reached < share else (low, middle)
    return readiness + (low + high) / 2


def _weights(
    agencies: Agencies, partnerships: Partnerships, when: Spans, its_regimes: tuple[Regime, ...], seed: int
) -> tuple[Floats, Ints, Ints, NDArray[np.bool_]]:
    """Expected share of all requests by agency and span, with the days in which the agency could send them."""
    rng = stream(seed, "rates")
    number = len(agencies)
    rate = agencies.population**0.6 * np.exp(rng.normal(0, 1.1, number))
    rate = np.where(agencies.kind == KINDS.index("fire"), 0.0, rate)
    # No agency may be more than a fortieth of the country, whatever its draw.
    if number > 80:
        rate = np.minimum(rate, rate.sum() / 40)
    # Most supply a log of everything, some of one regime only, some of nothing.
    fate = rng.random(number)
    keeps = np.zeros((number, len(its_regimes)), dtype=bool)
    keeps[:, [E_MAIL, POSTS]] = (fate < SUPPLIES_A_LOG * 0.88)[:, None]
    keeps[:, COMMUNITY] = (fate < SUPPLIES_A_LOG * 0.74) | ((fate >= SUPPLIES_A_LOG * 0.88) & (fate < SUPPLIES_A_LOG))

    is_new = when.regime == COMMUNITY
    joined = np.where(is_new, partnerships.joined_community[:, None], partnerships.joined[:, None])
    starts = np.maximum(when.starts, joined)
    ends = np.minimum(when.ends, np.where(is_new, when.ends, partnerships.left[:, None]))
    days = np.maximum(ends - starts, 0).astype(np.float64)
    pace = np.array([regime.pace for regime in its_regimes])[when.regime]
    season = 1 + 0.12 * np.sin(2 * np.pi * (when.starts % 365.25) / 365.25 - 2.0)
    weights = days * rate[:, None] * (pace * season) * keeps[:, when.regime]
    _add_spikes(weights, rng)
    return weights, starts, ends, np.asarray(keeps.any(axis=1))


def _add_spikes(weights: Floats, rng: np.random.Generator) -> None:
    """A few months in which a busy agency asks many times as often as it usually does."""
    totals = weights.sum(axis=1)
    busy = np.flatnonzero(totals > np.quantile(totals, 0.6)) if totals.any() else np.array([], dtype=np.int64)
    spiky = rng.permutation(busy)[: max(3, round(SPIKES * len(weights)))]
    place = rng.random(len(spiky))
    factor = rng.uniform(*SPIKE_FACTORS, len(spiky))
    for agency, where, times in zip(spiky.tolist(), place.tolist(), factor.tolist(), strict=True):
        live = np.flatnonzero(weights[agency])
        weights[agency, live[int(where * len(live))]] *= times


def draw_habits(
    agencies: Agencies,
    partnerships: Partnerships,
    when: Spans,
    its_regimes: tuple[Regime, ...],
    *,
    consent: Preset,
    asked_per_request: float,
    seed: int,
) -> Habits:
    """The habits of every agency. `asked_per_request`: the mean over the requests that say how many were asked."""
    weights, starts, ends, keeps_log = _weights(agencies, partnerships, when, its_regimes, seed)
    number = len(agencies)
    rng = stream(seed, "habits")
    knows = np.zeros((number, len(its_regimes)))
    knows[:, E_MAIL] = _some_never_some_always(rng, number, 0.06, 0.16, (2.5, 1.1))
    knows[:, COMMUNITY] = _some_never_some_always(rng, number, 0.04, 0.32, (3.2, 1.1))
    of_regime = np.stack([weights[:, when.regime == regime].sum(axis=1) for regime in range(len(its_regimes))], axis=1)
    informative = (of_regime * knows).sum(axis=1)

    # The mean comes out as asked for, whatever the agencies' own habits.
    asked = np.exp(rng.normal(0, 0.3, number))
    if informative.any():
        asked *= asked_per_request / float((asked * informative).sum() / informative.sum())
    else:
        asked *= asked_per_request

    base = np.array([share for share, _ in CATEGORIES.values()])
    mix = rng.gamma(30.0 * base, size=(number, len(base)))
    running = np.cumsum(mix, axis=1)
    running /= running[:, -1:]

    readiness, silent, declines = _readiness(number, informative * asked, consent, stream(seed, "consent"))
    return Habits(
        weights,
        starts,
        ends,
        asked,
        knows,
        np.where(agencies.areas > 0, rng.beta(4, 1.5, number), 0.0),
        _some_never_some_always(rng, number, 0.08, 0.5, (5, 1)),
        running,
        readiness,
        silent,
        declines,
        keeps_log,
    )


def _readiness(
    number: int, weight: Floats, consent: Preset, rng: np.random.Generator
) -> tuple[Floats, NDArray[np.bool_], Floats]:
    """Log odds of sharing per agency, whether nobody ever shares, and the share of the others who decline."""
    mixture = PRESETS[consent]
    is_other = rng.random(number) < mixture.share_of_other
    own = rng.normal(0, AGENCY_SPREAD, number)
    # Genuine outliers, so that a funnel plot has something to find; all other agencies differ by chance and habit.
    side = np.where(rng.random(number) < 0.5, OUTLIER_SHIFT, -OUTLIER_SHIFT)
    own += np.where(rng.random(number) < OUTLIERS, side, 0.0)
    quiet = rng.random(number)
    wobble = rng.normal(0, 0.25, number)
    readiness, declines = np.zeros(number), np.zeros(number)
    silent = np.zeros(number, dtype=bool)
    for level, members in ((mixture.usual, ~is_other), (mixture.other, is_other)):
        silent |= members & (quiet < level.silent)
        willing = members & ~silent
        mass = weight + 1e-12
        # The level is that of all members, silent ones included.
        share = level.shared * mass[members].sum() / mass[willing].sum() if willing.any() else level.shared
        readiness[willing] = _shifted_to(own[willing], mass[willing], min(share, 0.9))
        refusing = np.array([(level.answered - level.shared) / (1 - level.shared)])
        declines[members] = 1 / (1 + np.exp(-(logit(refusing) + wobble[members])))
    return readiness, silent, declines
