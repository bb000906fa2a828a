"""An agency, a listing that names one, and where each is: the values that identity is decided on."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from etl.names import agency_key, parse_agency_name
from etl.places import NOWHERE, County, Places, Position

MatchedBy = Literal["ledger", "record", "new"]
OF_A_PLACE = ("municipal_police", "fire")
OF_A_COUNTY = ("sheriff", "district_attorney")


@dataclass
class Agency:
    """An agency that the record or a list names. `position` and `population` are filled in at the end."""

    agency_id: str
    name: str
    kind: str
    state: str
    city: str | None
    county: str | None
    in_record: bool
    position: Position = NOWHERE
    population: int | None = None

    @property
    def base(self) -> str:
        """The name without its kind."""
        return parse_agency_name(self.name).base


@dataclass
class Listing:
    """One row of a list, and what is found out about it. `reason` is why it is held back, None while it is not."""

    table: str
    file: str
    row_number: int
    source_id: str
    listing_ref: str
    program_id: str
    listed_state: str
    city: str | None
    county: str | None
    name: str
    stated: str | None
    listed_kind: str | None
    started_on: date | None
    known_active_on: date | None
    state: str = ""
    kind: str = ""
    base: str = ""
    position: Position = NOWHERE
    agency_id: str | None = None
    matched_by: MatchedBy = "new"
    reason: str | None = None
    settled: bool = False

    @property
    def open(self) -> bool:
        """Neither given an agency nor held back yet."""
        return self.agency_id is None and self.reason is None

    @property
    def key(self) -> tuple[str, str, str]:
        """What every name of one agency shares."""
        return self.state, self.kind, agency_key(self.base, self.kind)

    @property
    def content(self) -> tuple[str, ...]:
        """Everything the row says, as text, for sorting and for finding repeated rows."""
        told = (self.source_id, self.listing_ref, self.program_id, self.listed_state, self.name, self.city, self.county)
        return tuple(str(part or "") for part in (*told, self.stated, self.started_on, self.known_active_on))


@dataclass(frozen=True)
class Note:
    """Something a person should look at: two agencies that look alike, one listed twice, a name in two counties."""

    note: str
    agency_id: str
    other_id: str | None


def position_of(places: Places, state: str, city: str | None, county: str | None, base: str, kind: str) -> Position:
    """Where an agency is: a county's agency in its county, others by city, then by their own name, then by county."""
    found = places.locate(state, city, county)
    named = named_county(places, state, base, kind)
    if named:
        if found.place and named.fips in found.counties:
            town = found.place
            return Position("city", named.fips, town.latitude, town.longitude, town, frozenset((named.fips,)))
        return places.at_county(named)
    if found.placed_by != "city" and not found.contradicts and kind in OF_A_PLACE:
        namesake = places.locate(state, base, county)
        if namesake.placed_by == "city":
            return namesake
    return found


def named_county(places: Places, state: str, base: str, kind: str) -> County | None:
    """The county that an agency names as its own: "ventura county", or any county in front of "Sheriff"."""
    says_so = kind in OF_A_COUNTY or base.endswith((" county", " parish"))
    return places.county(state, base) if says_so else None


def known_counties(position: Position) -> frozenset[str]:
    """The counties that a position may lie in; none where city and county contradict each other."""
    return frozenset() if position.contradicts else position.counties


def compatible(one: Position, other: Position) -> bool:
    """Whether two positions can be one agency's: they share a county, or for one of them no county is known."""
    here, there = known_counties(one), known_counties(other)
    return not here or not there or bool(here & there)
