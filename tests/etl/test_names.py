"""What an agency's written name says."""

import csv

import pytest

from etl.names import agency_key, clean, county_key, key, loose_key, parse_agency_name, slug, state_code
from tests.samples import SAMPLES, needs_samples


@pytest.mark.parametrize(
    ("written", "state", "base", "kind"),
    [
        ("Mint Hill Police Department", None, "mint hill", "municipal_police"),
        ("Hendricks County IN SO", "IN", "hendricks county", "sheriff"),
        ("Brownstown Twp PD MI", "MI", "brownstown township", "municipal_police"),
        ("Middletown Police Department, DE", "DE", "middletown", "municipal_police"),
        ("CO - Erie PD", "CO", "erie", "municipal_police"),
        ("Haralson CSO (GA)", "GA", "haralson county", "sheriff"),
        ("Los Angeles County CA SD", "CA", "los angeles county", "sheriff"),
        ("Sioux Falls SD PD", "SD", "sioux falls", "municipal_police"),
        ("Blaine Co OK SO", "OK", "blaine county", "sheriff"),
        ("Charlotte/Mecklenburg Police Dept.", None, "charlotte mecklenburg", "municipal_police"),
        ("Columbus Division of Police", None, "columbus", "municipal_police"),
        ("Kalamazoo Department of Public Safety", None, "kalamazoo", "municipal_police"),
        ("Texas Department of Public Safety", None, "texas", "state_police"),
        ("Hernando County Sheriff?s Office", None, "hernando county", "sheriff"),
        ("New Kent County Sheriff’s Office", None, "new kent county", "sheriff"),
        ("Cumberland County Prosecutor's Office", None, "cumberland county", "district_attorney"),
        ("Worcester County Fire Marshal's Office", None, "worcester county", "fire"),
        ("Fire Island Police Department", None, "fire island", "municipal_police"),
        ("University City Police Department", None, "university city", "municipal_police"),
        ("State College Police Department", None, "state college", "municipal_police"),
        ("Wake Forest University NC PD", "NC", "wake forest university", "campus"),
        ("Town of Madison Police Department", None, "madison town", "municipal_police"),
        ("The City of Orange Police Department", None, "orange", "municipal_police"),
        ("Harris County Const TX Pct 5", None, "harris county constable tx pct 5", "other"),
        ("Mt. Juliet Police Department", None, "mount juliet", "municipal_police"),
        ("Ft. Worth PD (Do Not Use)", None, "fort worth", "municipal_police"),
    ],
)
def test_a_written_name_tells_state_base_and_kind(written, state, base, kind):
    assert parse_agency_name(written) == (state, base, kind)


def test_spelling_variants_share_a_key_and_other_bodies_do_not():
    assert key("St. John's") == key("Saint Johns")
    assert key("LaGrange") == key("La Grange")
    assert key("Parsippany-Troy Hills") == key("Parsippany/Troy Hills")
    assert agency_key("ventura county", "sheriff") == agency_key("ventura", "sheriff")
    assert agency_key("gwinnett county", "municipal_police") != agency_key("gwinnett", "municipal_police")
    assert agency_key("richmond city", "sheriff") != agency_key("richmond county", "sheriff")
    assert agency_key("kalamazoo", "municipal_police") != agency_key("kalamazoo township", "municipal_police")
    assert loose_key("kalamazoo township") == loose_key("kalamazoo")


def test_counties_compare_across_spellings_but_cities_stay_cities():
    assert county_key("La Salle County") == county_key("LaSalle")
    assert county_key("Saint Louis County") == county_key("St. Louis County")
    assert county_key("\u200eHarris County") == county_key("Harris County")
    assert county_key("Norfolk (city) County") == county_key("Norfolk city")
    assert county_key("St. Louis city") != county_key("St. Louis County")
    assert county_key("Doña Ana County") == county_key("Dona Ana County")


def test_a_state_is_known_by_code_or_by_name_only():
    assert state_code(" nc ") == "NC"
    assert state_code("West Virginia") == "WV"
    assert state_code("Narnia") is None
    assert state_code(None) is None


def test_cleaning_removes_what_cannot_be_seen():
    assert clean("\u200eHarris\u00a0 County\u200e ") == "Harris County"


def test_the_part_of_an_id_is_short_and_plain():
    assert slug("saint louis park") == "st-louis-park"
    assert slug("prince georges county") == "prince-georges-county"


@needs_samples
def test_nine_of_ten_names_as_portals_write_them_tell_state_and_kind():
    with (SAMPLES / "mcclatchy_private_eyes_agency20240426.csv").open(encoding="utf-8") as file:
        names = [parse_agency_name(row["name"]) for row in csv.DictReader(file)]
    assert len(names) == 5152
    assert sum(bool(name.state and name.kind) for name in names) >= 4790
    assert all(name.base for name in names)
