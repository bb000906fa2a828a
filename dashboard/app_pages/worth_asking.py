"""Worth asking: what stands out by rule, how it was found, what would explain it innocently, and what to ask."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import charts, components, public_data, words
from dashboard.charts.leads import unusual_months
from dashboard.components import Column, here
from dashboard.components.data_table import HTML_ROWS
from dashboard.components.switch import switch
from dashboard.findings import lead_rules as rules
from dashboard.findings import worth_asking as findings
from dashboard.findings.compare import called
from dashboard.i18n import _, ngettext, number
from dashboard.public_data import leads
from dashboard.selection import Selection

release, looks = here().release, here().looks
FILTERS = ("states",)
DEFINITIONS = {
    "p_value": _("Chance of a value this far out if nothing were unusual."),
    "q_value": _("The p value after Benjamini and Hochberg: up to 0.05 it counts as found."),
    "cautious_rate": _("The rate pulled towards that of all agencies (empirical Bayes): the one to sort a list by."),
    "question": _("What to ask the agency."),
}
# The release's tables whose queries counted what a rule looks at.
QUERIES: dict[str, tuple[str, ...]] = {
    "spike": ("request_counts", "regimes"),
    "funnel": ("consent_blocks", "request_counts"),
    "vote": ("partnerships", "partnership_claims"),
    "incentive": ("partnerships", "partnership_claims"),
    "silence": ("partnerships", "request_counts", "published_counts"),
    "dates": ("partnership_claims", "partnerships"),
}


def inside(rows: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    """The rows of the picked states. Tests were made over the whole release; this only hides."""
    return rows[rows["state"].isin(selection.states)] if selection.states else rows


def agency_page(row: Any) -> str:
    """The address of the agency's page."""
    return components.link("agency", agency=row["agency_id"])


def show_leads(code: str, rows: pd.DataFrame, sources: tuple[str, ...] = (), extra: tuple[Column, ...] = ()) -> None:
    """What to ask, what would be innocent, the leads themselves, how they were found, and their file."""
    rule, asked = rules.RULES[code], rows["question"].drop_duplicates()
    if len(asked) == 1:
        components.paragraph(_("**What to ask:** {question}").format(question=asked.iloc[0]))
    if not rows.empty:
        components.paragraph(_("**What may be behind it:** {reasons}").format(reasons=rule.innocent))
        labels = rows.assign(label=[called(row) for row in rows.to_dict("records")])
        # A long table has no room for notes below a cell.
        subject = (Column("subject", _("Program")),) if len(rows) > HTML_ROWS else ()
        columns = (
            Column("label", _("Agency"), "link", note="subject", address=agency_page),
            *subject,
            Column("found", _("What was found"), note="question" if len(asked) > 1 else None),
            *extra,
        )
        components.show_table(labels, columns, rule.name, key=code)
    components.how_we_know(rule.rule, rule.control, rule.doubt)
    if not rows.empty:
        components.source_row(
            rows.dropna(axis="columns", how="all"),
            key=code,
            title=rule.name,
            sources=components.named_sources(sources),
            queries=QUERIES[code],
            definitions=DEFINITIONS,
            coverage=rules.in_a_file(code),
        )


def sources_of(partnerships: pd.DataFrame, rows: pd.DataFrame) -> tuple[str, ...]:
    """Ids of the sources behind the leads."""
    named = partnerships[partnerships["agency_id"].isin(rows["agency_id"])]["source_ids"].dropna()
    return tuple(dict.fromkeys(one for ids in named for one in ids.split("|")))


def spikes_section(selection: Selection, rows: pd.DataFrame) -> None:
    """Months with unusually many requests."""
    tests = inside(leads.spike_tests(release), selection)
    if tests.empty:
        components.section(findings.spikes_finding(rows, 0))
        show_leads("spike", rows)
        return
    components.section(
        findings.spikes_finding(rows, len(tests)),
        _("A dot is a month that stands out; the short line below it is what the agency's own earlier months make "
          "likely. Many dots at one time would point to an event and not to an agency."),
    )  # fmt: skip
    components.chart(
        components.once("unusual months", lambda: unusual_months(tests, regimes, looks, release.data_as_of)),
        key="spikes",
        alt=findings.spikes_in_words(tests),
    )
    components.regime_key(charts.bands(regimes, *charts.span(regimes, release.data_as_of)))
    months = leads.monthly_requests(release)
    logged = int(months["agency_id"].isin(public_data.agencies(release, selection)["agency_id"]).sum())
    components.coverage_line(
        len(tests), logged, _("Coverage: {covered} of {of} months in the logs could be tested ({share})."),
        _("A month needs 12 earlier ones of the same agency and regime."),
    )  # fmt: skip
    st.space(14)
    show_leads("spike", rows)


def funnel_section(selection: Selection, rows: pd.DataFrame) -> None:
    """Agencies outside the limits of the funnel plot of their regime."""
    tests = inside(leads.funnel_tests(release), selection)
    if tests.empty:
        components.section(findings.funnel_finding(tests, 0))
        show_leads("funnel", rows)
        return
    components.section(
        findings.funnel_finding(tests, len(tests)),
        _("High and low are worded alike: neither is good or bad. The cautious rate is the one to sort by. It is "
          "pulled towards that of all agencies, so that no small agency leads a list by luck."),
    )  # fmt: skip
    links = [
        components.anchor(words.word(words.REGIMES, code), components.link("consent", regime=code))
        for code in regimes["regime_id"]
        if code in set(tests["regime_id"])
    ]
    told = components.escaped(_("The funnel plots stand on the Consent page:"))
    components.show(f'<p class="pl-lede">{told} {" · ".join(links)}</p>')
    show_leads("funnel", rows, extra=(Column("cautious_rate", _("Cautious rate"), "percent"),))


def on_record(partnerships: pd.DataFrame, column: str, told: dict[str, str]) -> None:
    """How many partnerships have which answer on record; those without one stand beside them and are no lead."""
    counts = partnerships[column].value_counts()
    entries = [(word, number(counts[code]), "") for code, word in told.items() if code in counts and code != "unknown"]
    silent = int(counts.get("unknown", 0))
    entries.append((_("not reported"), components.state_words("not_reported", number(silent)), ""))
    components.facts(entries)
    st.space(14)


def vote_section(selection: Selection, rows: pd.DataFrame) -> None:
    """Partnerships of which a source says that nobody voted."""
    partnerships = inside(leads.partnership_facts(release), selection)
    components.section(
        findings.vote_finding(rows, partnerships),
        _("A lead needs a source that says so. Where nothing is reported, nothing is claimed."),
    )
    on_record(partnerships, "approval", {code: words.word(words.APPROVALS, code) for code in words.APPROVALS})
    show_leads("vote", rows, sources_of(partnerships, rows))


def incentive_section(selection: Selection, rows: pd.DataFrame) -> None:
    """Partnerships that came with devices or discounts."""
    partnerships = inside(leads.partnership_facts(release), selection)
    components.section(
        findings.incentive_finding(rows, partnerships),
        _("Whether something of value came with an agreement is a fair question, whatever the answer."),
    )
    on_record(partnerships, "incentive", {"yes": _("with devices or discounts"), "no": _("without")})
    show_leads("incentive", rows, sources_of(partnerships, rows))


def silence_section(selection: Selection, rows: pd.DataFrame) -> None:
    """Agencies that take part and of which no number of requests is known, or none for long."""
    silences = inside(leads.silences(release), selection)
    components.section(
        findings.silence_finding(silences),
        _("Unknown is not zero. Silence says nothing about how often an agency asked; it is the record that is thin."),
    )
    components.coverage_line(
        int((silences["silence"] != "never").sum()),
        len(silences),
        ngettext(
            "Coverage: {covered} of {of} partnership has any number of requests ({share}).",
            "Coverage: {covered} of {of} partnerships have any number of requests ({share}).",
            len(silences),
        ),
    )
    st.space(14)
    show_leads("silence", rows)


def dates_section(selection: Selection, rows: pd.DataFrame) -> None:
    """Partnerships whose sources give different start dates."""
    partnerships = inside(leads.partnership_facts(release), selection)
    components.section(
        findings.dates_finding(rows),
        _("Each date is written as exactly as its source gives it. Elsewhere Porchlight shows one of them, by a "
          "declared order."),
    )  # fmt: skip
    show_leads("dates", rows, sources_of(partnerships, rows))


SECTIONS: dict[str, Callable[[Selection, pd.DataFrame], None]] = {
    "spike": spikes_section,
    "funnel": funnel_section,
    "vote": vote_section,
    "incentive": incentive_section,
    "silence": silence_section,
    "dates": dates_section,
}


def kinds_of(selection: Selection) -> dict[str, pd.DataFrame]:
    """The leads of every kind, in the picked states."""
    partnerships = inside(leads.partnership_facts(release), selection)
    return {
        "spike": rules.spikes(inside(leads.spike_tests(release), selection)),
        "funnel": rules.outside(inside(leads.funnel_tests(release), selection)),
        "vote": rules.without_vote(partnerships),
        "incentive": rules.with_incentive(partnerships),
        "silence": rules.silent(inside(leads.silences(release), selection)),
        "dates": rules.conflicting(partnerships),
    }


def summary(kinds: dict[str, pd.DataFrame], selection: Selection) -> None:
    """How many leads of each kind, and out of what. Kinds are not added up."""
    facts = inside(leads.partnership_facts(release), selection)
    examined = {
        "spike": inside(leads.spike_tests(release), selection),
        "funnel": inside(leads.funnel_tests(release), selection),
        "silence": inside(leads.silences(release), selection),
    }
    parameters = {"state": ",".join(selection.states)} if selection.states else {}
    rows = pd.DataFrame(
        [
            {
                "kind": code,
                "name": rules.RULES[code].name,
                "leads": None if code in ("spike", "funnel") and examined[code].empty else len(found),
                "status": "not_reported",
                "out_of": findings.out_of(code, examined.get(code, facts)),
            }
            for code, found in kinds.items()
        ]
    ).astype({"leads": "Int64"})
    columns = (
        Column(
            "name", _("Kind of lead"), "link",
            address=lambda row: components.link(here().path, None, **parameters, lead=row["kind"]),
        ),
        Column("leads", _("Leads"), "number", status="status"),
        Column("out_of", _("Looked at")),
    )  # fmt: skip
    components.show(components.table(rows, columns, _("Leads of each kind")))


regimes = public_data.regimes(release)
selection = components.read_selection(*FILTERS, default_program=False)
found = kinds_of(selection)
is_tested = not leads.spike_tests(release).empty
components.headline(findings.finding(found, is_tested, components.place_of(selection)), findings.dek(is_tested))
picked = switch("lead", _("Kind of lead"), {"all": _("All")} | {code: rule.name for code, rule in rules.RULES.items()})
components.show_filters(*FILTERS, default_program=False)
st.space(14)
summary(found, selection)
for code, section in SECTIONS.items():
    if picked in ("all", code):
        section(selection, found[code])
everything = rules.all_leads(found if picked == "all" else {picked: found[picked]})
if picked == "all" and not everything.empty:
    components.section(
        _("All of them in one file"),
        ngettext(
            "{count} lead, with its rule, what may be behind it, and what to ask.",
            "{count} leads, each with its rule, what may be behind it, and what to ask.",
            len(everything),
        ).format(count=number(len(everything))),
    )
    components.source_row(
        everything,
        key="all",
        title=_("Leads found by rule"),
        sources=(),
        queries=tuple(dict.fromkeys(table for code in found for table in QUERIES[code])),
        definitions=DEFINITIONS,
    )
