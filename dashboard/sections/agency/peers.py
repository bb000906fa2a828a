"""Agencies of like size and kind, and every source of the page."""

import pandas as pd

from dashboard import components
from dashboard.components import Column, agencies_part, here
from dashboard.findings import agency as findings
from dashboard.i18n import _, in_english, is_known, iso
from dashboard.public_data import agency_profile


def peers_section(profile: findings.Profile) -> None:
    """Agencies of like size and kind, by name."""
    release = here().release
    peers = agency_profile.peers(release, str(profile.about["agency_id"]))
    components.section(_("Agencies of like size and kind"), findings.peers_rule(peers, profile))
    if peers.empty:
        components.paragraph(_("This release names none."))
        return
    agencies_part.known_table(peers, _("Agencies of like size and kind"), "peers")


def sources_section(profile: findings.Profile, sources: list[str]) -> None:
    """Every source of this page's facts, and how old the last of them is."""
    named = components.named_sources(sources)
    last = profile.last_shown
    when = (
        _("The last day of which anything is reported is **{day}**.").format(day=profile.last_shown_words)
        if last
        else _("After its start no day is reported on which it took part.")
        if any(is_known(row["started_on"]) for row in profile.programs)
        else _("No day is reported on which it took part.")
    )
    components.section(_("Where this comes from"), when)
    if not named:
        return
    rows = pd.DataFrame(
        [
            {
                "title": source.title or source.publisher,
                "publisher": source.publisher,
                "url": source.url,
                "published": iso(source.published_on, source.published_precision),
                "licence": source.licence or "",
                "note": source.note,
            }
            for source in named
        ]
    )
    columns = (
        Column("title", _("Source"), "link", address=lambda row: row["url"], note="note", note_words=in_english),
        Column("publisher", _("Publisher")),
        Column("published", _("Published"), "date"),
        Column("licence", _("Licence"), desk_only=True),
    )
    components.show(components.table(rows, columns, _("Sources of this page")))
