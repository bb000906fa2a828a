"""Consent by period and by agency: sums of whole blocks, one query for all of them. Nothing below a block.

A block counts for a period only if it lies wholly inside it; one that spans two quarters counts for neither, but for
their year. Regimes are never added up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from dashboard import statistics
from dashboard.public_data.about import regimes
from dashboard.public_data.asking import question
from dashboard.public_data.consent import FULL_COVERAGE, blocks_inside, usual_design_effect
from dashboard.public_data.requests import requests_inside
from dashboard.releases import Release
from dashboard.selection import Selection

Period = Literal["quarter", "year"]

# A line by quarter is drawn where at least this share of the quarters that could have a figure has one.
MOST_QUARTERS: Final = 0.5
_SUMS: Final = ["requests", "asked", "shared_low", "shared_high"]


@question
def consent_by_period(release: Release, selection: Selection, period: Period = "quarter") -> pd.DataFrame:
    """One row per program, regime and period with requests, oldest first. The picked regime is left aside.

    Columns: program_id, regime_id, starts_on, ends_on (last day), requests, requests_with_asked, requests_covered,
    blocks, asked, shared_low, shared_high, rate_low, rate_high (95 % interval, 0 to 1), design_effect, status. People
    and rates are null where no whole block lies inside the period; the status says why.
    """
    everything = replace(selection, regime=None)
    where = requests_inside(everything)
    counted = release.query(
        f"""
        select
            counts.program_id,
            counts.regime_id,
            date_trunc('{period}', counts.month_start)::date as starts_on,
            (date_trunc('{period}', counts.month_start) + interval 1 {period} - interval 1 day)::date as ends_on,
            sum(counts.requests)::bigint as requests,
            sum(counts.requests_with_asked)::bigint as requests_with_asked
        from request_counts as counts
        join agencies on counts.agency_id = agencies.agency_id
        where {where.sql}
        group by all
        """,
        where.values,
    )
    blocks = blocks_inside(release, everything)
    starts = _period_start(blocks["first_quarter"], period)
    inside = blocks[starts == _period_start(blocks["last_quarter"], period)].assign(starts_on=starts)
    figures = _figures(inside, ["program_id", "regime_id", "starts_on"], usual_design_effect(release))
    told = _with_status(counted, figures, ["program_id", "regime_id", "starts_on"], silences(release))
    return told.sort_values(["starts_on", "program_id", "regime_id"], ignore_index=True)


def finest_period(release: Release, selection: Selection) -> Period:
    """Quarter, unless too few quarters that could have a figure have one; then year."""
    by_quarter = consent_by_period(release, selection, "quarter")
    able = by_quarter[by_quarter["requests_with_asked"] > 0]
    return "quarter" if able.empty or able["asked"].notna().mean() >= MOST_QUARTERS else "year"


@question
def consent_by_agency(release: Release, selection: Selection) -> pd.DataFrame:
    """One row per agency with requests in the selection, by state and name.

    Columns: agency_id, name, kind, state, requests, requests_with_asked, requests_covered, blocks, asked, shared_low,
    shared_high, rate_low, rate_high, design_effect, status, as in `consent_by_period`. Raises ValueError without a
    picked regime: regimes are not added up.
    """
    if selection.regime is None:
        raise ValueError("agencies are compared within one regime")
    where = requests_inside(selection)
    counted = release.query(
        f"""
        select
            agencies.agency_id,
            agencies.name,
            agencies.kind,
            agencies.state,
            counts.regime_id,
            sum(counts.requests)::bigint as requests,
            sum(counts.requests_with_asked)::bigint as requests_with_asked
        from request_counts as counts
        join agencies on counts.agency_id = agencies.agency_id
        where {where.sql}
        group by all
        """,
        where.values,
    )
    figures = _figures(blocks_inside(release, selection), ["agency_id"], usual_design_effect(release))
    told = _with_status(counted, figures, ["agency_id"], silences(release))
    return told.sort_values(["state", "name", "agency_id"], ignore_index=True)


def regimes_with_figures(release: Release, selection: Selection) -> list[str]:
    """Ids of the regimes for which the selection holds a block, oldest first. The picked regime is left aside."""
    held = set(blocks_inside(release, replace(selection, regime=None))["regime_id"])
    return [regime for regime in regimes(release)["regime_id"] if regime in held]


def silences(release: Release) -> dict[str, str]:
    """Regime -> the state of a cell without any request whose numbers are known."""
    return {row["regime_id"]: silence_of(row) for row in regimes(release).to_dict("records")}


def silence_of(regime: Mapping[Any, Any]) -> str:
    """Why a regime has no figure: no way to ask, a way that hides who was asked, or nobody has said."""
    if not regime["has_request_tool"]:
        return "no_request_tool"
    # Where the agency counts how many it asked, it could say so, even if it never learns whom.
    hidden = regime["agency_sees_who_was_asked"] == "no" and regime["denominator_known_to"] != "agency"
    return "not_measurable" if hidden else "not_reported"


def _figures(blocks: pd.DataFrame, by: list[str], usual: float | None) -> pd.DataFrame:
    """Sum whole blocks by some columns, with interval and design effect; one row per group that has a block."""
    rows = []
    for key, group in blocks.groupby(by, sort=False):
        effect = statistics.design_effect(group, reference=usual).value
        sums = group[_SUMS].sum()
        rows.append([*key, len(group), *(int(sums[name]) for name in _SUMS), effect])
    figures = pd.DataFrame(
        rows, columns=[*by, "blocks", "requests_covered", "asked", "shared_low", "shared_high", "design_effect"]
    )
    if figures.empty:
        return figures.assign(rate_low=np.nan, rate_high=np.nan)
    figures["rate_low"], figures["rate_high"] = statistics.rate_interval(
        figures["shared_low"], figures["shared_high"], figures["asked"], design_effect=figures["design_effect"]
    )
    return figures


def _with_status(
    counted: pd.DataFrame, figures: pd.DataFrame, by: list[str], silent: Mapping[str, str]
) -> pd.DataFrame:
    """Join figures to the cells they belong to and add each cell's state, as `consent` decides it for a selection."""
    same_kinds = {name: counted[name].dtype for name in by}
    cells = counted.merge(figures.astype(same_kinds), on=by, how="left")
    for name in ("blocks", "requests_covered", "asked", "shared_low", "shared_high"):
        cells[name] = cells[name].astype("Int64")
    cells["requests_covered"] = cells["requests_covered"].fillna(0).astype("int64")
    covered, requests = cells["requests_covered"], cells["requests"]
    has_figure = cells["asked"].notna()
    status: Iterable[str] = np.select(
        [has_figure & (covered >= FULL_COVERAGE * requests), has_figure, cells["requests_with_asked"] > 0],
        ["published", "partly_published", "pending"],
        "silent",
    )
    return cells.assign(
        status=[
            silent.get(regime, "not_reported") if state == "silent" else state
            for state, regime in zip(status, cells["regime_id"], strict=True)
        ]
    )


def _period_start(quarters: pd.Series, period: Period) -> pd.Series:
    days = pd.to_datetime(quarters)
    return days if period == "quarter" else days.map(lambda day: pd.Timestamp(date(day.year, 1, 1)))
