"""What can be said about requests: how many are logged in each regime, and what little others published."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard import words
from dashboard.i18n import N_, _, day, is_known, listed, ngettext, number, percent, the_day

# What requests are called in each regime, one and many: a request has meant four different things.
CALLED: Mapping[str, tuple[str, str]] = {
    "email-video-requests": (N_("{count} e-mail request"), N_("{count} e-mail requests")),
    "request-for-assistance": (N_("{count} public post"), N_("{count} public posts")),
    "community-requests": (N_("{count} Community Request"), N_("{count} Community Requests")),
}


@dataclass(frozen=True)
class Logged:
    """The requests that the logs of a selection hold in one regime, from the first to the last month."""

    regime_id: str
    requests: int
    agencies: int
    first_month: Any
    last_month: Any


def logged(by_month: pd.DataFrame, totals: pd.DataFrame) -> list[Logged]:
    """One entry per regime with requests, newest first. `totals`: regime_id, requests, agencies."""
    held = {row["regime_id"]: row for row in totals.to_dict("records")}
    spans = by_month.groupby("regime_id", as_index=False).agg(first=("month_start", "min"), last=("month_start", "max"))
    return [
        Logged(
            row["regime_id"],
            int(held[row["regime_id"]]["requests"]),
            int(held[row["regime_id"]]["agencies"]),
            row["first"],
            row["last"],
        )
        for row in spans.sort_values("last", ascending=False).to_dict("records")
    ]


def counted(entry: Logged) -> str:
    """'8,538 Community Requests'."""
    one, many = CALLED.get(entry.regime_id, (N_("{count} request"), N_("{count} requests")))
    return _(one if entry.requests == 1 else many).format(count=number(entry.requests))


def period(entry: Logged) -> str:
    """'April 2025 to June 2026', or one month."""
    first, last = day(entry.first_month, "month"), day(entry.last_month, "month")
    return first if first == last else _("{first} to {last}").format(first=first, last=last)


def finding(entries: list[Logged], place: str) -> str:
    """The page's title where there are logs: the newest regime by itself; regimes are never added up."""
    if not entries:
        return _("No log of this selection names a request")
    newest = entries[0]
    pattern = (
        _("Agencies in {place} logged {requests}, {period}") if place else _("Agencies logged {requests}, {period}")
    )
    return pattern.format(place=place, requests=counted(newest), period=period(newest))


def dek(entries: list[Logged]) -> str:
    """What stands below the title: the other regimes, each by itself, and what kind of number this is."""
    if not entries:
        return _("That does not prove that none was sent: an agency that gave no log is silent here.")
    told = [
        ngettext(
            "The log of **{agencies} agency** holds them.",
            "The logs of **{agencies} agencies** hold them.",
            entry.agencies,
        ).format(agencies=number(entry.agencies))
        for entry in entries[:1]
    ]
    if entries[1:]:
        earlier = listed([f"**{counted(entry)}** ({period(entry)})" for entry in reversed(entries[1:])])
        told.append(_("Before that there were {earlier}.").format(earlier=earlier))
        told.append(_("They are different acts, so they are never added up."))
    told.append(_("Each is an exact count, not a sample, so there is no interval."))
    return " ".join(told)


def months_finding(entries: list[Logged], by_month: pd.DataFrame) -> str:
    """Title of the chart by month: the month with most requests of the newest regime."""
    if not entries:
        return ""
    mine = by_month[by_month["regime_id"] == entries[0].regime_id]
    top = mine.iloc[int(mine["requests"].to_numpy().argmax())]
    if len(mine) == 1:
        return _("The log of {month} holds {requests}").format(
            month=day(top["month_start"], "month"), requests=number(top["requests"])
        )
    return _("{regime}: most were logged in {month}, {requests} in one month").format(
        regime=words.word(words.REGIMES, entries[0].regime_id),
        month=day(top["month_start"], "month"),
        requests=number(top["requests"]),
    )


def months_in_words(entries: list[Logged]) -> str:
    """The sentence that stands for the chart by month."""
    told = [f"{words.word(words.REGIMES, e.regime_id)}: {counted(e)}, {period(e)}" for e in reversed(entries)]
    return _("Bars by month, apart for each regime. {regimes}.").format(regimes="; ".join(told))


def split_finding(rows: pd.DataFrame, labels: Mapping[str, str], by: str) -> str:
    """Title of the split: what was named most often, or how many places. `rows` as of `public_data.requests_split`."""
    known = rows[~rows["value"].isin(["unknown", "other"])]
    top = known.sort_values("requests", ascending=False).drop_duplicates("regime_id")
    if top.empty:
        return _("The logs do not state it")
    places = known["value"].nunique()
    if by == "county_fips":
        told = ngettext(
            "The logs name requests in {count} county", "The logs name requests in {count} counties", places
        )
        return told.format(count=number(places))
    if by == "area":
        told = ngettext("The logs name requests in {count} area", "The logs name requests in {count} areas", places)
        return told.format(count=number(places))
    named = [labels.get(value, value) for value in dict.fromkeys(top["value"])]
    shares = sorted(top["requests"] / top["regime_requests"])
    low, high = percent(shares[0], 0), percent(shares[-1], 0)
    share = low if low == high else _("{low} to {high}").format(low=low, high=high)
    if len(named) > 1:
        return _("Named most often: {values}, each in {share} of a regime's requests").format(
            values=listed(named), share=share
        )
    if len(top) > 1:
        return _("{value}: named most often under every regime, in {share} of requests").format(
            value=named[0], share=share
        )
    return _("{value}: named most often, in {share} of requests").format(value=named[0], share=share)


def states_finding(by_state: pd.DataFrame) -> str:
    """Title of requests per resident: the states with most, by name."""
    known = by_state[by_state["per_100k_residents"].notna()]
    if known.empty:
        return _("No state has a log in this selection")
    if len(known) == 1:
        row = known.iloc[0]
        return _("{state}: {rate} requests per 100,000 residents").format(
            state=row["name"], rate=number(row["per_100k_residents"], 2)
        )
    first = listed(list(known["name"].head(3)))
    return _("The logs of {states} hold the most requests per resident").format(states=first)


def record_finding(counts: pd.DataFrame, totals: pd.DataFrame, has_more: bool) -> str:
    """Title where no request is logged: how many numbers others published. Nothing is added up."""
    agencies = counts["agency_id"].nunique()
    if counts.empty and totals.empty:
        return _("No public figure says how often police asked in this selection")
    if counts.empty:
        return _("No agency of this selection has published how often it asked")
    pattern = ngettext(
        "No list of police requests is public. We found {count} number from {agencies} agencies.",
        "No list of police requests is public. We found {count} numbers from {agencies} agencies.",
        len(counts),
    )
    if has_more:
        pattern = ngettext(
            "For this selection we found {count} published number from {agencies} agencies.",
            "For this selection we found {count} published numbers from {agencies} agencies.",
            len(counts),
        )
    return pattern.format(count=number(len(counts)), agencies=number(agencies))


def record_dek(counts: pd.DataFrame, totals: pd.DataFrame) -> str:
    """Which numbers: the exact ones in words, how many are minimums, and the totals reported for the country."""
    told = []
    exact = counts[(counts["qualifier"] == "exact") & (counts["value"] > 1)]
    for row in exact.sort_values("value", ascending=False).head(2).to_dict("records"):
        told.append(
            _("**{agency}** sent **{count} requests** {period}.").format(
                agency=row["name"], count=number(row["value"]), period=when(row)
            )
        )
    minimums = int((counts["qualifier"] != "exact").sum())
    if minimums:
        told.append(
            ngettext(
                "{count} number is a minimum taken from a story: one request was described, and there may be more.",
                "{count} numbers are minimums taken from stories: one request was described, and there may be more.",
                minimums,
            ).format(count=number(minimums))
        )
    for row in totals.to_dict("records"):
        told.append(
            _("For the whole country one total was reported: **{count}** in {year}.").format(
                count=words.qualified(number(row["value"]), row["qualifier"]), year=row["as_of"].year
            )
        )
    told.append(_("None of these may be added up."))
    return " ".join(told)


def published_finding(counts: pd.DataFrame) -> str:
    """Title of the numbers that agencies and reporters published: how many there are."""
    return ngettext(
        "{count} number about an agency's requests was published",
        "{count} numbers about agencies' requests were published",
        len(counts),
    ).format(count=number(len(counts)))


def when(row: Mapping[Any, Any]) -> str:
    """'from May 2018 to September 2018', 'by August 26, 2019', 'on ...', or 'at a time not given'."""
    starts, ends = row["period_start"], row["period_end"]
    if row.get("as_of_precision") == "year":
        return _("in {year}").format(year=starts.year)
    if not is_known(ends):
        return _("at a time not given") if not is_known(starts) else _("since {day}").format(day=day(starts))
    if not is_known(starts):
        return _("by {day}").format(day=day(ends))
    if starts == ends:
        return _("on {day}").format(day=day(ends))
    if starts.day == 1 and (ends + pd.Timedelta(days=1)).day == 1:
        return _("from {first} to {last}").format(first=day(starts, "month"), last=day(ends, "month"))
    return _("from {first} to {last}").format(first=the_day(starts), last=the_day(ends))
