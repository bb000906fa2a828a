"""From drawn numbers to the columns of the record format, as Arrow tables. Blank means not known."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from etl.simulation.agencies import Agencies, Ints
from etl.simulation.calendar import Regime
from etl.simulation.habits import CATEGORIES
from etl.simulation.requests import CHANNELS, LEGAL_BASES, NOT_KNOWN, OUTCOMES, Requests

LOGS = "simulated-agency-logs"
REQUEST_COLUMNS = [
    "request_ref",
    "agency_id",
    "program_id",
    "channel",
    "requested_on",
    "incident_category",
    "legal_basis",
    "county_fips",
    "area",
    "asked",
    "responded",
    "shared",
    "declined",
    "outcome",
    "source_id",
]
RESPONSE_COLUMNS = ["agency_id", "request_ref", "response", "answered_after_hours"]
RESPONSES = ("shared", "declined", "no_answer")


def _words(codes: NDArray[np.integer[Any]], vocabulary: Sequence[str], blank: NDArray[np.bool_] | None = None) -> Any:
    """Codes as text, by dictionary: no Python string per row."""
    index = pa.array(codes.astype(np.int32), mask=blank)
    return pa.DictionaryArray.from_arrays(index, pa.array(vocabulary, pa.string()))


def _counts(values: Ints) -> Any:
    return pa.array(values, pa.int64(), mask=values == NOT_KNOWN)


def _refs(serials: Ints) -> Any:
    """R00001, R00002, ... : unique within an agency."""
    most = int(serials.max()) if len(serials) else 0
    return _words(serials - 1, [f"R{number:05d}" for number in range(1, most + 1)])


class Tables:
    """Makes the tables of one simulation; holds the vocabularies that all its parts share."""

    def __init__(self, agencies: Agencies, its_regimes: tuple[Regime, ...]) -> None:
        self.ids = agencies.agency_id
        # Each word once: for a dictionary with repeats pyarrow 26 writes Parquet whose bytes differ from run to run.
        self.programs = sorted({regime.program_id for regime in its_regimes})
        self.program = np.array([self.programs.index(regime.program_id) for regime in its_regimes])
        fips = sorted({*agencies.county_fips, *agencies.second_county} - {""})
        code = {fips_code: number for number, fips_code in enumerate(fips)}
        self.fips = fips
        self.county = np.array([code.get(value, -1) for value in agencies.county_fips], dtype=np.int64)
        self.second = np.array([code.get(value, -1) for value in agencies.second_county], dtype=np.int64)
        self.areas = [f"district-{number}" for number in range(1, int(agencies.areas.max(initial=0)) + 1)]

    def requests(
        self, rows: Requests, keep: NDArray[np.bool_], *, until: int, without_counts: NDArray[np.bool_]
    ) -> pa.Table:
        """The kept requests as they stand on day `until`; `without_counts`: their counts are told by the responses."""
        some = np.flatnonzero(keep)
        agency = rows.agency[some]
        county = np.where(
            rows.in_second_county[some] & (self.second[agency] >= 0), self.second[agency], self.county[agency]
        )
        counts = {
            "asked": asked_as_told(rows, until)[some],
            **{name: getattr(rows, name)[some] for name in ("responded", "shared", "declined")},
        }
        told = without_counts[some]
        unknown = CHANNELS.index("unknown")
        columns = [
            _refs(rows.serial[some]),
            _words(agency, self.ids),
            _words(self.program[rows.regime[some]], self.programs),
            _words(rows.channel[some], CHANNELS, rows.channel[some] == unknown),
            pa.array(rows.day[some].astype(np.int32)).view(pa.date32()),
            _words(rows.category[some], list(CATEGORIES)),
            _words(rows.legal_basis[some], LEGAL_BASES, rows.legal_basis[some] == LEGAL_BASES.index("unknown")),
            _words(county, self.fips, ~rows.names_county[some] | (county < 0)),
            _words(rows.area[some], self.areas, rows.area[some] == NOT_KNOWN),
            *(_counts(np.where(told, NOT_KNOWN, values)) for values in counts.values()),
            _words(rows.outcome[some], OUTCOMES, rows.outcome[some] == OUTCOMES.index("unknown")),
            _words(np.zeros(len(some), dtype=np.int64), [LOGS]),
        ]
        return pa.table(columns, names=REQUEST_COLUMNS)

    def responses(self, rows: Requests, keep: NDArray[np.bool_], *, until: int, rng: np.random.Generator) -> pa.Table:
        """One row per resident asked in the kept requests, all of whose counts are known.

        Most answers come within a day, a few after weeks.
        """
        whole = rows.responded != NOT_KNOWN
        # Drawn for every answer there will ever be, so that an earlier `until` is a part of a later one.
        answers = np.where(whole, rows.responded, 0)
        late = np.exp(2.2 + 1.6 * rng.standard_normal(int(answers.sum())))
        late = late[np.repeat(keep, answers)]
        some = np.flatnonzero(keep)
        asked = asked_as_told(rows, until)[some]
        shared, declined = rows.shared[some], rows.declined[some]
        per_answer = np.stack([shared, declined, asked - shared - declined], axis=1)
        answer = np.repeat(np.tile(np.arange(3), len(some)), per_answer.ravel())
        answered = answer < RESPONSES.index("no_answer")
        hours = np.zeros(len(answer))
        hours[answered] = np.round(np.clip(late, 0.1, 2000), 1)
        return pa.table(
            [
                _words(np.repeat(rows.agency[some].astype(np.int32), asked), self.ids),
                _refs(np.repeat(rows.serial[some].astype(np.int32), asked)),
                _words(answer, RESPONSES),
                pa.array(hours, mask=~answered),
            ],
            names=RESPONSE_COLUMNS,
        )


def asked_as_told(rows: Requests, until: int) -> Ints:
    """Residents asked as the files say on day `until`: too many where the mistake is not yet put right."""
    wrong = (rows.corrected_on < 10**9) & (rows.corrected_on > until)
    return np.where(wrong, rows.asked + rows.asked_too_many, rows.asked)
