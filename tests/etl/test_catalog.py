"""The descriptions next to the SQL are read as they stand, and a mistake in one is told by file and key."""

from pathlib import Path

import pytest

from etl.catalog import marts, sources
from etl.errors import UsageError

GOOD = """
title = "Dogs"
description = "One row per dog."
publisher = "Town"
licence = "CC0"
files = ["dogs.csv"]
key = ["dog_id"]

[columns.dog_id]
type = "varchar"
description = "Id."
required = true

[columns.born_on]
type = "date"
description = "Day."
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "dogs.sql").write_text("select 1")
    return tmp_path


def read(folder: Path, toml: str):
    (folder / "dogs.toml").write_text(toml)
    return sources.__wrapped__(folder)["dogs"]


def test_a_source_is_read_as_it_stands(folder):
    dogs = read(folder, GOOD)
    assert (dogs.name, dogs.key, dogs.files) == ("dogs", ("dog_id",), ("dogs.csv",))
    assert [(column.name, column.header, column.type) for column in dogs.columns] == [
        ("dog_id", "dog_id", "varchar"),
        ("born_on", "born_on", "date"),
    ]
    assert (dogs.columns[1].earliest, dogs.columns[1].latest) == ("2015-01-01", "today")
    assert dogs.delimiters == (",", ";", "\t", "|")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('title = "Dogs"', "", "'title' is missing"),
        ('title = "Dogs"', "title = 7", "'title' must be a str"),
        ('title = "Dogs"', 'title = "Dogs', "not valid TOML"),
        ("required = true", 'required = "yes"', "column 'dog_id': 'required' must be a bool"),
        ("required = true", "requierd = true", "'requierd' is not a known key"),
        ('type = "date"', 'type = "datum"', "type 'datum'"),
        ('type = "date"', 'type = "bigint"\nlatest = "today"', "only a date"),
        ('type = "date"', 'type = "date"\nvalues = ["a"]', "only a varchar has values"),
        ("required = true", 'format = "[a-z"', "not a regular expression"),
        ("required = true", 'text = "novel"', "text must be one of"),
        ("required = true", 'header = "born_on"', "the header 'born_on' is declared twice"),
        ("[columns.born_on]", "[columns.BornOn]", "not in the form a_b_c"),
        ('key = ["dog_id"]', 'key = ["cat_id"]', "key: 'cat_id' is no declared column"),
        ('key = ["dog_id"]', 'delimiters = ["^"]', "delimiter"),
        ('key = ["dog_id"]', 'format = "xlsx"', "format 'xlsx'"),
        ('description = "Day."', 'description = "Day."\n[[rules]]\nreason = "x"', "rules: 'breaks' is missing"),
        (
            'description = "Day."',
            'description = "Day."\n[[references]]\ncolumns = ["dog_id"]\ntable = "cats"',
            "'cats', which is no source",
        ),
    ],
)
def test_a_mistake_in_a_source_is_told_by_file_and_key(folder, old, new, words):
    assert old in GOOD
    with pytest.raises(UsageError, match=r"sources/dogs\.toml|\S+/dogs\.toml") as error:
        read(folder, GOOD.replace(old, new, 1))
    assert words in str(error.value)


def test_a_source_without_its_sql_is_refused(tmp_path):
    with pytest.raises(UsageError, match=r"dogs\.sql is missing"):
        read(tmp_path, GOOD)


def test_references_in_a_circle_are_refused(folder):
    refers = '[[references]]\ncolumns = ["dog_id"]\ntable = "{0}"\n'
    (folder / "cats.sql").write_text("select 1")
    (folder / "cats.toml").write_text(GOOD + refers.format("dogs"))
    with pytest.raises(UsageError, match="circle"):
        read(folder, GOOD + refers.format("cats"))


def test_a_source_is_loaded_after_those_it_refers_to():
    order = list(sources())
    for name, source in sources().items():
        for reference in source.references:
            assert order.index(reference.table) < order.index(name)


def test_the_record_format_has_its_tables():
    record = {
        "agencies", "partnerships", "requests", "responses", "areas", "published_counts", "reported_totals", "regimes",
        "events", "sources", "corrections",
    }  # fmt: skip
    assert record <= set(sources())


def test_every_mart_names_its_columns_and_a_grain_of_them():
    for mart in marts().values():
        names = [column.name for column in mart.columns]
        assert set(mart.grain) <= set(names), mart.name
        assert all(column.description for column in mart.columns), mart.name


def test_a_mistake_in_a_mart_is_told_by_file(tmp_path):
    (tmp_path / "dogs.toml").write_text(
        'title = "Dogs"\ndescription = "x"\ngrain = ["id"]\n[columns.a]\ntype = "date"\n'
    )
    with pytest.raises(UsageError, match=r"dogs\.toml: column 'a': 'description' is missing"):
        marts.__wrapped__(tmp_path)
