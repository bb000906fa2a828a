"""The row of filters. The address is the truth: widgets are filled from it, and a pick writes it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from dashboard import public_data, words
from dashboard.components import stage
from dashboard.components.here import here
from dashboard.i18n import _, day, listed
from dashboard.releases import Release
from dashboard.selection import PARAMETER_OF, PARAMETERS, Selection, from_address, written

SEVERAL = frozenset({"states", "categories", "counties", "areas"})
DAYS = frozenset({"since", "until", "active_on"})


def read_selection(*names: str, default_program: bool = True) -> Selection:
    """What the reader picked, for these fields of Selection, as far as the release holds it.

    With `default_program` and field "program" a program is always picked: programs ask in different ways and are
    never added up.
    """
    return _read(names, default_program)[0]


def show_filters(*names: str, default_program: bool = True) -> None:
    """Draw one filter per name, in this order, and a Reset link. What the address names in vain is told."""
    if stage.is_alone():
        return
    release = here().release
    selection, unknown = _read(names, default_program)
    _one_button(sum(_is_set(name, getattr(selection, name)) for name in names))
    with st.container(key="filters", horizontal=True, vertical_alignment="center"):
        for name in names:
            if name != "agency_id":
                _filter(name, getattr(selection, name), _options(name, release), required=default_program)
        st.button(_("Reset"), type="tertiary", on_click=reset, key="reset_filters")
    if unknown:
        st.caption(_("This release does not hold: {values}. The filter was left out.").format(values=listed(unknown)))


def _one_button(picked: int) -> None:
    """On a phone: one button before the filters that says how many are set. It stays open while they are used."""
    # The number is not inside the button: Streamlit would draw it anew, and closed.
    number = f"<style>.pl-filters summary::after{{content:' ({picked})'}}</style>" if picked else ""
    st.html(f'<details class="pl-filters"><summary>{_("Filters")}</summary></details>')
    st.html(number or "<style></style>")


def _is_set(name: str, value: Any) -> bool:
    """Whether a filter narrows the page; a program that is always picked does not."""
    if name == "program" and value == public_data.default_program(here().release):
        return False
    return bool(value)


def place_of(selection: Selection) -> str:
    """The picked states in words, '' for the whole country."""
    names = dict(public_data.choices(here().release, "states"))
    return listed([names[state] for state in selection.states])


def _read(names: Sequence[str], default_program: bool) -> tuple[Selection, list[str]]:
    release = here().release
    asked = from_address(st.query_params.to_dict())
    picked: dict[str, Any] = {}
    unknown: list[str] = []
    for name in names:
        value = getattr(asked, name)
        if name not in DAYS and name != "agency_id":
            value, strange = _held(name, value, _options(name, release))
            unknown += strange
        if name == "program" and value is None and default_program:
            value = public_data.default_program(release)
        picked[name] = value
    return Selection(**picked), unknown


def write_address(**values: Any) -> None:
    """Write fields of a Selection into the address; an empty value takes its parameter out."""
    for name, value in values.items():
        parameter, text = PARAMETER_OF[name], written(value)
        if text:
            st.query_params[parameter] = text
        else:
            st.query_params.pop(parameter, None)


def reset() -> None:
    """Take every filter out of the address; the agency of an agency page stays."""
    for parameter, name in PARAMETERS.items():
        if name != "agency_id":
            st.query_params.pop(parameter, None)


def _filter(name: str, value: Any, options: Mapping[str, str], *, required: bool) -> None:
    label, key = _labels()[name], f"filter_{name}"
    st.session_state[key] = list(value) if name in SEVERAL else value
    with st.popover(f"{label}: **{_in_words(name, value, options)}**"):
        if name in DAYS:
            st.date_input(
                label,
                value=None,
                key=key,
                min_value=date(2015, 1, 1),
                max_value=here().release.released_on,
                format="YYYY-MM-DD",
                on_change=_picked,
                args=(name,),
            )
        elif name in SEVERAL:
            st.multiselect(
                label,
                list(options),
                format_func=_word_of(options),
                key=key,
                placeholder=_("All"),
                on_change=_picked,
                args=(name,),
            )
        else:
            st.selectbox(
                label,
                list(options) if required and name == "program" else [None, *options],
                format_func=_word_of(options),
                key=key,
                on_change=_picked,
                # Where a program is always picked the usual one need not be written; elsewhere nothing means all.
                args=(name, public_data.default_program(here().release) if required and name == "program" else None),
            )


def _picked(name: str, usual: str | None = None) -> None:
    # Streamlit calls this before the page runs: `here()` does not answer yet.
    value = st.session_state[f"filter_{name}"]
    write_address(**{name: None if value == usual else value})


def _word_of(options: Mapping[str, str]) -> Callable[[str | None], str]:
    return lambda code: _("All") if code is None else options[code]


def _in_words(name: str, value: Any, options: Mapping[str, str]) -> str:
    if not value:
        return {"since": _("any"), "until": _("any"), "active_on": _("any day")}.get(name, _("All"))
    if name in DAYS:
        return day(value)
    if name in SEVERAL:
        return options[value[0]] if len(value) == 1 else _("{count} picked").format(count=len(value))
    return options[value]


def _held(name: str, value: Any, options: Mapping[str, str]) -> tuple[Any, list[str]]:
    if name in SEVERAL:
        return tuple(v for v in value if v in options), [v for v in value if v not in options]
    return (value, []) if value is None or value in options else (None, [value])


def _labels() -> dict[str, str]:
    return {
        "states": _("State"),
        "program": _("Program"),
        "regime": _("Regime"),
        "kind": _("Kind"),
        "source": _("List"),
        "channel": _("Channel"),
        "legal_basis": _("Legal basis"),
        "categories": _("Category"),
        "counties": _("County"),
        "areas": _("Area"),
        "since": _("From"),
        "until": _("Until"),
        "active_on": _("Active on"),
    }


def _options(name: str, release: Release) -> dict[str, str]:
    """Code -> word of everything the release holds for a filter."""
    if name in DAYS:
        return {}
    codes = public_data.choices(release, name)
    vocabulary: Mapping[str, str] = {
        "kind": words.KINDS,
        "program": words.PROGRAMS,
        "regime": words.REGIMES,
        "channel": words.CHANNELS,
        "legal_basis": words.LEGAL_BASES,
        "categories": words.CATEGORIES,
    }.get(name, {})
    return {code: words.word(vocabulary, code) if code in vocabulary else told for code, told in codes}
