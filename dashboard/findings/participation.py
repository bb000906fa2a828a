"""What can be said about participation: named agencies, and reported totals where the two may stand side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from dashboard import words
from dashboard.charts.participation import drawn_months
from dashboard.i18n import _, counted, day, listed, ngettext, number, the_day
from dashboard.public_data import Listing

# A total this long after the end of a list still speaks of about the same time; the sentence says both dates.
NEAR = timedelta(days=120)


@dataclass(frozen=True)
class Total:
    """One reported total and how many agencies are named by the same day."""

    as_of: Any
    precision: str
    stands_on: date
    measure: str
    value: int
    qualifier: str
    named: int

    @property
    def when(self) -> str:
        """'August 28, 2019', 'the end of 2020'."""
        if self.precision == "year":
            return _("the end of {year}").format(year=day(self.as_of, "year"))
        return the_day(self.as_of, self.precision)

    @property
    def in_words(self) -> str:
        """'more than 2,600'."""
        return words.qualified(number(self.value), self.qualifier)

    @property
    def counts_fire(self) -> bool:
        """Whether the total counts agencies of all kinds, so that fire departments are in it."""
        return self.measure == "agencies"


def totals_from(rows: pd.DataFrame) -> list[Total]:
    """The rows of `public_data.totals_beside` as values."""
    return [
        Total(
            row["as_of"],
            row["as_of_precision"],
            row["stands_on"].date(),
            row["measure"],
            int(row["value"]),
            row["qualifier"],
            int(row["named"]),
        )
        for row in rows.to_dict("records")
    ]


def list_end(by_month: pd.DataFrame) -> date | None:
    """The last day that a whole list covers; None where there is only the press."""
    listed_months = by_month[by_month["status"] == "published"]
    return None if listed_months.empty else listed_months["month_end"].iloc[-1].date()


def closing_total(totals: Sequence[Total], ends: date | None) -> Total | None:
    """The exact total that the end of the list may be compared with: the first one soon after it; None without."""
    near = [t for t in totals if t.qualifier == "exact" and ends and ends <= t.stands_on <= ends + NEAR]
    return min(near, key=lambda total: total.stands_on) if near else None


def meeting_total(totals: Sequence[Total], ends: date | None) -> Total | None:
    """The exact total, known to the day, inside the list's time, that comes closest to what is named that day."""
    inside = [
        t for t in totals if t.qualifier == "exact" and t.precision == "day" and ends and t.stands_on < ends and t.named
    ]
    return min(inside, key=lambda total: abs(total.value - total.named)) if inside else None


def finding(
    named: int, totals: Sequence[Total], by_month: pd.DataFrame, place: str = "", active_on: date | None = None
) -> str:
    """The page's title. With a picked day it speaks of that day."""
    closing = closing_total(totals, list_end(by_month))
    where = _(" in {place}").format(place=place) if place else ""
    if active_on:
        return ngettext(
            "On {day}, {count} agency{where} is shown to take part",
            "On {day}, {count} agencies{where} are shown to take part",
            named,
        ).format(day=day(active_on), count=number(named), where=where)
    if closing and closing.value >= closing.named:
        return _("We can name {named} of the {total} agencies reported{where} for {when}").format(
            named=number(closing.named), total=number(closing.value), where=where, when=closing.when
        )
    told = ngettext(
        "We can name {count} agency{where} that takes or took part",
        "We can name {count} agencies{where} that take or took part",
        named,
    ).format(count=number(named), where=where)
    return told


def dek(named: int, totals: Sequence[Total], by_month: pd.DataFrame) -> str:
    """The two or three sentences under the title."""
    ends = list_end(by_month)
    closing, meeting = closing_total(totals, ends), meeting_total(totals, ends)
    told = []
    if closing and ends and closing.value >= closing.named:
        gap = number(closing.value - closing.named)
        if closing.counts_fire:
            told.append(
                _(
                    "The list stops in {month} and the reported total includes fire departments, "
                    "so the gap of {gap} has **more than one cause**."
                ).format(month=day(ends, "month"), gap=gap)
            )
        else:
            told.append(
                _("The list stops in {month}, earlier than the reported total; the gap is {gap}.").format(
                    month=day(ends, "month"), gap=gap
                )
            )
    elif ends:
        told.append(_("The list stops in {month}.").format(month=day(ends, "month")))
    else:
        told.append(
            _("They were **named by the press** or by public bodies. This is not a whole list, and not a sample.")
        )
        if totals:
            last = max(totals, key=lambda total: total.stands_on)
            told.append(
                _("The last reported total, for {when}, is **{total}** {measure}.").format(
                    when=last.when, total=last.in_words, measure=words.word(words.MEASURES, last.measure)
                )
            )
    if meeting:
        told.append(
            _("On {when}, **{named} are named and {total} were reported**.").format(
                when=meeting.when, named=number(meeting.named), total=meeting.in_words
            )
        )
    told.append(_("A count of names has no interval: nothing is estimated."))
    return " ".join(told)


def fire_sentence(totals: Sequence[Total]) -> str:
    """The sentence without which no share of a total of all kinds may stand; '' where every total is of police."""
    fire = [total for total in totals if total.counts_fire]
    if not fire:
        return ""
    last = max(fire, key=lambda total: (total.qualifier == "exact", total.stands_on))
    return _(
        "The {total} reported for {when} includes fire departments; a share of it is not a share of police."
    ).format(total=number(last.value), when=last.when)


def growth_finding(by_month: pd.DataFrame, today: date) -> str:
    """The title over the chart of growth; a list that ended half a year before `today` is said to have ended."""
    drawn = drawn_months(by_month)
    if drawn.empty:
        return _("No month of participation is known")
    first, last = drawn.iloc[0], drawn.iloc[-1]
    grew = number(last["active"])
    if last["status"] == "published" and (today - last["month_end"].date()).days < 183:
        peak = drawn.iloc[int(drawn["active"].to_numpy().argmax())]
        if peak["active"] > last["active"]:
            return ngettext(
                "Participation peaked at {peak} agency in {when}; {count} took part in {month}",
                "Participation peaked at {peak} agencies in {when}; {count} took part in {month}",
                int(peak["active"]),
            ).format(
                peak=number(peak["active"]),
                when=day(peak["month_start"], "month"),
                count=grew,
                month=day(last["month_end"], "month"),
            )
        return ngettext(
            "Participation grew to {count} agency by {month}",
            "Participation grew to {count} agencies by {month}",
            int(last["active"]),
        ).format(count=grew, month=day(last["month_end"], "month"))
    if last["status"] == "published":
        years = (last["month_end"] - first["month_start"]).days / 365.25
        return _("The named list grew to {count} in {years}, then ended").format(count=grew, years=_years(years))
    return ngettext(
        "The press named {count} agency by {month}", "The press named {count} agencies by {month}", int(last["active"])
    ).format(count=grew, month=day(last["month_end"], "month"))


def _years(years: float) -> str:
    halves = round(years * 2)
    whole = halves // 2
    if halves == 2 * whole:
        return ngettext("{count} year", "{count} years", whole).format(count=counted(whole))
    told = ngettext("{count} and a half years", "{count} and a half years", whole)
    return told.format(count=counted(whole)) if whole else _("half a year")


def joined_finding(by_month: pd.DataFrame, dated: int, named: int) -> str:
    """The title over the chart of joining; no peak is told where most named agencies have no start date."""
    drawn = drawn_months(by_month)
    if 2 * dated < named:
        return _("A start date is known for {dated} of {named} named agencies").format(
            dated=number(dated), named=number(named)
        )
    if drawn.empty or not drawn["joined"].sum():
        return _("No start date is known")
    peak = drawn.iloc[int(drawn["joined"].to_numpy().argmax())]
    return ngettext(
        "Joining peaked in {month}, at {count} agency in one month",
        "Joining peaked in {month}, at {count} agencies in one month",
        int(peak["joined"]),
    ).format(month=day(peak["month_start"], "month"), count=number(peak["joined"]))


# A state with fewer named agencies is in the map and the table, and not in the title over them.
FEWEST = 5


def leading_states(by_state: pd.DataFrame, fewest: int = FEWEST) -> list[str]:
    """Names of the three states with most named agencies per resident, of those with at least `fewest` agencies."""
    counted = by_state[by_state["agencies"] >= fewest]
    return list(counted.nlargest(3, "per_100k_residents")["name"])


def states_finding(by_state: pd.DataFrame) -> str:
    """The title over the map of states; it says which states it is about where the table shows others above them."""
    leading = leading_states(by_state)
    if not leading:
        return _("Too few agencies are named to compare states")
    if leading == leading_states(by_state, fewest=1):
        return _("{states} had the most named agencies per resident").format(states=listed(leading))
    return _("Of states with {fewest} or more named agencies, {states} had the most per resident").format(
        fewest=number(FEWEST), states=listed(leading)
    )


def list_in_words(listing: Listing) -> str:
    """What a list holds, in a sentence with its row and agency counts."""
    told = ngettext(
        "**{rows} rows** name **{agencies} agencies** in {states} state.",
        "**{rows} rows** name **{agencies} agencies** in {states} states.",
        listing.states,
    ).format(rows=number(listing.rows), agencies=number(listing.agencies), states=listing.states)
    parts = [
        ngettext("**{count}** row is dated {how}", "**{count}** rows are dated {how}", count).format(
            count=number(count), how=how
        )
        for count, how in (
            (listing.to_the_day, _("to the day")),
            (listing.to_the_month, _("to the month")),
            (listing.to_the_year, _("to the year")),
        )
        if count
    ]
    if listing.undated:
        undated = ngettext("{count} has no date", "{count} have no date", listing.undated)
        parts.append(undated.format(count=listing.undated))
    return f"{told} {listed(parts)}." if parts else told


def active_in_words(listing: Listing, on: date, names: dict[str, str], picked: Sequence[str]) -> str:
    """How many rows of a list had started by a day, and how many of them in each picked state."""
    told = ngettext(
        "**{count} row** had started by {when}.", "**{count} rows** had started by {when}.", listing.active or 0
    ).format(count=number(listing.active), when=day(on))
    by_state = dict(listing.active_by_state)
    if len(picked) == 1:
        return told
    shown = list(picked) or [state for state, _count in listing.active_by_state[:3]]
    parts = [_("{state} {count}").format(state=names[state], count=by_state.get(state, 0)) for state in shown]
    return f"{told} {_('By state: {states}.').format(states=', '.join(parts))}" if parts else told


def tiles(by_state: pd.DataFrame) -> pd.DataFrame:
    """The frame of the tile map, by state: value and shown (per 100,000 residents), hover, status."""
    hover = [
        _("{state}: no agency is named").format(state=row["name"])
        if row["status"] == "not_reported"
        else ngettext(
            "{state}: {agencies} agency, {rate} per 100,000 residents",
            "{state}: {agencies} agencies, {rate} per 100,000 residents",
            int(row["agencies"]),
        ).format(state=row["name"], agencies=number(row["agencies"]), rate=number(row["per_100k_residents"], 2))
        for row in by_state.to_dict("records")
    ]
    shown = [number(rate, 2) for rate in by_state["per_100k_residents"]]
    return by_state.assign(value=by_state["per_100k_residents"], shown=shown, hover=hover)
