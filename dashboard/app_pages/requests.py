"""Requests: how often police asked, by month, for what, and per resident; regimes side by side, never added."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import charts, components, public_data, words
from dashboard.charts import requests as request_charts
from dashboard.components import Column, here
from dashboard.components.one_agency import one_agency
from dashboard.components.switch import switch
from dashboard.findings import requests as findings
from dashboard.findings.consent import figure
from dashboard.i18n import _, in_english, iso, ngettext, number
from dashboard.public_data import request_series
from dashboard.selection import Selection
from dashboard.states import state

release, looks = here().release, here().looks
FILTERS = ("states", "program", "regime", "kind", "categories", "since", "until", "agency_id")
# What was published about a period cannot be cut by category or day.
PRESS_FILTERS = ("states", "program", "kind", "agency_id")
MOST_ROWS = 12

SPLITS = {
    "incident_category": _("Category"),
    "channel": _("Channel"),
    "legal_basis": _("Legal basis"),
    "county_fips": _("County"),
    "area": _("Area"),
}
UNITS = {"requests": _("Requests"), "per_resident": _("Per 100,000 residents")}


def labels_of(rows: pd.DataFrame, by: str) -> dict[str, str]:
    """Value -> what it is called: a word of the vocabulary, a county's state and code, an area beside its agency."""
    vocabulary = {"channel": words.CHANNELS, "incident_category": words.CATEGORIES, "legal_basis": words.LEGAL_BASES}
    told = {"unknown": _("Not stated")}
    for row in rows.to_dict("records"):
        value = row["value"]
        if by in vocabulary:
            told[value] = words.word(vocabulary[by], value)
        elif value not in told:
            told[value] = _("County {code}, {state}").format(code=value, state=row["state"]) if row["state"] else value
    return told


def regime_word(code: str) -> str:
    """The regime's name."""
    return words.word(words.REGIMES, code)


def volumes(selection: Selection, entries: list[findings.Logged], by_month: pd.DataFrame) -> None:
    """Bars by month, as numbers or per resident."""
    components.section(
        findings.months_finding(entries, by_month),
        _("Requests by month. The axis is cut where a request came to mean something else: the bars on one side "
          "and on the other count different acts."),
    )  # fmt: skip
    unit = switch("unit", _("Unit"), UNITS)
    residents = request_series.residents_2020(release, selection.states)
    over = residents if unit == "per_resident" else None
    bars = components.once(
        "requests by month",
        lambda: request_charts.requests_by_month(by_month, regimes, looks, release.data_as_of, residents=over),
    )
    components.chart(bars, key="months", alt=findings.months_in_words(entries))
    components.regime_key(charts.bands(regimes, *charts.span(regimes, release.data_as_of)))
    place = components.place_of(selection) or _("all states and DC")
    components.how_we_know(
        _("A request is one act of asking: an e-mail through the portal, a public post, a Community Request. "
          "What that means changed three times, so each regime has bars of its own."),
        _("Each row of an agency's log counts once, in the month in which it was sent. Per 100,000 residents: over "
          "{residents} residents of {place}, 2020 census, not over those of the agencies' towns.").format(
            residents=number(residents), place=place),
        _("Only agencies that gave a log are counted. More requests in a month may mean more logs, not more asking."),
    )  # fmt: skip
    table = by_month.assign(per_100k_residents=100_000 * by_month["requests"] / residents)
    components.source_row(
        table,
        key="months",
        title=_("Requests by month and regime"),
        sources=(),
        queries=("request_counts",),
        columns=(
            Column("month_start", _("Month"), words=lambda month: iso(month, "month")),
            Column("regime_id", _("Regime"), words=regime_word),
            Column("requests", _("Requests"), "number"),
            Column("per_100k_residents", _("Per 100,000 residents"), "number", 3),
            Column("agencies", _("Agencies"), "number"),
            Column("status", _("State"), words=lambda code: state(code).word),
        ),
        definitions={
            "requests": _("Requests sent in the month; a month between two logged ones without a request is a true 0."),
            "agencies": _("Agencies that sent one or more."),
            "per_100k_residents": _("Requests per 100,000 residents of {place}, 2020 census.").format(place=place),
        },
    )


def split_views(selection: Selection) -> None:
    """The same requests by channel, category, legal basis, county or area, a panel for each regime."""
    picked = st.query_params.get("split")
    by = picked if picked in SPLITS else next(iter(SPLITS))
    rows = request_series.requests_split(release, selection, by)
    labels = labels_of(rows, by)
    components.section(
        findings.split_finding(rows, labels, by),
        _("The same requests, by what the logs say about them. Bars show each regime's own shares."),
    )
    switch("split", _("Split by"), SPLITS)
    shown = [regime for regime in regimes["regime_id"] if regime in set(rows["regime_id"])]
    # A table behind the panels holds every value; the panels hold the most frequent ones.
    share = rows["requests"] / rows["regime_requests"]
    stated = rows["value"] != "unknown"
    most = max(share[stated], default=1.0)
    panels = st.columns(max(1, len(shown)), gap="large")
    for column, regime in zip(panels, shown, strict=False):
        everything = rows.assign(share=share, label=rows["value"].map(labels))[rows["regime_id"] == regime]
        mine = everything[everything["value"] != "unknown"]
        total = int(everything["regime_requests"].iloc[0])
        silent = total - int(mine["requests"].sum())
        with column:
            requests = ngettext("{count} request", "{count} requests", total).format(count=number(total))
            unsaid = ngettext("{count} does not state it", "{count} do not state it", silent).format(
                count=number(silent)
            )
            heading = f'<h3>{components.escaped(regime_word(regime))}</h3><p class="pl-source">{requests}, {unsaid}</p>'
            if mine.empty:
                components.show(heading)
            else:
                told = [f"{row['label']}: {number(row['requests'])}" for row in mine.head(6).to_dict("records")]
                panel = components.once(
                    f"split-{regime}",
                    partial(request_charts.requests_split, mine.head(MOST_ROWS), looks, most),
                )
                heard = f"{regime_word(regime)}, {_('{count} requests').format(count=number(total))}: {'; '.join(told)}"
                components.chart(panel, key=f"split-{regime}", alt=heard, heading=heading)
            if len(mine) > MOST_ROWS:
                more = _("and {count} more in the table").format(count=number(len(mine) - MOST_ROWS))
                components.show(f'<p class="pl-source">{more}</p>')
    components.coverage_line(
        int(rows[stated]["requests"].sum()),
        int(rows["requests"].sum()),
        _("Coverage: the logs state it for {share} of requests."),
        _("The others are in the table as “not stated”."),
    )
    components.source_row(
        rows.assign(label=rows["value"].map(labels)),
        key="split",
        title=_("Requests by {split} and regime").format(split=SPLITS[by].lower()),
        sources=(),
        queries=("request_counts",),
        columns=(
            Column("label", SPLITS[by]),
            Column("regime_id", _("Regime"), words=regime_word),
            Column("requests", _("Requests"), "number"),
            Column("agencies", _("Agencies"), "number"),
        ),
        definitions={"regime_requests": _("All requests of the selection in that regime.")},
    )


def per_resident(selection: Selection, regime: str) -> None:
    """Requests of one regime per 100,000 residents of each state."""
    by_state = request_series.requests_by_state(release, selection_with(selection, regime))
    components.section(
        findings.states_finding(by_state),
        _("{regime}: logged requests per 100,000 residents of the state (2020 census). Few agencies gave a log, so a "
          "state's number says how much its logs hold, not how its police compare.").format(regime=regime_word(regime)),
    )  # fmt: skip
    limits = charts.steps(list(by_state["per_100k_residents"]))
    tiles = by_state.assign(
        value=by_state["per_100k_residents"],
        shown=[number(rate, 1) for rate in by_state["per_100k_residents"]],
        hover=[
            f"{row['name']}: " + (
                _("{requests} of {agencies}").format(
                    requests=ngettext("{count} request", "{count} requests", row["requests"]).format(
                        count=number(row["requests"])),
                    agencies=ngettext("{count} agency", "{count} agencies", row["agencies"]).format(
                        count=number(row["agencies"])))
                if row["status"] == "published" else _("no log"))
            for row in by_state.to_dict("records")
        ],
    )  # fmt: skip
    components.chart(
        components.once("states", lambda: charts.state_tiles(tiles, looks, limits)),
        key="states",
        alt=findings.states_finding(by_state),
    )
    components.scale(limits, _("○ no log"))
    components.source_row(
        by_state,
        key="states",
        title=_("Requests per 100,000 residents: {regime}").format(regime=regime_word(regime)),
        sources=(),
        queries=("request_counts", "states"),
        columns=(
            Column("name", _("State"), "link", address=lambda row: components.link(here().path, state=row["state"])),
            Column("requests", _("Requests"), "number", status="status"),
            Column("per_100k_residents", _("Per 100,000 residents"), "number", 2),
            Column("agencies", _("Agencies with a log"), "number"),
            Column("population_2020", _("Residents, 2020 census"), "number"),
        ),
        definitions={"per_100k_residents": _("Requests per 100,000 residents of the state, 2020 census.")},
    )


def selection_with(selection: Selection, regime: str) -> Selection:
    """The selection within one regime."""
    return Selection(**{**vars(selection), "regime": regime})


def published(selection: Selection, counts: pd.DataFrame, totals: pd.DataFrame, lede: str) -> None:
    """What agencies and reporters published: a line per number in time, and the table. Never a sum."""
    country = totals.assign(
        name=_("Whole country"), state="", is_total=True, period_start=totals["as_of"], period_end=totals["stands_on"]
    )
    rows = pd.concat([counts.assign(is_total=False), country], ignore_index=True)
    rows["label"] = [
        row["name"] if not row["state"] or row["name"].endswith(row["state"]) else f"{row['name']}, {row['state']}"
        for row in rows.to_dict("records")
    ]
    rows["said"] = [figure(row) for row in rows.to_dict("records")]
    rows["when"] = [findings.when(row) for row in rows.to_dict("records")]
    rows = rows.assign(at=rows["period_end"].fillna(rows["period_start"])).sort_values(["at", "label"])
    timed = rows[rows["at"].notna()]
    if len(timed) < len(rows):
        lede += " " + ngettext(
            "{count} undated number stands in the table only.",
            "{count} undated numbers stand in the table only.",
            len(rows) - len(timed),
        ).format(count=len(rows) - len(timed))
    components.section(findings.published_finding(counts), lede)
    components.chart(
        components.once(
            "published",
            lambda: request_charts.known_requests(timed, regimes, looks, release.data_as_of),
        ),
        key="known",
        alt="; ".join(f"{row['label']}: {row['said']} {row['when']}" for row in timed.to_dict("records"))
        or _("No number is dated."),
    )
    components.regime_key(charts.bands(regimes, *charts.span(regimes, release.data_as_of)))
    components.states_legend()
    st.space(14)
    columns = (
        Column("label", _("Agency"), "link", note="when", address=agency_page),
        Column("said", _("What was published"), note="note", note_words=in_english),
        Column("publisher", _("Source"), "link", address=lambda row: row["url"]),
    )
    components.show(components.table(rows, columns, _("Published numbers of requests, each with its source")))
    components.source_row(
        rows[["label", "value", "qualifier", "measure", "period_start", "period_end", "note", "publisher", "url"]],
        key="published",
        title=_("Published numbers of requests"),
        sources=components.named_sources(list(rows["source_id"])),
        queries=("published_counts",) if totals.empty else ("published_counts", "reported_totals"),
        definitions={"qualifier": _("How the number was put: exact, at_least, about, more_than, at_most.")},
    )


def agency_page(row: Mapping[Any, Any]) -> str | None:
    """The address of the agency's page; a total of the country has none."""
    return None if row["is_total"] else components.link("agency", agency=row["agency_id"])


def logs_page(selection: Selection) -> None:
    """The page of a release that holds logs of requests."""
    by_month = request_series.requests_by_month(release, selection)
    entries = findings.logged(by_month, public_data.request_totals(release, selection))
    components.headline(findings.finding(entries, components.place_of(selection)), findings.dek(entries))
    one_agency(selection)
    components.show_filters(*FILTERS, default_program=False)
    if entries:
        volumes(selection, entries, by_month)
        split_views(selection)
    newest = request_series.latest_regime(release, selection)
    if newest:
        per_resident(selection, newest)
    counts = public_data.published_counts(release, selection, ("requests",))
    # A published number has a period and no category or channel: it cannot be cut to a narrower selection.
    if not counts.empty and not (selection.categories or selection.regime or selection.since or selection.until):
        published(selection, counts, no_totals, _("One line per number, in time. Not part of the logs above."))


def press_page(selection: Selection) -> None:
    """The page of a release without any log: what was published, each with its source."""
    counts = public_data.published_counts(release, selection, ("requests",))
    is_whole = not (selection.states or selection.kind or selection.agency_id)
    asked_for = selection.program in (None, public_data.default_program(release))
    totals = public_data.reported_totals(release, "US", ("requests_in_year",)) if is_whole and asked_for else no_totals
    components.headline(findings.record_finding(counts, totals, not is_whole), findings.record_dek(counts, totals))
    one_agency(selection)
    components.show_filters(*PRESS_FILTERS, default_program=False)
    silence = _("No agency has given us a log of its requests, so there is no series by month and nothing to split.")
    if counts.empty and totals.empty:
        components.section(silence)
        return
    published(
        selection,
        counts,
        totals,
        silence + " " + _("One line per number, in time: a bar is a period, a dot a day by which it was true."),
    )


regimes = public_data.regimes(release)
no_totals = public_data.reported_totals(release, "US", ())
if request_series.requests_by_month(release, Selection()).empty:
    press_page(components.read_selection(*PRESS_FILTERS, default_program=False))
else:
    logs_page(components.read_selection(*FILTERS, default_program=False))
