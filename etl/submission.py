"""`porchlight check FILE...`: what the loader would say of files, before anyone hands them in. Nothing is kept."""

import tempfile
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from etl.engines.duckdb import connect
from etl.errors import SourceError
from etl.files import Found, match_files
from etl.ingest import load
from etl.settings import HOUSE

RECORD = HOUSE / "data" / "record"


@dataclass(frozen=True)
class BadRow:
    """One row that would be held back. `row_number` counts data rows from 1; the reasons hold no value of the row."""

    row_number: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Checked:
    """What the loader makes of one file. `error`: the file as a whole cannot be read; the counts are then 0."""

    file: str
    table: str | None
    rows_read: int = 0
    rows_accepted: int = 0
    rows_quarantined: int = 0
    bad_rows: tuple[BadRow, ...] = ()
    error: str | None = None

    @property
    def is_clean(self) -> bool:
        """The file can be read and every row would be accepted."""
        return self.error is None and not self.bad_rows

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"is_clean": self.is_clean} | asdict(self)

    def in_words(self) -> str:
        """For a terminal: one line for the file, one for every bad row."""
        if self.error:
            return self.error
        lines = [
            f"{self.file} ({self.table}): {self.rows_read:,} rows read = "
            f"{self.rows_accepted:,} accepted + {self.rows_quarantined:,} held back."
        ]
        lines += [f"  row {row.row_number:,}: {'; '.join(row.reasons)}" for row in self.bad_rows]
        return "\n".join(lines)


def check_files(paths: list[Path], reference: Path | None = RECORD, today: date | None = None) -> list[Checked]:
    """Validate files together, in the order given; ids are looked up among them and in the record of `reference`."""
    paths = [path.resolve() for path in dict.fromkeys(paths)]
    known = sorted(path for path in reference.resolve().iterdir() if path.is_file()) if reference else []
    found, unrecognised = match_files([path for path in known if path not in paths] + paths)
    errors: dict[Path, str] = {}

    def refuse(file: Found, error: SourceError) -> None:
        errors[file.path] = str(error)

    with connect() as con, tempfile.TemporaryDirectory() as folder:
        load(con, found, today or date.today(), Path(folder), refuse)
        counts = {(table, file): rows for table, file, *rows in con.execute("from ingest.source_rows").fetchall()}
        bad: dict[tuple[str, str], list[BadRow]] = {}
        for table, file, row_number, reasons in con.execute(
            "select source_id, file, row_number, reasons from quarantine.rows order by all"
        ).fetchall():
            bad.setdefault((table, file), []).append(BadRow(row_number, tuple(reasons)))

    by_path = {file.path: file for file in found}
    results = []
    for path in paths:
        if path in unrecognised:
            hint = "its name fits no table of the record format. Name it after one, such as requests-our-town.csv."
            results.append(Checked(path.name, None, error=f"{path.name}: {hint}"))
            continue
        file = by_path[path]
        at = (file.source.name, file.label)
        if path in errors:
            results.append(Checked(file.label, file.source.name, error=errors[path]))
        else:
            read, accepted, quarantined = counts[at]
            bad_rows = tuple(bad.get(at, ()))
            results.append(Checked(file.label, file.source.name, read, accepted, quarantined, bad_rows))
    return results
