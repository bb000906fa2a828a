"""The English sentences can be read by a ninth-grader (Flesch-Kincaid): as a whole, by file, one by one."""

from tests.benchmarks.reading import by_file, filled, grade, long_sentences

GOAL = 9
HARDEST = 12


def test_the_messages_as_a_whole_and_of_every_file_are_within_grade_nine():
    files = by_file()
    assert grade([text for told in files.values() for text in told]) <= GOAL
    assert {name: grade(told) for name, told in files.items() if len(told) >= 5 and grade(told) > GOAL} == {}


def test_no_sentence_of_ten_words_or_more_is_above_grade_twelve():
    told = [text for texts in by_file().values() for text in texts]
    assert [sentence for found, sentence in long_sentences(told) if found > HARDEST] == []


def test_the_measure_tells_hard_from_easy():
    hard = "Municipal administrative authorizations necessitate comprehensive institutional accountability."
    assert grade([hard]) > HARDEST > GOAL > grade(["We count the rows. Then we show them."])
    assert filled("**{agency}** sent {count} requests {period}") == "Springfield sent 12 requests May."
