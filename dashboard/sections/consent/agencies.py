"""The funnel plot: agencies beside what chance alone would give."""

import pandas as pd

from dashboard import components, statistics
from dashboard.charts.funnel_plot import funnel_plot
from dashboard.components import Column, here
from dashboard.findings import consent as findings
from dashboard.i18n import _, ngettext, number
from dashboard.sections.consent.rates import rate_definitions, rate_words
from dashboard.selection import Selection


def agencies_section(selection: Selection, agencies: pd.DataFrame, regime: str) -> None:
    """The funnel plot: the only way in which agencies are compared."""
    looks = here().looks
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
        components.once("funnel plot", lambda: funnel_plot(funnel, looks)),
        key="agencies",
        alt=findings.agencies_finding(funnel),
    )
    allowed = _("Under ten agencies no limits are drawn: their spread would be a guess.")
    if len(known) >= statistics.FEWEST_AGENCIES:
        outside = findings.outside_in_words(funnel)
        components.show(f'<p class="pl-source">{components.escaped(outside)}</p>' if outside else "")
        allowed = _("The limits leave room for the usual spread between agencies (phi {phi}).").format(
            phi=number(funnel.phi, 1)
        )
    components.coverage_line(
        len(known),
        len(agencies),
        ngettext(
            "{covered} of {of} agency with requests has a published block.",
            "{covered} of {of} agencies with requests have a published block.",
            len(agencies),
        ),
        allowed,
    )
    components.how_we_know(
        _("A funnel plot shows where agencies would lie if they all had one rate. About 95% of them would lie inside "
          "the dashed lines and 99.8% inside the solid ones."),
        _("Whole blocks of {regime} only. An agency counts as outside only if both ends of its range are. "
          "{chance}").format(regime=regime, chance=findings.expected_by_chance(funnel)),
        _("Lying outside is a reason to ask and not an answer. Crimes and places differ, and so do the ways in which "
          "logs are kept."),
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
        queries=("consent_blocks", "request_counts"),
        columns=(
            Column("name", _("Agency"), "link", address=lambda row: components.link("agency", agency=row["agency_id"])),
            Column("state", _("State")),
            Column("rate_in_words", _("Shared, of those asked (95% interval)")),
            Column("asked", _("Residents asked"), "number"),
            Column("position_998", _("99.8% limits"), words=told.__getitem__),
            Column("requests_covered", _("Requests in blocks"), "number"),
            Column("requests", _("Requests"), "number"),
        ),
        definitions=rate_definitions()
        | {"position_95": _("inside, above or below the 95% limits"), "position_998": _("the same, 99.8% limits")},
    )
