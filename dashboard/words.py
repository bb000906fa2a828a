"""The words for the codes of the release: one place, so that a thing has the same name on every page."""

from collections.abc import Mapping

from dashboard.i18n import N_, _, number

KINDS: Mapping[str, str] = {
    "municipal_police": N_("City and town police"),
    "sheriff": N_("Sheriffs"),
    "state_police": N_("State police"),
    "campus": N_("Campus police"),
    "fire": N_("Fire departments"),
    "district_attorney": N_("District attorneys"),
    "other": N_("Other agencies"),
}
KIND: Mapping[str, str] = {
    "municipal_police": N_("city or town police"),
    "sheriff": N_("sheriff"),
    "state_police": N_("state police"),
    "campus": N_("campus police"),
    "fire": N_("fire department"),
    "district_attorney": N_("district attorney"),
    "other": N_("other"),
}
PROGRAMS: Mapping[str, str] = {
    "ring-neighbors": N_("Ring Neighbors"),
    "ring-community-requests": N_("Ring Community Requests"),
    "ring-device-discount": N_("Ring device discounts"),
    "camera-registry": N_("Camera registries"),
}
# Short enough for the head of a band in a chart; the full name stands in table regimes.
REGIMES: Mapping[str, str] = {
    "email-video-requests": N_("Private e-mail requests"),
    "request-for-assistance": N_("Public posts"),
    "no-request-tool": N_("No request tool"),
    "community-requests": N_("Community Requests"),
    "unassigned": N_("Between two regimes"),
}
CATEGORIES: Mapping[str, str] = {
    "burglary": N_("Burglary"),
    "theft_from_vehicle": N_("Theft from a vehicle"),
    "vehicle_theft": N_("Vehicle theft"),
    "package_theft": N_("Package theft"),
    "robbery": N_("Robbery"),
    "assault": N_("Assault"),
    "homicide": N_("Homicide"),
    "missing_person": N_("Missing person"),
    "traffic": N_("Traffic"),
    "vandalism": N_("Vandalism"),
    "other": N_("Other"),
    "unknown": N_("Not stated"),
}
CHANNELS: Mapping[str, str] = {
    "email": N_("E-mail"),
    "public_post": N_("Public post"),
    "community_request": N_("Community Request"),
    "other": N_("Other"),
    "unknown": N_("Not stated"),
}
LEGAL_BASES: Mapping[str, str] = {
    "voluntary_request": N_("Voluntary request"),
    "warrant": N_("Warrant"),
    "subpoena": N_("Subpoena"),
    "court_order": N_("Court order"),
    "exigent": N_("Emergency"),
    "unknown": N_("Not stated"),
}
APPROVALS: Mapping[str, str] = {
    "council_vote": N_("council vote"),
    "public_hearing": N_("public hearing"),
    "administrative": N_("signed by the administration"),
    "none_found": N_("none found"),
    "unknown": N_("not reported"),
}
QUALIFIERS: Mapping[str, str] = {
    "exact": N_("{value}"),
    "at_least": N_("at least {value}"),
    "about": N_("about {value}"),
    "more_than": N_("more than {value}"),
    "at_most": N_("at most {value}"),
}
MEASURES: Mapping[str, str] = {
    "agencies": N_("agencies of all kinds"),
    "police_agencies": N_("police agencies"),
    "fire_agencies": N_("fire departments"),
    "agencies_joined_in_year": N_("agencies that joined in the year"),
    "requests_in_year": N_("requests in the year"),
    "legal_demands_in_year": N_("legal demands in the year"),
    "users_notified": N_("users told of a legal demand"),
    "warrants_share": N_("per cent of legal demands that were warrants"),
    "emergency_disclosures_in_period": N_("emergency disclosures"),
    "atlas_records": N_("records in the EFF Atlas"),
    "requests": N_("requests sent"),
    # The record counts messages: one resident may have had more than one.
    "asked": N_("messages sent to residents"),
    "responded": N_("residents who answered"),
    "shared": N_("residents who shared"),
    "declined": N_("residents who declined"),
    "cases_aided": N_("cases aided"),
    "submissions": N_("answers received"),
}
PLACED: Mapping[str, str] = {
    "city": N_("placed by its city"),
    "county": N_("placed by its county"),
    "simulated": N_("simulated place"),
    "not_placed": N_("not placed"),
}


def word(vocabulary: Mapping[str, str], code: str) -> str:
    """The word for a code in the reader's language; a code that has no word yet stands for itself."""
    return _(vocabulary.get(code, code.replace("_", " ").replace("-", " ")))


def qualified(value: str, qualifier: str) -> str:
    """'more than 2,600'."""
    return word(QUALIFIERS, qualifier).format(value=value)


def covered_requests(covered: int, of: int) -> str:
    """How many requests a figure rests on. A request withdrawn since leaves the log at once, and its block stays."""
    if covered > of:
        told = _("{covered} requests, some of them withdrawn from the log since, which now holds {of}")
    else:
        told = _("{covered} of {of} requests")
    return told.format(covered=number(covered), of=number(of))
