"""What happened to one agency, and who says so: claims, listings, counts, logs, steps of its state, regimes. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from dashboard import words
from dashboard.findings.agency import Profile, requests_words
from dashboard.findings.consent import figure
from dashboard.findings.requests import counted
from dashboard.i18n import _, in_english, is_known, iso, listed, ngettext, number

# A longer name of a publisher makes a table unreadable on a phone.
LONG_NAME = 40


@dataclass(frozen=True)
class Moment:
    """One dated row; `at` is None where no date is known; `when` is the date as exactly as known, `until` its end."""

    at: date | None
    when: str
    what: str
    note: str
    publisher: str
    url: str | None
    source_id: str
    until: str = ""


def timeline(
    profile: Profile, claims: pd.DataFrame, listings: pd.DataFrame, events: pd.DataFrame, regimes: pd.DataFrame
) -> list[Moment]:
    """Everything about the agency, its state and the regimes, oldest first, undated last.

    `events` are those of the state and of the country; of the country's only those that fall on a change of regime
    stand here, the others in `elsewhere`.
    """
    country = events[events["scope"] == "US"]
    own_state = events[events["scope"] != "US"]
    moments = [
        *(moment for claim in claims.to_dict("records") for moment in _of_claim(claim, listings)),
        *(_of_count(row) for row in profile.counts.to_dict("records")),
        *(_of_log(entry) for entry in profile.logged),
        *(_of_event(row, str(profile.about["state_name"])) for row in own_state.to_dict("records")),
        *_of_regimes(regimes, country),
    ]
    return _in_order(moments)


def elsewhere(events: pd.DataFrame, regimes: pd.DataFrame) -> list[Moment]:
    """The country's other dated steps, oldest first."""
    told = {moment.what for moment in _of_regimes(regimes, events[events["scope"] == "US"])}
    moments = [_of_event(row, _("All agencies")) for row in events[events["scope"] == "US"].to_dict("records")]
    return _in_order([moment for moment in moments if moment.what not in told])


def as_frame(moments: Sequence[Moment]) -> pd.DataFrame:
    """The moments as a table: when, until, what, note, publisher, url, source_id."""
    columns = ["when", "until", "what", "note", "publisher", "url", "source_id"]
    return pd.DataFrame([[getattr(m, name) for name in columns] for m in moments], columns=columns)


def _in_order(moments: list[Moment]) -> list[Moment]:
    return sorted(moments, key=lambda moment: (moment.at is None, moment.at or date.max, moment.what))


def _of_claim(claim: Mapping[Any, Any], listings: pd.DataFrame) -> list[Moment]:
    program = words.word(words.PROGRAMS, claim["program_id"])
    source = {"publisher": _publisher(claim), "url": claim["url"], "source_id": claim["source_id"]}
    notes = [in_english(claim["note"].rstrip("."))] if is_known(claim["note"]) else []
    if claim["approval"] not in ("unknown", "none_found"):
        notes.append(_("Approval: {approval}.").format(approval=words.word(words.APPROVALS, claim["approval"])))
    if claim["incentive"] == "yes":
        notes.append(_("Devices or discounts came with it."))
    note = ". ".join(note.rstrip(".") for note in notes)
    moments = []
    if is_known(claim["started_on"]):
        moments.append(
            Moment(
                claim["started_on"].date(),
                iso(claim["started_on"], claim["started_precision"]),
                _("Joins: {program}").format(program=program),
                note,
                **source,
            )
        )
    mine = listings[(listings["source_id"] == claim["source_id"]) & (listings["program_id"] == claim["program_id"])]
    seen = claim["known_active_on"]
    if is_known(seen):
        what = (
            _("On the list of this day: {program}") if not mine.empty else _("Shown taking part: {program}")
        ).format(program=program)
        rows = _rows_words(mine) if not mine.empty else "" if moments else note
        moments.append(Moment(seen.date(), iso(seen), what, rows, **source))
    elif not moments:
        moments.append(Moment(None, "", _("Named as taking part: {program}").format(program=program), note, **source))
    if is_known(claim["ended_on"]):
        left = _("Leaves: {program}").format(program=program)
        moments.append(Moment(claim["ended_on"].date(), iso(claim["ended_on"]), left, "", **source))
    return moments


def _rows_words(listings: pd.DataFrame) -> str:
    refs = [str(ref) for ref in listings["listing_ref"]]
    return ngettext("row {rows} of the list", "rows {rows} of the list", len(refs)).format(rows=listed(refs))


def _of_count(row: Mapping[Any, Any]) -> Moment:
    starts, ends = row["period_start"], row["period_end"]
    months = is_known(starts) and starts.day == 1 and is_known(ends) and (ends + pd.Timedelta(days=1)).day == 1
    exactness = "month" if months else "day"
    first, last = iso(starts, exactness), iso(ends, exactness)
    if not first:
        first, last = (_("by {day}").format(day=last) if last else ""), ""
    at = next((value.date() for value in (starts, ends) if is_known(value)), None)
    what = requests_words(row) if row["measure"] == "requests" else figure(row)
    return Moment(
        at,
        first,
        _("Published: {figure}").format(figure=what),
        in_english(row["note"]) if is_known(row["note"]) else "",
        _publisher(row),
        row["url"],
        row["source_id"],
        _("to {last}").format(last=last) if last and last != first else "",
    )


def _of_log(entry: Any) -> Moment:
    first, last = iso(entry.first_month, "month"), iso(entry.last_month, "month")
    until = "" if first == last else _("to {last}").format(last=last)
    what = _("In its log: {requests}").format(requests=counted(entry))
    at = entry.first_month.date() if hasattr(entry.first_month, "date") else entry.first_month
    return Moment(at, first, what, "", _("The agency's log"), None, "", until)


def _of_event(row: Mapping[Any, Any], where: str) -> Moment:
    at = row["happened_on"].date() if is_known(row["happened_on"]) else None
    what = _("{where}: {what}").format(where=where, what=in_english(row["title"]))
    note = in_english(row["summary"]) if is_known(row["summary"]) else ""
    return Moment(
        at, iso(row["happened_on"], row["precision"]), what, note, _publisher(row), row["url"], row["source_id"]
    )


def _of_regimes(regimes: pd.DataFrame, country: pd.DataFrame) -> list[Moment]:
    """Each change of regime, with who says so: by the country's event of the same date where there is one."""
    moments = []
    for regime in regimes.to_dict("records"):
        same = country[
            (country["happened_on"] == regime["starts_on"]) & (country["precision"] == regime["starts_precision"])
        ]
        if not same.empty:
            moments.append(_of_event(same.iloc[0].to_dict(), _("All agencies")))
            continue
        name = words.word(words.REGIMES, regime["regime_id"])
        moments.append(
            Moment(
                regime["starts_on"].date(),
                iso(regime["starts_on"], regime["starts_precision"]),
                _("All agencies: a new regime, {regime}").format(regime=name),
                in_english(str(regime["what_a_request_is"])),
                _publisher(regime),
                regime["url"],
                regime["source_id"],
            )
        )
    return moments


def _publisher(row: Mapping[Any, Any]) -> str:
    """Who says so; by the title of the work where the publisher's name is too long for a table."""
    if not is_known(row["publisher"]):
        return str(row["source_id"])
    is_long = len(row["publisher"]) > LONG_NAME and is_known(row.get("title")) and "kind" not in row
    return str(row["title"] if is_long else row["publisher"])


def count_words(moments: Sequence[Moment]) -> str:
    """'9 rows, 4 sources.', and how dates are written."""
    rows, sources = len(moments), len({moment.source_id for moment in moments if moment.source_id})
    return _("{rows}, {sources}. A month known only by month stays a month.").format(
        rows=ngettext("{count} row", "{count} rows", rows).format(count=number(rows)),
        sources=ngettext("{count} source", "{count} sources", sources).format(count=number(sources)),
    )
