"""Language: every visible string goes through `_`, every number and date through the functions here.

The language belongs to the page run, not to the process: `use("es")` at its start, and English where nothing was said.
Never call `_` inside a cached question of public_data: the answer would keep the language of the first asker.
"""

import gettext
from contextvars import ContextVar
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

LANGUAGES = {"en": "English", "es": "Español"}
LOCALES = Path(__file__).parent / "locales"
NO_BREAK_SPACE = "\u00a0"

_language: ContextVar[str] = ContextVar("language", default="en")


@lru_cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("porchlight", LOCALES, languages=[language], fallback=True)


def use(language: str) -> None:
    """Speak this language from here on in this page run; an unknown one is English."""
    _language.set(language if language in LANGUAGES else "en")


def language() -> str:
    """The language spoken now: en or es."""
    return _language.get()


def _(message: str) -> str:
    """The message in the language spoken now."""
    return _catalogue(language()).gettext(message) if message else ""


def ngettext(one: str, many: str, count: int) -> str:
    """The message for that count, in the language spoken now."""
    return _catalogue(language()).ngettext(one, many, count)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translate this later"
    """Mark a message for the catalogue that is translated where it is shown."""
    return message


def is_known(value: Any) -> bool:
    """Whether a cell holds a value (None, NaN and NaT do not)."""
    return value is not None and not pd.isna(value)


def number(value: Any, decimals: int = 0) -> str:
    """1501 -> '1,501'. Both languages use the same signs. An unknown value is '', never 0."""
    return f"{value:,.{decimals}f}" if is_known(value) else ""


def percent(rate: Any, decimals: int = 1) -> str:
    """0.209 -> '20.9%', in Spanish '20.9 %' with a no-break space."""
    if not is_known(rate):
        return ""
    return f"{100 * rate:,.{decimals}f}" + (f"{NO_BREAK_SPACE}%" if language() == "es" else "%")


def interval(low: Any, high: Any, decimals: int = 1) -> str:
    """'20.1 to 21.7', in Spanish 'del 20.1 al 21.7'; never a dash or a plus-minus sign."""
    pattern = "del {low} al {high}" if language() == "es" else "{low} to {high}"
    return pattern.format(low=number(100 * low, decimals), high=number(100 * high, decimals))


def months() -> tuple[str, ...]:
    """Names of the months in the language spoken now."""
    return (
        _("January"),
        _("February"),
        _("March"),
        _("April"),
        _("May"),
        _("June"),
        _("July"),
        _("August"),
        _("September"),
        _("October"),
        _("November"),
        _("December"),
    )


def day(value: Any, precision: str = "day") -> str:
    """A date in a sentence: 'August 28, 2019', 'August 2019', '2019', as exactly as it is known."""
    if not is_known(value) or precision == "unknown":
        return ""
    name = months()[value.month - 1]
    if precision == "year":
        return str(value.year)
    if language() == "es":
        return f"{name} de {value.year}" if precision == "month" else f"{value.day} de {name} de {value.year}"
    return f"{name} {value.year}" if precision == "month" else f"{name} {value.day}, {value.year}"


def short_month(value: date) -> str:
    """'Jun 2021'."""
    return f"{months()[value.month - 1][:3]} {value.year}"


def iso(value: Any, precision: str = "day") -> str:
    """A date in a table: '2019-08-28', '2019-08', '2019'."""
    if not is_known(value) or precision == "unknown":
        return ""
    length = {"day": 10, "month": 7, "year": 4}[precision]
    return f"{value:%Y-%m-%d}"[:length]


def quarter(value: date) -> str:
    """'2025 Q1'."""
    return f"{value.year} Q{(value.month + 2) // 3}"


def listed(words: list[str]) -> str:
    """'Illinois, New Jersey and Connecticut'."""
    if len(words) < 2:
        return "".join(words)
    return _("{first} and {last}").format(first=", ".join(words[:-1]), last=words[-1])


def counted(count: int) -> str:
    """A small count in words ('two'), as sentences write it; from ten on in digits."""
    names = (_("no"), _("one"), _("two"), _("three"), _("four"), _("five"), _("six"), _("seven"), _("eight"), _("nine"))
    return names[count] if 0 <= count < len(names) else number(count)
