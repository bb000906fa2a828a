"""Writes the files of one release into a folder: Parquet, CSV, the DuckDB file, data package, release.json.

Parquet is ordered by each table's grain and written as `same_bytes` has it, so that the same rows give the same bytes.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from etl import catalog
from etl.engines.duckdb import connect
from etl.errors import CheckError
from etl.remembered import hash_of

# These say when and after what a release was made; the content hash must not depend on them.
ABOUT_THE_RELEASE = ("release", "release_changes")
LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
FRICTIONLESS_TYPES = {
    "varchar": "string",
    "bigint": "integer",
    "double": "number",
    "boolean": "boolean",
    "date": "date",
}
# One of these as the first letter of a cell makes a spreadsheet read it as a formula.
FORMULA_STARTS = "'=', '+', '-', '@'"
NUMBER = "[+-][0-9][0-9 .,()-]*"
STEPS_ON_THE_WAY = catalog.HERE / "staging"


@contextmanager
def same_bytes(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Inside, the bytes of a written Parquet file depend on its rows alone.

    One thread, so that rows keep their order. And DuckDB declares a column as never null where it happens to know
    that no row is: of a table fresh from a query, not of one that a null was once deleted from, nor of several files.
    """
    [(threads,)] = con.execute("select current_setting('threads')").fetchall()
    con.execute("set threads = 1")
    con.execute("set disabled_optimizers = 'statistics_propagation'")
    try:
        yield
    finally:
        con.execute("reset disabled_optimizers")
        con.execute(f"set threads = {threads}")


def write_parquet(con: duckdb.DuckDBPyConnection, mart: catalog.Mart, table: str, folder: Path) -> None:
    """Write `<mart>.parquet` from a table of the connection, columns as described, rows ordered by all of them."""
    columns = ", ".join(f'cast("{column.name}" as {column.type}) as "{column.name}"' for column in mart.columns)
    keys = [*mart.grain, *(column.name for column in mart.columns if column.name not in mart.grain)]
    order = ", ".join(f'"{key}" nulls first' for key in keys)
    with same_bytes(con):
        con.execute(
            f"copy (select {columns} from {table} order by {order}) to '{quoted(folder / f'{mart.name}.parquet')}' "
            "(format parquet, compression zstd, row_group_size 122880)"
        )


def content_hash(folder: Path) -> str:
    """SHA-256 over names and bytes of the Parquet files that hold content, in order of name."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.parquet")):
        if path.stem not in ABOUT_THE_RELEASE:
            digest.update(path.name.encode() + b"\0")
            digest.update(path.read_bytes())
    return digest.hexdigest()


def check_whole(folder: Path) -> None:
    """Raise CheckError where a finished release no longer holds what it was published with."""
    facts = json.loads((folder / "release.json").read_text(encoding="utf-8"))
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    hashes = {folder / resource["path"]: resource["hash"] for resource in package["resources"]}
    wrong = [path.name for path, told in hashes.items() if not path.exists() or file_hash(path) != told]
    if not (folder / "porchlight.duckdb").exists():
        wrong.append("porchlight.duckdb")
    if content_hash(folder) != facts["content_hash"]:
        wrong.append("the Parquet files")
    if wrong:
        lost = ", ".join(wrong)
        raise CheckError(
            f"release {folder.name} is damaged: {lost} missing or changed; bring its folder back from a copy"
        )


def write_dictionary(con: duckdb.DuckDBPyConnection) -> None:
    """Make table `out.dictionary`: one row per table and column of a release, from the descriptions."""
    rows = [
        (
            mart.name,
            column.name,
            position,
            column.type,
            column.required,
            column.unit or None,
            column.description,
            "|".join(column.values) or None,
        )
        for mart in catalog.marts().values()
        for position, column in enumerate(mart.columns, 1)
    ]
    con.execute(
        "create or replace table out.dictionary (table_name varchar, column_name varchar, position bigint, "
        "type varchar, required boolean, unit varchar, description varchar, allowed_values varchar)"
    )
    con.executemany("insert into out.dictionary values (?, ?, ?, ?, ?, ?, ?, ?)", rows)


def write_database(folder: Path) -> None:
    """Write `porchlight.duckdb` from the folder's Parquet files: tables in schema main, described by COMMENT ON."""
    with connect(folder / "porchlight.duckdb", threads=1) as database:
        for mart in catalog.marts().values():
            path = quoted(folder / f"{mart.name}.parquet")
            database.execute(f"create table {mart.name} as select * from read_parquet('{path}')")
            database.execute(f"comment on table {mart.name} is '{escaped(mart.title + '. ' + mart.description)}'")
            for column in mart.columns:
                unit = f" Unit: {column.unit}." if column.unit else ""
                told = escaped(column.description + unit)
                database.execute(f"comment on column {mart.name}.\"{column.name}\" is '{told}'")
            refuse_formulas(database, mart)
            database.execute(
                f"copy (select * from {mart.name}) to '{quoted(folder / f'{mart.name}.csv')}' (format csv, header true)"
            )
        database.execute("checkpoint")


def refuse_formulas(database: duckdb.DuckDBPyConnection, mart: catalog.Mart) -> None:
    """Raise CheckError where a text would run as a formula in a spreadsheet; a number with its sign does not."""
    risky = [
        f"""(left("{column.name}", 1) in ({FORMULA_STARTS}) and not regexp_full_match("{column.name}", '{NUMBER}'))"""
        for column in mart.columns
        if column.type == "varchar"
    ]
    if risky and database.execute(f"select 1 from {mart.name} where {' or '.join(risky)} limit 1").fetchall():
        raise CheckError(f"{mart.name}.csv: a cell begins like a spreadsheet formula. Correct the source file.")


def write_methods(folder: Path) -> None:
    """Copy the queries that counted into `methods/`: a reader can hold each table against the query that made it."""
    (folder / "methods").mkdir()
    for path in sorted([*catalog.MARTS.glob("*.sql"), *STEPS_ON_THE_WAY.glob("*.sql")]):
        (folder / "methods" / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")


def write_descriptions(folder: Path, about: dict[str, Any]) -> None:
    """Write datapackage.json (Frictionless), dcat.json (DCAT-US), schema-org.json and release.json."""
    simulated = about["edition"] == "demo"
    title = "Porchlight: the public record of police requests for doorbell-camera video"
    if simulated:
        title = "SIMULATED. " + title
    resources = [resource(mart, folder) for mart in catalog.marts().values()]
    package = {
        "profile": "tabular-data-package",
        "name": f"porchlight-{about['edition']}",
        "id": about["release_id"],
        "title": title,
        "version": about["release_id"],
        "created": about["released_on"],
        "licenses": [LICENCE],
        "sources": [{"title": "Each row's source_id, resolved in table sources", "path": "sources.csv"}],
        "resources": resources,
    }
    dcat = {
        "@type": "dcat:Dataset",
        "title": title,
        "identifier": about["release_id"],
        "issued": about["released_on"],
        "modified": about["released_on"],
        "license": LICENCE["path"],
        "accessLevel": "public",
        "keyword": ["police", "doorbell cameras", "consent", "transparency"],
        "distribution": [
            {
                "@type": "dcat:Distribution",
                "title": entry["title"],
                "downloadURL": entry["path"],
                "mediaType": "text/csv",
            }
            for entry in resources
        ],
    }
    schema_org = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": title,
        "identifier": about["release_id"],
        "datePublished": about["released_on"],
        "license": LICENCE["path"],
        "isAccessibleForFree": True,
        "distribution": [
            {"@type": "DataDownload", "name": entry["title"], "contentUrl": entry["path"], "encodingFormat": "text/csv"}
            for entry in resources
        ],
    }
    for name, content in (
        ("datapackage", package),
        ("dcat", dcat),
        ("schema-org", schema_org),
        ("release", {**about, "simulated": simulated}),
    ):
        (folder / f"{name}.json").write_text(json.dumps(content, indent=2, default=str) + "\n", encoding="utf-8")


def resource(mart: catalog.Mart, folder: Path) -> dict[str, Any]:
    """The Frictionless description of one table."""
    fields = []
    for column in mart.columns:
        entry: dict[str, Any] = {
            "name": column.name,
            "type": FRICTIONLESS_TYPES[column.type],
            "description": column.description,
        }
        constraints: dict[str, Any] = {"required": True} if column.required else {}
        if column.values:
            constraints["enum"] = list(column.values)
        if constraints:
            entry["constraints"] = constraints
        fields.append(entry)
    path = folder / f"{mart.name}.csv"
    return {
        "name": mart.name.replace("_", "-"),
        "title": mart.title,
        "description": mart.description,
        "path": f"{mart.name}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": file_hash(path),
        "schema": {"fields": fields, "primaryKey": list(mart.grain), "missingValues": [""]},
    }


def file_hash(path: Path) -> str:
    """SHA-256 of a file, as a data package writes it."""
    return "sha256:" + hash_of(path)


def release_name(day: date, digest: str) -> str:
    """The release's id: the day and the beginning of its content hash."""
    return f"{day.isoformat()}-{digest[:12]}"


def quoted(path: Path) -> str:
    """A path for use inside single quotes in SQL."""
    return escaped(str(path))


def escaped(text: str) -> str:
    """Text for use inside single quotes in SQL."""
    return text.replace("'", "''")
