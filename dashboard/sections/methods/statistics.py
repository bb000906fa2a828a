"""The statistical methods in words, with an example that anyone can check."""

from dashboard import components
from dashboard.components import Column
from dashboard.findings import methods as findings
from dashboard.i18n import _


def statistics() -> None:
    """The methods in words, and an example that anyone can check."""
    components.section(_("How sure we are, and how we say so"))
    for head, text in findings.statistics_words():
        components.show(f"<h3>{components.escaped(head)}</h3>")
        components.paragraph(text)
    components.section(
        _("Check our intervals"),
        _("These are worked out by the code of this page, now. A textbook gives the same (Newcombe 1998, Wilson)."),
    )
    columns = (
        Column("shared", _("Shared"), "text"),
        Column("asked", _("Asked"), "text"),
        Column("rate", _("Rate"), "text"),
        Column("low", _("From"), "text"),
        Column("high", _("To"), "text"),
    )
    components.show(components.table(findings.worked_examples(), columns, _("95% intervals")))
