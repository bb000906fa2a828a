"""Who is who: never two agencies as one without a word, never one as two, never a guess."""

import random
from datetime import date

import pytest

from etl.errors import SourceError
from etl.matching import FITS_SEVERAL, REPEATED, TWO_NAMES, TWO_STATES
from etl.settings import HOUSE
from tests.etl.identity_world import World, atlas_row


@pytest.fixture
def world(tmp_path) -> World:
    return World(tmp_path)


def test_an_agency_that_record_and_list_name_is_one_agency(world):
    world.agency("us-nc-mint-hill-pd", "Mint Hill Police Department", "Mint Hill")
    world.atlas = [atlas_row(1, "Mint Hill Police Dept.", "Mint Hill", "Mecklenburg County", "NC")]
    found = world.resolve()
    assert found.ask("select agency_id, matched_by, source_id from staging.listings") == [
        ("us-nc-mint-hill-pd", "record", "eff-atlas-2020-10-07")
    ]
    assert len(found.ask("select * from staging.agency_registry")) == 1


def test_a_new_agency_gets_an_id_in_the_manner_of_the_record(world):
    world.atlas = [
        atlas_row(1, "St. Cloud Police Department", "St. Cloud", "Osceola County", "FL"),
        atlas_row(2, "Ventura Sheriff", "Ventura", "Ventura County", "CA"),
        atlas_row(3, "Caddo Parish Sheriff's Office", "Shreveport", "Caddo Parish", "LA"),
    ]
    assert world.resolve().agency_of() == {
        "AOS1": "us-fl-st-cloud-pd",
        "AOS2": "us-ca-ventura-county-so",
        "AOS3": "us-la-caddo-parish-so",
    }


def test_police_and_sheriff_of_one_name_are_two_agencies(world):
    world.agency("us-mi-oakland-county-so", "Oakland County Sheriff's Office", county="Oakland County", kind="sheriff")
    world.atlas = [atlas_row(1, "Oakland Police Department", "Oakland", "Oakland County", "MI")]
    assert world.resolve().agency_of() == {"AOS1": "us-mi-oakland-pd"}


def test_one_name_in_four_states_is_four_agencies(world):
    places = [("IL", "Sangamon"), ("MA", "Hampden"), ("MO", "Greene"), ("OR", "Lane")]
    world.atlas = [
        atlas_row(number, "Springfield Police Department", "Springfield", f"{county} County", state)
        for number, (state, county) in enumerate(places)
    ]
    assert set(world.resolve().agency_of().values()) == {f"us-{state.lower()}-springfield-pd" for state, _ in places}


def test_one_name_in_two_counties_is_two_agencies_with_their_counties_in_the_id(world):
    world.atlas = [
        atlas_row(1, "Franklin Township Police Department", "Franklinville", "Gloucester County", "NJ"),
        atlas_row(2, "Franklin Township Police Department", "Somerset", "Somerset County", "NJ"),
    ]
    found = world.resolve()
    assert found.agency_of() == {
        "AOS1": "us-nj-franklin-township-gloucester-county-pd",
        "AOS2": "us-nj-franklin-township-somerset-county-pd",
    }
    assert found.ask("select note from staging.identity_notes") == [("one name, two places: kept apart",)]


def test_a_row_that_could_be_either_of_two_new_agencies_is_held_back(world):
    world.atlas = [
        atlas_row(1, "Franklin Township Police Department", "Franklinville", "Gloucester County", "NJ"),
        atlas_row(2, "Franklin Township Police Department", "Somerset", "Somerset County", "NJ"),
        atlas_row(3, "Franklin Township Police Department", "", "", "NJ"),
    ]
    found = world.resolve()
    assert found.held() == {"AOS3": [FITS_SEVERAL]}
    assert len(set(found.agency_of().values())) == 2


def test_a_name_that_fits_two_agencies_is_held_back_and_not_guessed(world):
    world.agency("us-nj-franklin-gloucester-pd", "Franklin Township Police Department", county="Gloucester County")
    world.agency("us-nj-franklin-somerset-pd", "Franklin Township Police Department", county="Somerset County")
    world.atlas = [
        atlas_row(1, "Franklin Township Police Department", "", "", "NJ"),
        atlas_row(2, "Franklin Twp. Police", "Somerset", "Somerset County", "NJ"),
    ]
    found = world.resolve()
    assert found.held() == {"AOS1": [FITS_SEVERAL]}
    assert found.agency_of() == {"AOS2": "us-nj-franklin-somerset-pd"}
    assert found.accounted()


def test_a_name_that_the_gazetteer_knows_twice_needs_its_county(world):
    world.atlas = [atlas_row(1, "Brentwood Police Department", "Brentwood", "", "CA")]
    assert world.resolve().held() == {"AOS1": [FITS_SEVERAL]}


def test_two_rows_of_one_list_that_say_different_things_are_not_merged(world):
    world.atlas = [
        atlas_row(1, "Madison Police Department", "Madison", "Dane County", "WI"),
        atlas_row(2, "Madison Police Department", "Madison", "Dane County", "WI",
                  stated="Town of Madison Police Department", Link_1_Date="5/7/2020"),
    ]  # fmt: skip
    found = world.resolve()
    assert found.held() == {"AOS1": [FITS_SEVERAL], "AOS2": [FITS_SEVERAL]}
    assert found.accounted()


def test_the_ledger_settles_a_row_by_its_number(world):
    test_two_rows_of_one_list_that_say_different_things_are_not_merged(world)
    world.entry("us-wi-madison-town-pd", "listing", "AOS2", source_id="eff-atlas")
    found = world.resolve()
    assert found.agency_of() == {"AOS1": "us-wi-madison-pd", "AOS2": "us-wi-madison-town-pd"}
    assert found.registry("us-wi-madison-town-pd")["name"] == "Town of Madison Police Department"
    assert found.ask("select matched_by from staging.listings where listing_ref = 'AOS2'") == [("ledger",)]


def test_a_row_whose_two_names_are_of_two_agencies_is_held_back(world):
    world.atlas = [
        atlas_row(1, "Oak Police Department", "Columbus", "Franklin County", "OH", stated="Elm Police Department")
    ]
    assert world.resolve().held() == {"AOS1": [TWO_NAMES]}


def test_a_row_listed_twice_with_two_dates_is_one_agency_and_said_so(world):
    world.atlas = [
        atlas_row(1, "Oviedo Police Department", "Oviedo", "Seminole County", "FL", Link_1_Date="10/8/19"),
        atlas_row(2, "Oviedo Police Department", "Oviedo", "Seminole County", "FL", Link_1_Date="4/13/2020"),
    ]
    found = world.resolve()
    assert set(found.agency_of().values()) == {"us-fl-oviedo-pd"}
    assert found.ask("select note, agency_id from staging.identity_notes") == [
        ("listed more than once by one source", "us-fl-oviedo-pd")
    ]


def test_equal_rows_count_once_and_a_number_used_twice_is_told_apart(world):
    row = atlas_row(1, "Troy Police Department", "Troy", "Oakland County", "MI")
    other = atlas_row(1, "Livonia Police Department", "Livonia", "Wayne County", "MI")
    world.atlas = [row, row, other]
    found = world.resolve()
    assert sorted(found.agency_of().values()) == ["us-mi-livonia-pd", "us-mi-troy-pd"]
    assert found.held() == {"AOS1": [REPEATED]}
    assert found.ask("select count(distinct listing_ref) from staging.listings") == [(2,)]
    assert found.accounted()


def test_a_township_is_not_the_town_of_its_name_unless_the_ledger_says_so(world):
    world.agency("us-nj-brick-pd", "Brick Police Department", "Brick")
    world.atlas = [atlas_row(1, "Brick Township Police Department", "Brick Township", "Ocean County", "NJ")]
    apart = world.resolve()
    assert apart.agency_of() == {"AOS1": "us-nj-brick-township-pd"}
    assert apart.ask("select * from staging.identity_notes") == [
        ("names look alike", "us-nj-brick-pd", "us-nj-brick-township-pd")
    ]
    world.entry("us-nj-brick-pd", "alias", "Brick Township Police Department")
    joined = world.resolve()
    assert joined.agency_of() == {"AOS1": "us-nj-brick-pd"}
    assert joined.ask("select * from staging.identity_notes") == []


def test_agencies_that_the_ledger_calls_distinct_are_not_noted_again(world):
    world.agency("us-nj-berlin-pd", "Berlin Police Department", "Berlin", "Camden County")
    world.agency("us-nj-berlin-township-pd", "Berlin Township Police Department", "West Berlin", "Camden County")
    assert len(world.resolve().ask("select * from staging.identity_notes")) == 1
    world.entry("us-nj-berlin-pd", "distinct", "us-nj-berlin-township-pd")
    assert world.resolve().ask("select * from staging.identity_notes") == []


def test_a_rename_holds_only_between_its_dates(world):
    world.entry("us-oh-new-pd", "rename", "Old Police Department", until_on="2020-12-31")
    world.atlas = [atlas_row(1, "Old Police Department", "Columbus", "Franklin County", "OH")]
    assert world.resolve().agency_of() == {"AOS1": "us-oh-new-pd"}
    for path in (world.folder / "incoming").iterdir():
        path.unlink()
    world.snapshot = "2021-06-30"
    assert world.resolve().agency_of() == {"AOS1": "us-oh-old-pd"}


def test_a_merge_gives_every_row_the_id_that_stands(world):
    world.agency("us-oh-oak-pd", "Oak Police Department", "Columbus")
    world.agency("us-oh-elm-pd", "Elm Police Department", "Columbus")
    world.entry("us-oh-oak-pd", "merge", "us-oh-elm-pd")
    (world.folder / "curated").mkdir()
    (world.folder / "curated" / "partnerships.csv").write_text(
        "agency_id,program_id,started_on,started_precision,known_active_on,ended_on,approval,incentive,note,source_id\n"
        "us-oh-elm-pd,ring-neighbors,,unknown,,,unknown,unknown,,press\n"
    )
    world.atlas = [atlas_row(1, "Elm Police Department", "Columbus", "Franklin County", "OH")]
    found = world.resolve()
    assert found.agency_of() == {"AOS1": "us-oh-oak-pd"}
    assert found.ask("select agency_id from staging.agency_registry") == [("us-oh-oak-pd",)]
    assert found.ask("select agency_id from staging.partnerships") == [("us-oh-oak-pd",)]


def test_a_wrong_state_is_corrected_by_the_ledger_and_stays_visible(world):
    world.atlas = [atlas_row(4407, "Wall Township Police Department", "Wall", "Monmouth County", "NH")]
    world.entry("us-nj-wall-township-pd", "listing", "AOS4407", source_id="eff-atlas")
    found = world.resolve()
    assert found.ask("select agency_id, state, listed_state from staging.listings") == [
        ("us-nj-wall-township-pd", "NJ", "NH")
    ]
    assert found.registry("us-nj-wall-township-pd")["county_fips"] == "34025"


def test_a_name_that_tells_another_state_than_its_row_is_held_back(world):
    world.atlas = [atlas_row(1, "Middletown Police Department, DE", "Middletown", "", "CT")]
    assert world.resolve().held() == {"AOS1": [TWO_STATES]}


def test_answers_do_not_depend_on_the_order_of_rows(world):
    world.agency("us-nj-brick-pd", "Brick Police Department", "Brick")
    world.atlas = [
        atlas_row(1, "Franklin Township Police Department", "Franklinville", "Gloucester County", "NJ"),
        atlas_row(2, "Franklin Township Police Department", "Somerset", "Somerset County", "NJ"),
        atlas_row(3, "Franklin Township Police Department", "", "", "NJ"),
        atlas_row(4, "Brick Police Department", "Brick", "Ocean County", "NJ"),
        atlas_row(5, "La Grange Police Department", "La Grange", "Cook County", "IL"),
        atlas_row(5, "LaGrange Park Police Department", "LaGrange Park", "Cook County", "IL"),
        atlas_row(6, "Oviedo Police Department", "Oviedo", "Seminole County", "FL"),
        atlas_row(6, "Oviedo Police Department", "Oviedo", "Seminole County", "FL"),
    ]
    registry = "select * from staging.agency_registry order by all"
    listings = "select * exclude (row_number) from staging.listings order by all"
    first = world.resolve()
    for seed in range(4):
        random.Random(seed).shuffle(world.atlas)
        if seed == 3:
            world.atlas.reverse()
        again = world.resolve()
        assert again.ask(registry) == first.ask(registry)
        assert again.ask(listings) == first.ask(listings)


def test_an_agency_stands_in_its_city_else_its_county_else_nowhere(world):
    world.atlas = [
        atlas_row(1, "Mint Hill Police Department", "Mint Hill", "Mecklenburg County", "NC"),
        atlas_row(2, "Winslow Township Police Department", "Braddock", "Camden County", "NJ"),
        atlas_row(3, "Nowhere Police Department", "Nowhere", "", "OH"),
        atlas_row(4, "Davidson Police Department", "Davidson", "Davidson County", "NC"),
    ]
    found = world.resolve()
    placed = {row[0]: row[1:] for row in found.ask(
        "select agency_id, placed_by, county_fips, population is null from staging.agency_registry"
    )}  # fmt: skip
    assert placed == {
        "us-nc-mint-hill-pd": ("city", "37119", False),
        "us-nj-winslow-township-pd": ("county", "34007", True),
        "us-oh-nowhere-pd": ("not_placed", None, True),
        # The town is 60 km from the county that the list names: one of the two is wrong.
        "us-nc-davidson-pd": ("not_placed", None, True),
    }
    assert found.registry("us-oh-nowhere-pd")["latitude"] is None


def test_the_ledger_places_what_contradicts_itself(world):
    world.atlas = [atlas_row(1, "Davidson Police Department", "Davidson", "Davidson County", "NC")]
    world.entry("us-nc-davidson-pd", "place", "Davidson")
    assert world.resolve().registry("us-nc-davidson-pd")["county_fips"] == "37119"
    world.ledger[0]["name_or_ref"] = "Mecklenburg County"
    at_county = world.resolve().registry("us-nc-davidson-pd")
    assert (at_county["placed_by"], at_county["county_fips"]) == ("county", "37119")


def test_residents_are_given_only_to_the_places_own_agency(world):
    world.atlas = [
        atlas_row(1, "Ventura County Sheriff's Office", "Ventura", "Ventura County", "CA"),
        atlas_row(2, "Ventura Police Department", "Ventura", "Ventura County", "CA"),
        atlas_row(3, "Upper Makefield Township Police Department", "Newtown", "Bucks County", "PA"),
        atlas_row(4, "Roanoke County Police Department", "Roanoke", "Roanoke County", "VA"),
    ]
    found = world.resolve()
    assert found.registry("us-ca-ventura-county-so")["population"] is None
    assert found.registry("us-ca-ventura-pd")["population"] > 90_000
    assert found.registry("us-pa-upper-makefield-township-pd")["population"] is None
    roanoke = found.registry("us-va-roanoke-county-pd")
    assert (roanoke["county_fips"], roanoke["population"]) == ("51161", None)


def test_positions_are_those_of_places_at_three_decimals(world):
    world.atlas = [atlas_row(1, "Mint Hill Police Department", "Mint Hill", "Mecklenburg County", "NC")]
    found = world.resolve().registry("us-nc-mint-hill-pd")
    assert (round(found["latitude"], 3), round(found["longitude"], 3)) == (found["latitude"], found["longitude"])


def test_without_any_list_every_record_agency_is_registered(world):
    world.agency("us-oh-oak-pd", "Oak Police Department", "Columbus")
    found = world.resolve()
    assert found.ask("select agency_id, placed_by from staging.agency_registry") == [("us-oh-oak-pd", "city")]
    assert found.ask("select * from staging.listings") == []


@pytest.mark.parametrize(
    ("column", "value"),
    [("agency_id", "Mint Hill"), ("kind_of_entry", "guess"), ("state", "XX"), ("reason", ""), ("from_on", "soon")],
)
def test_an_unsound_entry_is_refused_with_its_row_and_column_and_no_value(world, column, value):
    world.entry("us-oh-oak-pd", "alias", "Elm Police Department")
    world.ledger[0][column] = value
    with pytest.raises(SourceError, match=rf"identity_ledger\.csv: row 1: {column}") as error:
        world.resolve()
    assert not value or value not in str(error.value).replace(column, "")


def test_merges_in_a_circle_are_refused(world):
    world.entry("us-oh-oak-pd", "merge", "us-oh-elm-pd")
    world.entry("us-oh-elm-pd", "merge", "us-oh-oak-pd")
    with pytest.raises(SourceError, match="circle"):
        world.resolve()


def test_every_entry_of_the_committed_ledger_has_a_reason_and_a_known_form():
    from etl.ledger import read_ledger

    ledger = read_ledger(HOUSE / "data" / "record")
    assert ledger.listing("AOS4407", "eff-atlas-2020-10-07", date(2020, 10, 7)).agency_id == "us-nj-wall-township-pd"
    assert ledger.listing("AOS4407", "another-list", None) is None


def test_an_agency_that_only_the_ledger_names_is_found_again_by_its_name(world):
    world.entry("us-in-highland-pd", "listing", "AOS1", source_id="eff-atlas")
    world.entry("us-in-highland-pd", "place", "Lake County")
    world.atlas = [
        atlas_row(1, "Highland Police Department", "Highland", "Vanderburgh County", "IN"),
        atlas_row(2, "Highland Police Department", "Highland", "Lake County", "IN", Technology="Camera Registry"),
    ]
    found = world.resolve()
    assert found.agency_of() == {"AOS1": "us-in-highland-pd", "AOS2": "us-in-highland-pd"}
    assert found.registry("us-in-highland-pd")["county_fips"] == "18089"
