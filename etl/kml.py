"""Reads a Ring Active Agency Map (KML) as a plain table of text. Keeps no position and no description.

GDAL's KML reader drops `<address>`, the only element that says where an agency is. So each placemark is first rewritten
with only the fields we keep, and that reduced document is what geopandas reads.
"""

import io
import xml.etree.ElementTree as ET
from pathlib import Path
from xml.parsers import expat

import geopandas as gpd
import pandas as pd
import pyogrio

from etl.errors import SourceError

COLUMNS = ("name", "address", "active_date", "video_requests", "agency_profile", "folder")
# What the vendor calls them. Anything else in ExtendedData is not ours to keep.
EXTENDED = {"active date": "active_date", "video requests": "video_requests", "agency profile": "agency_profile"}
# GDAL has a field "Name" of its own in every KML layer; ours must not meet it.
PREFIX = "kept_"
LARGEST = 50_000_000


def read_kml(path: Path) -> pd.DataFrame:
    """One row per placemark, in the order of the file: six columns of text, None where the file says nothing.

    Raises SourceError where the file is not KML, is only the outer file that links to the map, or has no placemark.
    """
    root = _parse(path)
    placemarks = _placemarks(root, None)
    if not placemarks:
        if any(_local(element) == "NetworkLink" for element in root.iter()):
            raise SourceError(
                f"{path.name}: this is the outer file, which only links to the map. "
                "Download the file that its <NetworkLink> names and put that one here. Nothing was loaded."
            )
        raise SourceError(f"{path.name}: no <Placemark> in this KML. Nothing was loaded.")
    try:
        frame = gpd.read_file(io.BytesIO(_reduced(placemarks)), engine="pyogrio")
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise SourceError(f"{path.name}: cannot be read as KML. Nothing was loaded.") from error
    if len(frame) != len(placemarks):
        raise SourceError(f"{path.name}: {len(placemarks)} placemarks, {len(frame)} read. Nothing was loaded.")
    table = pd.DataFrame({column: frame[PREFIX + column].astype(object) for column in COLUMNS})
    # GDAL tells a missing value by nothing or by an empty text; both are "not known" here.
    return table.where(table.notna() & (table != ""), None)


def _parse(path: Path) -> ET.Element:
    if path.stat().st_size > LARGEST:
        raise SourceError(f"{path.name}: larger than {LARGEST // 1_000_000} MB, which no agency map is.")
    content = path.read_bytes()
    guard = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise SourceError(f"{path.name}: declares its own entities (DOCTYPE), which no map needs. Nothing was loaded.")

    guard.StartDoctypeDeclHandler = refuse
    try:
        guard.Parse(content, True)
        root = ET.fromstring(content)
    except (expat.ExpatError, ET.ParseError, LookupError) as error:
        raise SourceError(f"{path.name}: not well-formed XML. Nothing was loaded.") from error
    if _local(root) != "kml":
        raise SourceError(f"{path.name}: not a KML file. Nothing was loaded.")
    return root


def _local(element: ET.Element) -> str:
    """The tag without its namespace: the versions of KML have different ones."""
    return element.tag.rpartition("}")[2]


def _text(element: ET.Element) -> str | None:
    return " ".join((element.text or "").split()) or None


def _placemarks(element: ET.Element, folder: str | None) -> list[dict[str, str | None]]:
    """Every placemark below the element, with the name of the nearest folder around it."""
    found: list[dict[str, str | None]] = []
    for child in element:
        kind = _local(child)
        if kind == "Placemark":
            found.append(_fields(child) | {"folder": folder})
        elif kind == "Folder":
            name = next((_text(part) for part in child if _local(part) == "name"), None)
            found.extend(_placemarks(child, name or folder))
        elif kind == "Document":
            found.extend(_placemarks(child, folder))
    return found


def _fields(placemark: ET.Element) -> dict[str, str | None]:
    fields: dict[str, str | None] = dict.fromkeys(COLUMNS)
    for part in placemark:
        if _local(part) in ("name", "address"):
            fields[_local(part)] = _text(part)
    for data in placemark.iter():
        if _local(data) not in ("Data", "SimpleData"):
            continue
        column = EXTENDED.get(" ".join(data.get("name", "").replace("_", " ").lower().split()))
        if column:
            value = next((part for part in data if _local(part) == "value"), data)
            fields[column] = _text(value)
    return fields


def _reduced(placemarks: list[dict[str, str | None]]) -> bytes:
    """A KML document with one flat list of placemarks and only the fields we keep, as plain text."""
    kml = ET.Element("kml", xmlns="http://www.opengis.net/kml/2.2")
    document = ET.SubElement(kml, "Document")
    for fields in placemarks:
        extended = ET.SubElement(ET.SubElement(document, "Placemark"), "ExtendedData")
        for column, value in fields.items():
            data = ET.SubElement(extended, "Data", name=PREFIX + column)
            ET.SubElement(data, "value").text = value or ""
    return b'<?xml version="1.0" encoding="UTF-8"?>' + ET.tostring(kml, encoding="utf-8")
