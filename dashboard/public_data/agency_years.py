"""One agency, year by year and question by question: the state of every cell, and its figure where one is public.

A year in which the regime changes is two columns: what a request was is never mixed.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

import pandas as pd

from dashboard.i18n import is_known
from dashboard.public_data.about import regimes
from dashboard.public_data.agency_profile import partnerships_of
from dashboard.public_data.asking import question
from dashboard.public_data.consent_series import consent_by_period, silence_of
from dashboard.public_data.request_series import requests_by_month
from dashboard.public_data.requests import published_counts
from dashboard.releases import Release
from dashboard.selection import Selection

QUESTIONS: Final = ("takes_part", "requests", "asked", "shared")
# A part of a year this short is a column only if something is known of it.
SHORT = timedelta(days=62)
# Which published count answers which question.
_MEASURES: Final = {"requests": "requests", "asked": "asked", "shared": "shared"}


@question
def agency_years(release: Release, agency_id: str) -> pd.DataFrame:
    """One row per period (year within a regime) and question, oldest first, in the order of QUESTIONS.

    Columns: regime_id, program_id, year, starts_on, ends_on (first day after it), is_cut_before, is_cut_after (the
    regime begins or ends inside the year), question, status, low, high, qualifier, basis ('log', 'count', 'list',
    ''), counted_from, counted_to (of a published count), requests, requests_covered.

    `low` and `high` are the figure (equal unless it is a range), null where the cell has none. Requests come from the
    agency's log, people from whole blocks inside the year, else from counts that somebody published; such a count
    whose period reaches beyond the column shows its state and no number here.
    """
    everything = Selection(agency_id=agency_id)
    known = _Known(
        partnerships_of(release, agency_id),
        requests_by_month(release, everything),
        consent_by_period(release, everything, "year"),
        published_counts(release, everything),
    )
    rows = []
    for period in _periods(regimes(release), release.data_as_of):
        cells = [_cell(period, asked_about, known) for asked_about in QUESTIONS]
        is_short = period["ends_on"] - period["starts_on"] <= SHORT
        if is_short and all(cell["basis"] in ("", "list") for cell in cells):
            continue
        shown = {name: value for name, value in period.items() if name != "regime"}
        rows += [shown | cell for cell in cells]
    return pd.DataFrame(rows).astype(
        {"low": "Int64", "high": "Int64", "requests": "Int64", "requests_covered": "Int64"}
    )


class _Known:
    """What is public about the agency, as frames."""

    def __init__(
        self, partnerships: pd.DataFrame, by_month: pd.DataFrame, by_year: pd.DataFrame, counts: pd.DataFrame
    ) -> None:
        self.partnerships = partnerships.to_dict("records")
        self.by_month = by_month.to_dict("records")
        self.by_year = {(row["regime_id"], row["starts_on"].year): row for row in by_year.to_dict("records")}
        self.counts = [row for row in counts.to_dict("records") if is_known(row["period_end"])]

    def evidence(self, program_id: str) -> tuple[date | None, date | None, date | None, date | None]:
        """First and last day on which the agency is shown to take part; the known start; the known end."""
        for row in self.partnerships:
            if row["program_id"] == program_id:
                started, ended, first, last = (
                    _day(row[name]) for name in ("started_on", "ended_on", "first_seen_on", "last_known_active_on")
                )
                return first, max(filter(None, (first, last, ended)), default=None), started, ended
        return None, None, None, None

    def logged(self, regime_id: str, starts: date, ends: date) -> list[dict[Any, Any]]:
        """The months of the log inside a period; a month between two logged ones is a true 0."""
        # A regime may begin inside a month: the month counts for the regime that its requests were filed under.
        return [
            row
            for row in self.by_month
            if row["regime_id"] == regime_id and starts.replace(day=1) <= row["month_start"].date() < ends
        ]

    def published(self, program_id: str, measure: str, starts: date, ends: date) -> list[dict[Any, Any]]:
        """The published counts of a measure that touch a period, the latest first."""
        touching = [
            row
            for row in self.counts
            if row["program_id"] == program_id
            and row["measure"] == measure
            and _counted_from(row) < ends
            and row["period_end"].date() >= starts
        ]
        return sorted(touching, key=lambda row: row["period_end"], reverse=True)


def _periods(found: pd.DataFrame, until: date) -> list[dict[str, Any]]:
    """Every regime cut at the turn of the years, oldest first, up to and with the day `until`."""
    periods = []
    for regime in found.to_dict("records"):
        starts = regime["starts_on"].date()
        last = min(regime["ends_on"].date() if is_known(regime["ends_on"]) else date.max, until + timedelta(days=1))
        for year in range(starts.year, last.year + 1):
            first_day, after = max(starts, date(year, 1, 1)), min(last, date(year + 1, 1, 1))
            if first_day >= after:
                continue
            periods.append(
                {
                    "regime": regime,
                    "regime_id": regime["regime_id"],
                    "program_id": regime["program_id"],
                    "year": year,
                    "starts_on": first_day,
                    "ends_on": after,
                    "is_cut_before": first_day > date(year, 1, 1),
                    "is_cut_after": after < date(year + 1, 1, 1) and after <= until,
                }
            )
    return sorted(periods, key=lambda period: (period["starts_on"], period["regime_id"]))


def _cell(period: Mapping[str, Any], asked_about: str, known: _Known) -> dict[str, Any]:
    starts, ends = period["starts_on"], period["ends_on"]
    months = known.logged(period["regime_id"], starts, ends)
    requests = sum(row["requests"] for row in months) if months else None
    cell: dict[str, Any] = {
        "question": asked_about,
        "status": _silence(period, asked_about, known),
        "low": None,
        "high": None,
        "qualifier": "exact",
        "basis": "",
        "counted_from": None,
        "counted_to": None,
        "requests": requests,
        "requests_covered": None,
    }
    if asked_about == "takes_part":
        first, last, _started, ended = known.evidence(period["program_id"])
        shown = first is not None and last is not None and first < ends and last >= starts
        # The day of leaving ends the partnership: a year that begins on it is a year without.
        shown = shown and not (ended and ended <= starts)
        counted = any(row["value"] for row in known.published(period["program_id"], "requests", starts, ends))
        if shown or requests or counted:
            cell |= {"status": "published", "basis": "list" if shown else "log" if requests else "count"}
        return cell
    by_year = known.by_year.get((period["regime_id"], period["year"]))
    if months and asked_about == "requests":
        return cell | {"status": "published", "low": requests, "high": requests, "basis": "log"}
    if by_year and is_known(by_year["asked"]):
        low, high = ("asked", "asked") if asked_about == "asked" else ("shared_low", "shared_high")
        return cell | {
            "status": by_year["status"],
            "low": by_year[low],
            "high": by_year[high],
            "basis": "log",
            "requests": by_year["requests"],
            "requests_covered": by_year["requests_covered"],
        }
    if by_year and by_year["status"] == "pending":
        return cell | {"status": "pending", "basis": "log"}
    counts = known.published(period["program_id"], _MEASURES[asked_about], starts, ends)
    if counts:
        count = counts[0]
        inside = _counted_from(count) >= starts and count["period_end"].date() < ends
        value = count["value"] if inside else None
        return cell | {
            "status": "partly_published",
            "low": value,
            "high": value,
            "qualifier": count["qualifier"],
            "basis": "count",
            "counted_from": _day(count["period_start"]),
            "counted_to": _day(count["period_end"]),
        }
    return cell


def _silence(period: Mapping[str, Any], asked_about: str, known: _Known) -> str:
    """The state of a cell without a figure."""
    if not period["regime"]["has_request_tool"]:
        return "no_request_tool"
    first, _last, started, ended = known.evidence(period["program_id"])
    joined_later = started is not None and first == started and period["ends_on"] <= started
    left_before = ended is not None and period["starts_on"] >= ended
    if joined_later or left_before:
        return "not_participating"
    return silence_of(period["regime"]) if asked_about == "asked" else "not_reported"


def _counted_from(row: Mapping[Any, Any]) -> date:
    """First day of a published count; its last day where only that is known."""
    found: date = (row["period_start"] if is_known(row["period_start"]) else row["period_end"]).date()
    return found


def _day(value: Any) -> date | None:
    return value.date() if is_known(value) else None
