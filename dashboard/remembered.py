"""Remembers what was made, by its key, for all readers. For what never goes stale: whatever follows from a release."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any


class Remembered:
    """At most `most` answers; the one that was not wanted for longest is forgotten first.

    Threads may ask at the same time. Two that miss together both make the answer, and the first to be done is kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """The answer of that key, made now if it is not kept. It is shared: never change it in place."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            made = self._kept.setdefault(key, made)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made

    def forget(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
