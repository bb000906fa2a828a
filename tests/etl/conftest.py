"""A folder of incoming files and a real database that the loader fills from it."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pytest

from etl.engines.duckdb import connect
from etl.ingest import Ingested, ingest
from etl.settings import Settings

TODAY = date(2026, 6, 30)
SOURCES = "source_id,publisher,title,url,published_on,published_precision,read,note\nlog,Town,,,,unknown,data,\n"
AGENCIES = """agency_id,name,kind,state,city,county,source_id
us-oh-oak-pd,Oak Police Department,municipal_police,OH,Oak,,log
us-oh-elm-pd,Elm Police Department,municipal_police,OH,Elm,,log
"""
AREAS = "agency_id,area,households,source_id\nus-oh-oak-pd,north,400,log\n"
REGIMES = """regime_id,program_id,starts_on,starts_precision,ends_on,ends_precision,name,what_a_request_is,\
agency_sees_who_was_asked,denominator_known_to,source_id
mail,ring-neighbors,2018-03-01,month,2021-06-07,day,Mail,A mail,no,vendor,log
posts,ring-neighbors,2021-06-07,day,2024-01-01,year,Posts,A post,no,unknown,log
community,ring-community-requests,2025-01-01,year,,unknown,Community,A notice,no,unknown,log
"""
REQUEST = {
    "request_ref": "r-1",
    "agency_id": "us-oh-oak-pd",
    "program_id": "ring-neighbors",
    "channel": "email",
    "requested_on": "2019-05-02",
    "incident_category": "burglary",
    "legal_basis": "voluntary_request",
    "county_fips": "39049",
    "area": "north",
    "asked": "12",
    "responded": "5",
    "shared": "3",
    "declined": "2",
    "outcome": "video_received",
    "source_id": "log",
}


def csv_of(rows: list[dict[str, str]], columns: list[str] | None = None) -> str:
    """CSV text of rows that need no quotes."""
    columns = columns or list(rows[0])
    return "\n".join([",".join(columns), *(",".join(row[column] for column in columns) for row in rows)]) + "\n"


@dataclass
class Town:
    """Incoming files of one small town; `load` runs the real loader into a fresh database in memory."""

    folder: Path
    data: Path

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def requests(self, *changes: dict[str, str], name: str = "requests.csv") -> None:
        """One good request per entry, with that entry's cells changed."""
        rows = [REQUEST | {"request_ref": f"r-{at}"} | change for at, change in enumerate(changes, 1)]
        self.write(name, csv_of(rows))

    def load(self, curated: Path | None = None) -> tuple[duckdb.DuckDBPyConnection, Ingested]:
        con = connect()
        settings = Settings(data=self.data, incoming=(self.folder,), curated=curated, today=TODAY)
        return con, ingest(settings, con)

    def reasons(self) -> dict[int, list[str]]:
        """Row number -> reasons of all rows in quarantine."""
        con, _ = self.load()
        return dict(con.execute("select row_number, reasons from quarantine.rows").fetchall())


@pytest.fixture
def town(tmp_path: Path) -> Town:
    (tmp_path / "incoming").mkdir()
    town = Town(tmp_path / "incoming", tmp_path / "data")
    for name, text in (("sources", SOURCES), ("agencies", AGENCIES), ("areas", AREAS), ("regimes", REGIMES)):
        town.write(f"{name}.csv", text)
    return town
