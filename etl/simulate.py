"""`porchlight simulate`: an invented country in the record format. The same seed gives the same bytes.

The demo edition and the benchmarks are made of it. What it takes from published figures and what is invented is said in
`etl/simulation/consent.py`. It never writes the name of a real agency.
"""

import csv
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from etl.errors import UsageError
from etl.settings import HOUSE
from etl.simulation import papers
from etl.simulation.agencies import Agencies, draw_agencies
from etl.simulation.calendar import day_number, regimes, spans, stream, window
from etl.simulation.consent import ASKED_PER_REQUEST, PRESETS, Preset
from etl.simulation.files import CsvSheet, Desk, ParquetSheet, Sheet
from etl.simulation.habits import draw_habits
from etl.simulation.messy import EVERY, OFFICES, MessySheet
from etl.simulation.partnerships import NEVER, draw_partnerships
from etl.simulation.requests import NOT_KNOWN, Requests, draw_requests, parts, shares_of_agencies
from etl.simulation.tables import REQUEST_COLUMNS, RESPONSE_COLUMNS, Tables

Format = Literal["csv", "parquet"]

# The demo edition: March 2018 to June 2026. Enough agencies that every page has something to show.
DEMO_AGENCIES, DEMO_REQUESTS, DEMO_MONTHS, DEMO_SEED = 520, 36_000, 100, 413

HEADERS = {
    "sources": "source_id publisher title url published_on published_precision read note",
    "agencies": "agency_id name kind state city county source_id county_fips latitude longitude population",
    "areas": "agency_id area households source_id",
    "partnerships": "agency_id program_id started_on started_precision known_active_on ended_on approval incentive "
    "note source_id",
    "regimes": "regime_id program_id starts_on starts_precision ends_on ends_precision name what_a_request_is "
    "agency_sees_who_was_asked denominator_known_to source_id",
    "events": "event_id happened_on precision scope kind title summary source_id",
    "published_counts": "agency_id program_id period_start period_end measure value qualifier note source_id",
    "reported_totals": "as_of as_of_precision scope measure value qualifier note source_id",
    "corrections": "correction_id corrected_on table_name what_was_wrong what_is_right source_id",
}


@dataclass(frozen=True)
class Simulated:
    """What was written: records in each file, and those among them that a loader must refuse, by kind of mistake."""

    rows: dict[str, int]
    bad_rows: dict[str, dict[str, int]] = field(default_factory=dict)

    def refused(self, file: str) -> int:
        """Records of a file that must land in quarantine."""
        return sum(self.bad_rows.get(file, {}).values())


def simulate(
    out: Path,
    *,
    agencies: int = DEMO_AGENCIES,
    requests: int = DEMO_REQUESTS,
    months: int = DEMO_MONTHS,
    seed: int = DEMO_SEED,
    responses: bool = False,
    messy: bool = True,
    format: Format = "csv",
    consent: Preset = "mixed",
    asked: float = ASKED_PER_REQUEST,
    end: date | None = None,
    until: date | None = None,
    reference: Path | None = None,
) -> Simulated:
    """Write the record tables of an invented country into the folder `out`, in place of an earlier simulation there.

    `months` whole months up to the month of `end` (without it: from March 2018, never past June 2026). `requests` is
    the number over the whole window, `asked` the mean number of residents per request that says it. `responses` adds
    one row per resident asked; requests told by such rows carry no counts of their own. `messy` sends the requests of
    some agencies in other encodings, with mistakes (CSV only).

    `until` writes what is known on that day: the same country earlier in its life. A later `until` has all of its rows,
    new ones, a few late ones for earlier months, and a few corrected counts.
    """
    if agencies < 1 or requests < 0 or seed < 0:
        raise UsageError(
            "A simulation needs at least one agency, and neither a negative number of requests nor a negative seed."
        )
    if asked < 1:
        raise UsageError("A request asks one resident at least.")
    if consent not in PRESETS:
        raise UsageError(f"Consent is one of {', '.join(PRESETS)}.")
    span = window(months, end)
    its_regimes = regimes(span)
    when = spans(span, its_regimes)
    people = draw_agencies(agencies, seed, reference or HOUSE / "data" / "reference")
    known = draw_partnerships(people, span, its_regimes, seed)
    habits = draw_habits(people, known, when, its_regimes, consent=consent, asked_per_request=asked, seed=seed)
    counts = shares_of_agencies(habits, requests, seed)
    last = min(until or span.last_day, span.last_day)
    last_day = day_number(last)

    _clear(out)
    tables = Tables(people, its_regimes)
    corrected: list[NDArray[np.int64]] = [np.array([], dtype=np.int64)]
    with Desk() as desk:
        answers: Sheet | None = None
        sheets = _request_sheets(out, people, messy=messy, format=format, day=span.first.isoformat())
        desk.sheets += [sheet for _, sheet, _ in sheets]
        if responses:
            answers = _sheet(out, "responses", RESPONSE_COLUMNS, format)
            desk.sheets.append(answers)
        for part, between in enumerate(parts(counts)):
            drawn = draw_requests(people, habits, when, span, counts, between, stream(seed, "requests", part))
            keep = drawn.known_on <= last_day
            told = (
                keep & (drawn.responded != NOT_KNOWN) & (drawn.asked > 0)
                if responses
                else np.zeros(len(keep), dtype=bool)
            )
            for _, sheet, places in sheets:
                mine = keep & np.isin(drawn.agency % EVERY, places)
                desk.write(sheet, tables.requests(drawn, mine, until=last_day, without_counts=told))
            if answers is not None:
                its_answers = tables.responses(drawn, told, until=last_day, rng=stream(seed, "responses", part))
                desk.write(answers, its_answers)
            corrected.append(_corrections(drawn, keep, last_day))
    rows = {name: sheet.rows for name, sheet, _ in sheets}
    if answers is not None:
        rows[f"responses.{format}"] = answers.rows
    small = {
        "sources": papers.source_rows(seed, last),
        "agencies": papers.agency_rows(people),
        "areas": papers.area_rows(people, seed),
        "partnerships": papers.partnership_rows(people, known, last_day),
        "regimes": papers.regime_rows(its_regimes),
        "events": papers.event_rows(people, known, its_regimes, span, last),
        "published_counts": papers.press_rows(people, known, habits.keeps_log, seed, last_day),
        "reported_totals": papers.total_rows(known, span, last),
        "corrections": papers.correction_rows(np.concatenate(corrected)),
    }
    for name, its_rows in small.items():
        _write_small(out, name, its_rows, format)
        rows[f"{name}.{format}"] = len(its_rows)
    return Simulated(rows, {name: dict(sheet.bad) for name, sheet, _ in sheets if isinstance(sheet, MessySheet)})


def _clear(out: Path) -> None:
    """Make the folder, or take an earlier simulation out of it; refuse a folder with anybody's real record files."""
    out.mkdir(parents=True, exist_ok=True)
    names = {f"{table}{ending}" for table in (*HEADERS, "requests", "responses") for ending in (".csv", ".parquet")}
    own = [path for path in sorted(out.iterdir()) if path.name in names | {office.file for office in OFFICES}]
    if own and not any(papers.INVENTED in _source_ids(path) for path in own if path.stem == "sources"):
        raise UsageError(f"{out.name}: the folder holds record files that were not simulated. Give another --out.")
    for path in own:
        path.unlink()


def _source_ids(path: Path) -> list[str]:
    """The ids of a sources table."""
    if path.suffix == ".parquet":
        return [str(value) for value in pq.read_table(path).column("source_id").to_pylist()]
    with path.open(encoding="utf-8", newline="") as file:
        return [row.get("source_id", "") for row in csv.DictReader(file)]


def _sheet(out: Path, name: str, columns: list[str], format: Format) -> Sheet:
    return CsvSheet(out / f"{name}.csv", columns) if format == "csv" else ParquetSheet(out / f"{name}.parquet")


def _request_sheets(
    out: Path, people: Agencies, *, messy: bool, format: Format, day: str
) -> list[tuple[str, Sheet, list[int]]]:
    """File name, sheet and the places (agency number modulo `EVERY`) whose requests go there."""
    offices = OFFICES if messy and format == "csv" else ()
    taken = {office.place for office in offices}
    rest = [place for place in range(EVERY) if place not in taken]
    sheets: list[tuple[str, Sheet, list[int]]] = [
        (f"requests.{format}", _sheet(out, "requests", REQUEST_COLUMNS, format), rest)
    ]
    for office in offices:
        sheet = MessySheet(out / office.file, REQUEST_COLUMNS, office.dialect)
        sheet.begin(people.agency_id[min(office.place, len(people) - 1)], day, f"BAD{office.place}")
        sheets.append((office.file, sheet, [office.place]))
    return sheets


def _corrections(drawn: Requests, keep: NDArray[np.bool_], last_day: int) -> NDArray[np.int64]:
    """Days on which kept requests were put right."""
    return drawn.corrected_on[keep & (drawn.corrected_on <= last_day) & (drawn.corrected_on < NEVER)]


def _write_small(out: Path, name: str, its_rows: papers.Rows, format: Format) -> None:
    """A table of at most some ten thousand rows, all cells as text."""
    columns = HEADERS[name].split()
    if format == "csv":
        with (out / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(its_rows)
        return
    text = {
        column: pa.array([None if row[column] is None else str(row[column]) for row in its_rows], pa.string())
        for column in columns
    }
    sheet = ParquetSheet(out / f"{name}.parquet")
    sheet.write(pa.table(text))
    sheet.close()
