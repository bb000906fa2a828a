"""Invented agencies over the real map. No name and no position here is that of a real agency."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from etl.errors import SourceError
from etl.simulation.calendar import stream

KINDS = ("municipal_police", "sheriff", "campus", "state_police", "fire")
LETTERS = ("PD", "SO", "CP", "SP", "FD")
SHARE_OF_KIND = (0.755, 0.185, 0.02, 0.01, 0.03)
MEDIAN_POPULATION = (15_000, 42_000, 12_000, 900_000, 18_000)
FARTHEST_KM, NEAREST_KM = 60.0, 3.0
TRIES = 12
KM_PER_DEGREE = 111.2

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Agencies:
    """One entry per agency in every array. `areas` is the number of named areas that its log uses."""

    agency_id: list[str]
    name: list[str]
    kind: Ints
    state: list[str]
    county_fips: list[str]
    second_county: list[str]
    latitude: Floats
    longitude: Floats
    population: Ints
    areas: Ints

    def __len__(self) -> int:
        return len(self.agency_id)


def reference_table(folder: Path, name: str, columns: list[str]) -> pd.DataFrame:
    """One of the repository's reference tables, codes as text."""
    path = folder / f"{name}.csv"
    if not path.is_file():
        raise SourceError(f"{path.name}: the simulation places its agencies by this reference table and it is missing.")
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    for column in columns:
        if column not in table:
            raise SourceError(f"{path.name}: expected column '{column}' is missing.")
    return table[columns]


def draw_agencies(number: int, seed: int, reference: Path) -> Agencies:
    """`number` agencies: states by population, sizes heavy-tailed, each near (not at) a place of its state."""
    rng = stream(seed, "agencies")
    states = reference_table(reference, "states", ["state", "population_2020"])
    people = states["population_2020"].astype(float).to_numpy()
    state = rng.choice(len(states), size=number, p=people / people.sum())
    kind = rng.choice(len(KINDS), size=number, p=SHARE_OF_KIND)
    size = np.asarray(MEDIAN_POPULATION, dtype=float)[kind] * np.exp(rng.normal(0, 1.25, number))
    population = np.clip(size, 600, 3_500_000).round(-2).astype(np.int64)
    places = reference_table(reference, "places", ["state", "latitude", "longitude", "population", "county_fips"])
    codes = states["state"].to_numpy()[state]
    latitude, longitude, county, second = _positions(codes, places, stream(seed, "positions"))
    wide = np.where(kind == 1, 0.3, 0.05) + np.where(population > 250_000, 0.3, 0.0)
    second = np.where(rng.random(number) < wide, second, "")
    areas = np.clip(population // 15_000, 0, 9)
    areas = np.where(rng.random(number) < 0.2, 0, np.maximum(areas, rng.integers(0, 4, number)))
    width = max(4, len(str(number)))
    numbers = [f"{place:0{width}d}" for place in range(1, number + 1)]
    letters = [LETTERS[place] for place in kind.tolist()]
    two = codes.tolist()
    return Agencies(
        [f"us-{s.lower()}-simulated-{n}-{x.lower()}" for s, n, x in zip(two, numbers, letters, strict=True)],
        [f"Simulated {x} {n}, {s}" for s, n, x in zip(two, numbers, letters, strict=True)],
        kind.astype(np.int64),
        two,
        county.tolist(),
        second.tolist(),
        latitude,
        longitude,
        population,
        areas.astype(np.int64),
    )


def _positions(
    state: NDArray[np.object_], places: pd.DataFrame, rng: np.random.Generator
) -> tuple[Floats, Floats, NDArray[np.str_], NDArray[np.str_]]:
    """Latitude, longitude, county and a neighbouring county ('' if none) of each agency.

    A point within 60 km of a place drawn by population. The place nearest to the point says in which county it lies; a
    point in another state, at a place or far from any (the sea) is drawn again, at last 3 km from the first place.
    """
    number = len(state)
    # Sorted, the places of a state lie side by side: its part of the running sum of people is an interval.
    places = places.sort_values("state", kind="stable").reset_index(drop=True)
    weight = np.maximum(places["population"].replace("", "0").astype(float).to_numpy(), 1.0)
    running = np.concatenate([[0.0], np.cumsum(weight)])
    of_state = places["state"].to_numpy(dtype=object)
    first = np.searchsorted(of_state, state, side="left")
    last = np.searchsorted(of_state, state, side="right")
    if (first == last).any():
        raise SourceError("places.csv: column 'state' lacks a state that states.csv has.")
    target = running[first] + rng.random(number) * (running[last] - running[first])
    home = np.clip(np.searchsorted(running, target, side="right") - 1, first, last - 1)
    lat, lon = (places[name].astype(float).to_numpy() for name in ("latitude", "longitude"))
    county = places["county_fips"].to_numpy(dtype=str)
    # Degrees of longitude shrink to the north; good enough for "nearest" over tens of kilometres.
    tree = cKDTree(np.column_stack([lat, lon * np.cos(np.radians(lat))]))

    far = np.maximum(FARTHEST_KM * np.sqrt(rng.random((number, TRIES))), NEAREST_KM)
    far[:, -1] = NEAREST_KM
    turn = rng.random((number, TRIES)) * 2 * np.pi
    there = np.round(lat[home, None] + far * np.sin(turn) / KM_PER_DEGREE, 3)
    across = np.round(lon[home, None] + far * np.cos(turn) / KM_PER_DEGREE / np.cos(np.radians(lat[home, None])), 3)
    away, nearest = tree.query(np.stack([there, across * np.cos(np.radians(there))], axis=-1))
    fits = (of_state[nearest] == state[:, None]) & (away > 0.5 / KM_PER_DEGREE) & (away < 20 / KM_PER_DEGREE)
    fits[:, -1] = True
    rows = np.arange(number)
    chosen = fits.argmax(axis=1)
    fallback = ~fits[:, :-1].any(axis=1)
    nearest[fallback, -1] = home[fallback]
    own = county[nearest[rows, chosen]]
    other = fits & (county[nearest] != own[:, None])
    other[:, -1] = False
    second = np.where(other.any(axis=1), county[nearest[rows, other.argmax(axis=1)]], "")
    return there[rows, chosen], across[rows, chosen], own, second
