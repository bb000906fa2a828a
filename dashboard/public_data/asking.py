"""How a question is asked: kept by release and selection, with every value of the reader bound, never pasted."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import pandas as pd

from dashboard.releases import Release
from dashboard.remembered import Remembered
from dashboard.selection import Selection

P = ParamSpec("P")
R = TypeVar("R")
ANSWERS = Remembered(most=1024)


def question(ask: Callable[P, R]) -> Callable[P, R]:
    """Remember the answers of a question by its arguments. A release never changes, so they never go stale.

    A frame is handed out as a copy that shares its cells until one of the two is written to.
    """

    @wraps(ask)
    def answer(*args: P.args, **kwargs: P.kwargs) -> R:
        # A release by its folder: a kept answer must not keep a database open.
        given = (arg.folder if isinstance(arg, Release) else arg for arg in (*args, *sorted(kwargs.items())))
        key = (ask.__module__, ask.__qualname__, *given)
        made: R = ANSWERS.get(key, lambda: ask(*args, **kwargs))
        return made.copy(deep=False) if isinstance(made, pd.DataFrame) else made

    return answer


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


def whose_agency(selection: Selection, table: str) -> Conditions:
    """Conditions on a row of a table with an agency_id (its name or alias): the agency is one of the selection.

    Nothing is looked up where the selection takes all agencies: a release names no agency that is not in its list, and
    to look for half a million rows there costs as much as to count them.
    """
    picked, where = of_agencies(selection), Conditions()
    if picked.clauses:
        where.add(f"{table}.agency_id in (select agencies.agency_id from agencies where {picked.sql})")
        where.values.update(picked.values)
    return where
