"""The catalogue of messages: `python -m dashboard.messages` collects them from the code and tells what has no Spanish.

Reads the syntax tree and not the text, so that messages inside f-strings are found on every version of Python. Writes
`locales/messages.pot` and brings each `locales/*/LC_MESSAGES/messages.po` up to date; translations are never guessed.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from dashboard.i18n import LANGUAGES, LOCALE, LOCALES, message_file

HERE = Path(__file__).parent
TEMPLATE = LOCALES / "messages.pot"
# Name of the call -> which of its arguments are: context, one, many.
CALLS: dict[str, tuple[int | None, int, int | None]] = {
    "_": (None, 0, None),
    "N_": (None, 0, None),
    "pgettext": (0, 1, None),
    "ngettext": (None, 0, 1),
}
Message = tuple[str | None, str | tuple[str, str]]


def messages_in(source: str) -> Iterator[Message]:
    """Every message of one file as (context, id), in reading order; the id of a plural is a pair.

    A call whose text is computed is passed over: its texts are marked with `N_` where they are written.
    """
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        if name not in CALLS:
            continue
        context, one, many = (None if i is None else call.args[i] for i in CALLS[name])
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            told = one.value if many is None else (one.value, str(ast.literal_eval(many)))
            yield (str(ast.literal_eval(context)) if context else None), told


def collected() -> Catalog:
    """All messages of the dashboard, by file and place; locations name the file alone, so that no line number ages."""
    catalogue = Catalog()
    for path in sorted(HERE.rglob("*.py")):
        for context, told in messages_in(path.read_text(encoding="utf-8")):
            if told:
                catalogue.add(told, locations=[(path.relative_to(HERE.parent).as_posix(), 1)], context=context)
    return catalogue


def untranslated(catalogue: Catalog) -> list[Any]:
    """The ids that have no translation, or only an unsure one."""
    return [m.id for m in catalogue if m.id and (m.fuzzy or not m.string or not all(texts(m.string)))]


def texts(told: Any) -> tuple[str, ...]:
    """The one text of a message, or the two of a plural."""
    return (told,) if isinstance(told, str) else tuple(told)


def main() -> int:
    """Write the template, bring the translations up to date; exit code 1 while a message has no translation."""
    template = collected()
    write(TEMPLATE, template)
    missing = 0
    for language in LANGUAGES:
        path = message_file(language)
        if not path.exists():
            continue
        with path.open("rb") as file:
            catalogue = read_po(file, locale=str(LOCALE[language]))
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        write(path, catalogue)
        for told in untranslated(catalogue):
            missing += 1
            print(f"{language}: {' | '.join(texts(told))}")
    return 1 if missing else 0


def write(path: Path, catalogue: Catalog) -> None:
    """Write a catalogue by file and place, under a head without dates, so that what did not change stays the same."""
    head = {"Language": str(catalogue.locale or ""), "Content-Type": "text/plain; charset=utf-8"}
    if catalogue.locale:
        head["Plural-Forms"] = catalogue.plural_forms
    with path.open("wb") as file:
        file.write(b'msgid ""\nmsgstr ""\n')
        file.writelines(f'"{name}: {value}\\n"\n'.encode() for name, value in head.items())
        file.write(b"\n")
        write_po(file, catalogue, width=118, sort_by_file=True, include_lineno=False, omit_header=True)


if __name__ == "__main__":
    sys.exit(main())
