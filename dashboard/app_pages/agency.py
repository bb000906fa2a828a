"""Agency: everything that is public about one agency, with dates, sources, peers and what is missing."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import charts, components, public_data, words
from dashboard.charts.agency_strip import agency_strip
from dashboard.charts.consent_over_time import consent_over_time, rate_in_words
from dashboard.charts.requests import requests_by_month
from dashboard.components import Column, agencies_part, here
from dashboard.findings import agency as findings
from dashboard.findings import agency_timeline, agency_years
from dashboard.findings import consent as consent_findings
from dashboard.findings import requests as request_findings
from dashboard.i18n import _, is_known, iso, number
from dashboard.public_data import agency_profile, consent_series, request_series
from dashboard.public_data.agency_years import agency_years as years_of
from dashboard.selection import Selection
from dashboard.states import state

release, looks = here().release, here().looks
regimes = public_data.regimes(release)


def without_agency() -> None:
    """The page before one is picked."""
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


def profile_of(about: Mapping[str, Any]) -> findings.Profile:
    """Ask the release everything that the page's sentences rest on."""
    everything = Selection(agency_id=about["agency_id"])
    logged = request_findings.logged(
        request_series.requests_by_month(release, everything), public_data.request_totals(release, everything)
    )
    answers = {
        entry.regime_id: public_data.consent(release, Selection(agency_id=about["agency_id"], regime=entry.regime_id))
        for entry in logged
        if entry.regime_id != "unassigned"
    }
    return findings.Profile(
        about=about,
        partnerships=agency_profile.partnerships_of(release, about["agency_id"]),
        counts=public_data.published_counts(release, everything),
        logged=logged,
        answers=answers,
        dates={row["regime_id"]: charts.regime_dates(row) for row in regimes.to_dict("records")},
        as_of=release.data_as_of,
    )


def head(profile: findings.Profile) -> None:
    """Title, dek, picker, four facts."""
    place = "" if profile.name.endswith(str(profile.about["state"])) else f", {profile.about['state_name']}"
    components.headline(findings.finding(profile), findings.dek(profile), beside=profile.name + place)
    left, right = st.columns([5, 6], vertical_alignment="bottom", gap="large")
    with left:
        agencies_part.picker(str(profile.about["agency_id"]))
    compare = components.link("compare", agencies=str(profile.about["agency_id"]))
    with right:
        components.show(f'<p class="pl-source">{components.anchor(_("Compare with others"), compare)}</p>')
    st.space(22)
    components.facts([(fact.label, _figure(fact), fact.note) for fact in findings.facts(profile)])


def _figure(fact: findings.Fact) -> str:
    """A fact's figure as HTML: with its state's symbol where it has one."""
    return components.state_words(fact.status, fact.told) if fact.status else components.escaped(fact.told)


def strip_section(profile: findings.Profile, sources: list[str]) -> None:
    """Questions by year, each cell in one state."""
    cells = agency_years.with_words(years_of(release, str(profile.about["agency_id"])))
    components.section(
        agency_years.finding(cells),
        _("Each cell is in exactly one state. A blank is never a zero. Columns are cut where a request came to mean "
          "something else."),
    )  # fmt: skip
    components.chart(agency_strip(cells, looks), key="strip", alt=agency_years.in_words(cells))
    components.regime_key(charts.bands(regimes, *charts.span(regimes, release.data_as_of)))
    components.states_legend()
    figures = cells[cells["figure"] != ""]
    lines = "<br>".join(components.rich(line) for line in agency_years.by_period(figures))
    components.show(f'<p class="pl-narrow pl-source">{lines}</p>')
    components.how_we_know(
        _("Takes part: shown to take part on some day of the period. Requests sent: counted by its log, or a number "
          "that somebody published. Asked and said yes: residents, from whole published blocks inside the year."),
        _("From its start, or the first day on which a source shows it, to the last such day. A published number whose "
          "period is shorter than the column is “partly published”; one that reaches beyond it shows no number here."),
        _("A start may be the day of signing or of the announcement. After the last day on which a source shows it, "
          "nobody has said whether it still takes part. A count of messages is not a count of residents."),
        is_open=not figures.empty and not profile.logged,
    )  # fmt: skip
    components.source_row(
        cells[["regime_id", "period", "starts_on", "ends_on", "question", "status", "low", "high", "qualifier",
               "basis", "counted_from", "counted_to", "requests", "requests_covered"]].assign(
            regime=cells["regime"], question_name=cells["question_name"], figure=cells["figure"]),
        key="strip",
        title=_("{agency}, year by year").format(agency=profile.name),
        sources=components.named_sources(sources),
        columns=(
            Column("period", _("Period")),
            Column("regime", _("Regime")),
            Column("question_name", _("Question")),
            Column("status", _("State"), words=lambda code: state(code).word),
            Column("figure", _("Figure")),
        ),
        definitions={
            "ends_on": _("First day after the period."),
            "status": _("The cell's state; see Data and methods."),
            "low": _("The figure, or the lower end of its range; null where there is none."),
            "high": _("The figure, or the upper end of its range."),
            "basis": _("log: its own log; count: a published number; list: a list or the press names it."),
            "requests_covered": _("Requests in the blocks that the figure rests on, of `requests`."),
        },
    )  # fmt: skip


def timeline_section(profile: findings.Profile, claims: pd.DataFrame) -> None:
    """Dated rows with their sources; the state's other agencies and the gaps beside."""
    events = public_data.events(release, ("US", str(profile.about["state"])))
    listings = agency_profile.listings_of(release, str(profile.about["agency_id"]))
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
            told = _("The country’s other {count} dated steps").format(count=number(len(more)))
            table = components.table(agency_timeline.as_frame(more), columns, told)
            components.show(f'<details class="pl-more"><summary>{components.escaped(told)}</summary>{table}</details>')
    with right:
        state_section(profile)
        gaps_section(profile)
    components.source_row(
        frame, key="timeline", title=_("What happened: {agency}").format(agency=profile.name), sources=()
    )


def state_section(profile: findings.Profile) -> None:
    """How much is known of the agencies around."""
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
    components.section(_("{count} agencies are named in {state}").format(count=number(named), state=where))
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


def requests_section(profile: findings.Profile) -> None:
    """Requests by month, apart by regime, where the agency has a log."""
    by_month = request_series.requests_by_month(release, Selection(agency_id=str(profile.about["agency_id"])))
    entries = list(profile.logged)
    components.section(
        request_findings.months_finding(entries, by_month),
        _("Requests in its log by month, each regime by itself. A month between two logged ones is a true 0."),
    )
    figure = requests_by_month(by_month, regimes, looks, release.data_as_of)
    components.chart(figure, key="months", alt=request_findings.months_in_words(entries))
    components.regime_key(charts.bands(regimes, *charts.span(regimes, release.data_as_of)))
    components.source_row(
        by_month,
        key="months",
        title=_("Requests by month: {agency}").format(agency=profile.name),
        sources=(),
        columns=(
            Column("month_start", _("Month"), words=lambda month: iso(month, "month")),
            Column("regime_id", _("Regime"), words=lambda code: words.word(words.REGIMES, code)),
            Column("requests", _("Requests"), "number"),
        ),
        definitions={"requests": _("Requests sent in the month, of one regime.")},
    )


def consent_section(profile: findings.Profile) -> None:
    """How often residents said yes: one row per regime, and the rate in time."""
    rows = findings.rates(profile)
    selection = Selection(agency_id=str(profile.about["agency_id"]))
    by_year = consent_series.consent_by_period(release, selection, "year")
    has_figure = by_year["asked"].notna().any()
    components.section(
        consent_findings.time_finding(by_year) if has_figure else _("How often residents said yes"),
        _("Shared over asked, from whole published blocks, with its 95% interval. Each regime by itself."),
    )
    told = rows.assign(
        rate=[_rate_words(row) for row in rows.to_dict("records")],
        covered=[
            _("{covered} of {of} requests").format(covered=number(row["requests_covered"]), of=number(row["requests"]))
            for row in rows.to_dict("records")
        ],
    )
    columns = (
        Column("regime", _("Way of asking"), note="dates"),
        Column("rate", _("Shared, of those asked (95% interval)")),
        Column("asked", _("Residents asked"), "number", status="status"),
        Column("covered", _("Coverage")),
    )
    components.show(components.table(told, columns, _("Consent by regime")))
    definitions = {
        "asked": _("Residents asked, in whole published blocks."),
        "shared_low": _("Residents who shared, lower limit; equal to shared_high where it is exact."),
        "rate_low": _("Lower limit of the 95% interval of shared / asked, from 0 to 1."),
        "requests_covered": _("Requests in those blocks."),
    }
    if has_figure:
        period = consent_series.finest_period(release, selection)
        by_period = consent_series.consent_by_period(release, selection, period)
        figure = consent_over_time(by_period, regimes, looks, release.data_as_of, period)
        components.chart(figure, key="consent", alt=consent_findings.time_in_words(by_period, period))
        components.regime_key(charts.bands(regimes, *charts.span(regimes, release.data_as_of)))
    components.states_legend()
    components.source_row(
        rows, key="consent", title=_("Consent: {agency}").format(agency=profile.name), sources=(),
        definitions=definitions,
    )  # fmt: skip


def _rate_words(row: Mapping[Any, Any]) -> str:
    """'20.9% (18.9 to 22.0)', or the state's word."""
    if not is_known(row["asked"]):
        return state(row["status"]).word
    decimals = 1 if row["asked"] >= 100 else 0
    low, high = (number(100 * row[name], decimals) for name in ("rate_low", "rate_high"))
    return _("{rate} ({low} to {high})").format(rate=rate_in_words(row, decimals), low=low, high=high)


def peers_section(profile: findings.Profile) -> None:
    """Agencies of like size and kind, by name."""
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
        Column("title", _("Source"), "link", address=lambda row: row["url"], note="note"),
        Column("publisher", _("Publisher")),
        Column("published", _("Published"), "date"),
        Column("licence", _("Licence"), desk_only=True),
    )
    components.show(components.table(rows, columns, _("Sources of this page")))


def one_agency(about: Mapping[str, Any]) -> None:
    """The page of one agency."""
    profile = profile_of(about)
    claims = public_data.claims_of(release, str(about["agency_id"]))
    sources = [*claims["source_id"], *profile.counts["source_id"]]
    head(profile)
    strip_section(profile, sources)
    if profile.logged:
        requests_section(profile)
    # Requests of an unknown regime alone cannot be asked about consent.
    if profile.answers:
        consent_section(profile)
    timeline_section(profile, claims)
    conflicts_section(profile)
    peers_section(profile)
    sources_section(profile, sources)


wanted = st.query_params.get("agency", "").strip()
found = public_data.agency(release, wanted)
if not wanted:
    without_agency()
elif found.empty:
    wrong_agency(wanted)
else:
    one_agency({str(name): value for name, value in found.iloc[0].items()})
