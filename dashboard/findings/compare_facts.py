"""What is on record about the picked agencies' part in a program: facts down, agencies across, each cell in a state."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from dashboard import words
from dashboard.findings.overview import Cell
from dashboard.i18n import _, day, is_known, iso, ngettext, number

Fact = tuple[str, list[Cell]]
NOT_REPORTED = Cell("not_reported")


def joined(partnership: Mapping[Any, Any]) -> str:
    """The start of a partnership as exactly as it is known: 'October 3, 2018', 'August 2020', or ''."""
    return day(partnership["started_on"], partnership["started_precision"])


def facts(agencies: pd.DataFrame, partnerships: pd.DataFrame) -> list[Fact]:
    """Every fact with one cell per agency, in the order picked.

    The program in which most of the agencies take part is told in full, any other one in a row of its own.
    """
    told: list[Fact] = [
        (_("Kind"), [Cell("published", words.word(words.KIND, kind)) for kind in agencies["kind"]]),
        (_("Residents of the place"), [_count(count) for count in agencies["population"]]),
    ]
    for place, program in enumerate(programs_by_use(partnerships)):
        mine = {row["agency_id"]: row for row in partnerships.to_dict("records") if row["program_id"] == program}
        held = [mine.get(agency_id) for agency_id in agencies["agency_id"]]
        name = words.word(words.PROGRAMS, program)
        if place == 0:
            told += [(label.format(program=name), [cell(one) for one in held]) for label, cell in _in_full()]
        else:
            told.append((_("Also in {program}").format(program=name), [_in_short(one) for one in held]))
    return told


def programs_by_use(partnerships: pd.DataFrame) -> list[str]:
    """The programs of these partnerships; the first, in which most of the agencies take part, is told in full."""
    return [str(program) for program in partnerships["program_id"].value_counts(sort=True).index]


def _in_full() -> list[tuple[str, Any]]:
    return [
        (_("Joined {program}"), _started),
        (_("Approved by"), _approval),
        (_("Devices or discounts"), _incentive),
        (_("Left"), lambda one: _dated(one, "ended_on")),
        (_("Last seen taking part"), lambda one: _dated(one, "last_known_active_on")),
        (_("Sources"), _sources),
    ]


def _started(one: Mapping[Any, Any] | None) -> Cell:
    if one is None:
        return Cell("not_reported", note=_("no source names it"))
    if not joined(one):
        return Cell("not_reported", note=_("takes part, start not dated"))
    notes = [one["publisher"]] if is_known(one["publisher"]) else []
    if is_known(one["conflicts"]):
        notes.append(_("other dates: {dates}").format(dates=one["conflicts"]))
    return Cell("published", joined(one), "; ".join(notes) or None)


def _in_short(one: Mapping[Any, Any] | None) -> Cell:
    """The start, and who approved it where that is known."""
    cell, approval = _started(one), _approval(one)
    if approval.status != "published":
        return cell
    told = _("Approval: {approval}.").format(approval=approval.words)
    return replace(cell, note=f"{cell.note}; {told}" if cell.note else told)


def _approval(one: Mapping[Any, Any] | None) -> Cell:
    if one is None or one["approval"] == "unknown":
        return NOT_REPORTED
    return Cell("published", words.word(words.APPROVALS, one["approval"]))


def _incentive(one: Mapping[Any, Any] | None) -> Cell:
    if one is None or one["incentive"] == "unknown":
        return NOT_REPORTED
    return Cell("published", _("yes") if one["incentive"] == "yes" else _("no"))


def _dated(one: Mapping[Any, Any] | None, name: str) -> Cell:
    if one is None or not is_known(one[name]):
        return NOT_REPORTED
    return Cell("published", iso(one[name]))


def _sources(one: Mapping[Any, Any] | None) -> Cell:
    if one is None:
        return NOT_REPORTED
    count = int(one["sources"])
    return Cell("published", ngettext("{count} source", "{count} sources", count).format(count=number(count)))


def _count(value: Any) -> Cell:
    return Cell("published", number(value)) if is_known(value) else NOT_REPORTED
