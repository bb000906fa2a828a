"""The second net: what it must catch, what it must let pass, and that a hit never shows the value."""

import pytest

from etl import personal_data
from etl.engines.duckdb import connect

CAUGHT = [
    ("an e-mail address", "jane.doe@example.org"),
    ("an e-mail address", "jane (at) example (dot) org"),
    ("a phone number", "614-555-0134"),
    ("a phone number", "(614) 555-0134"),
    ("a phone number", "+1 614.555.0134"),
    ("a phone number", "north-614-555-0134"),
    ("a phone number", "cell:6145550134"),
    ("a street address", "1200 W Main St"),
    ("a street address", "123-main-street"),
    ("a street address", "1200-block-of-oak"),
    ("a street address", "P.O. Box 12"),
    ("a street address", "4 Elm Ave Apt 3"),
    ("coordinates finer than 3 decimals", "41.12345"),
    ("coordinates finer than 3 decimals", "40.7128,-74.0060"),
    ("an IP address", "192.168.0.14"),
    ("an IP address", "2001:db8:0:1:1:1:1:1"),
    ("a device id", "9c:76:13:0a:ff:12"),
    ("a device id", "9C-76-13-0A-FF-12"),
    ("a device id", "356938035643809"),
    ("a device id", "serial-BHB1234567"),
    ("a date of birth", "dob 1984"),
    ("a date of birth", "03/14/1984"),
    ("a date of birth", "1984-03-14"),
    ("a licence plate", "plate ABC 1234"),
    ("a licence plate", "lic#7XYZ123"),
    ("a social security number", "123-45-6789"),
    ("a social security number", "ssn123456789"),
    ("an e-mail address", "jane_at_example_dot_org"),
    ("an IP address", "2001:db8::1"),
    ("a street address", "55-calle-ocho"),
    ("a street address", "oak-st-and-5th-ave"),
    ("a device id", "001b44113ab7"),
    ("a device id", "doorbell-7719023"),
    ("a licence plate", "1HGCM82633A004352"),
    ("coordinates finer than 3 decimals", "39d57m40s"),
    ("free text", "the man with a red hat"),
]
PASSED_AS_ID = [
    "r-1", "2019-000123", "2019004512", "19-004512", "CFS-2019-0412", "20190502-17", "2019-05-02/3", "RFA_2021.118",
    "f47ac10b-58cc-4372-a567-0e02b2c3d479", "district-4", "north-side", "sector-12b", "beat-1204", "ward-5-east",
    "us-nc-cary-pd", "zone-3-west", "downtown-2nd-precinct", "30-day-log", "village-4", "unknown",
    "camera-registry-2019", "unit-4", "corner-store-project", "age-friendly-district", "201900412731", "2022.02.11-3",
]  # fmt: skip
PASSED_AS_NAME = [
    "St. Louis County Police Department", "Prince George's County Sheriff's Office", "Mount Pleasant", "Boerne",
    "Town of East Greenwich Police Department", "Wall Township", "Simulated PD 0413, OH", "Lake in the Hills",
    "18th Judicial District Attorney", "Troop 7 State Police", "Indian River County Sheriff's Office Unit",
    "Unit 4 Fire Protection District", "King and Queen County Sheriff's Office", "Española Police Department",
]  # fmt: skip


def found(text: str, kind: str) -> list[str]:
    with connect() as con:
        return [
            name
            for name, pattern in personal_data.kinds(kind).items()
            if con.execute(
                f"select {personal_data.hit('x', pattern)} from (select $text as x)", {"text": text}
            ).fetchone()[0]
        ]


@pytest.mark.parametrize(("kind", "text"), CAUGHT)
def test_personal_data_in_an_id_is_found_by_its_kind(kind, text):
    assert kind in found(text, "id")


def test_ordinary_ids_and_names_pass():
    assert {text: kinds for text in PASSED_AS_ID if (kinds := found(text, "id"))} == {}
    assert {text: kinds for text in PASSED_AS_NAME if (kinds := found(text, "name"))} == {}


def test_cited_prose_is_searched_for_e_mail_and_phone_only():
    assert found("on 03/14/1984 he wrote to jane@example.org or 614-555-0134 from 12 Main St", "prose") == [
        "an e-mail address",
        "a phone number",
    ]


def test_the_one_pass_question_is_the_sum_of_its_kinds():
    with connect() as con:
        for text in [text for _, text in CAUGHT] + PASSED_AS_ID:
            one_pass = con.execute(
                f"select {personal_data.any_hit('x', 'id')} from (select $text as x)", {"text": text}
            ).fetchone()[0]
            assert one_pass == bool(found(text, "id")), text


def test_a_hit_quarantines_the_row_and_names_column_and_kind_but_not_the_value(town):
    town.requests({}, {"request_ref": "614-555-0134"}, {"outcome": "call jane@example.org"}, {"asked": "41.12345"})
    held = town.reasons()
    assert held[2] == ["request_ref: looks like a phone number"]
    assert held[3] == ["outcome: not in the vocabulary", "outcome: looks like an e-mail address"]
    assert "asked: looks like coordinates finer than 3 decimals" in held[4]
    assert not any("jane" in reason or "0134" in reason for reasons in held.values() for reason in reasons)


def test_an_address_as_an_area_is_refused(town):
    town.write("areas.csv", "agency_id,area,households,source_id\nus-oh-oak-pd,1200-main-st,400,log\n")
    assert town.reasons() == {1: ["area: looks like a street address"]}


def test_a_phone_number_in_a_cited_note_is_refused(town):
    town.write("sources.csv", "source_id,publisher,title,url,published_on,published_precision,read,note\n"
               "log,Town,,,,unknown,data,call (614) 555-0134\n")  # fmt: skip
    con, _ = town.load()
    reasons = con.execute("select reasons from quarantine.rows where source_id = 'sources'").fetchone()[0]
    assert reasons == ["note: looks like a phone number"]


def test_a_place_finer_than_three_decimals_is_refused(town):
    header = "agency_id,name,kind,state,city,county,source_id,county_fips,latitude,longitude,population\n"
    row = "us-oh-oak-pd,Oak Police Department,municipal_police,OH,Oak,,log,39049,{0},-83.001,5000\n"
    town.write("agencies.csv", header + row.format("39.9612"))
    con, _ = town.load()
    assert con.execute("select reasons from quarantine.rows where source_id = 'agencies'").fetchall() == [
        (["latitude: not a number with at most 3 decimals", "latitude: looks like coordinates finer than 3 decimals"],)
    ]
    town.write("agencies.csv", header + row.format("39.961"))
    con, _ = town.load()
    assert con.execute("select latitude::varchar, longitude::varchar from staging.agencies").fetchall() == [
        ("39.961", "-83.001")
    ]
