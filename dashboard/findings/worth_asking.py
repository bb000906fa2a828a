"""Titles and sentences of the leads: counts of each kind by itself, with what was tested and what is not reported.

A lead is a question and never an accusation. Both directions are worded alike, and nothing is ranked.
"""

from collections.abc import Mapping

import pandas as pd

from dashboard.i18n import _, day, listed, ngettext, number, percent
from dashboard.public_data.leads import FALSE_ALARMS


def finding(kinds: Mapping[str, pd.DataFrame], is_tested: bool, place: str) -> str:
    """The page's title: how many leads the rules that can speak have found, each kind by itself."""
    if is_tested:
        months, rates = len(kinds["spike"]), kinds["funnel"]["agency_id"].nunique()
        told = [ngettext("{count} month", "{count} months", months).format(count=number(months))] if months else []
        if rates:
            told.append(
                ngettext("the consent rate of {count} agency", "the consent rates of {count} agencies", rates).format(
                    count=number(rates)
                )
            )
        if not told:
            told = [_("No month and no consent rate")]
        pattern = _("{what} in {place}: more than chance explains") if place else _("{what}: more than chance explains")
        if months + rates > 1 or not months + rates:
            pattern = (
                _("{what} in {place} stand out by more than chance explains")
                if place
                else _("{what} stand out by more than chance explains")
            )
        told[0] = told[0][0].upper() + told[0][1:]
        return pattern.format(what=listed(told), place=place)
    votes, gifts = len(kinds["vote"]), len(kinds["incentive"])
    without = ngettext("{count} partnership without a vote", "{count} partnerships without a vote", votes)
    given = ngettext(
        "{count} partnership with devices or discounts", "{count} partnerships with devices or discounts", gifts
    )
    told = [text.format(count=number(count)) for text, count in ((without, votes), (given, gifts)) if count]
    if not told:
        told = [_("no partnership without a vote, and none with devices or discounts")]
    pattern = _("In {place}, sources name {what}") if place else _("Sources name {what}")
    return pattern.format(what=listed(told), place=place)


def dek(is_tested: bool) -> str:
    """What kind of thing a lead is, and what the rules can and cannot see in this release."""
    told = [_("Each lead is **a question, not a finding**. It was found by a rule that was fixed beforehand, and "
              "it may well have an innocent reason. Such reasons stand beside it.")]  # fmt: skip
    if is_tested:
        told.append(
            _("Of what the two tests find, {share} are false alarms on average.").format(share=percent(FALSE_ALARMS, 0))
        )
    else:
        told.append(_("No agency gave us a log, so **no number can be tested**: what is left are rules on documents."))
    told.append(_("Leads stand by state and name. They are not ranked."))
    return " ".join(told)


def out_of(code: str, examined: pd.DataFrame) -> str:
    """What a kind of lead was looked for in: months, rates or partnerships; for documents, how many say nothing."""
    count = len(examined)
    if code == "spike":
        told = ngettext("{count} month tested", "{count} months tested", count).format(count=number(count))
        return told if count else _("no log, so no test")
    if code == "funnel":
        told = ngettext("{count} rate tested", "{count} rates tested", count).format(count=number(count))
        return told if count else _("no rate, so no test")
    told = ngettext("{count} partnership", "{count} partnerships", count).format(count=number(count))
    if code in ("vote", "incentive"):
        column = {"vote": "approval", "incentive": "incentive"}[code]
        silent = int((examined[column] == "unknown").sum())
        return _("{partnerships}; of {silent} nothing is reported").format(partnerships=told, silent=number(silent))
    return told


def spikes_finding(found: pd.DataFrame, tested: int) -> str:
    """Title of the months, with the number of tests behind them."""
    if not tested:
        return _("No month can be tested: no agency gave a log of a year or more")
    if found.empty:
        told = ngettext(
            "Of {tested} month tested, none stands out", "Of {tested} months tested, none stands out", tested
        )
        return told.format(tested=number(tested))
    return ngettext(
        "{count} of {tested} months has more requests than chance and habit explain",
        "{count} of {tested} months have more requests than chance and habit explain",
        len(found),
    ).format(count=number(len(found)), tested=number(tested))


def funnel_finding(tests: pd.DataFrame, tested: int) -> str:
    """Title of the agencies outside the funnel; both directions are worded alike. `tests`: those shown."""
    if not tested:
        return _("No rate can be tested: fewer than ten agencies have one")
    found = tests[tests["is_found"]]
    above, below = (int((found["position_95"] == side).sum()) for side in ("above", "below"))
    if found.empty:
        told = ngettext(
            "Of {tested} rate tested, none lies outside the funnel",
            "Of {tested} rates tested, none lies outside the funnel",
            tested,
        )
        return told.format(tested=number(tested))
    return ngettext(
        "Of {tested} rate tested, {above} above and {below} below what chance and the usual spread explain",
        "Of {tested} rates tested, {above} above and {below} below what chance and the usual spread explain",
        tested,
    ).format(tested=number(tested), above=number(above), below=number(below))


def vote_finding(leads: pd.DataFrame, partnerships: pd.DataFrame) -> str:
    """Title of the partnerships without a vote, with how many are not reported."""
    unknown = int((partnerships["approval"] == "unknown").sum())
    return ngettext(
        "Sources name {count} partnership without a vote; of {unknown} nothing is reported",
        "Sources name {count} partnerships without a vote; of {unknown} nothing is reported",
        len(leads),
    ).format(count=number(len(leads)), unknown=number(unknown))


def incentive_finding(leads: pd.DataFrame, partnerships: pd.DataFrame) -> str:
    """Title of the partnerships with devices or discounts."""
    unknown = int((partnerships["incentive"] == "unknown").sum())
    return ngettext(
        "Devices or discounts came with {count} partnership; of {unknown} nothing is reported",
        "Devices or discounts came with {count} partnerships; of {unknown} nothing is reported",
        len(leads),
    ).format(count=number(len(leads)), unknown=number(unknown))


def silence_finding(silences: pd.DataFrame) -> str:
    """Title of the silence: for how many partnerships there is no figure at all, or none for long."""
    never, long = (int((silences["silence"] == code).sum()) for code in ("never", "long"))
    if not never and not long:
        return _("Every agency here has a recent number of requests")
    if len(silences) == 1:
        return (
            _("The one partnership here has no number of requests at all")
            if never
            else _("The one partnership here has no number of requests for its last year")
        )
    pattern = _("Of {count} partnerships, {never} have no number of requests at all, {long} none for their last year")
    return pattern.format(count=number(len(silences)), never=number(never), long=number(long))


def dates_finding(leads: pd.DataFrame) -> str:
    """Title of the start dates that differ."""
    if leads.empty:
        return _("No two sources disagree on a start date here")
    return ngettext(
        "Sources disagree on the start of {count} partnership",
        "Sources disagree on the start of {count} partnerships",
        len(leads),
    ).format(count=number(len(leads)))


def spikes_in_words(tests: pd.DataFrame) -> str:
    """The sentence that stands for the chart of months."""
    told = [
        _("{agency}: {count} in {month}, usually about {usual}").format(
            agency=row["name"],
            count=number(row["requests"]),
            month=day(row["month_start"], "month"),
            usual=number(row["expected"], 1),
        )
        for row in tests[tests["is_found"]].head(12).to_dict("records")
    ]
    return _("Months that stand out, in time. {months}.").format(months="; ".join(told))
