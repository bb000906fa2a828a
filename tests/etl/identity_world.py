"""A small world for tests of identity: record agencies, an Atlas, a map and a ledger, loaded for real."""

import csv
import io
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from etl import ledger
from etl.engines.duckdb import connect
from etl.identity import resolve
from etl.ingest import ingest
from etl.settings import Settings

ATLAS_FILE = "eff_atlas_of_surveillance_2020-10-07.csv"
ATLAS = ("AOSNUMBER", "City", "County", "State", "Agency", "Type of LEA", "Type of Juris", "Technology", "Summary",
         "Link 1 Date")  # fmt: skip
AGENCY = ("agency_id", "name", "kind", "state", "city", "county", "source_id")
SOURCES = "source_id,publisher,title,url,published_on,published_precision,read,note\npress,A paper,,,,unknown,full,\n"
RING = "Ring/Neighbors Partnership"


def atlas_row(number: int, name: str, city: str, county: str, state: str, **more: str) -> dict[str, str]:
    """One made Ring row of the Atlas; its Summary names the same agency unless told otherwise."""
    stated = more.pop("stated", name)
    kind = "Sheriff" if "Sheriff" in name else "Police"
    row = {"AOSNUMBER": f"AOS{number}", "City": city, "County": county, "State": state, "Agency": name,
           "Type of LEA": kind, "Type of Juris": "Municipal", "Technology": RING, "Link 1 Date": "2/1/2020",
           "Summary": f"The {stated} signed an agreement with a company."}  # fmt: skip
    return row | {key.replace("_", " "): value for key, value in more.items()}


def table(columns: tuple[str, ...], rows: list[dict[str, str]]) -> str:
    """CSV text."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


@dataclass
class World:
    """What lies in the curated and the incoming folder; `resolve` loads it and decides who is who."""

    folder: Path
    record: list[dict[str, str]] = field(default_factory=list)
    atlas: list[dict[str, str]] = field(default_factory=list)
    ledger: list[dict[str, str]] = field(default_factory=list)
    snapshot: str = "2020-10-07"

    def agency(
        self, agency_id: str, name: str, city: str = "", county: str = "", kind: str = "municipal_police"
    ) -> None:
        """Add an agency of the record; its state is in its id."""
        state = agency_id.split("-")[1].upper()
        values = (agency_id, name, kind, state, city, county, "press")
        self.record.append(dict(zip(AGENCY, values, strict=True)))

    def entry(self, agency_id: str, kind_of_entry: str, name_or_ref: str, **more: str) -> None:
        """Add an entry of the ledger; its state is in its id."""
        state = agency_id.split("-")[1].upper()
        row = dict.fromkeys(ledger.COLUMNS, "") | {
            "agency_id": agency_id, "kind_of_entry": kind_of_entry, "state": state, "name_or_ref": name_or_ref,
            "reason": "Made for a test.",
        }  # fmt: skip
        self.ledger.append(row | more)

    def resolve(self) -> "Resolved":
        """Load and resolve everything in a new database."""
        curated, incoming = self.folder / "curated", self.folder / "incoming"
        curated.mkdir(parents=True, exist_ok=True)
        incoming.mkdir(exist_ok=True)
        (curated / "sources.csv").write_text(SOURCES)
        (curated / "agencies.csv").write_text(table(AGENCY, self.record))
        (curated / ledger.FILE).write_text(table(ledger.COLUMNS, self.ledger))
        if self.atlas:
            (incoming / f"eff_atlas_{self.snapshot}.csv").write_text(table(ATLAS, self.atlas))
        return run(Settings(data=self.folder / "data", incoming=(incoming,), curated=curated, today=date(2026, 6, 30)))


@dataclass
class Resolved:
    """The finished tables."""

    con: duckdb.DuckDBPyConnection

    def ask(self, query: str) -> list[Any]:
        """The rows of a query."""
        return self.con.execute(query).fetchall()

    def agency_of(self) -> dict[str, str]:
        """Agency by listing_ref."""
        return dict(self.ask("select listing_ref, agency_id from staging.listings"))

    def held(self) -> dict[str, list[str]]:
        """Reasons by listing_ref, of Atlas rows in quarantine."""
        query = "select original ->> 'listing_ref', reasons from quarantine.rows where source_id = 'atlas'"
        return dict(self.ask(query))

    def registry(self, agency_id: str) -> dict[str, Any]:
        """One agency of the register."""
        found = self.con.execute("select * from staging.agency_registry where agency_id = ?", [agency_id])
        names = [column[0] for column in found.description or ()]
        row = found.fetchone()
        assert row is not None, agency_id
        return dict(zip(names, row, strict=True))

    def accounted(self) -> bool:
        """Whether read = accepted + quarantined, in the account and in the tables."""
        wrong = self.ask("select 1 from ingest.source_rows where rows_read <> rows_accepted + rows_quarantined")
        sums = self.ask(
            "select sum(rows_accepted), sum(rows_quarantined) from ingest.source_rows where source_id = 'atlas'"
        )
        counted = self.ask(
            "select (select count(*) from staging.listings where listing_ref like 'AOS%'), "
            "(select count(*) from quarantine.rows where source_id = 'atlas')"
        )
        return not wrong and sums == counted


def run(settings: Settings) -> Resolved:
    """Load and resolve what the settings point at, in memory."""
    con = connect()
    ingest(settings, con)
    resolve(con, settings)
    return Resolved(con)
