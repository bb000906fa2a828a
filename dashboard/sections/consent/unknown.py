"""Why no rate is known: who could have known, the few figures that are public, what is missing."""

from dashboard import charts, components, public_data, words
from dashboard.components import Column, here
from dashboard.findings import consent as findings
from dashboard.findings.requests import when
from dashboard.i18n import _, in_english
from dashboard.public_data import consent_series
from dashboard.selection import Selection
from dashboard.states import state

PEOPLE = ("asked", "responded", "shared", "declined", "submissions")


def who_knows() -> None:
    """Regime by regime: what a request was, and who could know how many were asked."""
    regimes = public_data.regimes(here().release)
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
        Column("what_a_request_is", _("What a request was"), desk_only=True, words=in_english),
        Column("seen", _("Could police see who was asked?")),
        Column("known", _("Who knows how many?")),
        Column("status", _("Consent rate"), "state", note="said"),
        Column("publisher", _("Source"), "link", address=lambda row: row["url"], desk_only=True),
    )
    components.show(components.table(rows, columns, _("Regimes and who knows the number asked")))
    components.source_row(
        rows[["regime_id", "word", "dates", "what_a_request_is", "agency_sees_who_was_asked", "denominator_known_to",
              "status", "publisher"]],
        key="regimes", title=_("Who could know how many residents were asked"), sources=sources, queries=("regimes",),
    )  # fmt: skip


def known_figures(selection: Selection) -> None:
    """The few figures about residents that somebody published, each with its source."""
    release = here().release
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
        Column("said", _("What was published"), note="note", note_words=in_english),
        Column("publisher", _("Source"), "link", address=lambda row: row["url"]),
    )
    components.show(components.table(rows, columns, _("Published figures about residents, each with its source")))
    components.source_row(
        rows[["agency_id", "name", "measure", "value", "qualifier", "period_start", "period_end", "note", "publisher",
              "url"]],
        key="figures", title=findings.known_finding(counts),
        sources=components.named_sources(list(rows["source_id"])),
        queries=("published_counts",),
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
