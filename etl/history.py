"""What is published: the releases of an edition, oldest first, and what each changed."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from etl.engines.duckdb import connect
from etl.publish import all_releases, current_release, release_facts
from etl.release_files import quoted
from etl.settings import Settings


@dataclass(frozen=True)
class Entry:
    """One release: its facts, whether it is current, and its changed tables (table, before, now, added, removed)."""

    facts: dict[str, Any]
    is_current: bool
    changes: list[tuple[str, int | None, int, int, int]]

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        names = ("table_name", "rows_before", "rows_now", "rows_added", "rows_removed")
        return {
            **self.facts,
            "is_current": self.is_current,
            "changes": [dict(zip(names, change, strict=True)) for change in self.changes],
        }

    def in_words(self) -> str:
        """For a terminal: one line, then a line per changed table."""
        mark = " (current)" if self.is_current else ""
        lines = [f"{self.facts['release_id']}{mark}: release {self.facts['release_no']}, {self.facts['released_on']}"]
        lines += [
            f"  {name}: {now} rows, {added} added, {removed} removed" for name, _, now, added, removed in self.changes
        ]
        return "\n".join(lines)


def history(settings: Settings) -> list[Entry]:
    """Every finished release of the edition, oldest first."""
    current = current_release(settings)
    return [Entry(release_facts(folder), folder == current, changes_of(folder)) for folder in all_releases(settings)]


def changes_of(folder: Path) -> list[tuple[str, int | None, int, int, int]]:
    """Tables of which rows came or went in this release."""
    with connect() as con:
        return con.execute(
            "select table_name, rows_before, rows_now, rows_added, rows_removed "
            f"from read_parquet('{quoted(folder / 'release_changes.parquet')}') "
            "where rows_added > 0 or rows_removed > 0 order by table_name"
        ).fetchall()
