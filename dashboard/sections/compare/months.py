"""Requests by month, one panel per agency."""

from typing import Any

import pandas as pd

from dashboard import charts, components, public_data, words
from dashboard.charts import compare as compare_charts
from dashboard.components import Column, here
from dashboard.components.switch import switch
from dashboard.findings import compare as findings
from dashboard.findings import compare_tables as tables
from dashboard.i18n import _, is_known, iso
from dashboard.public_data import comparison, consent_series
from dashboard.sections.compare import View
from dashboard.states import state


def pick_regime(ids: tuple[str, ...], by_month: pd.DataFrame) -> str:
    """One regime at a time: the one in which most of the agencies have a figure, unless one is picked."""
    release = here().release
    regimes = public_data.regimes(release)
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
    looks = here().looks
    regimes = public_data.regimes(here().release)
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
        components.once(
            "months",
            lambda: compare_charts.months_by_agency(mine, tables.logs(agencies, mine), shown[0], looks),
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
        queries=("request_counts",),
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
    release = here().release
    ends = regime["ends_on"].date() if is_known(regime["ends_on"]) else release.data_as_of
    return regime["starts_on"].date(), ends
