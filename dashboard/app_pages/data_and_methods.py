"""Data and methods: every file, every definition, every source, and how residents are protected."""

from dashboard import components
from dashboard.components import here
from dashboard.components.switch import switch
from dashboard.i18n import _, number
from dashboard.public_data import methods
from dashboard.sections.methods.changes import changes
from dashboard.sections.methods.contribute import contribute
from dashboard.sections.methods.definitions import definitions
from dashboard.sections.methods.dictionary import dictionary
from dashboard.sections.methods.files import files
from dashboard.sections.methods.protection import protection
from dashboard.sections.methods.sources import sources
from dashboard.sections.methods.statistics import statistics

release = here().release
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
