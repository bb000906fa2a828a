"""Holds the first line of a CSV against what the source declares. The list of columns is the privacy gate."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from etl.catalog import Source
from etl.errors import SourceError

LONGEST = 1 << 20


@dataclass(frozen=True)
class Header:
    """The delimiter, and the names of the source's columns in the order of the file."""

    delimiter: str
    columns: tuple[str, ...]


def read_header(path: Path, label: str, source: Source) -> Header:
    """Find the one delimiter by which the header names declared columns; raise SourceError where it does not fit.

    `path` is UTF-8 text; `label` is the name used in messages.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(islice(_within(file, LONGEST), 50))
    if not lines or not lines[0].strip():
        raise SourceError(f"{label}: the first line is blank; it must be the header. Nothing was loaded.")
    best: list[str] = []
    chosen = source.delimiters[0]
    declared = {column.header for column in source.columns}
    for delimiter in source.delimiters:
        cells = [cell.strip() for cell in next(csv.reader(lines, delimiter=delimiter))]
        if sum(cell in declared for cell in cells) > sum(cell in declared for cell in best):
            best, chosen = cells, delimiter
    if not best:
        raise SourceError(
            f"{label}: the header has none of the columns of sources/{source.name}.toml "
            f"(expected {', '.join(_needed(source))}). Nothing was loaded."
        )
    return Header(chosen, match(best, label, source))


def match(headers: list[str], label: str, source: Source) -> tuple[str, ...]:
    """The declared column behind each header cell; SourceError on a duplicate, an unknown or a missing one."""
    names = {column.header: column.name for column in source.columns}
    faults = []
    if twice := sorted({header for header in headers if headers.count(header) > 1}):
        faults.append(f"named twice: {_list(twice)}")
    if unknown := [header for header in headers if header not in names]:
        faults.append(f"not in the list of columns: {_list(unknown)}")
    if missing := [header for header in _needed(source) if header not in headers]:
        faults.append(f"missing: {_list(missing)}")
    if faults:
        raise SourceError(
            f"{label}: the header does not fit sources/{source.name}.toml; {'; '.join(faults)}. Nothing was loaded."
        )
    return tuple(names[header] for header in headers)


def _needed(source: Source) -> list[str]:
    return [column.header for column in source.columns if not column.optional]


def _list(headers: list[str]) -> str:
    # A file without a header shows its first record here: say how many, quote none that is not a plain name.
    plain = [header for header in headers if len(header) <= 60 and not any(mark in header for mark in "@\n\r")]
    named = ", ".join(repr(header) if header else "(a column without a name)" for header in plain[:8])
    more = len(headers) - len(plain[:8])
    return f"{named} and {more} more" if more and named else named or f"{more} columns"


def _within(file: Iterable[str], longest: int) -> Iterator[str]:
    # A header may hold a quoted line break, so more than one line; but not a whole file of one line.
    taken = 0
    for line in file:
        taken += len(line)
        if taken > longest:
            return
        yield line
