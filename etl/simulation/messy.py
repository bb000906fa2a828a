"""Files as offices really send them, with their mistakes, each counted so that a loader can be held to it."""

import csv
import io
from typing import NamedTuple

import pyarrow as pa

from etl.simulation.files import CsvSheet, Dialect
from etl.simulation.tables import LOGS, REQUEST_COLUMNS


class Office(NamedTuple):
    """One file: which of every `EVERY` agencies are in it, and how it is saved."""

    file: str
    place: int
    dialect: Dialect


EVERY = 25
OFFICES = (
    Office("requests-spreadsheet-export.csv", 3, Dialect(line_end="\r\n", mark=b"\xef\xbb\xbf")),
    Office("requests-office-europe.csv", 11, Dialect(encoding="cp1252", delimiter=";", line_end="\r\n")),
    Office(
        "requests-unicode-text.csv",
        19,
        Dialect(encoding="utf-16-le", delimiter="\t", line_end="\r\n", mark=b"\xff\xfe"),
    ),
)

# Kind of mistake: the cells that make a good row bad.
MISTAKES: dict[str, dict[str, str]] = {
    "not a date": {"requested_on": "31/02/2020"},
    "date missing": {"requested_on": ""},
    "date in the future": {"requested_on": "2049-01-01"},
    "not a whole number": {"asked": "about 20"},
    "negative count": {"declined": "-1"},
    "more answers than asked": {"asked": "3", "responded": "9", "shared": "5", "declined": "4"},
    "parts larger than the whole": {"responded": "4", "shared": "3", "declined": "3"},
    "word outside the vocabulary": {"incident_category": "loud music"},
    "agency not declared": {"agency_id": "us-oh-simulated-nobody-pd"},
    "source not declared": {"source_id": "simulated-hearsay"},
    "area not declared": {"area": "district-99"},
    "accented letters in a code": {"area": "cañón-3"},
    "line break in a cell": {"area": "district-1\nupstairs"},
    "e-mail address in a cell": {"area": "tips@example.org"},
}
TOO_FEW, TOO_MANY, CONTRADICTION, REPEAT = (
    "too few cells",
    "too many cells",
    "same reference, other content",
    "exact repeat",
)


def line(cells: list[str], dialect: Dialect) -> str:
    """One record as text, quoted where needed, with a bare line feed at its end."""
    out = io.StringIO()
    csv.writer(out, delimiter=dialect.delimiter, lineterminator="\n").writerow(cells)
    return out.getvalue()


def mistakes(agency_id: str, day: str, prefix: str, dialect: Dialect) -> dict[str, list[str]]:
    """Lines by kind of mistake. Each line is one record that a loader must refuse."""
    good = {
        "agency_id": agency_id,
        "program_id": "ring-neighbors",
        "channel": "email",
        "requested_on": day,
        "incident_category": "burglary",
        "legal_basis": "voluntary_request",
        "asked": "12",
        "responded": "4",
        "shared": "2",
        "declined": "2",
        "outcome": "video_received",
        "source_id": LOGS,
    }

    def cells(reference: str, wrong: dict[str, str]) -> list[str]:
        row = {"request_ref": f"{prefix}-{reference}", **good, **wrong}
        return [row.get(column, "") for column in REQUEST_COLUMNS]

    lines = {
        kind: [line(cells(f"{number:02d}", wrong), dialect)] for number, (kind, wrong) in enumerate(MISTAKES.items(), 1)
    }
    lines[TOO_FEW] = [line(cells("21", {})[:6], dialect)]
    lines[TOO_MANY] = [line([*cells("22", {}), "", "see note"], dialect)]
    lines[CONTRADICTION] = [line(cells("23", {"asked": asked}), dialect) for asked in ("12", "13")]
    return lines


class MessySheet(CsvSheet):
    """A CSV file of one office: half of its mistakes before the good rows, half after them."""

    def begin(self, agency_id: str, day: str, prefix: str) -> None:
        """Write the first half of the mistakes. `agency_id` is declared, `day` a good day; `prefix` of references."""
        self.bad: dict[str, int] = {}
        self.first_row = ""
        kinds = list(mistakes(agency_id, day, prefix, self.dialect).items())
        self.later = kinds[len(kinds) // 2 :]
        self._write_bad(kinds[: len(kinds) // 2])

    def write(self, table: pa.Table) -> None:
        """Append good rows; the first of them is remembered, to be sent twice."""
        if not self.first_row and table.num_rows:
            row = table.slice(0, 1).to_pylist()[0]
            self.first_row = line(["" if cell is None else str(cell) for cell in row.values()], self.dialect)
        super().write(table)

    def close(self) -> None:
        """Write the second half of the mistakes and finish."""
        if not self.file.closed:
            self._write_bad([*self.later, *([(REPEAT, [self.first_row])] if self.first_row else [])])
        super().close()

    def _write_bad(self, kinds: list[tuple[str, list[str]]]) -> None:
        for kind, lines in kinds:
            self.write_text("".join(lines), len(lines))
            self.bad[kind] = len(lines)
