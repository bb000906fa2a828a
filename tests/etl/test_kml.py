"""A Ring Active Agency Map becomes a table of text, and nothing else of it gets in."""

from pathlib import Path

import pytest

from etl.errors import SourceError
from etl.kml import COLUMNS, read_kml

MADE = Path(__file__).parent.parent / "sources" / "ring_map_made.kml"


def kml(tmp_path: Path, body: str, namespace: str = "http://www.opengis.net/kml/2.2") -> Path:
    path = tmp_path / "map.kml"
    path.write_text(f'<?xml version="1.0" encoding="UTF-8"?><kml xmlns="{namespace}">{body}</kml>', encoding="utf-8")
    return path


def test_each_placemark_is_a_row_with_its_folder():
    table = read_kml(MADE)
    assert list(table.columns) == list(COLUMNS)
    assert table["folder"].tolist() == ["Law enforcement"] * 3 + ["Fire services", None]
    assert table["name"].iloc[0] == "Mint Hill Police Department"


def test_an_address_arrives_with_and_without_cdata():
    assert read_kml(MADE)["address"].tolist()[:2] == ["Mint Hill, NC", "Wolcott, Connecticut"]


def test_a_missing_count_is_unknown_and_a_zero_stays_zero():
    assert read_kml(MADE)["video_requests"].tolist() == ["3", "0", None, None, "twelve"]


def test_a_missing_date_is_unknown():
    assert read_kml(MADE)["active_date"].tolist()[3] is None


def test_neither_positions_nor_descriptions_get_in():
    everything = read_kml(MADE).to_csv()
    assert "35.17" not in everything
    assert "script" not in everything
    assert "pixel" not in everything


def test_placemarks_without_a_folder_and_in_nested_folders_are_read(tmp_path):
    table = read_kml(kml(tmp_path, """
        <Placemark><name>A PD</name></Placemark>
        <Folder><name>outer</name><Folder><Placemark><name>B PD</name></Placemark></Folder></Folder>
    """))  # fmt: skip
    assert table[["name", "folder"]].values.tolist() == [["A PD", None], ["B PD", "outer"]]


def test_an_older_namespace_is_read(tmp_path):
    table = read_kml(kml(tmp_path, "<Placemark><name>A PD</name></Placemark>", "http://earth.google.com/kml/2.1"))
    assert table["name"].tolist() == ["A PD"]


def test_a_name_beyond_ascii_survives(tmp_path):
    path = kml(tmp_path, "<Placemark><name>Cañon &amp; Peña PD</name></Placemark>")
    assert read_kml(path)["name"].tolist() == ["Cañon & Peña PD"]


def test_the_outer_file_is_refused_with_what_to_do(tmp_path):
    body = "<Document><NetworkLink><Link><href>https://example.org/inner.kml</href></Link></NetworkLink></Document>"
    with pytest.raises(SourceError, match=r"map\.kml: this is the outer file.*NetworkLink"):
        read_kml(kml(tmp_path, body))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not well-formed"),
        (b"<html></html>", "not a KML"),
        (b"<kml><Placemark>", "not well-formed"),
        (b"<kml><Document/></kml>", "no <Placemark>"),
        (b'<!DOCTYPE kml [<!ENTITY a "b">]><kml><Placemark><name>&a;</name></Placemark></kml>', "DOCTYPE"),
    ],
)
def test_what_is_no_map_is_refused_by_name(tmp_path, content, said):
    path = tmp_path / "map.kml"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=rf"map\.kml.*{said}"):
        read_kml(path)
