"""Licence, citation, and how to hand in a log or a correction."""

import pandas as pd
import streamlit as st

from dashboard import components
from dashboard.components import Column
from dashboard.components.downloads import LICENCE
from dashboard.findings import methods as findings
from dashboard.i18n import _


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
