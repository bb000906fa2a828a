"""Row accounting, and every source."""

from dashboard import components, public_data
from dashboard.components import Column, here
from dashboard.findings import methods as findings
from dashboard.i18n import _, in_english, iso, number
from dashboard.public_data import methods


def sources() -> None:
    """Row accounting first, then every source."""
    release = here().release
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
    components.source_row(rows, key="rows", title=_("Rows by file"), sources=(), queries=("source_rows",))
    if not held_back.empty:
        components.section(
            _("Why rows were held back"), _("A row with two reasons counts under both. No cell is shown.")
        )
        components.show_table(
            held_back,
            (
                Column("source_id", _("Table")),
                Column("reason", _("Reason"), words=in_english),
                Column("rows", _("Rows"), "number"),
            ),
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
    components.source_row(
        cited.drop(columns="published"), key="sources", title=_("Sources"), sources=(), queries=("sources",),
        definitions=public_data.definitions(release, "sources"),
    )  # fmt: skip
