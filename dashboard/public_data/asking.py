"""How a question is asked: kept by release and selection, with every value of the reader bound, never pasted."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

import streamlit as st

from dashboard.releases import Release
from dashboard.selection import Selection

P = ParamSpec("P")
R = TypeVar("R")


def question(ask: Callable[P, R]) -> Callable[P, R]:
    """Remember the answers of a question by its arguments. A release never changes, so they never go stale."""
    remembered: Callable[P, R] = st.cache_data(
        show_spinner=False,
        max_entries=256,
        hash_funcs={Release: lambda release: str(release.folder)},
    )(ask)
    return remembered


@dataclass
class Conditions:
    """The conditions of one query: SQL with named places, and the values that go there."""

    clauses: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)

    def add(self, clause: str, **values: Any) -> None:
        """Add a condition if every value it needs was picked (an empty tuple or None is: all)."""
        if all(value is not None and value != () for value in values.values()):
            self.clauses.append(clause)
            self.values.update(
                {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
            )

    @property
    def sql(self) -> str:
        """The conditions as one expression."""
        return " and ".join(self.clauses) or "true"


def of_agencies(selection: Selection, table: str = "agencies") -> Conditions:
    """Conditions on a row of table agencies (or an alias of it): state, kind, agency."""
    conditions = Conditions()
    conditions.add(f"list_contains($states, {table}.state)", states=selection.states)
    conditions.add(f"{table}.kind = $kind", kind=selection.kind)
    conditions.add(f"{table}.agency_id = $agency_id", agency_id=selection.agency_id)
    return conditions
