"""The Atlas of Surveillance: the real file of 2020 against known figures, and the layout of 2026 on made rows."""

import csv
import gzip
import json
import random
import shutil
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from etl.ledger import kind_of
from etl.names import agency_key, county_key, parse_agency_name
from etl.settings import HOUSE, Settings
from tests.etl.identity_world import ATLAS_FILE, Resolved, World, atlas_row, run
from tests.samples import SAMPLES, needs_samples

# What is made for all of these is made once, on one worker.
pytestmark = pytest.mark.xdist_group("atlas-rows")

REAL = SAMPLES / ATLAS_FILE
MADE = Path(__file__).parent.parent / "sources" / "eff_atlas_made_2026-05-01.csv"
RING = "from staging.listings where program_id = 'ring-neighbors'"


def load(folder: Path, *files: Path) -> Resolved:
    """The curated record and these files, loaded and resolved."""
    incoming = folder / "incoming"
    incoming.mkdir()
    for file in files:
        shutil.copy(file, incoming)
    return run(Settings(data=folder / "data", incoming=(incoming,), curated=HOUSE / "data" / "record"))


@pytest.fixture(scope="module")
def real(tmp_path_factory) -> Resolved:
    return load(tmp_path_factory.mktemp("atlas"), REAL)


@needs_samples
def test_every_row_of_the_real_file_is_accepted_or_held_back_with_a_reason(real):
    assert real.ask("select * from ingest.source_rows where source_id = 'atlas'") == [
        ("atlas", ATLAS_FILE, 5784, 1899, 3885)
    ]
    assert real.accounted()
    assert real.ask(
        "select count(*) from quarantine.rows "
        "where source_id = 'atlas' and list_contains(reasons, 'technology is outside Porchlight''s subject')"
    ) == [(3885,)]


@needs_samples
def test_1501_ring_rows_are_1500_agencies_all_with_a_start(real):
    assert real.ask(f"select count(*), count(distinct agency_id), count(started_on) {RING}") == [(1501, 1500, 1501)]
    assert real.ask(f"select agency_id {RING} group by all having count(*) > 1") == [("us-fl-oviedo-pd",)]
    assert real.ask(f"select started_precision, count(*) {RING} group by all order by all") == [
        ("day", 1331),
        ("month", 170),
    ]


@needs_samples
def test_starts_by_year_and_on_the_day_the_vendor_counted(real):
    assert real.ask(f"select year(started_on), count(*) {RING} group by all order by all") == [
        (2018, 59),
        (2019, 703),
        (2020, 739),
    ]
    assert real.ask(f"select count(*) {RING} and started_on <= '2019-08-28'") == [(407,)]
    towns = real.ask(
        "select city from staging.listings join staging.agency_registry using (agency_id, state) "
        "where program_id = 'ring-neighbors' and started_on <= '2019-08-28' and state = 'CT' order by all"
    )
    assert [town for (town,) in towns] == ["Branford", "East Haven", "Naugatuck", "Orange", "Waterford", "Wolcott"]


@needs_samples
def test_states_as_listed_and_as_corrected(real):
    listed = dict(real.ask(f"select listed_state, count(*) {RING} group by all"))
    known = {"IL": 163, "CA": 121, "FL": 118, "NJ": 115, "TX": 100, "NY": 73, "NC": 56, "CT": 39, "NH": 1}
    assert len(listed) == 47
    assert {state: listed[state] for state in known} == known
    corrected = dict(real.ask(f"select state, count(*) {RING} group by all"))
    # Wall Township is in New Jersey; it was New Hampshire's only row.
    assert corrected == {state: count + (state == "NJ") for state, count in listed.items() if state != "NH"}


@needs_samples
def test_agencies_that_the_record_names_too_are_one_agency(real):
    starts = {
        "us-nc-mint-hill-pd": date(2019, 2, 21),
        "us-nc-cornelius-pd": date(2019, 2, 14),
        "us-nc-shelby-pd": date(2019, 3, 20),
        "us-nc-lincolnton-pd": date(2019, 7, 30),
        "us-nc-charlotte-mecklenburg-pd": date(2019, 9, 11),
        "us-ct-wolcott-pd": date(2019, 2, 20),
    }
    for agency_id, start in starts.items():
        assert real.ask(f"select started_on {RING} and agency_id = '{agency_id}'") == [(start,)]
        assert real.ask(f"select count(*) from staging.partnerships where agency_id = '{agency_id}'") == [(1,)]
    both = "select count(distinct agency_id) from staging.agencies semi join staging.listings using (agency_id)"
    assert real.ask(both) == [(185,)]


@needs_samples
def test_known_pairs_are_told_apart(real):
    found = real.agency_of()
    assert (found["AOS3909"], found["AOS4183"]) == ("us-mi-kalamazoo-pd", "us-mi-kalamazoo-township-pd")
    assert (found["AOS4402"], found["AOS4963"]) == ("us-wi-madison-pd", "us-wi-madison-town-pd")
    assert found["AOS4222"] == found["AOS4874"] == "us-fl-oviedo-pd"
    springfields = real.ask(
        "select distinct state from staging.agency_registry where name = 'Springfield Police Department'"
    )
    assert len(springfields) >= 4


@needs_samples
def test_nothing_is_left_for_a_person_to_look_at(real):
    """A look-alike or a repeated listing without a word in the ledger would stand here."""
    assert real.ask("select * from staging.identity_notes") == []


@needs_samples
def test_nearly_every_agency_is_placed_and_every_county_is_of_its_state(real):
    by = dict(real.ask("select placed_by, count(*) from staging.agency_registry group by all"))
    assert by["city"] > 1700
    assert by.get("not_placed", 0) <= 1
    with (HOUSE / "data" / "reference" / "counties.csv").open(encoding="utf-8", newline="") as file:
        state_of = {row["fips"]: row["state"] for row in csv.DictReader(file)}
    placed = real.ask("select state, county_fips from staging.agency_registry where county_fips is not null")
    assert all(state_of[fips] == state for state, fips in placed)


@needs_samples
def test_names_and_counties_agree_with_the_fbis_own_list(real):
    """An independent check: the FBI's list of agencies knows most of them by name, and puts them in the same county."""
    with gzip.open(SAMPLES / "fbi_cde_agencies-by-state.json.gz", "rt", encoding="utf-8") as file:
        states = json.load(file)
    known: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for state, agencies in states.items():
        for agency in agencies.values():
            name = parse_agency_name(agency["agency_name"])
            kind = name.kind or {"City": "municipal_police", "County": "sheriff"}.get(
                agency["agency_type_name"], "other"
            )
            counties = (agency["primary_county"] or "").replace(";", ",").split(",")
            known[state, kind, agency_key(name.base, kind)].update(county_key(county) for county in counties)
    with (HOUSE / "data" / "reference" / "counties.csv").open(encoding="utf-8", newline="") as file:
        county_of = {row["fips"]: county_key(row["name"]) for row in csv.DictReader(file)}
    named = agreeing = every = 0
    for agency_id, name, state, fips in real.ask(
        "select agency_id, name, state, county_fips from staging.agency_registry where county_fips is not null"
    ):
        every += 1
        kind = kind_of(agency_id)
        counties = known.get((state, kind, agency_key(parse_agency_name(name).base, kind)))
        named += counties is not None
        agreeing += counties is not None and county_of[fips] in counties
    assert named / every > 0.92
    # The FBI gives one county, not always the largest, for a city that spans several.
    assert agreeing / named > 0.95


@needs_samples
def test_shuffled_rows_give_the_same_agencies_and_listings(real, tmp_path):
    with REAL.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    random.Random(7).shuffle(rows)
    shuffled = tmp_path / ATLAS_FILE
    with shuffled.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    again = load(tmp_path, shuffled)
    for query in (
        "select * from staging.agency_registry order by all",
        "select * exclude (row_number) from staging.listings order by all",
        "select reasons, original from quarantine.rows order by all",
    ):
        assert again.ask(query) == real.ask(query)


@needs_samples
def test_summaries_are_read_but_leave_staging_with_nothing(real):
    for table in ("listings", "agency_registry"):
        text = " ".join(str(row) for row in real.ask(f"select * from staging.{table}"))
        assert "signed an agreement" not in text


def test_the_layout_of_2026_is_read(tmp_path):
    found = load(tmp_path, MADE)
    assert found.ask(
        "select listing_ref, agency_id, program_id, source_id, started_on, started_precision, known_active_on "
        "from staging.listings order by all"
    ) == [
        ("AOS9000001", "us-nc-mint-hill-pd", "camera-registry", "eff-atlas-2026-05-01", None, "unknown",
         date(2026, 5, 1)),
        ("AOS9000002", "us-ct-wolcott-pd", "ring-neighbors", "eff-atlas-2026-05-01", date(2019, 2, 1), "month",
         date(2026, 5, 1)),
        ("AOS9000004", "us-oh-madeup-university-cp", "camera-registry", "eff-atlas-2026-05-01", None, "unknown",
         date(2026, 5, 1)),
    ]  # fmt: skip
    assert found.held() == {"AOS9000003": ["technology is outside Porchlight's subject"]}
    told = "select title, licence, published_on from staging.sources where source_id like 'eff-atlas-2026%'"
    assert found.ask(told) == [("Atlas of Surveillance", "CC BY 4.0", date(2026, 5, 1))]


@pytest.mark.parametrize("written", ["3/7/20", "03/07/20", "3/07/20", "03/7/20", "3/7/2020", "03/07/2020"])
def test_every_pattern_of_a_start_is_the_same_day(tmp_path, written):
    world = World(tmp_path, atlas=[atlas_row(1, "Troy Police Department", "Troy", "Oakland County", "MI",
                                             Link_1_Date=written)])  # fmt: skip
    assert world.resolve().ask("select started_on, started_precision from staging.listings") == [
        (date(2020, 3, 7), "day")
    ]


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("13/7/20", "link_1_date: not a date of a partnership's start"),
        ("2/30/2020", "link_1_date: not a date of a partnership's start"),
        ("2019-2020", "link_1_date: not a date of a partnership's start"),
        ("1/1/2021", "link_1_date: before 2015, or after the day of the list"),
        ("1/1/1999", "link_1_date: before 2015, or after the day of the list"),
    ],
)
def test_a_start_that_cannot_be_is_held_back(tmp_path, written, reason):
    world = World(tmp_path, atlas=[atlas_row(1, "Troy Police Department", "Troy", "Oakland County", "MI",
                                             Link_1_Date=written)])  # fmt: skip
    found = world.resolve()
    assert found.held() == {"AOS1": [reason]}
    assert found.accounted()


def test_invisible_marks_and_several_counties_in_a_cell_do_not_hide_where_it_is(tmp_path):
    county = "\u200eMontgomery County, \u200eFort Bend County\u200e, \u200eHarris County\u200e"
    world = World(tmp_path, atlas=[atlas_row(1, "Houston Police Department", "Houston", county, "TX")])
    found = world.resolve().registry("us-tx-houston-pd")
    assert found["county_fips"] == "48201"
    assert "\u200e" not in found["county"]


def test_a_registry_has_no_start_even_where_a_document_is_dated(tmp_path):
    row = atlas_row(1, "Troy Police Department", "Troy", "Oakland County", "MI", Technology="Camera Registry")
    world = World(tmp_path, atlas=[row])
    assert world.resolve().ask("select program_id, started_on, started_precision from staging.listings") == [
        ("camera-registry", None, "unknown")
    ]


def test_the_vendors_map_joins_the_same_agencies(tmp_path):
    made = Path(__file__).parent.parent / "sources" / "ring_map_made.kml"
    saved = tmp_path / "ring_map_made_2020-11-01.kml"
    shutil.copy(made, saved)
    found = load(tmp_path, saved)
    rows = found.ask(
        "select agency_id, started_on, started_precision, known_active_on, video_requests, period_start, period_end "
        "from staging.listings order by all"
    )
    map_day, quarter = date(2020, 11, 1), (date(2020, 7, 1), date(2020, 9, 30))
    assert rows == [
        ("us-ct-wolcott-pd", date(2019, 2, 8), "day", map_day, 0, *quarter),
        ("us-nc-mint-hill-pd", date(2019, 2, 21), "day", map_day, 3, *quarter),
        ("us-oh-madeup-falls-fd", None, "unknown", map_day, None, None, None),
        ("us-oh-madeup-falls-pd", date(2020, 7, 1), "day", map_day, None, None, None),
    ]
    assert found.ask("select reasons from quarantine.rows where source_id = 'ring_map'") == [
        (["video_requests: not a whole number of 0 or more"],)
    ]
