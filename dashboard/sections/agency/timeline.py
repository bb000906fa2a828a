"""What happened and who says so, with the agency's state and what is missing beside it."""

import pandas as pd
import streamlit as st

from dashboard import components, public_data, words
from dashboard.components import Column, here
from dashboard.findings import agency as findings
from dashboard.findings import agency_timeline
from dashboard.i18n import _, iso, ngettext, number
from dashboard.public_data import agency_profile


def timeline_section(profile: findings.Profile, claims: pd.DataFrame) -> None:
    """Dated rows with their sources; the state's other agencies and the gaps beside."""
    release = here().release
    regimes = public_data.regimes(release)
    events = public_data.events(release, ("US", str(profile.about["state"])))
    listings = agency_profile.listings_of(release, str(profile.about["agency_id"]))
    said_by = {source.source_id: source for source in components.named_sources(list(regimes["source_id"]))}
    regimes = regimes.assign(
        publisher=regimes["source_id"].map({code: source.publisher for code, source in said_by.items()}),
        url=regimes["source_id"].map({code: source.url for code, source in said_by.items()}),
    )
    moments = agency_timeline.timeline(profile, claims, listings, events, regimes)
    more = agency_timeline.elsewhere(events, regimes)
    columns = (
        Column("when", _("Date"), "date", note="until"),
        Column("what", _("What happened"), note="note"),
        Column("publisher", _("Source"), "link", address=lambda row: row["url"]),
    )
    frame = agency_timeline.as_frame(moments)
    left, right = st.columns([7, 5], gap="large")
    with left:
        components.section(_("What happened, and who says so"), agency_timeline.count_words(moments))
        components.show(components.table(frame, columns, _("What happened, and who says so")))
        if more:
            told = ngettext(
                "{count} more dated step of the country", "{count} more dated steps of the country", len(more)
            )
            told = told.format(count=number(len(more)))
            table = components.table(agency_timeline.as_frame(more), columns, told)
            components.show(f'<details class="pl-more"><summary>{components.escaped(told)}</summary>{table}</details>')
    with right:
        state_section(profile)
        gaps_section(profile)
    components.source_row(
        frame,
        key="timeline",
        title=_("What happened: {agency}").format(agency=profile.name),
        sources=(),
        queries=("partnership_claims", "partnership_listings", "published_counts", "request_counts", "events"),
    )


def state_section(profile: findings.Profile) -> None:
    """How much is known of the agencies around."""
    release = here().release
    program = public_data.default_program(release)
    if program is None:
        return
    named, asking, answered = agency_profile.state_beside(release, str(profile.about["state"]), program)
    where = str(profile.about["state_name"])
    rows = pd.DataFrame(
        [
            (_("Named in {program}").format(program=words.word(words.PROGRAMS, program)), named),
            (_("With any number of requests"), asking),
            (_("With a consent figure"), answered),
        ],
        columns=["what", "agencies"],
    )
    told = ngettext("{count} agency is named in {state}", "{count} agencies are named in {state}", named)
    components.section(told.format(count=number(named), state=where))
    components.show(
        components.table(rows, (Column("what", where), Column("agencies", _("Agencies"), "number")), _("Its state"))
    )


def gaps_section(profile: findings.Profile) -> None:
    """What is missing, and whom to ask."""
    missing = findings.gaps(profile)
    components.section(findings.gaps_finding(missing))
    if missing:
        rows = pd.DataFrame([vars(gap) for gap in missing])
        columns = (Column("missing", _("Not public")), Column("ask", _("Who could say")))
        components.show(components.table(rows, columns, _("What is missing, and whom to ask")))


def conflicts_section(profile: findings.Profile) -> None:
    """Start dates on which sources disagree; both are listed."""
    release = here().release
    conflicts = agency_profile.start_conflicts(release, str(profile.about["agency_id"]))
    if conflicts.empty:
        return
    components.section(
        _("Sources disagree on when it joined"),
        _("Shown is the more exact date, then the one from the vendor's own list, then the earlier publication. "
          "The others stand here."),
    )  # fmt: skip
    rows = conflicts.assign(
        started=[iso(row["started_on"], row["started_precision"]) for row in conflicts.to_dict("records")],
        program=[words.word(words.PROGRAMS, code) for code in conflicts["program_id"]],
        shown=[_("shown above") if used else "" for used in conflicts["is_shown"]],
    )
    columns = (
        Column("started", _("Start"), "date", note="shown"),
        Column("program", _("Program")),
        Column("publisher", _("Source"), "link", address=lambda row: row["url"]),
    )
    components.show(components.table(rows, columns, _("Start dates by source")))
