"""Reads the descriptions that stand next to the SQL: etl/sources/*.toml and etl/marts/*.toml, checked and frozen.

It says what a column is; it reads no data. The format of a source's .toml is told in etl/sources/README.md.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, Literal, get_args

from etl.errors import UsageError

HERE = Path(__file__).resolve().parent
SOURCES = HERE / "sources"
MARTS = HERE / "marts"

Format = Literal["table", "kml"]
TextKind = Literal["id", "code", "name", "prose"]
DELIMITERS = (",", ";", "\t", "|")
TYPES = re.compile(r"varchar|date|bigint|double|boolean|timestamp|varchar\[\]|decimal\(\d+, ?\d+\)")
NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Column:
    """One column of a public table."""

    name: str
    type: str
    description: str
    required: bool = False
    unit: str | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Period:
    """What makes a mart countable year by year: its rows of a year rest on the same year of staging.`staging` alone.

    `column` is a day that both have, part of the mart's grain.
    """

    column: str
    staging: str


@dataclass(frozen=True)
class Mart:
    """One public table. `sql_path` is None where code, not a query, makes the table; `period` where no year is kept."""

    name: str
    title: str
    description: str
    grain: tuple[str, ...]
    columns: tuple[Column, ...]
    sql_path: Path | None
    period: Period | None = None

    @property
    def sql(self) -> str:
        """The query that counts it; empty where code makes it."""
        return self.sql_path.read_text(encoding="utf-8") if self.sql_path else ""


@dataclass(frozen=True)
class SourceColumn(Column):
    """One column of an incoming file, and what makes a cell of it acceptable.

    `header` is its name in the file. `optional`: the header may lack it. `keep = False`: it may be in the file but is
    dropped unread. `text` says what the second net for personal data looks for: everything in an `id` or a `name`,
    e-mail and phone in cited `prose`, nothing in a `code`, whose format lets no pattern through.
    `earliest` and `latest` bound a date; `latest` is "today" or an ISO date.
    `signed`: a double or decimal may be below 0.
    `only_given`: of a number in a counted source, only whether it was given counts; it does not reach staging.
    """

    header: str = ""
    optional: bool = False
    keep: bool = True
    format: str | None = None
    format_name: str | None = None
    text: TextKind = "id"
    earliest: str | None = None
    latest: str | None = None
    signed: bool = False
    only_given: bool = False


@dataclass(frozen=True)
class Rule:
    """A row for which the SQL condition `breaks` is true is quarantined, with this reason."""

    reason: str
    breaks: str


@dataclass(frozen=True)
class Reference:
    """`columns` must be found in staging.`table` under `to`; not asked where one is null or `unless` holds."""

    columns: tuple[str, ...]
    table: str
    to: tuple[str, ...]
    reason: str
    unless: str | None = None


@dataclass(frozen=True)
class SourceRow:
    """What a list without a source_id column (Atlas, KML) adds to staging.sources for each of its files."""

    source_id: str
    title: str
    url: str | None


@dataclass(frozen=True)
class Source:
    """One kind of incoming file and the staging table made of it.

    `counted`: rows that are alike are folded into one while the file is read, and `rows` says how many they are.
    `partitioned`: what was made of each file is remembered, so that only new files are read and typed.
    """

    name: str
    title: str
    description: str
    publisher: str
    licence: str
    files: tuple[str, ...]
    format: Format
    delimiters: tuple[str, ...]
    columns: tuple[SourceColumn, ...]
    key: tuple[str, ...]
    counted: bool
    partitioned: bool
    references: tuple[Reference, ...]
    rules: tuple[Rule, ...]
    source_row: SourceRow | None
    sql_path: Path

    @property
    def sql(self) -> str:
        """The select that turns raw.<name> into typed columns."""
        return self.sql_path.read_text(encoding="utf-8")

    @property
    def kept(self) -> tuple[SourceColumn, ...]:
        """The columns that are landed, in declared order."""
        return tuple(column for column in self.columns if column.keep)


@cache
def marts(folder: Path = MARTS) -> dict[str, Mart]:
    """Every public table by name, in order of name."""
    return {path.stem: _mart(path) for path in sorted(folder.glob("*.toml"))}


@cache
def sources(folder: Path = SOURCES) -> dict[str, Source]:
    """Every source by name, in load order: a source comes after those that it refers to."""
    found = {path.stem: _source(path) for path in sorted(folder.glob("*.toml"))}
    needs: dict[str, list[str]] = {}
    for name, source in found.items():
        needs[name] = [reference.table for reference in source.references if reference.table != name]
        for reference in source.references:
            if reference.table not in found:
                raise UsageError(f"sources/{name}.toml: references {reference.table!r}, which is no source.")
            _known(f"sources/{name}.toml: references", reference.to, found[reference.table].columns)
    try:
        return {name: found[name] for name in TopologicalSorter(needs).static_order()}
    except CycleError as error:
        raise UsageError(f"sources: the references run in a circle: {' -> '.join(error.args[1])}.") from error


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path.parent.name}/{path.name}: not valid TOML: {error}.") from error


def _take(
    told: dict[str, Any], where: str, needed: dict[str, type[Any]], allowed: dict[str, type[Any]]
) -> dict[str, Any]:
    """Checks the keys and kinds of one TOML table; a misspelt key would otherwise silently switch a rule off."""
    for key in needed:
        if key not in told:
            raise UsageError(f"{where}: {key!r} is missing.")
    for key, value in told.items():
        kind = needed.get(key) or allowed.get(key)
        if kind is None:
            raise UsageError(f"{where}: {key!r} is not a known key.")
        if not isinstance(value, kind) or (kind is str and not value):
            raise UsageError(f"{where}: {key!r} must be a {kind.__name__}, and not empty.")
        if kind is list and key not in ("rules", "references") and not all(isinstance(item, str) for item in value):
            raise UsageError(f"{where}: {key!r} must be a list of strings.")
    return told


def _known(where: str, names: tuple[str, ...], columns: tuple[Any, ...]) -> None:
    for name in names:
        if name not in {column.name for column in columns}:
            raise UsageError(f"{where}: {name!r} is no declared column.")


MART_COLUMN: dict[str, type[Any]] = {"required": bool, "unit": str, "values": list}
SOURCE_COLUMN: dict[str, type[Any]] = MART_COLUMN | {
    "header": str, "optional": bool, "keep": bool, "format": str, "format_name": str,
    "text": str, "earliest": str, "latest": str, "signed": bool, "only_given": bool,
}  # fmt: skip


def _column(where: str, name: str, told: Any, kind: type, allowed: dict[str, type[Any]]) -> Any:
    if not NAME.fullmatch(name):
        raise UsageError(f"{where}: column name {name!r} is not in the form a_b_c.")
    where = f"{where}: column {name!r}"
    if not isinstance(told, dict):
        raise UsageError(f"{where}: must be a table.")
    told = dict(_take(told, where, {"type": str, "description": str}, allowed))
    if not TYPES.fullmatch(told["type"]):
        raise UsageError(f"{where}: type {told['type']!r} is not one we use.")
    if "values" in told:
        told["values"] = tuple(told["values"])
    return kind(name=name, **told)


def _columns(path: Path, told: dict[str, Any], kind: type, allowed: dict[str, type[Any]]) -> tuple[Any, ...]:
    where = f"{path.parent.name}/{path.name}"
    if not told["columns"]:
        raise UsageError(f"{where}: no columns.")
    return tuple(_column(where, name, column, kind, allowed) for name, column in told["columns"].items())


def _mart(path: Path) -> Mart:
    where = f"marts/{path.name}"
    needed: dict[str, type[Any]] = {"title": str, "description": str, "grain": list, "columns": dict}
    told = _take(_read(path), where, needed, {"period": dict})
    columns = _columns(path, told, Column, MART_COLUMN)
    _known(f"{where}: grain", tuple(told["grain"]), columns)
    sql_path = path.with_suffix(".sql")
    return Mart(
        path.stem, told["title"], told["description"], tuple(told["grain"]), columns,
        sql_path if sql_path.exists() else None, _period(where, told, sql_path),
    )  # fmt: skip


def _period(where: str, told: dict[str, Any], sql_path: Path) -> Period | None:
    if "period" not in told:
        return None
    period = Period(**_take(told["period"], f"{where}: period", {"column": str, "staging": str}, {}))
    if period.column not in told["grain"] or told["columns"][period.column]["type"] != "date":
        raise UsageError(f"{where}: period: {period.column!r} must be a day and part of the grain.")
    read = set(re.findall(r"\b(?:staging|reference|marts|raw|ingest|quarantine)\.\w+", sql_path.read_text("utf-8")))
    if read != {f"staging.{period.staging}"}:
        raise UsageError(f"{where}: period: the query must read staging.{period.staging} and no other table.")
    return period


SOURCE_NEEDED: dict[str, type[Any]] = {
    "title": str,
    "description": str,
    "publisher": str,
    "licence": str,
    "files": list,
    "columns": dict,
}
SOURCE_ALLOWED: dict[str, type[Any]] = {
    "format": str, "delimiters": list, "key": list, "counted": bool, "partitioned": bool, "references": list,
    "rules": list, "source_row": dict,
}  # fmt: skip


def _source(path: Path) -> Source:
    where = f"sources/{path.name}"
    told = _take(_read(path), where, SOURCE_NEEDED, SOURCE_ALLOWED)
    columns = tuple(_source_column(where, column) for column in _columns(path, told, SourceColumn, SOURCE_COLUMN))
    headers = [column.header for column in columns]
    for header in headers:
        if headers.count(header) > 1:
            raise UsageError(f"{where}: the header {header!r} is declared twice.")
    key = tuple(told.get("key", ()))
    _known(f"{where}: key", key, columns)
    if told.get("format", "table") not in get_args(Format):
        raise UsageError(f"{where}: format {told['format']!r} is not one of {', '.join(get_args(Format))}.")
    for delimiter in told.get("delimiters", ()):
        if delimiter not in DELIMITERS:
            raise UsageError(f"{where}: delimiter {delimiter!r} is not one of {DELIMITERS}.")
    rules = tuple(
        Rule(**_take(rule, f"{where}: rules", {"reason": str, "breaks": str}, {})) for rule in told.get("rules", ())
    )
    _can_be_counted(where, told, columns, rules)
    sql_path = path.with_suffix(".sql")
    if not sql_path.exists():
        raise UsageError(f"{where}: {sql_path.name} is missing next to it.")
    return Source(
        name=path.stem,
        title=told["title"],
        description=told["description"],
        publisher=told["publisher"],
        licence=told["licence"],
        files=tuple(told["files"]),
        format=told.get("format", "table"),
        delimiters=tuple(told.get("delimiters", DELIMITERS)),
        columns=columns,
        key=key,
        counted=told.get("counted", False),
        partitioned=told.get("partitioned", False),
        references=tuple(_reference(where, reference, columns) for reference in told.get("references", ())),
        rules=rules,
        source_row=_source_row(where, told.get("source_row")),
        sql_path=sql_path,
    )  # fmt: skip


def _can_be_counted(
    where: str, told: dict[str, Any], columns: tuple[SourceColumn, ...], rules: tuple[Rule, ...]
) -> None:
    """Folding must change no answer: no rule may look at more of a column than is kept of it."""
    if told.get("partitioned") and told.get("format", "table") != "table":
        raise UsageError(f"{where}: only a table can be partitioned.")
    if told.get("counted") and not told.get("partitioned"):
        raise UsageError(f"{where}: a counted source is partitioned: what a file was folded to is kept for itself.")
    if told.get("counted") and (told.get("key") or told.get("format", "table") != "table"):
        raise UsageError(
            f"{where}: a counted source is a table, and without a key: rows that are alike are not told apart."
        )
    for column in columns:
        if not column.only_given:
            continue
        if not told.get("counted") or column.type in ("varchar", "date"):
            raise UsageError(f"{where}: column {column.name!r}: only a number in a counted source can be only_given.")
        for rule in rules:
            if re.search(rf"\b{column.name}(_text)?\b(?! is (not )?null\b)", rule.breaks):
                raise UsageError(
                    f"{where}: the rule {rule.reason!r} looks at the value of {column.name!r}, which is only_given."
                )


def _source_column(where: str, column: SourceColumn) -> SourceColumn:
    where = f"{where}: column {column.name!r}"
    told = {field: getattr(column, field) for field in SourceColumn.__dataclass_fields__}
    told["header"] = column.header or column.name
    if column.text not in get_args(TextKind):
        raise UsageError(f"{where}: text must be one of {', '.join(get_args(TextKind))}.")
    if column.type == "date":
        told["earliest"] = column.earliest or "2015-01-01"
        told["latest"] = column.latest or "today"
    elif column.earliest or column.latest:
        raise UsageError(f"{where}: only a date has an earliest or a latest.")
    if (column.values or column.format) and column.type != "varchar":
        raise UsageError(f"{where}: only a varchar has values or a format.")
    if column.format:
        try:
            re.compile(column.format)
        except re.error as error:
            raise UsageError(f"{where}: format is not a regular expression: {error}.") from error
    return SourceColumn(**told)


def _reference(where: str, told: Any, columns: tuple[SourceColumn, ...]) -> Reference:
    where = f"{where}: references"
    _take(told, where, {"columns": list, "table": str}, {"to": list, "reason": str, "unless": str})
    names = tuple(told["columns"])
    _known(where, names, columns)
    to = tuple(told.get("to", names))
    if len(to) != len(names) or not names:
        raise UsageError(f"{where}: 'to' must name as many columns as 'columns'.")
    reason = told.get("reason", f"{', '.join(names)}: not in {told['table']}")
    return Reference(names, told["table"], to, reason, told.get("unless"))


def _source_row(where: str, told: dict[str, Any] | None) -> SourceRow | None:
    if told is None:
        return None
    _take(told, f"{where}: source_row", {"source_id": str, "title": str}, {"url": str})
    return SourceRow(told["source_id"], told["title"], told.get("url"))
