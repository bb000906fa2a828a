"""For a list that must be sorted: rates pulled towards the common rate, the more so the fewer residents were asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize, special, stats

from dashboard.statistics.intervals import FloatArray

# Beyond this many residents' worth of prior knowledge the agencies are the same for every purpose of a page.
LARGEST_STRENGTH = 1e6


@dataclass(frozen=True)
class BetaPrior:
    """How rates vary between agencies: a beta distribution with this mean, worth `strength` residents asked."""

    mean: float
    strength: float

    @property
    def alpha(self) -> float:
        """First parameter of the beta distribution."""
        return self.mean * self.strength

    @property
    def beta(self) -> float:
        """Second parameter of the beta distribution."""
        return (1 - self.mean) * self.strength


def fit_beta(shared: Any, asked: Any) -> BetaPrior:
    """Fit a beta-binomial by maximum likelihood; one row per agency, whole numbers or effective ones.

    Where all rates are alike the strength ends at 1,000,000. Raises ValueError with fewer than two agencies.
    Source: Casella 1985, The American Statistician 39: 83-87; likelihood: Griffiths 1973, Biometrics 29: 637-648.
    """
    yes, size = np.asarray(shared, dtype=float), np.asarray(asked, dtype=float)
    if len(yes) < 2:
        raise ValueError("shrinkage needs at least two agencies")
    pooled = float(yes.sum() / size.sum())
    if pooled in (0.0, 1.0):
        return BetaPrior(pooled, LARGEST_STRENGTH)

    def loss(logs: FloatArray) -> float:
        mean, strength = special.expit(logs[0]), np.exp(logs[1])
        a, b = mean * strength, (1 - mean) * strength
        return -float((special.betaln(a + yes, b + size - yes) - special.betaln(a, b)).sum())

    edge = np.log(LARGEST_STRENGTH)
    # The likelihood can be flat for strong priors: start from a weak, a middling and a strong one, keep the best.
    fits = [
        optimize.minimize(
            loss, [special.logit(pooled), start], method="L-BFGS-B", bounds=[(-15, 15), (np.log(1e-2), edge)]
        )
        for start in (1.0, 4.0, 9.0)
    ]
    best = min(fits, key=lambda fit: float(fit.fun))
    return BetaPrior(float(special.expit(best.x[0])), float(np.exp(best.x[1])))


def shrunken_rates(agencies: pd.DataFrame, *, design_effect: float = 1.0, level: float = 0.95) -> pd.DataFrame:
    """Rates to sort by, for one row per agency with columns asked, shared_low, shared_high; same index.

    Columns: shrunken_rate (from the middle of a range), shrunken_rate_low, shrunken_rate_high (limits of the
    posterior; the low end of a range gives the lower, the high end the upper). The design effect divides the counts
    first, else one large request would pass for knowledge. The order is a reading aid and not a ranking.
    """
    effect = max(design_effect, 1.0)
    asked = agencies["asked"].to_numpy(float) / effect
    low, high = agencies["shared_low"].to_numpy(float) / effect, agencies["shared_high"].to_numpy(float) / effect
    middle = (low + high) / 2
    prior = fit_beta(middle, asked)
    tail = (1 - level) / 2
    a, b = max(prior.alpha, 1e-9), max(prior.beta, 1e-9)
    return pd.DataFrame(
        {
            "shrunken_rate": (a + middle) / (a + b + asked),
            "shrunken_rate_low": stats.beta.ppf(tail, a + low, b + asked - low),
            "shrunken_rate_high": stats.beta.isf(tail, a + high, b + asked - high),
        },
        index=agencies.index,
    )
