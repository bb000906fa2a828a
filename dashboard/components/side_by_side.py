"""Facts of a few agencies side by side: facts down, agencies across; on a phone one small table per fact."""

from collections.abc import Sequence

from dashboard.components.markup import escaped, state_words
from dashboard.components.text import show
from dashboard.findings.overview import Cell
from dashboard.i18n import _


def side_by_side(names: Sequence[str], facts: Sequence[tuple[str, Sequence[Cell]]]) -> None:
    """Show a table of facts with one cell per agency; each cell is in one state."""
    corner = f'<td><span class="pl-hide">{_("Fact")}</span></td>'
    head = corner + "".join(f'<th scope="col">{escaped(name)}</th>' for name in names)
    body = "".join(
        f'<tr><th scope="row">{escaped(fact)}</th>{"".join(f"<td>{_cell(cell)}</td>" for cell in cells)}</tr>'
        for fact, cells in facts
    )
    narrow = "".join(_small(fact, names, cells) for fact, cells in facts)
    show(
        '<table class="pl-table pl-matrix" style="table-layout:fixed">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        f'<div class="pl-narrow">{narrow}</div>'
    )


def _small(fact: str, names: Sequence[str], cells: Sequence[Cell]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escaped(name)}</th><td>{_cell(cell)}</td></tr>'
        for name, cell in zip(names, cells, strict=True)
    )
    return f'<h3>{escaped(fact)}</h3><table class="pl-table"><tbody>{rows}</tbody></table>'


def _cell(cell: Cell) -> str:
    return state_words(cell.status, cell.words, cell.note)
