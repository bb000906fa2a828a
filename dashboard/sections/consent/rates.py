"""What a rate is in words, and what the columns of a file of rates mean."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboard.charts.consent_over_time import rate_in_words
from dashboard.i18n import _, number
from dashboard.states import state


def rate_words(row: Mapping[Any, Any]) -> str:
    """'20.9% (18.9 to 22.0)', or the state where there is no figure."""
    if pd.isna(row["asked"]):
        return state(row["status"]).word
    decimals = 1 if row["asked"] >= 100 else 0
    low, high = (number(100 * row[name], decimals) for name in ("rate_low", "rate_high"))
    return _("{rate} ({low} to {high})").format(rate=rate_in_words(row, decimals), low=low, high=high)


def rate_definitions() -> dict[str, str]:
    """What the columns of a file of rates mean, in the reader's language."""
    return {
        "asked": _("Residents asked, in whole published blocks."),
        "shared_low": _("Residents who shared, lower limit; equal to shared_high where it is exact."),
        "shared_high": _("Residents who shared, upper limit."),
        "rate_low": _("Lower limit of the 95% interval of shared / asked, from 0 to 1."),
        "rate_high": _("Upper limit of that interval."),
        "design_effect": _("How much the interval is widened because residents of one request answer alike."),
        "requests_covered": _("Requests in those blocks."),
        "requests": _("All requests of the cell."),
        "requests_with_asked": _("Requests for which the numbers asked and shared are known."),
        "status": _("State of the cell; see Data and methods."),
    }
