"""What is held back, and why anything is."""

import pandas as pd

from dashboard import components
from dashboard.components import Column
from dashboard.findings import consent as findings
from dashboard.i18n import _, ngettext, number
from dashboard.sections.consent.rates import rate_definitions
from dashboard.states import state


def pending_section(agencies: pd.DataFrame, regime: str) -> None:
    """What is held back, and why anything is; never why one cell is."""
    components.section(
        findings.pending_finding(agencies),
        _("Requests are public in full. Figures about residents appear once so many requests stand together that "
          "nobody can be singled out. Only quarters that ended at least 60 days ago are used. What is missing is not "
          "estimated, and why one cell is held back is not told: the reason would give away what it protects."),
    )  # fmt: skip
    order = ["published", "partly_published", "pending", "not_reported", "not_measurable"]
    counted = (
        agencies.groupby("status")
        .agg(
            agencies=("agency_id", "size"),
            requests=("requests", "sum"),
            with_asked=("requests_with_asked", "sum"),
            covered=("requests_covered", "sum"),
        )
        .reindex([code for code in order if code in set(agencies["status"])])
        .reset_index()
    )
    counted["word"] = [state(code).word for code in counted["status"]]
    counted["meaning"] = [state(code).meaning for code in counted["status"]]
    columns = (
        Column("status", "", "state"),
        Column("word", _("State"), note="meaning"),
        Column("agencies", _("Agencies"), "number"),
        Column("requests", _("Requests"), "number"),
        Column("with_asked", _("of these, numbers known"), "number"),
        Column("covered", _("of these, in blocks"), "number"),
    )
    components.show(components.table(counted, columns, _("Agencies and requests by state")))
    waiting = agencies[agencies["status"] == "pending"]
    components.source_row(
        agencies[["agency_id", "name", "state", "requests", "requests_with_asked", "requests_covered", "status"]],
        key="pending",
        title=_("State of every agency: {regime}").format(regime=regime),
        sources=(),
        queries=("request_counts", "consent_blocks"),
        columns=(
            Column("name", _("Agency"), "link", address=lambda row: components.link("agency", agency=row["agency_id"])),
            Column("requests", _("Requests"), "number"),
            Column("requests_with_asked", _("Numbers known"), "number"),
            Column("requests_covered", _("In blocks"), "number"),
            Column("status", _("State"), words=lambda code: state(code).word),
        ),
        definitions=rate_definitions(),
        coverage=ngettext("{count} agency is pending.", "{count} agencies are pending.", len(waiting)).format(
            count=number(len(waiting))
        ),
    )
