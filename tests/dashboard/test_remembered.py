"""What is remembered is right for everybody: nobody's change reaches another reader, and memory has an end."""

import gc
import weakref

from dashboard import public_data, releases
from dashboard.public_data import asking
from dashboard.releases import open_release
from dashboard.remembered import Remembered
from dashboard.selection import Selection


def test_what_was_not_wanted_for_longest_is_forgotten_first():
    made = []

    def make(key):
        return remembered.get(key, lambda: made.append(key) or key)

    remembered = Remembered(most=2)
    for key in "abacab":
        assert make(key) == key
    assert made == ["a", "b", "c", "b"]


def test_a_reader_who_writes_into_an_answer_changes_it_for_nobody_else(release):
    first = public_data.participation_by_state(release, Selection())
    before = first["agencies"].tolist()
    first["agencies"] = -1
    first.loc[0, "name"] = "Nowhere"
    again = public_data.participation_by_state(release, Selection())
    assert again["agencies"].tolist() == before and "Nowhere" not in again["name"].tolist()


def test_answers_differ_by_selection_and_by_release(release, demo):
    ohio, everywhere = Selection(states=("OH",)), Selection()
    answers = [public_data.named_by(one, picked) for one in (release, demo) for picked in (everywhere, ohio)]
    asking.ANSWERS.forget()
    assert answers == [public_data.named_by(one, picked) for one in (release, demo) for picked in (everywhere, ohio)]
    assert answers[0] != answers[1]


def test_a_remembered_answer_keeps_no_database_open(data):
    opened = open_release(data / "public", "record")
    public_data.participation_by_state(opened, Selection())
    database = weakref.ref(opened)
    releases._opened.cache_clear()
    del opened
    gc.collect()
    assert database() is None
