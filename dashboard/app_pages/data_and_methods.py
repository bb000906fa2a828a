"""Data and methods: every file, every definition, every source, and how residents are protected."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import charts, components, public_data, words
from dashboard.charts.block_picture import block_picture, picture_in_words
from dashboard.charts.closing import closing, closing_in_words
from dashboard.components import Column, here
from dashboard.components.downloads import LICENCE, file_name
from dashboard.components.switch import switch
from dashboard.findings import methods as findings
from dashboard.i18n import _, iso, ngettext, number, quarter
from dashboard.public_data import methods
from dashboard.states import state

release, looks = here().release, here().looks
MIME = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet", "json": "application/json"}
SECTIONS = {
    "protection": _("How residents are protected"),
    "files": _("Downloads"),
    "dictionary": _("Dictionary and queries"),
    "sources": _("Sources and rows"),
    "definitions": _("Definitions"),
    "statistics": _("Statistics"),
    "changes": _("Changes"),
    "contribute": _("Cite and contribute"),
}


def protection() -> None:
    """For a council: what is shown of residents, what waits, and who checks it."""
    components.section(
        _("No household can be singled out, not even by adding and subtracting"),
        _("Requests are acts of government: each one is counted in the open. People who were asked are private. "
          "Here is how one agency's quarters close into blocks. **This is an example with invented numbers.**"),
    )  # fmt: skip
    quarters, blocks = findings.example_quarters(), findings.example_blocks()
    components.chart(block_picture(quarters, blocks, looks), key="picture", alt=picture_in_words(quarters, blocks))
    st.space(14)
    steps = "".join(f"<li>{components.rich(step)}</li>" for step in findings.example_in_words())
    components.show(f'<ol class="pl-lede">{steps}</ol>')
    columns = (
        Column("quarter", _("Quarter")),
        Column("requests", _("Requests"), "number"),
        Column("asked", _("Asked"), "number"),
        Column("shared", _("Shared"), "number"),
        Column("block", _("Block"), words=lambda block: str(block) if block else state("pending").word),
    )
    components.show(components.table(quarters, columns, _("The example, quarter by quarter: invented numbers")))
    components.section(_("The rule, and why it holds"))
    for head, text in findings.protection():
        components.show(f"<h3>{components.escaped(head)}</h3>")
        components.paragraph(text)
    held, ranges, covered, known, requests = methods.protected(release)
    example = methods.example_blocks(release)
    if example.empty:
        components.section(
            _("There is no block in this release"),
            _("No agency's log of requests is in the record, so there is no figure about residents to protect. "
              "The demo edition shows how blocks close."),
        )  # fmt: skip
        return
    components.section(
        _("How the quarters of {agency} closed into blocks").format(agency=example["name"].iloc[0]),
        _("One bar is one block of this release: from its first quarter to its last. "
          "The number is how many residents it asked."),
    )  # fmt: skip
    components.chart(closing(example, looks), key="closing", alt=closing_in_words(example))
    components.coverage_line(
        covered,
        known,
        _("{covered} of the {of} requests whose numbers are known are in blocks ({share})."),
        _("The release holds {blocks} blocks, {ranges} of them with a range, and {requests} requests in all.").format(
            blocks=number(held), ranges=number(ranges), requests=number(requests)
        ),
    )
    components.source_row(
        example.drop(columns=["name"]),
        key="closing",
        title=_("Blocks of one agency"),
        sources=(),
        columns=(
            Column("first_quarter", _("First quarter"), words=quarter),
            Column("last_quarter", _("Last quarter"), words=quarter),
            Column("categories", _("Kinds of incident"), words=_kinds),
            Column("requests", _("Requests"), "number"),
            Column("asked", _("Residents asked"), "number"),
            Column("shared_low", _("Shared, at least"), "number"),
            Column("shared_high", _("Shared, at most"), "number"),
        ),
        definitions=public_data.definitions(release, "consent_blocks"),
    )


def _kinds(categories: object) -> str:
    """The incident categories of a block in words."""
    listed = str(categories).split("|")
    if len(listed) > 3:
        return _("{count} kinds").format(count=number(len(listed)))
    return ", ".join(words.word(words.CATEGORIES, category) for category in listed)


def _file(path: Path, label: str, subject: str) -> None:
    """A button that reads the file only when it is asked for."""
    st.download_button(
        label,
        path.read_bytes,
        file_name(release, subject, ending=path.suffix[1:]),
        MIME.get(path.suffix[1:], "application/octet-stream"),
        type="tertiary",
        on_click="ignore",
        key=f"file-{path.name}",
    )


def _size(size: Any) -> str:
    """'0.9 MB', '18 kB'."""
    return f"{size / 1e6:,.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1e3)):,} kB"


def files() -> None:
    """Every table of the release, to download."""
    held = methods.tables(release)
    components.section(
        _("{tables} tables, each as CSV and Parquet, and all of them in one file").format(tables=number(len(held))),
        _("Licence: {licence}. In the CSV an empty cell means not known; it is never 0.").format(licence=LICENCE),
    )
    database, size = methods.database_file(release)
    with st.container(horizontal=True, key="source-whole"):
        _file(database, _("All tables (DuckDB), {size}").format(size=_size(size)), "all")
        for path in methods.descriptions(release):
            _file(path, path.name, path.stem)
    for row in held.to_dict("records"):
        name = row["table_name"]
        told = components.link(here().path, section="dictionary", table=name)
        with st.container(horizontal=True, key=f"source-of-{name}", vertical_alignment="center"):
            components.show(
                f'<p class="pl-source"><b>{components.anchor(name, told)}</b>, '
                f"{_('{count} rows').format(count=number(row['rows']))}<br>{components.escaped(row['title'])}</p>"
            )
            for ending, kind in (("csv", "CSV"), ("parquet", "Parquet")):
                path = release.folder / f"{name}.{ending}"
                if pd.notna(row[f"{ending}_bytes"]):
                    _file(path, f"{kind}, {_size(row[f'{ending}_bytes'])}", name)


def dictionary() -> None:
    """Search all columns; one table's columns, and the query that counted it."""
    held = methods.tables(release).set_index("table_name")
    components.section(
        _("Every column has one meaning, and every count its query"),
        _("Search all columns, or pick a table. The query is the method: it is the text that ran."),
    )
    asked = st.text_input(_("Search"), key="search", placeholder=_("For example: consent, month, approval"))
    if asked.strip():
        found = methods.dictionary_matching(release, asked)
        columns = (
            Column("table_name", _("Table"), "link", address=lambda row: _table_page(row["table_name"])),
            Column("column_name", _("Column")),
            Column("description", _("What it means")),
        )
        components.show(f"<h3>{_('{count} columns match').format(count=number(len(found)))}</h3>")
        components.show_table(found, columns, _("Columns that match"), key="found")
    wanted = st.query_params.get("table", "")
    st.session_state["table"] = wanted if wanted in held.index else "request_counts"
    picked = st.selectbox(_("Table"), list(held.index), key="table", on_change=_pick_table)
    about = held.loc[picked]
    components.section(about["title"], f"{about['description']} {_('{n} rows.').format(n=number(about['rows']))}")
    meanings = public_data.dictionary(release, picked)
    meanings["allowed_values"] = meanings["allowed_values"].str.replace("|", ", ")
    columns_shown = (
        Column("column_name", _("Column")),
        Column("type", _("Type"), desk_only=True),
        Column("unit", _("Unit"), desk_only=True),
        Column("description", _("What it means"), note="allowed_values"),
    )
    components.show(components.table(meanings, columns_shown, _("Columns of {table}").format(table=picked)))
    query = methods.method(release, picked)
    if query:
        components.section(_("The query that counted it"))
        st.code(query, language="sql", wrap_lines=True)
    else:
        components.paragraph(_("No query made this table: it is written by the program, or this release holds none."))
    on_the_way = [(name, methods.method(release, name)) for name in methods.steps_on_the_way(release)]
    for name, step in on_the_way:
        if step and query and f"staging.{name}" in query:
            with st.expander(_("A step on the way: {name}").format(name=name)):
                st.code(step, language="sql", wrap_lines=True)


def _table_page(name: str) -> str:
    return components.link(here().path, section="dictionary", table=name)


def _pick_table() -> None:
    st.query_params["table"] = st.session_state["table"]


def sources() -> None:
    """Row accounting first, then every source."""
    rows, held_back = methods.row_accounting(release), methods.reasons(release)
    read, accepted = int(rows["rows_read"].sum()), int(rows["rows_accepted"].sum())
    components.section(
        _("{read} rows read = {accepted} accepted + {held} held back").format(
            read=number(read), accepted=number(accepted), held=number(read - accepted)
        ),
        _("A row that is wrong, or not about our subject, is held back with every reason. None is dropped."),
    )
    columns = (
        Column("file", _("File")),
        Column("rows_read", _("Rows read"), "number"),
        Column("rows_accepted", _("Accepted"), "number"),
        Column("rows_quarantined", _("Held back"), "number"),
    )
    components.show_table(rows, columns, _("Rows by file"), key="rows")
    components.source_row(rows, key="rows", title=_("Rows by file"), sources=())
    if not held_back.empty:
        components.section(
            _("Why rows were held back"), _("A row with two reasons counts under both. No cell is shown.")
        )
        components.show_table(
            held_back,
            (Column("source_id", _("Table")), Column("reason", _("Reason")), Column("rows", _("Rows"), "number")),
            _("Reasons"),
            key="reasons",
        )
    cited = methods.cited_sources(release)
    cited = cited.assign(
        title=cited["title"].fillna(cited["source_id"]),
        licence=cited["licence"].fillna(_("not stated")),
        published=[iso(row["published_on"], row["published_precision"]) for row in cited.to_dict("records")],
    )
    components.section(
        _("{count} sources").format(count=number(len(cited))),
        _("Rows: how many rows of this release name it. Read: whole text, an excerpt, second hand, or data that "
          "was loaded row by row."),
    )  # fmt: skip
    components.show_table(
        cited,
        (
            Column("title", _("Title"), "link", address=lambda row: row["url"]),
            Column("publisher", _("Publisher")),
            Column("published", _("Published"), "date"),
            Column("read", _("Read"), words=findings.how_read),
            Column("licence", _("Licence"), desk_only=True),
            Column("facts", _("Rows"), "number"),
        ),
        _("Sources"),
        key="sources",
    )
    components.source_row(cited.drop(columns="published"), key="sources", title=_("Sources"), sources=(),
                          definitions=public_data.definitions(release, "sources"))  # fmt: skip


def definitions() -> None:
    """One definition each, the states of a cell, and what a request has meant."""
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
        Column("what_a_request_is", _("What a request was")),
        Column("denominator_known_to", _("Who knows how many were asked"), words=findings.who),
    )
    components.show(components.table(rows, columns, _("Regimes")))
    components.source_row(
        regimes, key="regimes", title=_("Regimes"),
        sources=components.named_sources(list(regimes["source_id"])),
        definitions=public_data.definitions(release, "regimes"),
    )  # fmt: skip


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


def changes() -> None:
    """What this release changed, every release of the edition, and what was found wrong."""
    changed, wrong = methods.changes(release), methods.corrections(release)
    components.section(
        _("Release {number}: what changed").format(number=number(release.release_no)),
        _("Rows of this release against the one before. A release never changes after it is published."),
    )
    if changed.empty:
        components.paragraph(_("No row came or went."))
    else:
        columns = (
            Column("table_name", _("Table"), "link", address=lambda row: _table_page(row["table_name"])),
            Column("rows_now", _("Rows"), "number"),
            Column("rows_added", _("Added"), "number"),
            Column("rows_removed", _("Removed"), "number"),
        )
        components.show_table(changed, columns, _("Changed tables"), key="changes")
        components.source_row(changed, key="changes", title=_("Changed tables"), sources=())
    known = pd.DataFrame(methods.releases(release))
    components.section(
        ngettext("{count} release so far", "{count} releases so far", len(known)).format(count=number(len(known))),
        _("Each keeps its address for good: the link opens this page in that release."),
    )
    release_columns = (
        Column("release_id", _("Release"), "link", address=_release_page),
        Column("released_on", _("Published"), "date"),
        Column("release_no", _("Number"), "number"),
    )
    components.show(components.table(known, release_columns, _("Releases of this edition")))
    components.section(
        _("{count} corrections").format(count=number(len(wrong))) if len(wrong) else _("No correction so far"),
        _("A figure that was found wrong is listed here with what is right. To report one, see Cite and contribute."),
    )
    if not wrong.empty:
        wrong_columns = (
            Column("corrected_on", _("Day"), "date", words=iso),
            Column("table_name", _("Table"), desk_only=True),
            Column("what_was_wrong", _("What was wrong")),
            Column("what_is_right", _("What is right")),
        )
        components.show_table(wrong, wrong_columns, _("Corrections"), key="corrections")


def _release_page(row: Mapping[Any, Any]) -> str:
    return components.link(here().path, section="changes", as_of=row["release_id"])


def contribute() -> None:
    """Licence, citation, and the format in which a log or a correction is handed in."""
    components.section(
        _("Use it, and say where it comes from"),
        _("Tables and text: **{licence}**. The program: Apache-2.0. Sources keep their own licence.").format(
            licence=LICENCE
        ),
    )
    components.cite_and_link(_("all tables"))
    components.section(
        _("Hand in a log, a fact or a correction"),
        _("Fill in one CSV or Parquet file per table. An agency's log needs **requests** and **sources** only. Leave "
          "blank what is not known; a blank is never read as 0. Never put in a name, an address, an e-mail, a phone "
          "number or a plate: such a row is held back."),
    )  # fmt: skip
    rows = pd.DataFrame([vars(table) for table in findings.record_format()])
    columns = (Column("name", _("Table")), Column("row_is", _("One row is"), note="columns"))
    components.show(components.table(rows, columns, _("Record format, version 1")))
    components.paragraph(
        _("Check a file before you send it. The answer names every row that would be held back, with all its reasons:")
    )
    st.code("porchlight check requests.csv sources.csv", language=None, wrap_lines=True)


DRAW = {
    "protection": protection,
    "files": files,
    "dictionary": dictionary,
    "sources": sources,
    "definitions": definitions,
    "statistics": statistics,
    "changes": changes,
    "contribute": contribute,
}

accounted = methods.row_accounting(release)
components.headline(
    _("Every number here can be checked: files, sources, queries and rules"),
    _("Release {release} rests on **{rows} rows** from {files} files. Rows that were not used are held back with "
      "their reasons; none was dropped.").format(
        release=release.release_id, rows=number(int(accounted["rows_read"].sum())), files=number(len(accounted))
    ),
)  # fmt: skip
DRAW[switch("section", _("Section"), SECTIONS)]()
