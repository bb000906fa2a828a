"""The committed places and counties are what the program makes, and each lies where it says."""

import pandas as pd
import pytest

from etl import reference
from etl.settings import HOUSE

FOLDER = HOUSE / "data" / "reference"


@pytest.fixture(scope="module")
def places() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "places.csv", dtype={"county_fips": str})


@pytest.fixture(scope="module")
def counties() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "counties.csv", dtype={"fips": str})


def test_the_committed_tables_are_what_the_program_makes(places, counties):
    shapes = reference.counties(FOLDER / "boundaries")
    settled = reference.places(shapes)
    pd.testing.assert_frame_equal(settled, places)
    pd.testing.assert_frame_equal(reference.place_shapeless(shapes, settled), counties)


def test_every_place_lies_in_a_county_of_its_own_state(places, counties):
    joined = places.merge(counties, left_on="county_fips", right_on="fips", suffixes=("", "_county"))
    assert len(joined) == len(places) == 21783
    assert (joined["state"] == joined["state_county"]).all()


def test_known_places_are_in_their_known_counties(places):
    def county_of(name, state):
        return places[(places["name"] == name) & (places["state"] == state)]["county_fips"].tolist()

    assert county_of("Mint Hill", "NC") == ["37119"]
    assert county_of("Wolcott", "CT") == ["09009"]
    assert county_of("Boca Raton", "FL") == ["12099"]
    assert county_of("Key West", "FL") == ["12087"]


def test_an_independent_city_is_its_own_county(places, counties):
    for name, state, fips in (
        ("Falls Church", "VA", "51610"),
        ("Baltimore", "MD", "24510"),
        ("Roanoke", "VA", "51770"),
    ):
        assert places[(places["name"] == name) & (places["state"] == state)]["county_fips"].tolist() == [fips]


def test_positions_are_no_finer_than_three_decimals():
    for name in ("places.csv", "counties.csv"):
        written = pd.read_csv(FOLDER / name, dtype=str)
        for column in ("latitude", "longitude"):
            assert written[column].str.fullmatch(r"-?\d{1,3}\.\d{1,3}").all()


def test_connecticut_has_its_eight_old_counties(counties):
    assert (counties["state"] == "CT").sum() == 8


def test_the_tables_stay_small():
    assert (FOLDER / "places.csv").stat().st_size < 1_500_000
