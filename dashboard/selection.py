"""What the reader picked. A Selection is a value; the address of the page is its written form, in both directions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Selection:
    """Which part of a release is meant. An empty tuple or None means: all.

    `since` and `until` are days; a month or quarter belongs to the selection only if it lies wholly inside.
    """

    states: tuple[str, ...] = ()
    program: str | None = None
    regime: str | None = None
    kind: str | None = None
    source: str | None = None
    channel: str | None = None
    legal_basis: str | None = None
    categories: tuple[str, ...] = ()
    counties: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    agency_id: str | None = None
    active_on: date | None = None


# Name in the address -> field. Short and in the singular, as a reader would type them.
PARAMETERS: Mapping[str, str] = {
    "state": "states",
    "program": "program",
    "regime": "regime",
    "kind": "kind",
    "list": "source",
    "channel": "channel",
    "basis": "legal_basis",
    "category": "categories",
    "county": "counties",
    "area": "areas",
    "since": "since",
    "until": "until",
    "agency": "agency_id",
    "active_on": "active_on",
}
# Switches of single pages: they change how a selection is shown, not what is selected, and stand in the address too.
VIEWS = ("map", "split", "unit", "agencies", "lead", "section", "table", "search")
PARAMETER_OF: Mapping[str, str] = {name: parameter for parameter, name in PARAMETERS.items()}
_KINDS: Mapping[str, Any] = {field.name: field.type for field in fields(Selection)}


def from_address(query: Mapping[str, str]) -> Selection:
    """Read a selection from the address. What cannot be read (a date that is none) is left out, never guessed."""
    values: dict[str, Any] = {}
    for parameter, name in PARAMETERS.items():
        text = query.get(parameter, "").strip()
        value = _read(text, _KINDS[name]) if text else None
        if value:
            values[name] = value
    return Selection(**values)


def to_address(selection: Selection) -> dict[str, str]:
    """Write a selection as parameters of an address; what is not picked is not written."""
    return {
        parameter: written(getattr(selection, name))
        for parameter, name in PARAMETERS.items()
        if getattr(selection, name)
    }


def written(value: Any) -> str:
    """One value as it stands in an address: several joined by commas, dates in ISO form, nothing as ''."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ",".join(value)
    return str(value)


def _read(text: str, kind: Any) -> Any:
    if kind == tuple[str, ...]:
        return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if kind == date | None:
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None
    return text
