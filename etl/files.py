"""Finds the incoming files of a run and says which source reads which. It opens none of them."""

import json
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatch
from pathlib import Path

from etl.catalog import Source, sources
from etl.errors import SourceError, UsageError
from etl.personal_data import PATTERNS
from etl.settings import Settings


@dataclass(frozen=True)
class Found:
    """One file, the source that reads it, and the name it goes by in every table."""

    path: Path
    label: str
    source: Source

    @property
    def snapshot_on(self) -> date | None:
        """The day a list shows: from its name, else from the note that `porchlight fetch` leaves beside it."""
        return _date_in(self.path.name) or _date_fetched(self.path)

    @property
    def source_id(self) -> str | None:
        """The source_id of a list that carries none in its rows."""
        row = self.source.source_row
        if row is None:
            return None
        return f"{row.source_id}-{self.snapshot_on.isoformat()}" if self.snapshot_on else row.source_id


def find(settings: Settings) -> tuple[list[Found], list[str]]:
    """The files of the curated folder and of every incoming folder, and the names that match no source."""
    for folder in (settings.curated, *settings.incoming):
        if folder and not folder.is_dir():
            raise UsageError(f"{folder.name}: no such folder.")
    curated = _in(settings.curated) if settings.curated else []
    incoming = [path for folder in settings.incoming for path in _in(folder)]
    # The curated folder also holds its README and the identity ledger, which are no sources and no surprise.
    found, _ = match_files(curated + incoming)
    _, unrecognised = match_files(incoming)
    return found, [path.name for path in unrecognised]


def match_files(paths: list[Path]) -> tuple[list[Found], list[Path]]:
    """Which source reads each file, by its name alone; and the files that no source reads."""
    labels = _labels(paths)
    found, unrecognised = [], []
    for path in paths:
        readers = [source for source in sources().values() if _reads(source, path.name)]
        if len(readers) > 1:
            names = " and ".join(source.name for source in readers)
            raise SourceError(f"{path.name}: the name fits {names}; rename it. Nothing was loaded.")
        if readers:
            refuse_telling_name(labels[path])
            found.append(Found(path, labels[path], readers[0]))
        else:
            unrecognised.append(path)
    return found, unrecognised


def refuse_telling_name(label: str) -> None:
    """Raise SourceError where the name of a file tells of a person: releases list the files they were made of."""
    for kind in ("an e-mail address", "a phone number", "a street address", "a social security number"):
        if re.search(PATTERNS[kind], Path(label).stem, re.IGNORECASE):
            raise SourceError(
                f"{label}: the name looks like {kind}, and releases show it; rename it. Nothing was loaded."
            )


def _reads(source: Source, name: str) -> bool:
    return any(fnmatch(name.lower(), pattern.lower()) for pattern in source.files)


def _in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))


def _labels(paths: list[Path]) -> dict[Path, str]:
    """File names; with their folder's name where two folders hold a file of one name."""
    times = Counter(path.name for path in paths)
    labels = {path: path.name if times[path.name] == 1 else f"{path.parent.name}/{path.name}" for path in paths}
    if len(set(labels.values())) < len(set(paths)):
        raise UsageError("Two folders of the same name hold files of the same name; rename one.")
    return labels


def _date_in(name: str) -> date | None:
    for year, month, day in re.findall(r"(?<!\d)(20\d\d)-?([01]\d)-?([0-3]\d)(?!\d)", name):
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            continue
    return None


def _date_fetched(path: Path) -> date | None:
    note = path.with_name(path.name + ".json")
    if not note.is_file():
        return None
    told = json.loads(note.read_text(encoding="utf-8"))
    on = str(told.get("fetched_on") or told.get("fetched_at") or "")[:10]
    return _date_in(on)
