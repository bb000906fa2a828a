"""Recall and precision of the second net for personal data: python -m tests.benchmarks.bench_personal_data

Runs the very SQL conditions of etl/personal_data.py over strings of our own (personal_data.csv): things that must be
refused, by kind, and ordinary references, areas, names and prose that must pass. Every person, number and address is
invented. Prints; asserts nothing, because no list of patterns finds everything, which is why the record has no columns
for such things. The patterns were improved on the `first` list; the `second` was written before and looked at after.
"""

import argparse
import csv
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from etl import personal_data
from etl.catalog import TextKind
from etl.engines.duckdb import connect

STRINGS = Path(__file__).with_name("personal_data.csv")
CLEAN = "clean"


@dataclass(frozen=True)
class Tried:
    """One string, the column and list it stands in, what it is, and what the net said."""

    text: str
    column: TextKind
    kind: str
    list: str
    found: frozenset[str]


def tried() -> list[Tried]:
    """Ask the real conditions about every string: whether any pattern is hit, and which."""
    answers = []
    with STRINGS.open(encoding="utf-8", newline="") as file, connect() as con:
        for row in csv.DictReader(file):
            column: TextKind = next(one for one in get_args(TextKind) if one == row["column"])
            conditions = {name: personal_data.hit("cell", one) for name, one in personal_data.kinds(column).items()}
            asked = ", ".join([personal_data.any_hit("cell", column), *conditions.values()])
            said = con.execute(f"select {asked} from (select $text as cell)", {"text": row["string"]}).fetchall()
            is_hit, *hits = said[0]
            found = frozenset(name for name, hit in zip(conditions, hits, strict=True) if hit)
            if is_hit != bool(found):
                raise SystemExit(f"the one-pass condition and the single kinds differ on {row['string']!r}")
            answers.append(Tried(row["string"], column, row["kind"], row["list"], found))
    return answers


def table(answers: list[Tried]) -> None:
    """Print recall and precision of each kind and of all together.

    Precision of a kind counts the clean strings that its own patterns refuse.
    """
    dirty, clean = [one for one in answers if one.kind != CLEAN], [one for one in answers if one.kind == CLEAN]
    print(f"{len(answers)} strings: {len(dirty)} that must be refused, {len(clean)} that must pass")
    print(f"{'kind':36} strings  refused  under its name  clean ones refused  recall  precision")
    for kind in dict.fromkeys(one.kind for one in dirty):
        own = [one for one in dirty if one.kind == kind]
        refused, named = sum(bool(one.found) for one in own), sum(kind in one.found for one in own)
        wrong = sum(kind in one.found for one in clean)
        told = f"{refused / len(own):7.1%} {refused / max(1, refused + wrong):10.1%}"
        print(f"{kind:36} {len(own):7} {refused:8} {named:15} {wrong:19} {told}")
    refused, wrong = sum(bool(one.found) for one in dirty), sum(bool(one.found) for one in clean)
    told = f"{refused / len(dirty):7.1%} {refused / max(1, refused + wrong):10.1%}"
    print(f"{'all':36} {len(dirty):7} {refused:8} {'':15} {wrong:19} {told}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--list", choices=["first", "second"], help="only one of the two lists")
    parser.add_argument("--quiet", action="store_true", help="the table only, not the strings that went wrong")
    options = parser.parse_args()
    answers = [one for one in tried() if options.list in (None, one.list)]
    table(answers)
    for one in answers if not options.quiet else []:
        if one.kind != CLEAN and not one.found:
            print(f"  missed ({one.kind}, in a column of {one.column}): {one.text}")
        if one.kind == CLEAN and one.found:
            print(f"  refused for nothing ({', '.join(sorted(one.found))}): {one.text}")


if __name__ == "__main__":
    main()
