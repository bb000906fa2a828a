"""HTML of short pieces: text with bold words, states, tables. Pure: everything that comes from data is escaped here."""

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from dashboard.i18n import ENGLISH_FROM, ENGLISH_TO, _, is_known, number, percent
from dashboard.states import LEGEND, State, state

Kind = Literal["text", "date", "number", "percent", "bar", "link", "state"]


_MARKS = str.maketrans("", "", ENGLISH_FROM + ENGLISH_TO)


def unmarked(text: str) -> str:
    """Text without the marks of `i18n.in_english`, for files and for what is no HTML."""
    return text.translate(_MARKS)


def escaped(text: Any) -> str:
    """Text that is safe inside HTML, in attributes too."""
    return html.escape(unmarked(str(text)))


def spoken(text: Any) -> str:
    """Escaped text, in which what `i18n.in_english` marked says that it is English. Not for attributes."""
    told = html.escape(str(text), quote=False)
    return told.replace(ENGLISH_FROM, '<span lang="en">').replace(ENGLISH_TO, "</span>")


def rich(text: str) -> str:
    """As `spoken`, and **words** between double stars are bold."""
    return re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", spoken(text))


def anchor(text: str, url: object) -> str:
    """A link; text alone where the address is missing or is none that a page may point to."""
    # A frame holds NaN where a source has no address.
    if not isinstance(url, str) or not re.match(r"(https?://|/|\?|#)", url):
        return escaped(text)
    away = ' target="_blank" rel="noopener noreferrer"' if url.startswith("http") else ' target="_self"'
    return f'<a href="{escaped(url)}"{away}>{escaped(text)}</a>'


def symbol(shown: State, *, alone: bool = False) -> str:
    """A state's symbol; with `alone` its word is there for screen readers and as a tooltip."""
    colour = " pl-fig" if shown.has_figure else ""
    sign = f'<span class="pl-st{colour}" aria-hidden="true">{shown.symbol}</span>'
    if not alone:
        return sign
    return f'<span title="{escaped(shown.word)}">{sign}<span class="pl-hide">{escaped(shown.word)}</span></span>'


def state_words(code: str, words: str | None = None, note: str | None = None) -> str:
    """Symbol and word of a state, or symbol and the figure's own words, with a small note below."""
    shown = state(code)
    text = f"{symbol(shown)}{rich(words) if words else escaped(shown.word)}"
    return text + (f"<small>{spoken(note)}</small>" if note else "")


def legend() -> str:
    """The legend of the states; stands directly above or below what uses the symbols."""
    items = "".join(f'<li title="{escaped(state(c).meaning)}">{symbol(state(c))}{state(c).word}</li>' for c in LEGEND)
    return f'<ul class="pl-legend" aria-label="{_("What the symbols mean")}">{items}</ul>'


@dataclass(frozen=True)
class Column:
    """One column of an HTML table.

    `kind` bar draws a bar beside the number (`highest` is its full length); link needs `address`, a function of the
    row; date never breaks; state reads a state's code. Where `status` names a column, a missing value shows the state
    in that column. `words` and `note_words` put words to a value and its note (`in_english` for texts of the release).
    """

    name: str
    label: str
    kind: Kind = "text"
    decimals: int = 0
    highest: float = 1.0
    address: Callable[[Mapping[Any, Any]], str | None] | None = None
    note: str | None = None
    status: str | None = None
    desk_only: bool = False
    words: Callable[[Any], str] | None = field(default=None, repr=False)
    note_words: Callable[[Any], str] | None = field(default=None, repr=False)


def table(
    rows: pd.DataFrame, columns: Sequence[Column], caption: str | None = None, *, hide_caption: bool = True
) -> str:
    """A real HTML table: header cells with scope, the first column as row header, numbers to the right."""
    head = "".join(f'<th scope="col"{_classes(c)}>{escaped(c.label)}</th>' for c in columns)
    body = "".join(
        "<tr>" + "".join(_cell(column, row, first=i == 0) for i, column in enumerate(columns)) + "</tr>"
        for row in rows.to_dict("records")
    )
    hidden = ' class="pl-hide"' if hide_caption else ""
    title = f"<caption><span{hidden}>{escaped(caption)}</span></caption>" if caption else ""
    return f'<table class="pl-table">{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _classes(column: Column) -> str:
    names = [
        *(["pl-n"] if column.kind in ("number", "percent") else []),
        *(["pl-nowrap"] if column.kind in ("date", "bar") else []),
        *(["pl-desk"] if column.desk_only else []),
    ]
    return f' class="{" ".join(names)}"' if names else ""


def _cell(column: Column, row: Mapping[Any, Any], *, first: bool) -> str:
    content = _content(column, row)
    if column.note and is_known(row[column.note]):
        note = row[column.note]
        content += f"<small>{spoken(column.note_words(note) if column.note_words else note)}</small>"
    tag = 'th scope="row"' if first else "td"
    return f"<{tag}{_classes(column)}>{content}</{tag.split()[0]}>"


def _content(column: Column, row: Mapping[Any, Any]) -> str:
    value = row[column.name]
    if column.kind == "state":
        return symbol(state(value), alone=True)
    if not is_known(value) or value == "":
        return symbol(state(row[column.status]), alone=True) if column.status else ""
    if column.words:
        value = column.words(value)
    if column.kind == "link":
        return anchor(str(value), column.address(row) if column.address else None)
    if column.kind == "percent":
        return percent(value, column.decimals)
    if column.kind == "bar":
        width = round(72 * float(value) / column.highest) if column.highest else 0
        return (
            f'<span class="pl-bar" style="width:{width}px" aria-hidden="true"></span>{number(value, column.decimals)}'
        )
    return number(value, column.decimals) if column.kind == "number" else spoken(value)
