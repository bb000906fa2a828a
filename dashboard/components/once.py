"""Making an expensive thing once: a figure, a table's HTML, a sentence from many numbers."""

from collections.abc import Callable, Hashable
from pathlib import Path
from typing import TypeVar, cast

import streamlit as st

from dashboard import i18n
from dashboard.components.here import here
from dashboard.looks import Looks

Made = TypeVar("Made")


def once(key: str, make: Callable[[], Made], *what: Hashable) -> Made:
    """What `make` returns, made once per page, key, release, language, colours and `what` (the selection ...).

    `what` must name everything else that it depends on. A release never changes, so the answer holds for ever. It is
    shared by all readers: never change it in place.
    """
    place = here()
    made = _made(place.path, key, place.release.folder, place.as_of, i18n.language(), place.looks, what, make)
    return cast(Made, made)


@st.cache_resource(show_spinner=False, max_entries=1024)
def _made(
    path: str,
    key: str,
    folder: Path,
    as_of: str | None,
    language: str,
    looks: Looks,
    what: tuple[Hashable, ...],
    _make: Callable[[], object],
) -> object:
    return _make()
