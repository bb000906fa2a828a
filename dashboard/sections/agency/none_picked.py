"""The Agency page before an agency is picked, and where the address names none."""

from dashboard import components
from dashboard.components import Column, agencies_part, here
from dashboard.i18n import _, number
from dashboard.public_data import agency_profile


def without_agency() -> None:
    """The page before one is picked."""
    release = here().release
    known = agency_profile.agency_names(release)
    components.headline(
        _("We can name {count} agencies. Each has a page.").format(count=number(len(known))),
        _("Pick one to read what is public about it: since when it takes part, how often it asked, how often residents "
          "said yes, who says so, and what nobody has said."),
    )  # fmt: skip
    agencies_part.picker(None)
    documented = agency_profile.documented_agencies(release)
    if documented.empty:
        return
    components.section(
        _("Of these, more is public than a name and a date"),
        _("Agencies with a log or with a published number of requests, by state and name; the first {count}.").format(
            count=number(len(documented))
        ),
    )
    agencies_part.known_table(documented, _("Agencies of which more is public"), "documented")


def wrong_agency(agency_id: str) -> None:
    """The page of an id that no agency of this release has: the nearest names, never a guess."""
    release = here().release
    near = agency_profile.near_matches(release, agency_id)
    components.headline(
        _("This release names no such agency"),
        _("The link asks for **{agency}**. That does not prove that it takes no part: it is not in this release.")
        .format(agency=agency_id[:80].replace("*", "")),
    )  # fmt: skip
    agencies_part.picker(None)
    if not near.empty:
        components.section(_("Names that come close"))
        columns = (Column("name", _("Agency"), "link", address=agencies_part.agency_page), Column("state", _("State")))
        components.show(components.table(near, columns, _("Agencies whose names come close")))
