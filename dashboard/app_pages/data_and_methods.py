"""Data and methods: every file, every definition, every source, and how residents are protected."""

import pandas as pd
import streamlit as st

from dashboard import components, public_data, words
from dashboard.charts.closing import closing, closing_in_words
from dashboard.components import Column, here
from dashboard.components.downloads import file_name
from dashboard.components.switch import switch
from dashboard.i18n import _, iso, number, quarter
from dashboard.public_data import methods
from dashboard.statistics.words import WORDS

release, looks = here().release, here().looks

SECTIONS = {
    "protection": _("How residents are protected"),
    "files": _("Files"),
    "sources": _("Sources and rows"),
    "definitions": _("Definitions"),
    "statistics": _("Statistics"),
    "changes": _("Changes"),
}


def protection() -> None:
    """For a council: what is shown of residents, what waits, and who checks it."""
    components.section(
        _("No household can be singled out, not even by adding and subtracting"),
        _("Requests are acts of government: each one is counted in the open. People who were asked are private."),
    )
    for text in (
        _("**We publish people only in groups.** A group, which we call a block, is a set of requests of one agency "
          "under one way of asking. At least 10 residents were asked in it, at least 2 shared, at least 2 did not, "
          "and at least 6 more residents were asked than there were requests."),
        _("**A block closes when it is safe.** We walk through an agency's quarters in order. As soon as the requests "
          "so far make a safe block, it closes, and a new one begins. Then we split it by county, kind of incident and "
          "area, as far as each part is safe. The smallest part is never tested on its own; it stays with the rest."),
        _("**What is not yet safe waits.** It is shown as pending. We do not say why one cell waits: the reason would "
          "tell something about the people in it. We never show a total from which it could be taken off."),
        _("**When almost nobody or almost everybody said yes,** a block of 40 or more residents shows a range, such as "
          "“at most 5%”. So an agency that few people answer does not stay hidden for ever."),
        _("**A block never changes.** A later release only adds blocks. Two releases cannot be subtracted to see what "
          "happened in between. If an agency corrects a number, the block stays and is listed under corrections."),
        _("**Two tests stand before each release.** A judge reads only the finished files of all releases and tries to "
          "work out any smaller group. A second test swaps the true answers for false ones: the same program must then "
          "print the very same blocks. If either finds anything, nothing is published. There is no off switch."),
        _("**What stays possible.** A reader can sometimes tell that fewer than 10 residents were asked in a small "
          "part. Such upper limits remain; how many said yes does not follow from them. A long wait hints that few "
          "people shared. And what somebody knows from elsewhere, we cannot take back."),
    ):  # fmt: skip
        components.paragraph(text)
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
        _("One bar is one block: from its first quarter to its last. The number is how many residents it asked."),
    )
    components.chart(closing(example, looks), key="closing", alt=closing_in_words(example))
    components.source_row(
        example.drop(columns=["name"]),
        key="closing",
        title=_("Blocks of one agency"),
        sources=[],
        columns=(
            Column("first_quarter", _("First quarter"), words=quarter),
            Column("last_quarter", _("Last quarter"), words=quarter),
            Column("categories", _("Kinds of incident"), words=kinds),
            Column("requests", _("Requests"), "number"),
            Column("asked", _("Residents asked"), "number"),
            Column("shared_low", _("Shared, at least"), "number"),
            Column("shared_high", _("Shared, at most"), "number"),
        ),
        definitions={},
    )


def kinds(categories: object) -> str:
    """The incident categories of a block in words."""
    listed = str(categories).split("|")
    if len(listed) > 3:
        return _("{count} kinds").format(count=number(len(listed)))
    return ", ".join(words.word(words.CATEGORIES, category) for category in listed)


def files() -> None:
    """Every table of the release, to download, with the query that made it."""
    held = methods.tables(release)
    components.section(
        _("{tables} tables, {rows} rows").format(tables=number(len(held)), rows=number(int(held["rows"].sum()))),
        _("Each table as CSV and Parquet, and all of them in one DuckDB file. Licence: CC BY 4.0."),
    )
    database = release.folder / "porchlight.duckdb"
    with st.container(horizontal=True):
        for path, label, kind in (
            (database, _("All tables (DuckDB)"), "application/octet-stream"),
            (release.folder / "datapackage.json", _("Data package (JSON)"), "application/json"),
        ):
            st.download_button(
                label,
                path.read_bytes,
                file_name(release, path.stem, ending=path.suffix[1:]),
                kind,
                key=f"file-{path.stem}",
                on_click="ignore",
            )
    picked = st.selectbox(_("Table"), list(held["table_name"]), key="table")
    with st.container(horizontal=True):
        for ending, kind in (("csv", "text/csv"), ("parquet", "application/vnd.apache.parquet")):
            path = release.folder / f"{picked}.{ending}"
            st.download_button(
                f"{picked}.{ending}",
                path.read_bytes,
                file_name(release, picked, ending=ending),
                kind,
                key=f"file-{ending}",
                on_click="ignore",
            )
    components.show_table(
        public_data.dictionary(release, picked),
        (
            Column("column_name", _("Column")),
            Column("type", _("Type")),
            Column("unit", _("Unit")),
            Column("description", _("What it means")),
        ),
        _("Columns of {table}").format(table=picked),
        key="columns",
    )
    query = methods.method(release, picked)
    if query:
        components.paragraph(_("The query that counted it:"))
        st.code(query, language="sql", wrap_lines=True)
    components.show_table(
        held,
        (
            Column("table_name", _("Table")),
            Column("rows", _("Rows"), "number"),
            Column("columns", _("Columns"), "number"),
            Column("csv_bytes", _("CSV, bytes"), "number"),
            Column("parquet_bytes", _("Parquet, bytes"), "number"),
        ),
        _("Tables of this release"),
        key="tables",
    )


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
    components.show_table(
        rows,
        (
            Column("file", _("File")),
            Column("rows_read", _("Rows read"), "number"),
            Column("rows_accepted", _("Accepted"), "number"),
            Column("rows_quarantined", _("Held back"), "number"),
        ),
        _("Rows by file"),
        key="rows",
    )
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
    components.section(
        _("{count} sources").format(count=number(len(cited))),
        _("Read: whole text, an excerpt, second hand, or data that was loaded row by row."),
    )
    components.show_table(
        cited.assign(title=cited["title"].fillna(cited["source_id"]), licence=cited["licence"].fillna(_("not stated"))),
        (
            Column("title", _("Title"), "link", address=lambda row: row["url"]),
            Column("publisher", _("Publisher")),
            Column("published_on", _("Published"), words=lambda day: iso(day) if pd.notna(day) else _("not dated")),
            Column("read", _("Read"), words=how_read),
            Column("licence", _("Licence")),
            Column("facts", _("Facts"), "number"),
        ),
        _("Sources"),
        key="sources",
    )


def definitions() -> None:
    """One definition each, and what a request has meant."""
    components.section(_("One word, one meaning"))
    for text in (
        _("**Participation**: agencies with an active partnership on a day. **Reach**: the share of a state's agencies "
          "that take part, by the FBI's list of 2018, which still holds agencies that are gone: it is approximate."),
        _("**Requests**: requests sent in a period, under one regime. **Asked**: residents to whom a request went. "
          "**Responded**: shared or declined. **No answer**: asked, less responded."),
        _("**Consent rate**: shared over asked. **Share of answers**: shared over responded. They are not the same, "
          "and the first is the one in titles."),
        _("**Coverage**: the share of a selection's requests, or of the agencies reported, that the figures rest on. "
          "Under 80% we say “partly published”. The rest is never estimated."),
    ):  # fmt: skip
        components.paragraph(text)
    components.states_legend()
    regimes = public_data.regimes(release)
    components.section(
        _("A “request” has meant {count} different things").format(count=number(len(regimes))),
        _("Each is a regime. Numbers of different regimes are never added."),
    )
    components.show_table(
        regimes,
        (
            Column("name", _("Regime")),
            Column("starts_on", _("From"), words=iso),
            Column("ends_on", _("Until"), words=lambda day: iso(day) if pd.notna(day) else _("today")),
            Column("what_a_request_is", _("What a request was")),
            Column("denominator_known_to", _("Who knows how many were asked"), words=who),
        ),
        _("Regimes"),
        key="regimes",
    )


def how_read(code: object) -> str:
    """How much of a source was read, in words."""
    told = {
        "full": _("whole text"),
        "excerpt": _("an excerpt"),
        "second_hand": _("second hand"),
        "data": _("data, row by row"),
    }
    return told.get(str(code), str(code))


def who(code: object) -> str:
    """Who knows the denominator, in words."""
    told = {"vendor": _("the vendor"), "agency": _("the agency"), "nobody": _("nobody"), "unknown": _("not stated")}
    return told.get(str(code), str(code))


def statistics() -> None:
    """The methods in words."""
    components.section(_("How sure we are, and how we say so"))
    for text in WORDS.values():
        components.paragraph(_(text))


def changes() -> None:
    """What this release changed, and what was found wrong."""
    changed, wrong = methods.changes(release), methods.corrections(release)
    components.section(
        _("Release {number}: what changed").format(number=number(release.release_no)),
        _("A release never changes after it is published. Its address with as_of stays good."),
    )
    components.show_table(
        changed,
        (
            Column("table_name", _("Table")),
            Column("rows_now", _("Rows"), "number"),
            Column("rows_added", _("Added"), "number"),
            Column("rows_removed", _("Removed"), "number"),
        ),
        _("Changed tables"),
        key="changes",
    )
    if wrong.empty:
        components.section(_("No correction so far"))
        return
    components.section(_("{count} corrections").format(count=number(len(wrong))))
    components.show_table(
        wrong,
        (
            Column("corrected_on", _("Day"), words=iso),
            Column("table_name", _("Table")),
            Column("what_was_wrong", _("What was wrong")),
            Column("what_is_right", _("What is right")),
        ),
        _("Corrections"),
        key="corrections",
    )


DRAW = {
    "protection": protection,
    "files": files,
    "sources": sources,
    "definitions": definitions,
    "statistics": statistics,
    "changes": changes,
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
