"""Gives each listing its agency: by ledger, by an agency of the record, or as a new one. Doubt is never a guess.

Pure: it reads no file and no database, and its answers do not depend on the order of the rows.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from etl.agencies import (
    OF_A_COUNTY,
    OF_A_PLACE,
    Agency,
    Listing,
    Note,
    compatible,
    known_counties,
    named_county,
    position_of,
)
from etl.ledger import Ledger, kind_of
from etl.names import SUFFIXES, agency_key, key, loose_key, parse_agency_name, slug, words
from etl.places import Places
from etl.registry import complete, ledger_position, look_alikes

FITS_SEVERAL = "name fits more than one agency"
TWO_NAMES = "agency_name: the row itself names another agency elsewhere"
TWO_STATES = "agency_name: names another state than the row"
REPEATED = "exact duplicate of another row"


@dataclass
class Matched:
    """Every agency by id, and the notes. The listings carry their own answers."""

    agencies: dict[str, Agency]
    notes: list[Note] = field(default_factory=list)


def match(listings: list[Listing], record: Iterable[Agency], ledger: Ledger, places: Places) -> Matched:
    """Give every listing an agency_id or a reason, and return every agency that the record or a listing names."""
    agencies = {agency.agency_id: agency for agency in record}
    for agency in agencies.values():
        agency.position = position_of(places, agency.state, agency.city, agency.county, agency.base, agency.kind)
    listings.sort(key=lambda row: (row.content, row.file, row.row_number))
    matched = Matched(agencies)
    for row in listings:
        _read(row, ledger, places)
    _hold_repeated(listings)
    for row in listings:
        if row.open:
            _by_ledger(row, ledger)
    known = _by_key([*agencies.values(), *_named_by_ledger(listings, agencies, ledger, places)])
    for row in listings:
        if row.open:
            _by_name(row, known.get(row.key, []))
    _name_new(listings, agencies, places, matched)
    _no_silent_merge(listings, matched)
    for row in listings:
        if row.agency_id and (survivor := ledger.survivor(row.agency_id)) != row.agency_id:
            row.agency_id, row.matched_by = survivor, "ledger"
    complete(listings, agencies, ledger, places)
    matched.notes += look_alikes(agencies.values(), ledger)
    return matched


def _read(row: Listing, ledger: Ledger, places: Places) -> None:
    """What the row's own words say, and the ledger's word on that very row."""
    said = parse_agency_name(row.name)
    row.state, row.base = row.listed_state, said.base
    row.kind = said.kind or row.listed_kind or "other"
    day = row.known_active_on or row.started_on
    entry = ledger.listing(row.listing_ref, row.source_id, day)
    if entry:
        row.state, row.kind, row.agency_id = entry.state, kind_of(entry.agency_id), entry.agency_id
        row.matched_by, row.settled = "ledger", True
        if row.stated:
            row.name = row.stated
            row.base = parse_agency_name(row.name).base
    elif said.state and said.state != row.listed_state:
        row.reason = TWO_STATES
    elif row.stated and not _one_agency(row, ledger, day):
        row.reason = TWO_NAMES
    row.position = position_of(places, row.state, row.city, row.county, row.base, row.kind)


def _one_agency(row: Listing, ledger: Ledger, day: date | None) -> bool:
    """Whether the two names of a row can be one agency's: "Ewing" and "Ewing Township", or both known to the ledger."""
    other = parse_agency_name(row.stated or "").base
    if loose_key(other) == loose_key(row.base):
        return True
    known = [{e.agency_id for e in ledger.named(row.state, row.kind, agency_key(base, row.kind), day)}
             for base in (row.base, other)]  # fmt: skip
    return bool(known[0] and known[0] == known[1])


def _hold_repeated(listings: list[Listing]) -> None:
    """Hold back all but one of equal rows; give rows that share a number but differ a number each."""
    seen: set[tuple[str, ...]] = set()
    times: dict[tuple[str, str], int] = defaultdict(int)
    for row in listings:
        if row.content in seen:
            row.reason, row.agency_id = REPEATED, None
            continue
        seen.add(row.content)
        place = (row.source_id, row.listing_ref)
        times[place] += 1
        if times[place] > 1:
            row.listing_ref = f"{row.listing_ref}-{times[place]}"


def _by_ledger(row: Listing, ledger: Ledger) -> None:
    entries = ledger.named(*row.key, row.known_active_on or row.started_on)
    meant = {entry.agency_id for entry in entries}
    if len(meant) > 1:
        row.reason = FITS_SEVERAL
    elif meant:
        row.agency_id, row.matched_by = meant.pop(), "ledger"


def _by_key(agencies: Iterable[Agency]) -> dict[tuple[str, str, str], list[Agency]]:
    found: dict[tuple[str, str, str], list[Agency]] = defaultdict(list)
    for agency in sorted(agencies, key=lambda one: one.agency_id):
        found[agency.state, agency.kind, agency_key(agency.base, agency.kind)].append(agency)
    return found


def _named_by_ledger(
    listings: list[Listing], agencies: dict[str, Agency], ledger: Ledger, places: Places
) -> list[Agency]:
    """The agencies, not of the record, that the ledger gave rows to: other lists may name them without its help."""
    found: dict[tuple[str, str], Agency] = {}
    for row in listings:
        if row.agency_id and row.agency_id not in agencies:
            agency = Agency(row.agency_id, row.name, row.kind, row.state, row.city, row.county, in_record=False)
            agency.position = ledger_position(row.agency_id, ledger, places) or row.position
            found.setdefault((row.agency_id, agency.base), agency)
    return list(found.values())


def _by_name(row: Listing, candidates: list[Agency]) -> None:
    fitting = [agency for agency in candidates if compatible(agency.position, row.position)]
    fitting = list({agency.agency_id: agency for agency in fitting}.values())
    if len(fitting) > 1 and row.city:
        fitting = [agency for agency in fitting if key(agency.city) == key(row.city)] or fitting
    if len(fitting) > 1:
        row.reason = FITS_SEVERAL
    elif fitting:
        row.agency_id, row.matched_by = fitting[0].agency_id, "record" if fitting[0].in_record else "new"


def _name_new(listings: list[Listing], agencies: dict[str, Agency], places: Places, matched: Matched) -> None:
    """Give the rows that nothing known fits their new agencies: one for each name, kind and place."""
    groups: dict[tuple[str, str, str], list[Listing]] = defaultdict(list)
    for row in listings:
        if row.open:
            groups[row.key].append(row)
    for group in groups.values():
        clusters = _clusters(group)
        for cluster in clusters:
            agency_id = _new_id(cluster, len(clusters) > 1, agencies, places)
            if agency_id is None:
                for row in cluster:
                    row.reason = FITS_SEVERAL
                continue
            for row in cluster:
                row.agency_id = agency_id
        if len(clusters) > 1:
            ids = sorted({row.agency_id for row in group if row.agency_id})
            matched.notes += [Note("one name, two places: kept apart", ids[0], other) for other in ids[1:]]


def _clusters(group: list[Listing]) -> list[list[Listing]]:
    """Part rows of one name by place.

    A row that could belong to two places, or that only its city tells apart, is held back.
    """
    placed = [row for row in group if known_counties(row.position)]
    unplaced = [row for row in group if not known_counties(row.position)]
    clusters: list[list[Listing]] = []
    for row in placed:
        near = [cluster for cluster in clusters if any(compatible(row.position, one.position) for one in cluster)]
        clusters = [cluster for cluster in clusters if cluster not in near]
        clusters.append([row, *(one for cluster in near for one in cluster)])
    if not unplaced:
        return clusters
    if len(clusters) == 1:
        clusters[0] += unplaced
    elif not clusters and len({key(row.city) for row in unplaced}) == 1:
        clusters.append(unplaced)
    else:
        for row in unplaced:
            row.reason = FITS_SEVERAL
    return clusters


def _new_id(cluster: list[Listing], has_twin: bool, agencies: dict[str, Agency], places: Places) -> str | None:
    """us-<state>-<name>-<kind>, with the county where the state has two of that name; None if no county is known."""
    first = cluster[0]
    named = named_county(places, first.state, first.base, first.kind)
    name = words(named.name) if named and first.kind in OF_A_COUNTY else min(row.base for row in cluster)
    plain = f"us-{first.state.lower()}-{slug(name)}"
    ending = SUFFIXES[first.kind]
    twice = first.kind in OF_A_PLACE and places.is_twice(first.state, first.base)
    if not (has_twin or twice or f"{plain}-{ending}" in agencies):
        return f"{plain}-{ending}"
    fips = sorted({row.position.county_fips for row in cluster if row.position.county_fips})
    county = places.with_fips(fips[0]) if fips else None
    return f"{plain}-{slug(county.name)}-{ending}" if county else None


def _no_silent_merge(listings: list[Listing], matched: Matched) -> None:
    """Hold back rows of one list and program that got one agency and say different things of its name or place.

    Rows that the ledger settles by their number are the exception.
    """
    groups: dict[tuple[str, str, str], list[Listing]] = defaultdict(list)
    for row in listings:
        if row.agency_id:
            groups[row.agency_id, row.source_id, row.program_id].append(row)
    for (agency_id, _, _), rows in sorted(groups.items()):
        if len(rows) == 1:
            continue
        unsettled = [row for row in rows if not row.settled]
        told = {(_stated_key(row), *(() if row.kind in OF_A_COUNTY else (key(row.city), key(row.county))))
                for row in unsettled}  # fmt: skip
        if len(told) > 1:
            for row in unsettled:
                row.agency_id, row.reason = None, FITS_SEVERAL
        elif any(row.matched_by != "ledger" for row in rows):
            matched.notes.append(Note("listed more than once by one source", agency_id, None))


def _stated_key(row: Listing) -> str:
    return key(parse_agency_name(row.stated or row.name).base)
