"""A selection and its address are the same thing."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from dashboard.selection import PARAMETERS, Selection, from_address, to_address

codes = some.lists(some.sampled_from(["CT", "NJ", "WI", "TX"]), unique=True).map(tuple)
days = some.none() | some.dates(date(2015, 1, 1), date(2030, 1, 1))
words = some.none() | some.text("abc-_.é&=?#", min_size=1)


@given(
    some.builds(
        Selection,
        states=codes,
        categories=codes,
        program=words,
        agency_id=words,
        since=days,
        until=days,
        active_on=days,
    )
)
def test_every_selection_comes_back_from_its_address(selection):
    assert from_address(to_address(selection)) == selection


def test_the_address_names_only_what_is_picked():
    assert to_address(Selection()) == {}
    assert to_address(Selection(states=("CT", "NJ"), active_on=date(2019, 8, 28))) == {
        "state": "CT,NJ",
        "active_on": "2019-08-28",
    }


@pytest.mark.parametrize("text", ["2019-02-31", "yesterday", "20190828x", ""])
def test_a_date_that_is_none_is_left_out(text):
    assert from_address({"active_on": text}) == Selection()


def test_what_a_reader_types_twice_counts_once():
    assert from_address({"state": "CT, NJ,,CT"}).states == ("CT", "NJ")


def test_every_field_has_one_parameter():
    assert sorted(PARAMETERS.values()) == sorted(Selection.__dataclass_fields__)
