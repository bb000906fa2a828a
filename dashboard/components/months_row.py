"""The source row under a chart of agencies by month: on Overview and on Participation the months mean the same."""

from collections.abc import Sequence

import pandas as pd

from dashboard.components.markup import Column
from dashboard.components.source_row import source_row
from dashboard.i18n import _, iso
from dashboard.public_data import Source
from dashboard.states import state


def months_row(rows: pd.DataFrame, counts: Sequence[str], *, key: str, title: str, sources: Sequence[Source]) -> None:
    """Table and file of `rows` (month_start, `counts`, status); months that nothing is known of are left out.

    `counts`: the columns of the table, of joined, left and active.
    """
    told = {
        "joined": (_("Joined"), _("Agencies whose start falls in the month.")),
        "left": (
            _("Left"),
            _("Agencies reported to have left in the month; blank where no source reports exits."),
        ),
        "active": (_("Taking part"), _("Agencies shown to take part on the last day of the month.")),
    }
    source_row(
        rows[rows["status"] != "not_reported"],
        key=key,
        title=title,
        sources=sources,
        queries=("participation", "partnerships"),
        columns=(
            Column("month_start", _("Month"), "date", words=lambda month: iso(month, "month")),
            *(Column(name, told[name][0], "number") for name in counts),
            Column("status", _("State"), words=lambda code: state(code).word),
        ),
        definitions={name: definition for name, (_head, definition) in told.items()}
        | {"status": _("published: a whole list covers the month; partly_published: only what the press named.")},
    )
