"""How much wider an interval must be because residents of one request answer alike: the design effect.

The dashboard never sees a single request, only blocks. That is enough. A block's residual, shared - rate * asked, is a
sum over its requests, so the squares of the residuals add up the variance of whole requests, whatever their number per
block. Nor does it matter that a block closes as soon as it is safe: it closes at a stopping time, and by Wald's second
identity the expected square of the residual is still the variance per resident times the expected number asked.

In words, for the methods page: see `words.WORDS["design_effect"]`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

# An estimate from k clusters has a relative standard error of about sqrt(2 / (k - 1)): a third at 20, half at 9.
FEWEST_CLUSTERS = 20

# The correlation between two residents of one request that we assume where nothing can be estimated. It is a choice,
# not an estimate: yes/no answers of neighbours, patients or pupils mostly correlate by less than 0.1. We double that.
ASSUMED_CORRELATION = 0.2

Basis = Literal["blocks", "agencies", "reference", "assumed", "none"]


@dataclass(frozen=True)
class DesignEffect:
    """A design effect (1 = as if every resident had been asked alone), what it rests on, and how many clusters."""

    value: float
    basis: Basis
    clusters: int


@dataclass(frozen=True)
class Clusters:
    """How many clusters there are (blocks, or agencies), their sums, and the sums of their products.

    That is all that the variance of a ratio needs: no list of them. Whole numbers keep it exact.
    """

    count: int
    asked: float
    low: float
    high: float
    asked_asked: float
    asked_low: float
    low_low: float
    asked_high: float
    high_high: float


@dataclass(frozen=True)
class Tally:
    """What a design effect rests on. A database can add it up, so that a country's blocks need not be handed over.

    `exact`, `exact_agencies`: the blocks that are no range, and the agencies that have one. `requests`: of all blocks.
    """

    blocks: Clusters
    agencies: Clusters
    requests: float
    exact: int
    exact_agencies: int


def tally(blocks: pd.DataFrame) -> Tally:
    """The tally of safe blocks, one a row: agency_id, requests, asked, shared_low, shared_high."""
    exact = blocks[blocks["shared_low"] == blocks["shared_high"]]
    by_agency = blocks.groupby("agency_id")[["asked", "shared_low", "shared_high"]].sum()
    requests = float(blocks["requests"].sum())
    return Tally(_clusters(blocks), _clusters(by_agency), requests, len(exact), exact["agency_id"].nunique())


def _clusters(rows: pd.DataFrame) -> Clusters:
    asked, low, high = (rows[name].to_numpy(float) for name in ("asked", "shared_low", "shared_high"))
    products = (float(a @ b) for a, b in ((asked, asked), (asked, low), (low, low), (asked, high), (high, high)))
    return Clusters(len(rows), float(asked.sum()), float(low.sum()), float(high.sum()), *products)


def design_effect(blocks: pd.DataFrame | Tally, *, reference: float | None = None) -> DesignEffect:
    """Return the design effect of the pooled rate of `blocks`, never below 1.

    `blocks`: one row per safe block as `tally` reads it, or their tally. `reference`: what
    `reference_design_effect` says of the whole edition, used where the selection is too small to tell by itself.

    1. Blocks as clusters: linearised variance of the ratio sum(shared) / sum(asked) over the binomial variance.
    2. From 20 agencies on also agencies as clusters (the "ultimate cluster", Hansen, Hurwitz and Madow 1953): agencies
       differ, so their blocks are alike too. The larger of the two counts.
    3. Under 20 exact blocks the estimate may be 1 by luck: the larger of it and of `reference` counts, or, without
       a reference, 1 + (asked per request - 1) * 0.2.
    Ranges enter twice, all at the low and all at the high end; the larger effect counts.
    Source: Kish 1965, Survey Sampling, sections 6.4 and 8.2; Cochran 1977, Sampling Techniques, section 6.3.
    """
    told = blocks if isinstance(blocks, Tally) else tally(blocks)
    if told.blocks.asked == 0:
        return DesignEffect(1.0, "none", 0)
    effect = DesignEffect(_clustered(told.blocks), "blocks", told.exact)
    if needs_reference(told):
        stand_in = assumed_design_effect(told) if reference is None else max(reference, 1.0)
        if stand_in >= effect.value:
            effect = DesignEffect(stand_in, "assumed" if reference is None else "reference", told.exact)
    if told.exact_agencies >= FEWEST_CLUSTERS:
        by_agency = _clustered(told.agencies)
        if by_agency > effect.value:
            effect = DesignEffect(by_agency, "agencies", told.exact_agencies)
    return effect


def needs_reference(told: Tally) -> bool:
    """Whether `design_effect` would look at its reference: too few exact blocks tell by themselves."""
    return told.exact < FEWEST_CLUSTERS


def reference_design_effect(blocks: pd.DataFrame) -> float | None:
    """Return the typical design effect inside one agency of an edition, or None where 20 blocks cannot tell.

    Same columns as `design_effect`. Agencies are strata: each block is held against its own agency's rate, so that
    differences between agencies stay out. Only agencies with two blocks or more tell anything.
    """
    exact = blocks[blocks["shared_low"] == blocks["shared_high"]]
    # A stratum of k blocks has k - 1 free residuals.
    if len(exact) - exact["agency_id"].nunique() < FEWEST_CLUSTERS:
        return None
    several = blocks[blocks.groupby("agency_id")["asked"].transform("size") > 1]
    return max(_within(several, "shared_low"), _within(several, "shared_high"), 1.0)


def assumed_design_effect(told: Tally) -> float:
    """Return 1 + (m - 1) * 0.2, m = residents asked per request in the blocks (Kish 1965, section 5.4)."""
    per_request = told.blocks.asked / max(told.requests, 1.0)
    return max(1.0, 1.0 + (per_request - 1.0) * ASSUMED_CORRELATION)


def _clustered(found: Clusters) -> float:
    at_low = _ratio_effect(found.count, found.asked, found.low, found.asked_asked, found.asked_low, found.low_low)
    at_high = _ratio_effect(found.count, found.asked, found.high, found.asked_asked, found.asked_high, found.high_high)
    return max(at_low, at_high, 1.0)


def _ratio_effect(k: int, asked: float, yes: float, asked_asked: float, asked_yes: float, yes_yes: float) -> float:
    """Linearised variance of the ratio estimator over the binomial one; 1 where there is nothing to compare.

    The squares of the residuals yes_i - asked_i * yes / asked are multiplied out and taken times asked^2, so that
    whole numbers stay whole until the one division.
    """
    binomial = asked * yes * (asked - yes)
    if k < 2 or binomial == 0:
        return 1.0
    residuals = asked * asked * yes_yes - 2 * asked * yes * asked_yes + yes * yes * asked_asked
    return float(k * residuals / ((k - 1) * binomial))


def _within(blocks: pd.DataFrame, shared: str) -> float:
    """The same with one rate per agency: sums over agencies of both variances, then their ratio."""
    agency = blocks.groupby("agency_id")
    size = agency["asked"].transform("size")
    rate = agency[shared].transform("sum") / agency["asked"].transform("sum")
    binomial = (rate * (1 - rate) * blocks["asked"]).sum()
    if binomial == 0:
        return 1.0
    return float((size / (size - 1) * (blocks[shared] - rate * blocks["asked"]) ** 2).sum() / binomial)
