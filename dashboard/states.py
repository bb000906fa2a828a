"""The states a cell can be in: one word, one symbol, one marker and one explanation each, the same everywhere.

A page shows word and symbol together, or the symbol alone under a legend; a file holds the word and never the symbol.
"""

from dataclasses import dataclass

from dashboard.i18n import N_, _


@dataclass(frozen=True)
class State:
    """One state: `code` as in the release's tables, `marker` as Plotly calls it."""

    code: str
    symbol: str
    marker: str
    has_figure: bool
    english: str
    english_meaning: str

    @property
    def word(self) -> str:
        """The state in the reader's language."""
        return _(self.english)

    @property
    def told(self) -> str:
        """'⊙ pending': symbol and word, where a cell is text alone."""
        return f"{self.symbol} {self.word}"

    @property
    def meaning(self) -> str:
        """What the state tells, in the reader's language."""
        return _(self.english_meaning)


# Symbols beyond Latin script come from the font "Porchlight States", so that they look alike on every machine.
STATES = {
    state.code: state
    for state in (
        State("published", "●", "circle", True, N_("published"), N_("All of it is shown.")),
        State(
            "partly_published",
            "◐",
            "circle-open",
            True,
            N_("partly published"),
            N_("Some of it is shown; the coverage says how much."),
        ),
        State("pending", "⊙", "circle-open-dot", False, N_("pending"), N_("Held back to protect residents.")),
        State(
            "not_reported",
            "○",
            "circle-open",
            False,
            N_("not reported"),
            N_("Somebody could know; nobody has said."),
        ),
        State(
            "not_measurable",
            "⊘",
            "circle-x-open",
            False,
            N_("not measurable"),
            N_("The way of asking hides it."),
        ),
        State(
            "not_participating",
            "–",
            "line-ew-open",
            False,
            N_("not participating"),
            N_("No partnership."),
        ),
        State(
            "no_request_tool",
            "–",
            "line-ew-open",
            False,
            N_("no request tool"),
            N_("The program had no way to ask."),
        ),
    )
}

# The legend names six; the dash stands for two, and the cell's words tell which.
LEGEND = ("published", "partly_published", "pending", "not_reported", "not_measurable", "not_participating")


def state(code: str) -> State:
    """The state of that code. An unknown code is a mistake of the release and raises KeyError."""
    return STATES[code]
