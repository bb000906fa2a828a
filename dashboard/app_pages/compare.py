"""Compare: two to six agencies side by side. Is the difference real? Told from the interval, never from the point."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import charts, components, public_data, words
from dashboard.charts import compare as compare_charts
from dashboard.components import Column, here
from dashboard.components.drawn import drawn
from dashboard.components.here import view_parameters
from dashboard.components.side_by_side import side_by_side
from dashboard.components.switch import switch
from dashboard.findings import compare as findings
from dashboard.findings import compare_tables as tables
from dashboard.findings.compare_facts import facts
from dashboard.findings.consent import figure
from dashboard.findings.requests import when
from dashboard.i18n import _, is_known, iso, listed
from dashboard.public_data import comparison, consent_series
from dashboard.selection import Selection
from dashboard.states import STATES, state

release, looks = here().release, here().looks
FILTERS = ("categories", "since", "until")
KEY = "compare_agencies"
# What a figure of this page depends on: the agencies as picked, and the selection with its regime.
View = tuple[tuple[str, ...], Selection]


def translated(definitions: Mapping[str, str]) -> dict[str, str]:
    """Definitions in the reader's language."""
    return {name: _(text) for name, text in definitions.items()}


def picked_ids() -> tuple[tuple[str, ...], list[str]]:
    """The agencies in the address, as picked; and what in it cannot be shown."""
    known = comparison.agency_names(release)
    asked = [part.strip() for part in st.query_params.get("agencies", "").split(",") if part.strip()]
    unique = list(dict.fromkeys(asked))
    held = [agency_id for agency_id in unique if agency_id in known]
    return tuple(held[: comparison.MOST]), [name for name in unique if name not in known] + held[comparison.MOST :]


def picker(ids: tuple[str, ...], left_out: list[str]) -> None:
    """The list to pick agencies from, by name. The pick stands in the address."""
    names = {
        agency_id: findings.called({"name": name, "state": at})
        for agency_id, (name, at) in comparison.agency_names(release).items()
    }
    st.session_state[KEY] = list(ids)
    st.multiselect(
        _("Agencies to compare: two to six, in your order. The first one is coloured."),
        list(names),
        format_func=names.__getitem__,
        key=KEY,
        max_selections=comparison.MOST,
        placeholder=_("Type the name of an agency"),
        on_change=write_picks,
    )
    if left_out:
        st.caption(
            _("Left out: {values}. This release does not hold it, or more than six were named.").format(
                values=listed(left_out)
            )
        )


def put_first(ids: tuple[str, ...]) -> None:
    """Links that colour another agency: the same picks, with that one first."""
    names = comparison.agency_names(release)
    kept = view_parameters()
    links = [
        components.anchor(
            findings.called({"name": names[one][0], "state": names[one][1]}),
            components.link(here().path, None, **kept | {"agencies": ",".join((one, *(o for o in ids if o != one)))}),
        )
        for one in ids[1:]
    ]
    components.show(f'<p class="pl-source">{components.escaped(_("Put first and colour:"))} {" · ".join(links)}</p>')


def write_picks() -> None:
    """Write the picked agencies into the address."""
    if st.session_state[KEY]:
        st.query_params["agencies"] = ",".join(st.session_state[KEY])
    else:
        st.query_params.pop("agencies", None)


def links_to(label: str, ids: list[str], before: tuple[str, ...]) -> None:
    """Links that add one more agency to those picked already."""
    names = comparison.agency_names(release)
    links = [
        components.anchor(
            findings.called({"name": names[other][0], "state": names[other][1]}),
            components.link(here().path, agencies=",".join((*before, other))),
        )
        for other in ids
    ]
    if links:
        components.show(f'<p class="pl-lede">{components.escaped(label)} {" · ".join(links)}</p>')


def first_pick(ids: tuple[str, ...], left_out: list[str]) -> None:
    """The page before two agencies are picked: what it does, and a place to start."""
    components.headline(
        _("Pick two agencies and see whether the data can tell them apart"),
        _("A difference between two numbers is often chance. This page gives the difference with its interval and says "
          "in one sentence whether it is real. Nothing here is ranked."),
    )  # fmt: skip
    picker(ids, left_out)
    st.space(14)
    if ids:
        links_to(_("Of the same kind and nearest in size:"), comparison.like(release, ids[0]), ids)
        return
    start = comparison.best_documented(release, comparison.FEWEST)
    if len(start) == comparison.FEWEST:
        names = comparison.agency_names(release)
        told = listed([findings.called({"name": names[one][0], "state": names[one][1]}) for one in start])
        address = components.link(here().path, agencies=",".join(start))
        label = components.escaped(_("For example the two of which most is recorded:"))
        components.show(f'<p class="pl-lede">{label} {components.anchor(told, address)}</p>')


def pick_regime(ids: tuple[str, ...], by_month: pd.DataFrame) -> str:
    """One regime at a time: the one in which most of the agencies have a figure, unless one is picked."""
    held = comparison.regimes_with_figures_of(release, ids)
    logged = by_month.groupby("regime_id")["agency_id"].nunique().to_dict()
    order = list(regimes["regime_id"])
    # Most agencies with a figure, then most with a log, then the newest.
    usual = max(order, key=lambda code: (held.get(code, 0), logged.get(code, 0), order.index(code)))
    return switch("regime", _("Regime"), {code: words.word(words.REGIMES, code) for code in order}, usual=usual)


def months_section(
    view: View, agencies: list[findings.Compared], by_month: pd.DataFrame, regime: dict[Any, Any]
) -> None:
    """Requests by month, a panel for each agency on one scale."""
    mine = by_month[by_month["regime_id"] == regime["regime_id"]]
    names = {agency.agency_id: agency.name for agency in agencies}
    components.section(
        findings.months_finding(mine, names),
        _("One panel per agency, all on one scale. A line under the bars marks the months that the log covers: there, "
          "a missing bar is a true zero. Outside it nothing is known."),
    )  # fmt: skip
    if mine.empty:
        code = consent_series.silence_of(regime) if not regime["has_request_tool"] else "not_reported"
        components.show(f'<p class="pl-lede">{components.state_words(code, note=state(code).meaning)}</p>')
        return
    shown = charts.bands(regimes[regimes["regime_id"] == regime["regime_id"]], *regime_span(regime))
    components.chart(
        drawn(
            lambda: compare_charts.months_by_agency(mine, tables.logs(agencies, mine), shown[0], looks),
            "months by agency",
            view,
        ),
        key="months",
        alt=findings.months_in_words(mine, names),
    )
    components.regime_key(shown)
    components.coverage_line(
        mine["agency_id"].nunique(), len(agencies), _("{covered} of {of} agencies gave a log for this regime."),
        _("The others are not zero: nothing is known.") if mine["agency_id"].nunique() < len(agencies) else "",
    )  # fmt: skip
    components.how_we_know(
        _("A request is one act of asking, of the kind that this regime allows."),
        _("Each row of an agency's own log counts once, in the month in which it was sent."),
        _("Logs begin and end at different times and may leave out requests. More requests can mean more crime, more "
          "residents or a fuller log. They are not divided by residents: the number of people that an agency polices "
          "is not known."),
    )  # fmt: skip
    components.source_row(
        mine.assign(name=mine["agency_id"].map(names))[["agency_id", "name", "regime_id", "month_start", "requests"]],
        key="months",
        title=_("Requests by month and agency: {regime}").format(regime=words.word(words.REGIMES, regime["regime_id"])),
        sources=(),
        columns=(
            Column("name", _("Agency")),
            Column("month_start", _("Month"), words=lambda month: iso(month, "month")),
            Column("requests", _("Requests"), "number"),
        ),
        definitions={
            "requests": _("Requests sent in the month; between the first and the last logged month a 0 is a true 0.")
        },
    )


def regime_span(regime: dict[Any, Any]) -> tuple[Any, Any]:
    """First day of the regime and the first day after it, or the release's day where it still lasts."""
    ends = regime["ends_on"].date() if is_known(regime["ends_on"]) else release.data_as_of
    return regime["starts_on"].date(), ends


def rates_section(view: View, agencies: list[findings.Compared], regime: str) -> None:
    """Each agency's rate with its interval and its coverage, in the order picked."""
    components.section(
        findings.rates_finding(agencies),
        _("Share of the residents asked who shared a video, with its 95% interval, in the order you picked. "
          "A thick bar is a range: the exact number is protected."),
    )  # fmt: skip
    rows = tables.rates(agencies)
    components.chart(
        drawn(lambda: compare_charts.rates(rows, looks), "rates side by side", view),
        key="rates",
        alt=findings.rates_in_words(agencies, {code: one.word for code, one in STATES.items()}),
    )
    for agency in agencies:
        covered, of = agency.consent.requests_covered, agency.consent.requests_in_selection
        if of:
            told_of = _("Coverage {letter}: {covered} of {of} requests ({share}).")
            components.coverage_line(covered, of, told_of.replace("{letter}", agency.letter), agency.name)
    components.how_we_know(
        _("Consent rate: residents who shared over residents asked."),
        _("Sums of whole published blocks of {regime}, as on the Consent page. The interval (Wilson) is widened "
          "because residents of one request answer alike.").format(regime=regime),
        _("The rest of the requests is not estimated. It waits to protect residents, or nobody knows how many were "
          "asked. Agencies with low coverage may look different once more is known."),
    )  # fmt: skip
    components.source_row(
        rows.drop(columns=["letter", "told"]),
        key="rates",
        title=_("Consent rates of the picked agencies: {regime}").format(regime=regime),
        sources=(),
        columns=(
            Column("name", _("Agency"), "link", address=lambda row: components.link("agency", agency=row["agency_id"])),
            Column("asked", _("Residents asked"), "number", status="status"),
            Column("rate_low", _("Interval from"), "percent", 1),
            Column("rate_high", _("to"), "percent", 1),
            Column("requests_covered", _("Requests in blocks"), "number"),
            Column("requests", _("Requests"), "number"),
            Column("status", _("State"), words=lambda code: state(code).word),
        ),
        definitions=translated(tables.RATE_DEFINITIONS),
    )


def differences_section(view: View, found: list[findings.Pair], regime: str) -> None:
    """Each pair: the difference with its interval, and a sentence."""
    warning = findings.many_compared(found)
    lede = _("The first agency's rate minus the second's, in points. Where the interval holds zero, the two cannot be "
             "told apart; that does not mean that they are the same.")  # fmt: skip
    components.section(findings.differences_finding(found), lede)
    if warning:
        components.paragraph(warning)
    rows = tables.differences(found)
    components.chart(
        drawn(lambda: compare_charts.differences(rows, looks), "differences", view),
        key="differences",
        alt="; ".join(f"{row['first']}, {row['second']}: {row['told']}" for row in rows.to_dict("records")) + ".",
    )
    columns = (
        Column("first", _("First")),
        Column("second", _("Second")),
        Column("told", _("Difference"), desk_only=True),
        Column("verdict", _("What the data say")),
    )
    components.show(components.table(rows, columns, _("Each pair, its difference and what the data say")))
    components.how_we_know(
        _("Difference: the first agency's consent rate minus the second's, in percentage points."),
        _("Interval by Newcombe (1998, method 10) from both Wilson intervals; where a rate is a range, the widest one "
          "over its ends. With several pairs, Bonferroni."),
        _("A real difference is not a cause. Agencies ask about different crimes, in different places, and keep their "
          "logs in different ways."),
    )  # fmt: skip
    components.source_row(
        rows[["first", "second", "estimate_low", "estimate_high", "low", "high", "level", "differs", "verdict"]],
        key="differences",
        title=_("Differences between the picked agencies: {regime}").format(regime=regime),
        sources=(),
        definitions=translated(tables.DIFFERENCE_DEFINITIONS),
    )


def participation_section(agencies: pd.DataFrame, partnerships: pd.DataFrame) -> None:
    """What is on record about each agency's part in each program."""
    components.section(
        findings.facts_finding(agencies, partnerships),
        _("“Not reported” means that no source says it. It is neither a yes nor a no."),
    )
    side_by_side(list(agencies["name"]), facts(agencies, partnerships))
    components.how_we_know(
        _("Joined: the first day of a partnership, or its month or year where only that is known."),
        _("Where sources differ, the more precise date is shown, then that of the vendor's own list, then the earlier "
          "publication. Other dates stand beside it."),
        _("No list names exits, so a missing exit does not mean that an agency still takes part. Residents of the "
          "place are not the people that an agency polices."),
    )  # fmt: skip
    names = dict(zip(agencies["agency_id"], agencies["name"], strict=True))
    named = [one for ids in partnerships["source_ids"].dropna() for one in ids.split("|")]
    components.source_row(
        partnerships.assign(name=partnerships["agency_id"].map(names))[
            ["agency_id", "name", "program_id", "started_on", "started_precision", "approval", "incentive", "ended_on",
             "last_known_active_on", "sources", "conflicts", "source_ids"]
        ],
        key="facts",
        title=_("Partnerships of the picked agencies"),
        sources=components.named_sources(named),
        columns=(
            Column("name", _("Agency"), "link", address=lambda row: components.link("agency", agency=row["agency_id"])),
            Column("program_id", _("Program"), words=lambda code: words.word(words.PROGRAMS, code)),
            Column("started_on", _("Joined"), words=iso),
            Column("conflicts", _("Other dates")),
            Column("source_ids", _("Sources")),
        ),
        definitions={
            "started_on": _("Day of joining, signing or announcement; first day of the month or year where only that "
                            "is known (see started_precision)."),
            "approval": _("Who approved it, as far as a source says."),
            "incentive": _("Whether devices or discounts came with it."),
        },
    )  # fmt: skip


def published_section(published: pd.DataFrame) -> None:
    """What others published about the picked agencies: never a rate, never added up."""
    if published.empty:
        components.section(_("Nobody has published a number about requests of these agencies"))
        return
    components.section(
        _("Numbers that were published about single periods"),
        _("Each number has its own period and its own counter. They stand side by side and are not compared."),
    )
    rows = published.assign(
        label=[findings.called(row) for row in published.to_dict("records")],
        said=[figure(row) for row in published.to_dict("records")],
        when=[when(row) for row in published.to_dict("records")],
    )
    columns = (
        Column("label", _("Agency"), note="when"),
        Column("said", _("What was published"), note="note"),
        Column("publisher", _("Source"), "link", address=lambda row: row["url"]),
    )
    components.show(components.table(rows, columns, _("Published numbers, each with its source")))
    components.source_row(
        rows[["agency_id", "label", "measure", "value", "qualifier", "period_start", "period_end", "note", "publisher",
              "url"]],
        key="published",
        title=_("Numbers published about the picked agencies"),
        sources=components.named_sources(list(published["source_id"])),
        definitions={"qualifier": _("How the number was put: exact, at_least, about, more_than, at_most.")},
    )  # fmt: skip


def with_logs(ids: tuple[str, ...], left_out: list[str], agencies: pd.DataFrame, selection: Selection) -> None:
    """The page where at least one of the agencies gave a log."""
    top = st.container()
    by_month = comparison.requests_of(release, ids, selection)
    everything = comparison.requests_of(release, ids, Selection())
    code = pick_regime(ids, everything)
    components.show_filters(*FILTERS, default_program=False)
    regime = regimes[regimes["regime_id"] == code].iloc[0].to_dict()
    called = words.word(words.REGIMES, code)
    told = findings.compared(agencies, comparison.consents(release, ids, replace(selection, regime=code)))
    found = findings.pairs(told)
    view = (ids, replace(selection, regime=code))
    with top:
        components.headline(
            findings.finding(told, found), findings.dek(told, found, f"{called}, {charts.regime_dates(regime)}")
        )
        picker(ids, left_out)
        put_first(ids)
        st.space(14)
    if any(agency.has_rate for agency in told):
        rates_section(view, told, called)
    if found:
        differences_section(view, found, called)
    months_section(view, told, by_month, regime)


def comparison_page(ids: tuple[str, ...], left_out: list[str]) -> None:
    """The page of two to six agencies."""
    agencies = comparison.picked_agencies(release, ids)
    agencies = agencies.assign(name=[findings.called(row) for row in agencies.to_dict("records")])
    partnerships = comparison.partnerships_of(release, ids)
    published = comparison.published_of(release, ids)
    if comparison.requests_of(release, ids, Selection()).empty:
        has_figures = bool(consent_series.regimes_with_figures(release, Selection()))
        components.headline(
            findings.record_finding(agencies, partnerships), findings.record_dek(published, has_figures)
        )
        picker(ids, left_out)
    else:
        with_logs(ids, left_out, agencies, components.read_selection(*FILTERS, default_program=False))
    participation_section(agencies, partnerships)
    published_section(published)


regimes = public_data.regimes(release)
picked, not_shown = picked_ids()
if len(picked) < comparison.FEWEST:
    first_pick(picked, not_shown)
else:
    comparison_page(picked, not_shown)
