"""The register of agencies: what their rows say together, where each stands, and which two look alike.

It decides no identity; etl/matching.py does.
"""

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations

from etl.agencies import OF_A_PLACE, Agency, Listing, Note, compatible
from etl.ledger import Ledger
from etl.names import clean, key, loose_key, words
from etl.places import NOWHERE, Places, Position


def complete(listings: list[Listing], agencies: dict[str, Agency], ledger: Ledger, places: Places) -> None:
    """Add the new agencies, drop merged ones, and give every agency its best known place.

    Residents are those of the place, and only where the agency is the place's own.
    """
    rows_of: dict[str, list[Listing]] = defaultdict(list)
    for row in listings:
        if row.agency_id:
            rows_of[row.agency_id].append(row)
    for merged in ledger.merges:
        if ledger.survivor(merged) in agencies or ledger.survivor(merged) in rows_of:
            agencies.pop(merged, None)
    for agency_id, rows in sorted(rows_of.items()):
        if agency_id not in agencies:
            agencies[agency_id] = _new_agency(agency_id, rows)
            agencies[agency_id].name = ledger.own_names.get(agency_id, agencies[agency_id].name)
    for agency in agencies.values():
        positions = [agency.position, *(row.position for row in rows_of.get(agency.agency_id, []))]
        agency.position = next(
            (position for by in ("city", "county") for position in positions if position.placed_by == by), NOWHERE
        )
        agency.position = ledger_position(agency.agency_id, ledger, places) or agency.position
        place = agency.position.place
        if place and agency.city is None and not agency.in_record:
            agency.city = place.name
        if place and agency.kind in OF_A_PLACE and is_namesake(agency.base, place.name):
            agency.population = place.population


def ledger_position(agency_id: str, ledger: Ledger, places: Places) -> Position | None:
    """Where the ledger says that an agency is: a county by its full name, else a place; None where it says nothing."""
    entry = ledger.places.get(agency_id)
    if entry is None:
        return None
    county = places.county(entry.state, entry.name_or_ref)
    if county and county.name == entry.name_or_ref:
        return places.at_county(county)
    return places.locate(entry.state, entry.name_or_ref, None)


def is_namesake(base: str, place: str) -> bool:
    """Whether an agency is the place's own. A township is not the town of its name; a city, village or borough is."""
    own = words(base)
    return key(place) in {key(own), key(own.removesuffix(" city")), key(own.removesuffix(" village")),
                          key(own.removesuffix(" borough"))}  # fmt: skip


def _new_agency(agency_id: str, rows: list[Listing]) -> Agency:
    """A new agency as its rows name it most often; its city is the gazetteer's where a row's city is one."""
    names = [clean(row.name) for row in rows]
    name = max(sorted(set(names)), key=names.count)
    located = [row for row in rows if row.position.placed_by == "city" and row.position.place]
    cities = [
        clean(row.city) for row in located if row.position.place and key(row.city) == key(row.position.place.name)
    ]
    cities = cities or ([] if located else [clean(row.city) for row in rows if row.city])
    counties = [clean(row.county) for row in rows if row.county]
    return Agency(
        agency_id, name, rows[0].kind, rows[0].state,
        max(sorted(set(cities)), key=cities.count) if cities else None,
        max(sorted(set(counties)), key=counties.count) if counties else None,
        in_record=False,
    )  # fmt: skip


def look_alikes(agencies: Iterable[Agency], ledger: Ledger) -> list[Note]:
    """Note agencies whose names differ only in a rank ("township", "city") and that may be in one place."""
    groups: dict[tuple[str, str, str], list[Agency]] = defaultdict(list)
    for agency in sorted(agencies, key=lambda one: one.agency_id):
        groups[agency.state, agency.kind, loose_key(agency.base)].append(agency)
    return [
        Note("names look alike", one.agency_id, other.agency_id)
        for group in groups.values()
        for one, other in combinations(group, 2)
        if frozenset((one.agency_id, other.agency_id)) not in ledger.distinct
        and compatible(one.position, other.position)
    ]
