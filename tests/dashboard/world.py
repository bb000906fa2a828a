"""A small invented world as a finished release: real DuckDB, columns as the release's descriptions say.

Each row is there for a reason, told beside it. The descriptions are read here and nowhere in dashboard/.
"""

import csv
import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

HOUSE = Path(__file__).resolve().parents[2]
DESCRIPTIONS = {path.stem: path for path in sorted((HOUSE / "etl" / "marts").glob("*.toml"))}
Rows = dict[str, list[dict[str, Any]]]
RING = "ring-neighbors"


def day(text: str) -> date:
    return date.fromisoformat(text)


def agency(agency_id: str, state: str, kind: str = "municipal_police", **more: Any) -> dict[str, Any]:
    name = more.pop("name", agency_id.replace("us-", "").title())
    placed = {"latitude": 41.5, "longitude": -72.5, "placed_by": "city", "population": 20_000, "county_fips": "09001"}
    return {"agency_id": agency_id, "name": name, "kind": kind, "state": state, "city": name} | placed | more


def partnership(agency_id: str, started: str | None, precision: str, **more: Any) -> dict[str, Any]:
    started_on = day(started) if started else None
    return {
        "agency_id": agency_id,
        "program_id": RING,
        "started_on": started_on,
        "started_precision": precision,
        "known_active_on": None,
        "ended_on": None,
        "approval": "unknown",
        "incentive": "unknown",
        "started_source_id": "list-2020",
        "last_known_active_on": day("2020-10-07"),
        "sources": 1,
        "conflicts": None,
    } | more


def block(block_id: str, agency_id: str, quarter: str, **more: Any) -> dict[str, Any]:
    return {
        "block_id": block_id,
        "agency_id": agency_id,
        "program_id": RING,
        "regime_id": "email-video-requests",
        "first_quarter": day(quarter),
        "last_quarter": day(quarter),
        "categories": "burglary",
        "counties": "09001",
        "areas": "unknown",
        "requests": 4,
        "asked": 60,
        "responded": 30,
        "shared_low": 15,
        "shared_high": 15,
        "release_no": 1,
        "rules_version": "1",
    } | more


def requests(agency_id: str, month: str, count: int, with_asked: int, **more: Any) -> dict[str, Any]:
    return {
        "agency_id": agency_id,
        "program_id": RING,
        "regime_id": "email-video-requests",
        "month_start": day(month),
        "channel": "email",
        "incident_category": "burglary",
        "legal_basis": "voluntary_request",
        "county_fips": "09001",
        "area": "unknown",
        "requests": count,
        "requests_with_asked": with_asked,
    } | more


def total(as_of: str, precision: str, value: float, **more: Any) -> dict[str, Any]:
    return {
        "as_of": day(as_of),
        "as_of_precision": precision,
        "scope": "US",
        "measure": "police_agencies",
        "value": value,
        "qualifier": "exact",
        "note": None,
        "source_id": "press",
    } | more


def record(name: str) -> list[dict[str, Any]]:
    """Rows of a curated table, blanks as null."""
    with (HOUSE / "data" / "record" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [{key: value or None for key, value in row.items()} for row in csv.DictReader(file)]


def reference(name: str) -> list[dict[str, Any]]:
    with (HOUSE / "data" / "reference" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def world() -> Rows:
    """Five agencies in three states, one list, two totals, three blocks."""
    partnerships = [
        partnership("us-ct-one-pd", "2019-08-10", "day"),
        # Known to the month only: counts from the month's last day.
        partnership("us-ct-two-pd", "2019-08-01", "month"),
        partnership("us-nj-one-so", "2020-02-03", "day", approval="council_vote"),
        # Named by the press: a day on which it takes part, no start.
        partnership("us-nj-two-fd", None, "unknown", known_active_on=day("2020-03-15"), started_source_id=None),
        # Another program: never counted with Ring.
        partnership("us-wi-one-pd", "2019-01-01", "year", program_id="camera-registry"),
    ]
    listed = [p for p in partnerships if p["program_id"] == RING and p["started_on"]]
    claims = [
        {
            key: p.get(key)
            for key in ("agency_id", "program_id", "started_on", "started_precision", "known_active_on", "ended_on")
        }
        | {
            "source_id": "list-2020" if p["started_on"] else "press",
            "approval": p["approval"],
            "incentive": "unknown",
            "listings": 1,
            "note": None,
        }
        for p in partnerships
    ]
    listings = [
        {
            "source_id": "list-2020",
            "listing_ref": f"row-{number}",
            "agency_id": p["agency_id"],
            "program_id": p["program_id"],
            "started_on": p["started_on"],
            "started_precision": p["started_precision"],
            "known_active_on": day("2020-10-07"),
            "matched_by": "new",
            "listed_state": p["agency_id"][3:5].upper(),
        }
        # One agency stands on the list twice.
        for number, p in enumerate([*listed, listed[0]])
    ]
    joined = {"2019-08-01": (2, 2), "2020-02-01": (1, 3), "2020-03-01": (0, 4), "2020-10-01": (0, 4)}
    months = [f"{year}-{month:02d}-01" for year in (2019, 2020) for month in range(1, 13)]
    participation, active = [], 0
    for month in months:
        new, active = joined.get(month, (0, active))
        participation.append(
            {
                "scope": "US",
                "month_start": day(month),
                "program_id": RING,
                "joined": new if month <= "2020-11-01" else None,
                "left": None,
                "active": active if month <= "2020-11-01" else None,
                "per_100k_residents": None,
                "share_of_agencies": None,
                "status": "published"
                if month <= "2020-10-01"
                else "partly_published"
                if month == "2020-11-01"
                else "not_reported",
            }
        )
    source = {"title": "A list", "published_precision": "day", "licence": "CC BY 4.0", "note": None}
    return {
        "agencies": [
            agency("us-ct-one-pd", "CT", name="One Police Department"),
            agency("us-ct-two-pd", "CT", latitude=None, longitude=None, placed_by="not_placed"),
            agency("us-nj-one-so", "NJ", "sheriff", county_fips="34001"),
            # A name that would be markup if a page forgot to escape.
            agency("us-nj-two-fd", "NJ", "fire", name="Two <b>Fire</b> & Rescue"),
            agency("us-wi-one-pd", "WI"),
        ],
        "partnerships": partnerships,
        "partnership_claims": claims,
        "partnership_listings": listings,
        "participation": participation,
        "programs": [
            {"program_id": RING, "name": "Ring Neighbors", "asks_residents": True, "description": "App."},
            {
                "program_id": "camera-registry",
                "name": "Camera registry",
                "asks_residents": False,
                "description": "List.",
            },
        ],
        "regimes": [row | {"has_request_tool": row["regime_id"] != "no-request-tool"} for row in record("regimes")],
        "states": reference("states"),
        "sources": [
            source
            | {"source_id": "list-2020", "publisher": "List Keepers", "url": "https://example.org/list", "read": "data"}
            | {"published_on": day("2020-10-07")},
            source
            | {"source_id": "press", "publisher": "A Newsroom", "url": None, "read": "full", "licence": None}
            | {"published_on": day("2021-01-05")},
        ],
        "reported_totals": [
            total("2020-02-20", "day", 3),
            # Of all kinds, so that fire departments are in it; for the end of the year.
            total("2020-01-01", "year", 10, measure="agencies"),
            total("2020-01-01", "year", 50, measure="requests_in_year", qualifier="more_than"),
        ],
        "published_counts": [],
        "events": [],
        "corrections": [],
        "request_counts": [
            requests("us-ct-one-pd", "2020-01-01", 5, 5),
            requests("us-ct-one-pd", "2020-04-01", 4, 4, incident_category="robbery"),
            requests("us-nj-one-so", "2020-04-01", 6, 4, county_fips="34001"),
            # A closed program month without any asked: nothing can be covered there.
            requests("us-wi-one-pd", "2022-01-01", 3, 0, regime_id="request-for-assistance", channel="public_post"),
        ],
        "consent_blocks": [
            block("b1", "us-ct-one-pd", "2020-01-01", requests=5, asked=100, shared_low=20, shared_high=20),
            # Two categories in one block: inside no selection of one of them.
            block("b2", "us-ct-one-pd", "2020-04-01", categories="burglary|robbery", responded=None),
            # A range, over two quarters.
            block(
                "b3",
                "us-nj-one-so",
                "2020-01-01",
                last_quarter=day("2020-04-01"),
                counties="34001",
                responded=None,
                shared_low=0,
                shared_high=3,
            ),
        ],
        "block_cells": [],
        "source_rows": [],
        "quarantine_reasons": [],
        "release_changes": [],
    }


def publish(
    data: Path,
    edition: str = "record",
    *,
    number: int = 1,
    rows: Rows | None = None,
    is_simulated: bool | None = None,
    point: bool = True,
) -> str:
    """Write a finished release under data/public/<edition> and point at it. Returns its id."""
    release_id = f"2026-11-{number:02d}-{number:012x}"
    folder = data / "public" / edition / "releases" / release_id
    folder.mkdir(parents=True)
    about = {
        "release_id": release_id,
        "edition": edition,
        "release_no": number,
        "released_on": day("2026-11-20"),
        "content_hash": "0" * 64,
        "previous_release_id": None,
        "data_as_of": day("2026-11-20"),
        "rules_version": "1",
        "is_simulated": edition == "demo" if is_simulated is None else is_simulated,
    }
    rows = (rows or world()) | {"release": [about]}
    with duckdb.connect(str(folder / "porchlight.duckdb")) as database:
        # One transaction: by themselves each of many rows would wait for the disk.
        database.begin()
        dictionary = []
        for name, path in DESCRIPTIONS.items():
            columns = tomllib.loads(path.read_text(encoding="utf-8"))["columns"]
            listed = ", ".join(f'"{column}" {told["type"]}' for column, told in columns.items())
            database.execute(f"create table {name} ({listed})")
            dictionary += [
                (name, column, place, told["type"], told["required"], told.get("unit"), told["description"], None)
                for place, (column, told) in enumerate(columns.items(), 1)
            ]
            if rows.get(name):
                places = ", ".join("?" for _ in columns)
                values = [[row.get(column) for column in columns] for row in rows[name]]
                database.executemany(f"insert into {name} values ({places})", values)
        database.executemany("insert into dictionary values (?, ?, ?, ?, ?, ?, ?, ?)", dictionary)
        database.commit()
    (folder / "release.json").write_text(json.dumps({"release_no": number}), encoding="utf-8")
    if point:
        (data / "public" / edition / "current.json").write_text(
            json.dumps({"release_id": release_id}), encoding="utf-8"
        )
    return release_id
