"""The sections of the page Compare."""

from dashboard.selection import Selection

# What a figure of the page depends on: the agencies as picked, and the selection with its regime.
View = tuple[tuple[str, ...], Selection]
