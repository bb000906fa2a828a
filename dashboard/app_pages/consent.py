"""Consent: how often residents who were asked shared a video, one regime at a time, from whole blocks only."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import charts, components, public_data, statistics, words
from dashboard.charts.consent_funnel import ONLY_ONE, consent_funnel, in_words
from dashboard.charts.consent_over_time import consent_over_time, rate_in_words
from dashboard.charts.funnel_plot import funnel_plot
from dashboard.components import Column, here
from dashboard.components.drawn import drawn
from dashboard.components.one_agency import one_agency
from dashboard.components.switch import switch
from dashboard.findings import consent as findings
from dashboard.findings.requests import when
from dashboard.i18n import _, iso, number, quarter
from dashboard.public_data import consent_series
from dashboard.selection import Selection
from dashboard.states import state

release, looks = here().release, here().looks
FILTERS = ("states", "kind", "categories", "counties", "since", "until", "agency_id")
# What was published about a period cannot be cut by category or day.
PRESS_FILTERS = ("states", "kind", "agency_id")
PEOPLE = ("asked", "responded", "shared", "declined", "submissions")
RATE_DEFINITIONS = {
    "asked": _("Residents asked, in whole published blocks."),
    "shared_low": _("Residents who shared, lower limit; equal to shared_high where it is exact."),
    "shared_high": _("Residents who shared, upper limit."),
    "rate_low": _("Lower limit of the 95% interval of shared / asked, from 0 to 1."),
    "rate_high": _("Upper limit of that interval."),
    "design_effect": _("How much the interval is widened because residents of one request answer alike."),
    "requests_covered": _("Requests in those blocks."),
    "requests": _("All requests of the cell."),
    "requests_with_asked": _("Requests for which the numbers asked and shared are known."),
    "status": _("State of the cell; see Data and methods."),
}


def rate_words(row: Mapping[Any, Any]) -> str:
    """'20.9% (18.9 to 22.0)', or the state where there is no figure."""
    if pd.isna(row["asked"]):
        return state(row["status"]).word
    decimals = 1 if row["asked"] >= 100 else 0
    low, high = (number(100 * row[name], decimals) for name in ("rate_low", "rate_high"))
    return _("{rate} ({low} to {high})").format(rate=rate_in_words(row, decimals), low=low, high=high)


def funnel_section(selection: Selection, answer: public_data.Consent, regime: str) -> None:
    """Asked, responded, shared, declined, no answer."""
    components.section(findings.funnel_finding(answer), findings.funnel_lede(answer))
    st.html(f"<style>{ONLY_ONE.format(key='funnel')}</style>")
    components.chart(
        drawn(lambda: consent_funnel(answer, looks), "funnel", selection), key="funnel", alt=in_words(answer, looks)
    )
    components.requests_coverage(answer.requests_covered, answer.requests_in_selection)
    components.how_we_know(
        _("Consent rate: residents who shared over residents asked. Share of answers: shared over all who answered. "
          "No answer: asked, and neither shared nor declined."),
        _("Sums of whole published blocks of requests inside the selection. A block is shown only where it cannot "
          "point to a household. Who answered is shown by fewer blocks, so those figures name a smaller number."),
        _("A resident may be asked more than once. Where a block gives a range, so does the sum. Residents of one "
          "request answer alike: the interval is widened by a factor of {effect} for that.").format(
            effect=number(answer.design_effect, 1)),
    )  # fmt: skip
    parts = pd.DataFrame(
        [
            (_("Asked"), answer.asked, answer.asked, None),
            (_("Responded"), answer.responded, answer.responded, answer.asked_of_responded),
            (_("Shared"), answer.shared_low, answer.shared_high, answer.asked),
            (
                _("Declined"),
                answer.responded - answer.shared_high_of_responded,
                answer.responded - answer.shared_low_of_responded,
                answer.asked_of_responded,
            ),
            (
                _("No answer"),
                answer.asked_of_responded - answer.responded,
                answer.asked_of_responded - answer.responded,
                answer.asked_of_responded,
            ),
        ],
        columns=["step", "residents_low", "residents_high", "of_asked"],
    ).astype({"of_asked": "Int64"})
    if not answer.asked_of_responded:
        parts = parts[parts["step"].isin([_("Asked"), _("Shared")])]
    components.source_row(
        parts,
        key="funnel",
        title=_("Consent funnel: {regime}").format(regime=regime),
        sources=(),
        columns=(
            Column("step", _("Step")),
            Column("residents_low", _("Residents, at least"), "number"),
            Column("residents_high", _("Residents, at most"), "number"),
            Column("of_asked", _("Of residents asked"), "number"),
        ),
        definitions={"of_asked": _("Residents asked in the blocks that show this step: its only denominator.")},
        coverage=_("Coverage: {covered} of {of} requests.").format(
            covered=number(answer.requests_covered), of=number(answer.requests_in_selection)
        ),
    )


def time_section(selection: Selection) -> None:
    """The rate by quarter, or by year where too few quarters have a figure."""
    period = consent_series.finest_period(release, selection)
    by_period = consent_series.consent_by_period(release, selection, period)
    by_year = consent_series.consent_by_period(release, selection, "year")
    grain = (
        _("Consent rate by **quarter**, with its 95% interval.")
        if period == "quarter"
        else _("Consent rate by **year**, with its 95% interval: too few quarters have a figure of their own.")
    )
    components.section(
        findings.time_finding(by_year),
        grain + " " + _("The line is cut where the regime changes and where no figure is shown. "
                        "It is as thick as the range where a figure is a range."),
    )  # fmt: skip
    until = release.data_as_of
    components.chart(
        drawn(lambda: consent_over_time(by_period, regimes, looks, until, period), "over time", selection),
        key="time",
        alt=findings.time_in_words(by_period, period),
    )
    components.regime_key(charts.bands(regimes, *charts.span(regimes, until)))
    components.states_legend()
    rows = by_period.assign(rate_in_words=[rate_words(row) for row in by_period.to_dict("records")])
    components.source_row(
        rows,
        key="time",
        title=_("Consent rate by {period} and regime").format(
            period=_("quarter") if period == "quarter" else _("year")
        ),
        sources=(),
        columns=(
            Column("starts_on", _("Period"), words=quarter if period == "quarter" else lambda day: iso(day, "year")),
            Column("regime_id", _("Regime"), words=lambda code: words.word(words.REGIMES, code)),
            Column("rate_in_words", _("Shared, of those asked (95% interval)")),
            Column("asked", _("Residents asked"), "number", status="status"),
            Column("requests_covered", _("Requests in blocks"), "number"),
            Column("requests", _("Requests"), "number"),
            Column("status", _("State"), words=lambda code: state(code).word),
        ),
        definitions=RATE_DEFINITIONS,
    )


def agencies_section(selection: Selection, agencies: pd.DataFrame, regime: str) -> None:
    """The funnel plot: the only way in which agencies are compared."""
    known = agencies[agencies["asked"].notna()]
    given = known.assign(**{name: known[name].astype(float) for name in ("asked", "shared_low", "shared_high")})
    funnel = statistics.funnel(given.drop(columns=["rate_low", "rate_high"]))
    components.section(
        findings.agencies_finding(funnel),
        _("Each mark is one agency: how many residents it asked, and which share said yes. Inside the funnel, "
          "differences are not worth a headline. A bar is a range: the exact number is protected. "
          "**This is not a ranking.**"),
    )  # fmt: skip
    components.chart(
        drawn(lambda: funnel_plot(funnel, looks), "funnel plot", selection),
        key="agencies",
        alt=findings.agencies_finding(funnel) + ".",
    )
    allowed = _("Under ten agencies no limits are drawn: their spread would be a guess.")
    if len(known) >= statistics.FEWEST_AGENCIES:
        outside = findings.outside_in_words(funnel)
        components.show(f'<p class="pl-source">{components.escaped(outside)}</p>' if outside else "")
        allowed = _("Limits allow for ordinary variation between agencies (phi {phi}).").format(
            phi=number(funnel.phi, 1)
        )
    components.coverage_line(
        len(known), len(agencies), _("{covered} of {of} agencies with requests have a published block."), allowed
    )
    components.how_we_know(
        _("A funnel plot shows where agencies would lie if they all had one rate. About 95% of them would lie inside "
          "the dashed lines and 99.8% inside the solid ones."),
        _("Whole blocks of {regime} only. An agency counts as outside only if both ends of its range are. "
          "{chance}").format(regime=regime, chance=findings.expected_by_chance(funnel)),
        _("Lying outside is a reason to ask, not an answer: agencies ask about different crimes in different places, "
          "and logs are kept in different ways."),
    )  # fmt: skip
    marked = funnel.agencies.assign(
        rate_low=known["rate_low"], rate_high=known["rate_high"], asked=known["asked"],
        shared_low=known["shared_low"], shared_high=known["shared_high"],
    )  # fmt: skip
    told = {"inside": _("inside"), "above": _("above"), "below": _("below")}
    rows = marked.assign(rate_in_words=[rate_words(row) for row in marked.to_dict("records")])
    components.source_row(
        rows.drop(columns="p_value"),
        key="agencies",
        title=_("Agencies under {regime}").format(regime=regime),
        sources=(),
        columns=(
            Column("name", _("Agency"), "link", address=lambda row: components.link("agency", agency=row["agency_id"])),
            Column("state", _("State")),
            Column("rate_in_words", _("Shared, of those asked (95% interval)")),
            Column("asked", _("Residents asked"), "number"),
            Column("position_998", _("99.8% limits"), words=told.__getitem__),
            Column("requests_covered", _("Requests in blocks"), "number"),
            Column("requests", _("Requests"), "number"),
        ),
        definitions=RATE_DEFINITIONS
        | {"position_95": _("inside, above or below the 95% limits"), "position_998": _("the same, 99.8% limits")},
    )


def pending_section(agencies: pd.DataFrame, regime: str) -> None:
    """What is held back, and why anything is; never why one cell is."""
    components.section(
        findings.pending_finding(agencies),
        _("Requests are public in full. Figures about residents appear once enough requests can be shown together "
          "that nobody can be singled out, and only for quarters that ended at least 60 days ago. What is missing is "
          "not estimated, and why one cell is held back is not told: the reason would give away what it protects."),
    )  # fmt: skip
    order = ["published", "partly_published", "pending", "not_reported", "not_measurable"]
    counted = (
        agencies.groupby("status")
        .agg(
            agencies=("agency_id", "size"),
            requests=("requests", "sum"),
            with_asked=("requests_with_asked", "sum"),
            covered=("requests_covered", "sum"),
        )
        .reindex([code for code in order if code in set(agencies["status"])])
        .reset_index()
    )
    counted["word"] = [state(code).word for code in counted["status"]]
    counted["meaning"] = [state(code).meaning for code in counted["status"]]
    columns = (
        Column("status", "", "state"),
        Column("word", _("State"), note="meaning"),
        Column("agencies", _("Agencies"), "number"),
        Column("requests", _("Requests"), "number"),
        Column("with_asked", _("of these, numbers known"), "number"),
        Column("covered", _("of these, in blocks"), "number"),
    )
    components.show(components.table(counted, columns, _("Agencies and requests by state")))
    waiting = agencies[agencies["status"] == "pending"]
    components.source_row(
        agencies[["agency_id", "name", "state", "requests", "requests_with_asked", "requests_covered", "status"]],
        key="pending",
        title=_("State of every agency: {regime}").format(regime=regime),
        sources=(),
        columns=(
            Column("name", _("Agency"), "link", address=lambda row: components.link("agency", agency=row["agency_id"])),
            Column("requests", _("Requests"), "number"),
            Column("requests_with_asked", _("Numbers known"), "number"),
            Column("requests_covered", _("In blocks"), "number"),
            Column("status", _("State"), words=lambda code: state(code).word),
        ),
        definitions=RATE_DEFINITIONS,
        coverage=_("{count} agencies are pending.").format(count=number(len(waiting))),
    )


def who_knows() -> None:
    """Regime by regime: what a request was, and who could know how many were asked."""
    components.section(
        _("Who could know how many residents were asked"),
        _("Four regimes, four ways of asking. In none of them did the public learn both numbers."),
    )
    who = {
        "vendor": _("the vendor"),
        "agency": _("the agency"),
        "nobody": _("nobody"),
        "unknown": _("not stated by anyone"),
    }
    seen = {"yes": _("yes"), "no": _("no"), "unknown": _("not stated")}
    rows = regimes.assign(
        word=[words.word(words.REGIMES, code) for code in regimes["regime_id"]],
        dates=[charts.regime_dates(row) for row in regimes.to_dict("records")],
        seen=[seen[code] if tool else "–" for code, tool in zip(
            regimes["agency_sees_who_was_asked"], regimes["has_request_tool"], strict=True)],
        known=[who[code] if tool else "–" for code, tool in zip(
            regimes["denominator_known_to"], regimes["has_request_tool"], strict=True)],
        status=[consent_series.silence_of(row) for row in regimes.to_dict("records")],
    )  # fmt: skip
    rows["said"] = [state(code).word for code in rows["status"]]
    sources = components.named_sources(list(regimes["source_id"]))
    named = {source.source_id: source for source in sources}
    rows["url"] = [named[code].url if code in named else None for code in rows["source_id"]]
    rows["publisher"] = [named[code].publisher if code in named else code for code in rows["source_id"]]
    columns = (
        Column("word", _("Way of asking"), note="dates"),
        Column("what_a_request_is", _("What a request was"), desk_only=True),
        Column("seen", _("Could police see who was asked?")),
        Column("known", _("Who knows how many?")),
        Column("status", _("Consent rate"), "state", note="said"),
        Column("publisher", _("Source"), "link", address=lambda row: row["url"], desk_only=True),
    )
    components.show(components.table(rows, columns, _("Regimes and who knows the number asked")))
    components.source_row(
        rows[["regime_id", "word", "dates", "what_a_request_is", "agency_sees_who_was_asked", "denominator_known_to",
              "status", "publisher"]],
        key="regimes", title=_("Who could know how many residents were asked"), sources=sources,
    )  # fmt: skip


def known_figures(selection: Selection) -> None:
    """The few figures about residents that somebody published, each with its source."""
    counts = public_data.published_counts(release, selection, (*PEOPLE, "requests"))
    people = counts[counts["measure"].isin(PEOPLE)]
    components.section(findings.known_finding(counts), findings.best_case(counts[counts["measure"] != "submissions"]))
    if people.empty:
        return
    # A figure about residents reads right only beside the requests of the same agency and period.
    beside = counts["agency_id"].isin(people["agency_id"])
    rows = counts[beside].assign(
        said=[findings.figure(row) for row in counts[beside].to_dict("records")],
        when=[when(row) for row in counts[beside].to_dict("records")],
    )
    columns = (
        Column(
            "name",
            _("Agency"),
            "link",
            note="when",
            address=lambda row: components.link("agency", agency=row["agency_id"]),
        ),
        Column("said", _("What was published"), note="note"),
        Column("publisher", _("Source"), "link", address=lambda row: row["url"]),
    )
    components.show(components.table(rows, columns, _("Published figures about residents, each with its source")))
    components.source_row(
        rows[["agency_id", "name", "measure", "value", "qualifier", "period_start", "period_end", "note", "publisher",
              "url"]],
        key="figures", title=findings.known_finding(counts),
        sources=components.named_sources(list(rows["source_id"])),
    )  # fmt: skip


def what_is_needed() -> None:
    """What would have to be public so that this page could show a rate."""
    components.section(
        _("What would be needed"),
        _("With these, this page would show a rate, its interval, and how much of the record it rests on."),
    )
    needs = (
        _("**One row per request**: day, kind of incident, how it was sent. Agencies have this; it can be asked for."),
        _("**How many residents were asked**, counted by whoever sent the request. "
          "Under e-mail requests the vendor had it."),
        _("**How many shared and how many declined.** No names, no addresses: counts are enough."),
        _("**Enough requests together.** Figures about residents are shown only in groups that single out nobody."),
    )  # fmt: skip
    items = "".join(f"<li>{components.rich(need)}</li>" for need in needs)
    components.show(f'<ul class="pl-lede">{items}</ul>')


def without_figures(selection: Selection) -> None:
    """The page where no block exists: why nobody can know, and the little that is known."""
    components.headline(
        _("Nobody can say how often residents agree. The public record holds no consent rate."),
        findings.nobody_knows(regimes),
    )
    one_agency(selection)
    components.show_filters(*PRESS_FILTERS, default_program=False)
    who_knows()
    known_figures(selection)
    what_is_needed()


def with_figures(selection: Selection) -> None:
    """The page of a release that holds blocks: one regime, the most recent one with figures unless one is picked."""
    held = consent_series.regimes_with_figures(release, selection)
    usual = (held or consent_series.regimes_with_figures(release, Selection()))[-1]
    regime = selection.regime or usual
    about = regimes[regimes["regime_id"] == regime].iloc[0].to_dict()
    selection = replace(selection, regime=regime)
    answer = public_data.consent(release, selection)
    components.headline(findings.finding(answer), findings.dek(answer, regime, charts.regime_dates(about)))
    names = {code: words.word(words.REGIMES, code) for code in regimes["regime_id"]}
    switch("regime", _("Regime"), names, usual=usual)
    one_agency(selection)
    components.show_filters(*FILTERS, default_program=False)
    if answer.asked:
        funnel_section(selection, answer, names[regime])
    time_section(selection)
    agencies = consent_series.consent_by_agency(release, selection)
    if agencies["asked"].notna().any():
        agencies_section(selection, agencies, names[regime])
    if not agencies.empty:
        pending_section(agencies, names[regime])


regimes = public_data.regimes(release)
if consent_series.regimes_with_figures(release, Selection()):
    with_figures(components.read_selection(*FILTERS, "regime", default_program=False))
else:
    without_figures(components.read_selection(*PRESS_FILTERS))
