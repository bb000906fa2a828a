"""Reported totals with what is named by the same day: the two may stand side by side, never be subtracted silently."""

import pandas as pd

from dashboard.public_data.about import reported_totals
from dashboard.public_data.agencies import default_program
from dashboard.public_data.asking import question
from dashboard.public_data.participation import named_on
from dashboard.releases import Release
from dashboard.selection import Selection

# Totals of agencies on a day; the other measures count something else.
STOCKS = ("agencies", "police_agencies")


@question
def totals_beside(release: Release, selection: Selection) -> pd.DataFrame:
    """One row per dated total of agencies for the picked place, oldest first, as `reported_totals` and `named`.

    Empty where a total would not speak of the same thing: several states, one kind of agency, another program.
    """
    scope = selection.states[0] if selection.states else "US"
    totals = reported_totals(release, scope, STOCKS)
    same = len(selection.states) <= 1 and not selection.kind and selection.program == default_program(release)
    totals = totals[totals["stands_on"].notna()] if same else totals.iloc[0:0]
    named = named_on(release, selection, tuple(stands_on.date() for stands_on in totals["stands_on"]))
    return totals.assign(named=pd.Series(named, index=totals.index, dtype="int64"))
