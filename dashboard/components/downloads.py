"""Files of exactly what is shown: a CSV whose header says what it is, from which release, how to cite it. Pure."""

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from dashboard.components.markup import unmarked
from dashboard.i18n import _
from dashboard.releases import Release

LICENCE = "CC BY 4.0"


def csv_text(
    frame: pd.DataFrame,
    *,
    title: str,
    release: Release,
    citation: str,
    definitions: Mapping[str, str],
    sources: Sequence[str] = (),
    coverage: str = "",
) -> str:
    """The frame as CSV under comment lines ("# ") with title, coverage, release, licence, citation, definitions.

    Words for states stand in the cells, never symbols. A cell that a spreadsheet would run as a formula is quoted.
    """
    notes = [
        *([_("SIMULATED: every agency and every number is invented.")] if release.is_simulated else []),
        title,
        *([coverage] if coverage else []),
        _("Release: {release}").format(release=release.release_id),
        _("Licence: {licence}. Sources keep their own licence.").format(licence=LICENCE),
        *([_("Sources: {sources}").format(sources="; ".join(sources))] if sources else []),
        _("Cite as: {citation}").format(citation=citation),
        *(f"{name}: {definitions[name]}" for name in frame.columns if name in definitions),
    ]
    header = "".join(f"# {' '.join(note.split())}\n" for note in notes)
    return header + frame.map(_harmless).to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d")


def file_name(release: Release, *parts: str, ending: str = "csv") -> str:
    """A name that says edition, subject and release, SIMULATED where it is."""
    words = ["porchlight", *(["SIMULATED"] if release.is_simulated else []), *parts, release.release_id]
    return "-".join(re.sub(r"[^A-Za-z0-9]+", "-", word).strip("-") for word in words if word) + f".{ending}"


def _harmless(value: object) -> object:
    if isinstance(value, str):
        value = unmarked(value)
    if isinstance(value, str) and re.match(r"[=+@]|-(?!\d)", value):
        return "'" + value
    return value
