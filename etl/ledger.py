"""Reads the identity ledger: what a person decided about names that no rule can settle, each with its reason.

Kinds of entry (name_or_ref says what it is about):
- alias: another way to write the agency's name;
- name: how the agency is to be named, where every list misspells it;
- rename: a name it had, or has, between two dates;
- merge: another agency_id that stands for the same agency;
- listing: one row of a list, by its number, that belongs to this agency and to no other;
- place: where it is, as "Newtown" or "Camden County", where its city and county contradict each other;
- distinct: another agency_id that looks alike and is another agency.
"""

import csv
import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from etl.errors import SourceError
from etl.names import CODES, SUFFIXES, agency_key, parse_agency_name

FILE = "identity_ledger.csv"
COLUMNS = ("agency_id", "kind_of_entry", "state", "name_or_ref", "from_on", "until_on", "reason", "source_id")
KINDS_OF_ENTRY = ("alias", "rename", "name", "merge", "listing", "place", "distinct")
AGENCY_ID = re.compile(r"us-[a-z]{2}-[a-z0-9-]{1,80}")


@dataclass(frozen=True)
class Entry:
    """One decision. `from_on` and `until_on` bound the days it holds for, both included; None is open."""

    agency_id: str
    kind_of_entry: str
    state: str
    name_or_ref: str
    from_on: date | None
    until_on: date | None
    reason: str
    source_id: str | None

    def holds_on(self, day: date | None) -> bool:
        """Whether the decision holds on that day; a day nobody knows is not outside it."""
        return day is None or (
            (self.from_on is None or self.from_on <= day) and (self.until_on is None or day <= self.until_on)
        )

    def holds_for(self, source_id: str) -> bool:
        """Whether it is about that list: `eff-atlas` covers every snapshot `eff-atlas-<day>`."""
        return self.source_id is None or source_id == self.source_id or source_id.startswith(f"{self.source_id}-")


@dataclass
class Ledger:
    """The entries, found by what they are about."""

    listings: dict[str, list[Entry]] = field(default_factory=dict)
    names: dict[tuple[str, str, str], list[Entry]] = field(default_factory=dict)
    own_names: dict[str, str] = field(default_factory=dict)
    merges: dict[str, str] = field(default_factory=dict)
    places: dict[str, Entry] = field(default_factory=dict)
    distinct: set[frozenset[str]] = field(default_factory=set)

    def listing(self, listing_ref: str, source_id: str, day: date | None) -> Entry | None:
        """The decision about one row of a list."""
        found = [e for e in self.listings.get(listing_ref, []) if e.holds_for(source_id) and e.holds_on(day)]
        return found[0] if found else None

    def named(self, state: str, kind: str, key: str, day: date | None) -> list[Entry]:
        """The decisions about a name, on a day."""
        return [entry for entry in self.names.get((state, kind, key), []) if entry.holds_on(day)]

    def survivor(self, agency_id: str) -> str:
        """The id that stands for this one after all merges."""
        while agency_id in self.merges:
            agency_id = self.merges[agency_id]
        return agency_id


def read_ledger(folder: Path | None) -> Ledger:
    """The ledger in that folder; an empty one where there is none.

    Raises SourceError, naming row and column, where an entry is unsound.
    """
    ledger = Ledger()
    path = folder / FILE if folder else None
    if path is None or not path.exists():
        return ledger
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if tuple(rows.fieldnames or ()) != COLUMNS:
            raise SourceError(f"{FILE}: the header must be {', '.join(COLUMNS)}. Nothing was loaded.")
        for number, row in enumerate(rows, start=1):
            _add(ledger, _entry(row, number), number)
    for start in ledger.merges:
        seen, at = {start}, start
        while (at := ledger.merges.get(at, "")) and at not in seen:
            seen.add(at)
        if at:
            raise SourceError(f"{FILE}: merge entries run in a circle. Nothing was loaded.")
    return ledger


def _entry(row: dict[str, str | None], number: int) -> Entry:
    told = {column: (row.get(column) or "").strip() for column in COLUMNS}
    needs_id = told["kind_of_entry"] in ("merge", "distinct")
    sound = {
        "agency_id": bool(AGENCY_ID.fullmatch(told["agency_id"])),
        "kind_of_entry": told["kind_of_entry"] in KINDS_OF_ENTRY,
        "state": told["state"] in CODES,
        "name_or_ref": bool(AGENCY_ID.fullmatch(told["name_or_ref"]) if needs_id else told["name_or_ref"]),
        "reason": bool(told["reason"]),
    }
    days: dict[str, date | None] = {}
    for column in ("from_on", "until_on"):
        try:
            days[column] = date.fromisoformat(told[column]) if told[column] else None
        except ValueError:
            sound[column] = False
    if wrong := [column for column, right in sound.items() if not right]:
        raise SourceError(f"{FILE}: row {number}: {', '.join(wrong)} missing or not in form. Nothing was loaded.")
    return Entry(
        told["agency_id"],
        told["kind_of_entry"],
        told["state"],
        told["name_or_ref"],
        days["from_on"],
        days["until_on"],
        told["reason"],
        told["source_id"] or None,
    )


def _add(ledger: Ledger, entry: Entry, number: int) -> None:
    match entry.kind_of_entry:
        case "listing":
            ledger.listings.setdefault(entry.name_or_ref, []).append(entry)
        case "alias" | "rename" | "name":
            name = parse_agency_name(entry.name_or_ref)
            kind = name.kind or kind_of(entry.agency_id)
            found = ledger.names.setdefault((entry.state, kind, agency_key(name.base, kind)), [])
            found.append(entry)
            if entry.kind_of_entry == "name":
                ledger.own_names[entry.agency_id] = entry.name_or_ref
        case "merge":
            if entry.name_or_ref in ledger.merges:
                raise SourceError(f"{FILE}: row {number}: name_or_ref is merged twice. Nothing was loaded.")
            ledger.merges[entry.name_or_ref] = entry.agency_id
        case "place":
            ledger.places[entry.agency_id] = entry
        case "distinct":
            ledger.distinct.add(frozenset((entry.agency_id, entry.name_or_ref)))


def kind_of(agency_id: str) -> str:
    """The kind that an id's ending tells: us-nc-mint-hill-pd is municipal police."""
    ending = agency_id.rpartition("-")[2]
    return next((kind for kind, suffix in SUFFIXES.items() if suffix == ending), "other")
