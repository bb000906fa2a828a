"""Says when a page is narrowed to one agency, and leads back to all: the agency has no filter of its own."""

from dataclasses import replace

from dashboard import public_data
from dashboard.components.here import here, link
from dashboard.components.markup import anchor, escaped
from dashboard.components.text import show
from dashboard.i18n import _
from dashboard.selection import Selection


def one_agency(selection: Selection) -> None:
    """A line with the agency's name, a link to its page and one to the same view of all agencies; else nothing."""
    if selection.agency_id is None:
        return
    found = public_data.agency(here().release, selection.agency_id)
    everybody = anchor(_("Show all agencies"), link(here().path, replace(selection, agency_id=None)))
    if found.empty:
        told = escaped(_("This release does not hold the agency {id}.").format(id=selection.agency_id))
    else:
        told = anchor(str(found.iloc[0]["name"]), link("agency", agency=selection.agency_id))
        told = f"{escaped(_('One agency only:'))} {told}."
    show(f'<p class="pl-source">{told} {everybody}</p>')
