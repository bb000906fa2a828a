"""Each pair of agencies: is the difference real?"""

from dashboard import components
from dashboard.charts import compare as compare_charts
from dashboard.components import Column, here
from dashboard.findings import compare as findings
from dashboard.findings import compare_tables as tables
from dashboard.i18n import _
from dashboard.sections.compare import View
from dashboard.sections.compare.rates import translated


def differences_section(view: View, found: list[findings.Pair], regime: str) -> None:
    """Each pair: the difference with its interval, and a sentence."""
    looks = here().looks
    warning = findings.many_compared(found)
    lede = _("The first agency's rate minus the second's, in points. Where the interval holds zero, the two cannot be "
             "told apart; that does not mean that they are the same.")  # fmt: skip
    components.section(findings.differences_finding(found), lede)
    if warning:
        components.paragraph(warning)
    rows = tables.differences(found)
    components.chart(
        components.once("differences", lambda: compare_charts.differences(rows, looks)),
        key="differences",
        alt="; ".join(f"{row['first']}, {row['second']}: {row['told']}" for row in rows.to_dict("records")),
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
        queries=("consent_blocks", "request_counts"),
        definitions=translated(tables.DIFFERENCE_DEFINITIONS),
    )
