"""Reading grade (Flesch-Kincaid) of the English sentences: `python -m tests.benchmarks.reading` prints it by file.

Measured on the messages of the code with every place filled by a short word or number. A label of less than four words
is no sentence; for a single sentence the formula says something from ten words on.
"""

import re
import warnings
from collections import defaultdict

from dashboard.messages import collected, texts

with warnings.catch_warnings(action="ignore"):
    # It uses pkg_resources, which says at every import that it is old.
    import textstat

NAMES = {"agency": "Springfield", "regime": "Posts", "program": "Ring", "place": "Ohio", "state": "Ohio"}
DAYS = {"day", "month", "when", "period", "first", "last", "start", "end", "until", "seen", "dates", "date"}


def filled(message: str) -> str:
    """The message as a reader might meet it."""

    def value(place: re.Match[str]) -> str:
        name = place[1]
        return NAMES.get(name, "May" if name in DAYS else "12")

    told = re.sub(r"\{(\w+)\}", value, re.sub(r"<\w+>", " ", message)).replace("**", "").strip()
    return told if told[-1] in ".?!:" else f"{told}."


def by_file() -> dict[str, list[str]]:
    """Messages of four words or more that are no list of codes, by the file in which they stand first."""
    found: dict[str, list[str]] = defaultdict(list)
    for message in collected():
        for text in texts(message.id) if message.id else ():
            if len(text.split()) >= 4 and not re.search(r"[a-z]_[a-z]", re.sub(r"\{\w+\}", "", text)):
                found[message.locations[0][0]].append(filled(text))
    return found


def grade(told: list[str]) -> float:
    """Flesch-Kincaid grade of the sentences read one after another."""
    return float(textstat.flesch_kincaid_grade(" ".join(told)))


def long_sentences(told: list[str], words: int = 10) -> list[tuple[float, str]]:
    """Every sentence of at least so many words with its grade, hardest first."""
    pieces = [piece for text in told for piece in re.split(r"(?<=[.?!])\s+", text)]
    return sorted(((grade([piece]), piece) for piece in pieces if len(piece.split()) >= words), reverse=True)


def main() -> None:
    """Print the grade of the whole, of every file, and the hardest sentences."""
    files = by_file()
    everything = [text for told in files.values() for text in told]
    print(f"{grade(everything):5.1f}  all {len(everything)} messages of four words or more")
    for name in sorted(files):
        print(f"{grade(files[name]):5.1f}  {name} ({len(files[name])})")
    print("Hardest sentences of ten words or more:")
    for found, sentence in long_sentences(everything)[:15]:
        print(f"{found:5.1f}  {sentence}")


if __name__ == "__main__":
    main()
