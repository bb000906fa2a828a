"""Where a place or county is: the gazetteer of data/reference. It answers "not known" rather than guess."""

import csv
import math
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from etl.names import clean, county_key, key, words

PlacedBy = Literal["city", "county", "simulated", "not_placed"]
# A place this far from the middle of the county that a source names may still lie in it, or touch its border.
NEAR_KM = 55
# Ranks that a place's own entry leaves out; a township of that name is found only in a county that the source names.
RANK = re.compile(r" (?:city|town|village|borough|township|charter township)$")


@dataclass(frozen=True)
class Place:
    """One place of the gazetteer."""

    name: str
    state: str
    latitude: float
    longitude: float
    population: int
    county_fips: str


@dataclass(frozen=True)
class County:
    """One county; the position is a point inside it."""

    fips: str
    name: str
    state: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Position:
    """Where something is.

    `counties` is every county that it may lie in. `contradicts`: its city lies nowhere near the counties stated for it.
    """

    placed_by: PlacedBy = "not_placed"
    county_fips: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    place: Place | None = None
    counties: frozenset[str] = frozenset()
    contradicts: bool = False


NOWHERE = Position()


class Places:
    """The gazetteer, read once from a folder that holds places.csv and counties.csv."""

    def __init__(self, folder: Path) -> None:
        self._by_name: dict[tuple[str, str], list[Place]] = defaultdict(list)
        self._county: dict[tuple[str, str], County] = {}
        self._by_fips: dict[str, County] = {}
        self._known: dict[tuple[str, str | None, str | None], Position] = {}
        with (folder / "counties.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                county = County(row["fips"], row["name"], row["state"], float(row["latitude"]), float(row["longitude"]))
                self._by_fips[county.fips] = county
                self._county[county.state, county_key(county.name)] = county
        with (folder / "places.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                place = Place(
                    row["name"], row["state"], float(row["latitude"]), float(row["longitude"]),
                    int(row["population"]), row["county_fips"],
                )  # fmt: skip
                self._by_name[place.state, key(place.name)].append(place)
        for same in self._by_name.values():
            # GeoNames also has quarters and former places, without residents; they do not make a name ambiguous.
            if any(place.population for place in same):
                same[:] = [place for place in same if place.population]

    def county(self, state: str, name: str | None) -> County | None:
        """The county of that name ("St. Louis County", "saint louis"), None where the state has none."""
        return self._county.get((state, county_key(name))) if name else None

    def with_fips(self, fips: str | None) -> County | None:
        """The county of that code."""
        return self._by_fips.get(fips) if fips else None

    def counties(self, state: str, cell: str | None) -> list[County]:
        """Every county of the state that a cell names, in its order: "Wayne County, Macomb County"."""
        found = [self.county(state, part) for part in re.split(r"[,;/&]| and ", clean(cell))]
        return [county for county in found if county]

    def is_twice(self, state: str, name: str) -> bool:
        """Whether places of that name lie in two counties of the state, so that the name alone says little."""
        return len({place.county_fips for place in self._by_name.get((state, key(name)), [])}) > 1

    def locate(self, state: str, city: str | None, county: str | None) -> Position:
        """The city, else the county. Nowhere where the name fits two places, or city and county contradict each other.

        A single stated county beside the one that the simplified boundaries put the place in is believed.
        """
        asked = (state, city, county)
        if asked not in self._known:
            self._known[asked] = self._locate(state, city, county)
        return self._known[asked]

    def _locate(self, state: str, city: str | None, county: str | None) -> Position:
        stated = self.counties(state, county)
        fips = frozenset(one.fips for one in stated)
        for name, sure in self._spellings(state, city):
            candidates = self._by_name.get((state, key(name)), [])
            fitting = [place for place in candidates if place.county_fips in fips]
            if not fitting and sure:
                fitting = self._without_county(candidates, stated)
                if candidates and not fitting:
                    if stated and not self._any_near(candidates, stated):
                        return Position(counties=fips, contradicts=True)
                    break
            if fitting:
                return self._at_place(max(fitting, key=lambda one: one.population), fips)
        return self.at_county(stated[0]) if len(fips) == 1 else Position(counties=fips)

    def _at_place(self, place: Place, stated: frozenset[str]) -> Position:
        own = self._by_fips[place.county_fips]
        is_own_county = own.name == f"{place.name} city"
        county = next(iter(stated)) if len(stated) == 1 and not is_own_county else place.county_fips
        return Position("city", county, place.latitude, place.longitude, place, stated | {place.county_fips})

    def at_county(self, county: County) -> Position:
        """The middle of a county."""
        return Position("county", county.fips, county.latitude, county.longitude, counties=frozenset((county.fips,)))

    def _spellings(self, state: str, city: str | None) -> list[tuple[str, bool]]:
        """Ways to look a city up, and whether one may be believed without its county."""
        name = words(city)
        if not name:
            return []
        if state == "DC":
            return [("washington", True)]
        bare = RANK.sub("", name)
        return [(name, True), (f"{name} city", True), *([(bare, name.endswith(" city"))] if bare != name else [])]

    def _without_county(self, candidates: list[Place], stated: list[County]) -> list[Place]:
        """The candidates, if they all lie in one county, and near the stated ones if any are stated."""
        if stated:
            candidates = [place for place in candidates if self._near(place, stated)]
        return candidates if len({place.county_fips for place in candidates}) == 1 else []

    def _any_near(self, candidates: list[Place], stated: list[County]) -> bool:
        return any(self._near(place, stated) for place in candidates)

    def _near(self, place: Place, stated: list[County]) -> bool:
        return any(_kilometres(place, county) <= NEAR_KM for county in stated)


def _kilometres(place: Place, county: County) -> float:
    """Distance on a flat earth, good enough for telling neighbours from strangers."""
    east = (place.longitude - county.longitude) * math.cos(math.radians(place.latitude))
    return 111.2 * math.hypot(place.latitude - county.latitude, east)
