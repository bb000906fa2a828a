"""One definition each, the states of a cell, and what a request has meant."""

from dashboard import charts, components, public_data, words
from dashboard.components import Column, here
from dashboard.findings import methods as findings
from dashboard.i18n import _, in_english, number


def definitions() -> None:
    """One definition each, the states of a cell, and what a request has meant."""
    release = here().release
    regimes = public_data.regimes(release)
    components.section(_("One word, one meaning"))
    for text in findings.definitions():
        components.paragraph(text)
    components.section(_("Nothing, zero and hidden are different"), _("Each cell is in exactly one of these states."))
    states = (
        Column("code", "", "state"),
        Column("word", _("State")),
        Column("meaning", _("What it tells")),
        Column("code_in_files", _("In files"), desk_only=True),
    )
    table = findings.states_table()
    components.show(components.table(table.assign(code_in_files=table["code"]), states, _("The states of a cell")))
    regimes = public_data.regimes(release)
    components.section(
        _("A “request” has meant {count} different things").format(count=number(len(regimes))),
        _("Each is a regime. Numbers of different regimes are never added."),
    )
    rows = regimes.assign(
        word=[words.word(words.REGIMES, code) for code in regimes["regime_id"]],
        dates=[charts.regime_dates(row) for row in regimes.to_dict("records")],
    )
    columns = (
        Column("word", _("Regime"), note="dates"),
        Column("what_a_request_is", _("What a request was"), words=in_english),
        Column("denominator_known_to", _("Who knows how many were asked"), words=findings.who),
    )
    components.show(components.table(rows, columns, _("Regimes")))
    components.source_row(
        regimes, key="regimes", title=_("Regimes"),
        sources=components.named_sources(list(regimes["source_id"])),
        queries=("regimes",),
        definitions=public_data.definitions(release, "regimes"),
    )  # fmt: skip
