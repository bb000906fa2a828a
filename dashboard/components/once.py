"""Making an expensive thing once: the facts of a page, a figure, a table's HTML."""

from collections.abc import Callable
from typing import TypeVar, cast

from dashboard.components.here import here, view_parameters
from dashboard.remembered import Remembered

Made = TypeVar("Made")
MADE = Remembered(most=1024)


def once(key: str, make: Callable[[], Made]) -> Made:
    """What `make` returns, made once per key on this view: page, release, colours, and all that the address says.

    A release never changes, so the answer holds for ever. It is shared by all readers: never change it in place. What
    it depends on and is not in the address (what was typed into a search) belongs into `key`.
    """
    place = here()
    view = tuple(sorted(view_parameters().items()))
    return cast(Made, MADE.get((key, place.path, place.release.folder, place.looks, view), make))
