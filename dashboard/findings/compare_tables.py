"""The frames behind the charts of the Compare page: one row per agency or per pair, words included."""

from collections.abc import Sequence

import pandas as pd

from dashboard.findings.compare import (
    Compared,
    Pair,
    in_points,
    log_of,
    rate_with_interval,
    verdict,
)
from dashboard.i18n import N_, _
from dashboard.states import state

RATE_DEFINITIONS = {
    "asked": N_("Residents asked, in whole published blocks."),
    "shared_low": N_("Residents who shared, lower limit; equal to shared_high where it is exact."),
    "shared_high": N_("Residents who shared, upper limit."),
    "rate_low": N_("Lower limit of the 95% interval of shared / asked, from 0 to 1."),
    "rate_high": N_("Upper limit of that interval."),
    "requests_covered": N_("Requests in those blocks."),
    "requests": N_("All requests of the agency in the selection."),
    "requests_with_asked": N_("Requests for which the numbers asked and shared are known."),
    "coverage": N_("Requests in those blocks over all requests of the agency in the selection."),
    "status": N_("State of the cell; see Data and methods."),
}
DIFFERENCE_DEFINITIONS = {
    "estimate_low": N_("First rate minus second, from -1 to 1; lower end where a rate is a range."),
    "estimate_high": N_("The same, upper end."),
    "low": N_("Lower limit of the interval of the difference."),
    "high": N_("Upper limit of that interval."),
    "level": N_("Level of the interval: 0.95, raised where several pairs are compared."),
    "differs": N_("Whether the interval leaves out zero."),
}


def rates(agencies: Sequence[Compared]) -> pd.DataFrame:
    """One row per agency in the order picked, as `charts.compare.rates` draws them; `told` is the rate in words.

    People and rates are null where no whole block is published; the status says why.
    """
    rows = [
        {
            "agency_id": agency.agency_id,
            "letter": agency.letter,
            "name": agency.name,
            "told": rate_with_interval(agency) if agency.has_rate else state(agency.consent.status).told,
            "asked": agency.consent.asked if agency.has_rate else None,
            "shared_low": agency.consent.shared_low if agency.has_rate else None,
            "shared_high": agency.consent.shared_high if agency.has_rate else None,
            "rate_low": agency.consent.rate_low,
            "rate_high": agency.consent.rate_high,
            "requests_covered": agency.consent.requests_covered,
            "requests": agency.consent.requests_in_selection,
            "requests_with_asked": agency.consent.requests_with_asked,
            "coverage": agency.consent.coverage,
            "status": agency.consent.status,
        }
        for agency in agencies
    ]
    counts, shares = ("asked", "shared_low", "shared_high"), ("rate_low", "rate_high", "coverage")
    return pd.DataFrame(rows).astype(dict.fromkeys(counts, "Int64") | dict.fromkeys(shares, "float64"))


def differences(found: Sequence[Pair]) -> pd.DataFrame:
    """One row per pair, as `charts.compare.differences` draws them; rates from -1 to 1, with words and verdict."""
    minus = _("{first} minus {second}")
    return pd.DataFrame(
        [
            {
                "pair": minus.format(
                    first=f"{pair.first.letter}  {pair.first.name}", second=f"{pair.second.letter}  {pair.second.name}"
                ),
                "short": minus.format(first=pair.first.letter, second=pair.second.letter),
                "first": pair.first.name,
                "second": pair.second.name,
                "told": in_points(pair),
                "estimate_low": pair.difference.estimate_low,
                "estimate_high": pair.difference.estimate_high,
                "low": pair.difference.low,
                "high": pair.difference.high,
                "level": pair.difference.level,
                "differs": pair.differs,
                "verdict": verdict(pair),
            }
            for pair in found
        ]
    )


def logs(agencies: Sequence[Compared], by_month: pd.DataFrame) -> pd.DataFrame:
    """One row per agency in the order picked: agency_id, letter, name, log (what it holds, in words)."""
    rows = []
    for agency in agencies:
        mine = by_month[by_month["agency_id"] == agency.agency_id]
        absent = f"{state('not_reported').symbol} {_('no log in this regime')}"
        rows.append(
            {
                "agency_id": agency.agency_id,
                "letter": agency.letter,
                "name": agency.name,
                "log": absent if mine.empty else log_of(mine),
            }
        )
    return pd.DataFrame(rows)
