"""What changed between releases, and what was found wrong."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboard import components
from dashboard.components import Column, here
from dashboard.i18n import _, in_english, iso, ngettext, number
from dashboard.public_data import methods
from dashboard.sections.methods.dictionary import table_page


def changes() -> None:
    """What this release changed, every release of the edition, and what was found wrong."""
    release = here().release
    changed, wrong = methods.changes(release), methods.corrections(release)
    components.section(
        _("Release {number}: what changed").format(number=number(release.release_no)),
        _("Rows of this release against the one before. A release never changes after it is published."),
    )
    if changed.empty:
        components.paragraph(_("No row came or went."))
    else:
        columns = (
            Column("table_name", _("Table"), "link", address=lambda row: table_page(row["table_name"])),
            Column("rows_now", _("Rows"), "number"),
            Column("rows_added", _("Added"), "number"),
            Column("rows_removed", _("Removed"), "number"),
        )
        components.show_table(changed, columns, _("Changed tables"), key="changes")
        components.source_row(
            changed, key="changes", title=_("Changed tables"), sources=(), queries=("release_changes",)
        )
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
        ngettext("{count} correction", "{count} corrections", len(wrong)).format(count=number(len(wrong)))
        if len(wrong)
        else _("No correction so far"),
        _("A figure that was found wrong is listed here with what is right. To report one, see Cite and contribute."),
    )
    if not wrong.empty:
        wrong_columns = (
            Column("corrected_on", _("Day"), "date", words=iso),
            Column("table_name", _("Table"), desk_only=True),
            Column("what_was_wrong", _("What was wrong"), words=in_english),
            Column("what_is_right", _("What is right"), words=in_english),
        )
        components.show_table(wrong, wrong_columns, _("Corrections"), key="corrections")


def _release_page(row: Mapping[Any, Any]) -> str:
    return components.link(here().path, section="changes", as_of=row["release_id"])
