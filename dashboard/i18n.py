"""Language: every visible string goes through `_`, every number and date through the functions here.

The language belongs to the page run, not to the process: `use("es")` at its start, and English where nothing was said.
Never call `_` inside a cached question of public_data: the answer would keep the language of the first asker.
"""

import gettext
import re
from contextvars import ContextVar
from datetime import date
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = {"en": "English", "es": "Español"}
LOCALE = {"en": Locale.parse("en_US"), "es": Locale.parse("es_US")}
LOCALES = Path(__file__).parent / "locales"
NO_BREAK_SPACE = "\u00a0"
MINUS = "\u2212"
ENGLISH_FROM, ENGLISH_TO = "\u2068", "\u2069"

_language: ContextVar[str] = ContextVar("language", default="en")


def message_file(language: str) -> Path:
    """Where the translations of a language stand. English has none: it is the language of the code."""
    return LOCALES / language / "LC_MESSAGES" / "messages.po"


@lru_cache
def _catalogue(language: str) -> gettext.NullTranslations:
    # Compiled here, once per process, so that no compiled file can be older than its source.
    path, compiled = message_file(language), BytesIO()
    if not path.exists():
        return gettext.NullTranslations()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=str(LOCALE[language])))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


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
    return _catalogue(language()).ngettext(one, many, int(count))


def pgettext(context: str, message: str) -> str:
    """The message where one English phrase needs two in another language; the context tells them apart."""
    return _catalogue(language()).pgettext(context, message)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translate this later"
    """Mark a message for the catalogue that is translated where it is shown."""
    return message


def in_english(text: str) -> str:
    """A text of the release, which is English: marked inside another language, for whoever reads it aloud.

    The marks are Unicode's isolates, which nobody sees; `components.markup` turns them into lang="en" or drops them.
    """
    return text if language() == "en" or not text else f"{ENGLISH_FROM}{text}{ENGLISH_TO}"


def begun(text: str) -> str:
    """A sentence whose first word came from elsewhere ('at most 5% ...'), begun with a capital; marks stay."""
    return re.sub(r"^(\W*)(\w)", lambda first: first[1] + first[2].upper(), text)


def is_known(value: Any) -> bool:
    """Whether a cell holds a value (None, NaN and NaT do not)."""
    return value is not None and not pd.isna(value)


@lru_cache
def _signs(language: str) -> dict[int, int] | None:
    # Babel's own format_decimal is 15 times slower than Python's, and a table has thousands of cells.
    signs = LOCALE[language].number_symbols["latn"]
    return None if (signs["group"], signs["decimal"]) == (",", ".") else str.maketrans(",.", separators())


def separators() -> str:
    """Group and decimal sign of the language, ',.' in both of ours; a chart needs them in the order '.,'."""
    signs = LOCALE[language()].number_symbols["latn"]
    return f"{signs['group']}{signs['decimal']}"


def number(value: Any, decimals: int = 0) -> str:
    """1501 -> '1,501', -5.5 -> '−5.5', with the signs of the language. An unknown value is '', never 0."""
    if not is_known(value):
        return ""
    written, signs = f"{value:z,.{decimals}f}".replace("-", MINUS), _signs(language())
    return written.translate(signs) if signs else written


def percent(rate: Any, decimals: int = 1) -> str:
    """0.209 -> '20.9%', in Spanish '20.9 %' with a no-break space."""
    if not is_known(rate):
        return ""
    return number(100 * rate, decimals) + (f"{NO_BREAK_SPACE}%" if language() == "es" else "%")


def interval(low: Any, high: Any, decimals: int = 1) -> str:
    """'20.1 to 21.7', in Spanish 'del 20.1 al 21.7'; never a dash or a plus-minus sign."""
    pattern = pgettext("interval", "{low} to {high}")
    return pattern.format(low=number(100 * low, decimals), high=number(100 * high, decimals))


def day(value: Any, precision: str = "day") -> str:
    """A date in a sentence: 'August 28, 2019', 'August 2019', '2019', as exactly as it is known."""
    if not is_known(value) or precision == "unknown":
        return ""
    return _day(date(value.year, value.month, value.day), precision, language())


@lru_cache(maxsize=4096)
def _day(value: date, precision: str, language: str) -> str:
    if precision == "year":
        return str(value.year)
    if precision == "month":
        return format_skeleton("yMMMM", value, locale=LOCALE[language])
    return format_date(value, "long", locale=LOCALE[language])


def the_day(value: Any, precision: str = "day") -> str:
    """A date after "for", "since" or "from": as `day`, with the article that Spanish puts before a day."""
    told = day(value, precision)
    return f"el {told}" if told and precision == "day" and language() == "es" else told


def short_month(value: date) -> str:
    """'Jun 2021'."""
    return f"{month_name(value)} {value.year}"


def month_name(value: date) -> str:
    """'Jun': the short name of a date's month."""
    return str(LOCALE[language()].months["format"]["abbreviated"][value.month])


def iso(value: Any, precision: str = "day") -> str:
    """A date in a table: '2019-08-28', '2019-08', '2019'."""
    if not is_known(value) or precision == "unknown":
        return ""
    length = {"day": 10, "month": 7, "year": 4}[precision]
    return f"{value:%Y-%m-%d}"[:length]


def quarter(value: date) -> str:
    """'2025 Q1'."""
    return _("{year} Q{quarter}").format(year=value.year, quarter=(value.month + 2) // 3)


def listed(words: list[str]) -> str:
    """'Illinois, New Jersey and Connecticut'."""
    if len(words) < 2:
        return "".join(words)
    pattern = _("{first} and {last}")
    if language() == "es" and re.match(r"h?i(?![aeo])", words[-1].lstrip("*"), re.IGNORECASE):
        # "Connecticut e Illinois": y becomes e before the sound of i.
        pattern = pattern.replace(" y ", " e ")
    return pattern.format(first=", ".join(words[:-1]), last=words[-1])


def counted(count: int) -> str:
    """A small count in words ('two'), as sentences write it; from ten on in digits."""
    names = (_("no"), _("one"), _("two"), _("three"), _("four"), _("five"), _("six"), _("seven"), _("eight"), _("nine"))
    return names[count] if 0 <= count < len(names) else number(count)
