"""What can be said about consent: from the interval and never from the point alone, one regime at a time."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboard import statistics, words
from dashboard.charts.consent_over_time import rate_in_words
from dashboard.findings.requests import when
from dashboard.i18n import N_, _, begun, interval, listed, ngettext, number, percent
from dashboard.public_data import Consent
from dashboard.statistics import Funnel

# A rate is told as a simple fraction only where its 95 % interval is this narrow and holds the fraction.
NARROW = 0.08
# ... and where the rate lies this close to it.
CLOSE = 0.015
FRACTIONS: Mapping[float, str] = {
    1 / 20: N_("one in twenty"),
    1 / 10: N_("one in ten"),
    1 / 5: N_("one in five"),
    1 / 4: N_("one in four"),
    1 / 3: N_("one in three"),
    2 / 5: N_("two in five"),
    1 / 2: N_("half"),
    2 / 3: N_("two in three"),
    3 / 4: N_("three in four"),
}


def finding(consent: Consent) -> str:
    """The page's title: a fraction where the interval is narrow, both limits where it is wide."""
    if not consent.asked or consent.rate_low is None or consent.rate_high is None:
        return {
            "pending": _("The figures of this selection are pending"),
            "no_request_tool": _("In this period police had no way to ask through the program"),
            "not_measurable": _("Nobody can say how many residents this way of asking reached"),
        }.get(consent.status, _("No figure about residents has been reported for this selection"))
    low, high = consent.shared_low / consent.asked, consent.shared_high / consent.asked
    if consent.shared_low == 0 and consent.shared_high > 0:
        return _("At most {rate} of residents asked shared a video").format(rate=percent(high, 0))
    middle = (low + high) / 2
    near = min(FRACTIONS, key=lambda fraction: abs(fraction - middle))
    is_narrow = consent.rate_high - consent.rate_low <= NARROW
    if is_narrow and abs(near - middle) <= CLOSE and consent.rate_low <= near <= consent.rate_high:
        return _("About {fraction} residents asked shared a video").format(fraction=_(FRACTIONS[near]))
    if is_narrow:
        return _("About {rate} of residents asked shared a video").format(rate=percent(middle, 0))
    if consent.rate_low < 0.005:
        return _("At most {rate} of residents asked shared a video").format(rate=percent(consent.rate_high, 0))
    return _("Between {low} and {high} of residents asked shared a video").format(
        low=percent(consent.rate_low, 0), high=percent(consent.rate_high, 0)
    )


def dek(consent: Consent, regime: str, dates: str) -> str:
    """Rate, n, interval, what most did, and which regime this is."""
    called = f"{words.word(words.REGIMES, regime)}, {dates}"
    if not consent.asked or consent.rate_low is None:
        return {
            "pending": _(
                "This is {regime}. Figures about residents appear when they cannot point to a household. "
                "Requests are shown in full: **{requests}**."
            ),
            "no_request_tool": _("This is {regime}. There was nothing to say yes or no to."),
        }.get(
            consent.status,
            _(
                "This is {regime}. Requests in the logs: **{requests}**. None of them says how many residents "
                "were asked and how many shared, so no rate exists."
            ),
        ).format(regime=called, requests=number(consent.requests_in_selection))
    told = [
        begun(
            _("**{rate}** of {asked} residents asked said yes (95% interval {interval}).").format(
                rate=_rate(consent),
                asked=number(consent.asked),
                interval=interval(consent.rate_low, consent.rate_high, 1 if consent.asked >= 100 else 0),
            )
        )
    ]
    if consent.asked_of_responded and consent.responded * 2 < consent.asked_of_responded:
        told.append(_("Most did not answer."))
    told.append(_("This is {regime}; other regimes are counted apart and never added in.").format(regime=called))
    return " ".join(told)


def _rate(consent: Consent) -> str:
    row = {"asked": consent.asked, "shared_low": consent.shared_low, "shared_high": consent.shared_high}
    return rate_in_words(row, 1 if consent.asked >= 100 else 0)


def funnel_finding(consent: Consent) -> str:
    """Title of the funnel: of every 100 asked, how many did what; the answers only where they are shown."""
    if not consent.asked_of_responded:
        return _("How many answered cannot be shown here")
    counted = consent.asked_of_responded
    silent = round(100 * (1 - consent.responded / counted))
    low = round(100 * consent.shared_low_of_responded / counted)
    high = round(100 * consent.shared_high_of_responded / counted)
    shared = number(low) if low == high else _("{low} to {high}").format(low=low, high=high)
    declined = (100 - silent - high, 100 - silent - low)
    said_no = number(declined[0]) if low == high else _("{low} to {high}").format(low=declined[0], high=declined[1])
    told = _("Of every 100 residents asked, {silent} did not answer, {shared} shared and {declined} declined")
    if counted < consent.asked:
        told = _(
            "Where answers can be shown, of every 100 residents asked {silent} did not answer, {shared} shared "
            "and {declined} declined"
        )
    return told.format(silent=silent, shared=shared, declined=said_no)


def funnel_lede(consent: Consent) -> str:
    """How to read the funnel, and the share of answers with its own name."""
    told = [_("Each figure names its own denominator.")]
    if consent.responded:
        low = percent(consent.shared_low_of_responded / consent.responded, 0)
        high = percent(consent.shared_high_of_responded / consent.responded, 0)
        share = low if low == high else _("{low} to {high}").format(low=low, high=high)
        told.append(
            _(
                "Of the residents who answered at all, {share} shared; "
                "that is the share of answers, not the consent rate."
            ).format(share=share)
        )
    return " ".join(told)


def time_finding(by_year: pd.DataFrame) -> str:
    """Title of the rate in time: each regime's first and last year with a figure, told apart or not by the interval."""
    told = []
    for regime, years in by_year[by_year["asked"].notna()].groupby("regime_id", sort=False):
        name = words.word(words.REGIMES, str(regime))
        first, last = years.iloc[0].to_dict(), years.iloc[-1].to_dict()
        if len(years) < 2:
            told.append(
                _("{regime}: {rate} in {year}").format(
                    regime=name, rate=rate_in_words(first, 0), year=first["starts_on"].year
                )
            )
            continue
        apart = statistics.difference(_as_rate(last), _as_rate(first))
        if apart.verdict == statistics.CANNOT_TELL:
            pattern = _("{regime}: {first} and {last} cannot be told apart")
        elif apart.low > 0:
            pattern = _("{regime}: up from {first_rate} in {first} to {last_rate} in {last}")
        else:
            pattern = _("{regime}: down from {first_rate} in {first} to {last_rate} in {last}")
        told.append(
            pattern.format(
                regime=name,
                first=first["starts_on"].year,
                last=last["starts_on"].year,
                first_rate=rate_in_words(first, 0),
                last_rate=rate_in_words(last, 0),
            )
        )
    return "; ".join(told) or _("No period has a figure")


def _as_rate(row: Mapping[Any, Any]) -> statistics.Rate:
    return statistics.Rate(
        float(row["shared_low"]), float(row["shared_high"]), float(row["asked"]), float(row["design_effect"])
    )


def time_in_words(by_period: pd.DataFrame, period: str) -> str:
    """The sentence that stands for the chart in time."""
    known = by_period[by_period["asked"].notna()]
    told = [
        _("{regime}: {first} at first, {last} at last").format(
            regime=words.word(words.REGIMES, str(regime)),
            first=rate_in_words(rows.iloc[0]),
            last=rate_in_words(rows.iloc[-1]),
        )
        for regime, rows in known.groupby("regime_id", sort=False)
    ]
    grain = _("by quarter") if period == "quarter" else _("by year")
    return _("Consent rate {grain}, a line of its own for each regime. {regimes}.").format(
        grain=grain, regimes="; ".join(told)
    )


def agencies_finding(funnel: Funnel) -> str:
    """Title of the funnel plot: how many agencies lie outside the 99.8 % limits; no name, no rank."""
    count, outside = len(funnel.agencies), int((funnel.agencies["position_998"] != "inside").sum())
    if count < statistics.FEWEST_AGENCIES:
        return ngettext(
            "{count} agency has a figure: too few to say what is unusual",
            "{count} agencies have a figure: too few to say what is unusual",
            count,
        ).format(count=count)
    if not outside:
        return _("None of {count} agencies lies outside what chance and ordinary variation explain").format(
            count=number(count)
        )
    return ngettext(
        "{outside} of {count} agencies lies outside what chance and ordinary variation explain",
        "{outside} of {count} agencies lie outside what chance and ordinary variation explain",
        outside,
    ).format(outside=number(outside), count=number(count))


def outside_in_words(funnel: Funnel) -> str:
    """The agencies outside the 99.8 % limits by name, in alphabetical order: no rank; '' where there are none."""
    outside = funnel.agencies[funnel.agencies["position_998"] != "inside"].sort_values("name")
    told = [
        _("{agency} ({rate} of {asked})").format(
            agency=row["name"], rate=rate_in_words(row, 0), asked=number(row["asked"])
        )
        for row in outside.to_dict("records")
    ]
    return _("Outside the solid lines: {agencies}.").format(agencies=listed(told)) if told else ""


def expected_by_chance(funnel: Funnel) -> str:
    """How many agencies chance alone would put outside the limits."""
    count = len(funnel.agencies)
    return _("If all agencies had one rate, chance would put about {few} of {count} outside the solid lines.").format(
        few=number(0.002 * count, 1), count=number(count)
    )


def pending_finding(agencies: pd.DataFrame) -> str:
    """Title of what is held back: how many agencies have requests with known numbers and no figure yet."""
    waiting = int((agencies["status"] == "pending").sum())
    if not waiting and not agencies["asked"].notna().any():
        return _("No log of this regime says how many residents were asked")
    if not waiting:
        return _("Every agency that knows how many it asked has a figure")
    return ngettext("{count} of {all} agencies is pending", "{count} of {all} agencies are pending", waiting).format(
        count=number(waiting), all=number(len(agencies))
    )


def nobody_knows(regimes: pd.DataFrame) -> str:
    """The dek of the page without any figure: what each way of asking hid, from table regimes."""
    asking = regimes[regimes["has_request_tool"]]
    hidden = [
        words.word(words.REGIMES, row["regime_id"])
        for row in asking.to_dict("records")
        if row["agency_sees_who_was_asked"] == "no"
    ]
    told = _("A rate needs two numbers: how many were asked, and how many said yes.")
    if hidden and len(hidden) == len(asking):
        told += " " + _("Under **every** way of asking so far, police could not see who was asked: {regimes}.").format(
            regimes=listed(hidden)
        )
    elif hidden:
        told += " " + _("Police could not see who was asked under {regimes}.").format(regimes=listed(hidden))
    return told + " " + _("Unknown is not zero, so no rate is given.")


def figure(row: Mapping[Any, Any]) -> str:
    """'319 residents asked', 'more than 50 answers received' for a row of published counts."""
    counted = words.word(words.MEASURES, row["measure"])
    if row["value"] == 1 and row["measure"] == "requests":
        counted = _("request sent")
    return f"{words.qualified(number(row['value']), row['qualifier'])} {counted}"


def known_finding(counts: pd.DataFrame) -> str:
    """Title of the few figures about residents that exist: how many, about how many agencies."""
    people = counts[counts["measure"] != "requests"]
    if people.empty:
        return _("No figure about residents has been published for this selection")
    return ngettext(
        "{count} published number speaks of residents or of messages to them",
        "{count} published numbers speak of residents or of messages to them, from {agencies} agencies",
        len(people),
    ).format(count=number(len(people)), agencies=number(people["agency_id"].nunique()))


def best_case(counts: pd.DataFrame) -> str:
    """The agency that published both requests and residents asked, and what is still missing; '' where none did."""
    told = []
    for _agency, rows in counts.groupby("agency_id"):
        by_measure = {row["measure"]: row for row in rows.to_dict("records")}
        if "asked" not in by_measure or "requests" not in by_measure:
            continue
        asked, sent = by_measure["asked"], by_measure["requests"]
        sentence = _("**{agency}** sent {requests} requests as **{asked} messages** {period}.").format(
            agency=sent["name"], requests=number(sent["value"]), asked=number(asked["value"]), period=when(sent)
        )
        if not {"shared", "responded"} & set(by_measure):
            sentence += " " + _("How many residents shared was not published, so there is no rate.")
        told.append(sentence)
    return " ".join(told[:2])
