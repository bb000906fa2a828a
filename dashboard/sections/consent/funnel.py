"""The consent funnel: asked, responded, shared, declined, no answer."""

import pandas as pd
import streamlit as st

from dashboard import components, public_data, words
from dashboard.charts.consent_funnel import ONLY_ONE, consent_funnel, in_words
from dashboard.components import Column, here
from dashboard.findings import consent as findings
from dashboard.i18n import _, number
from dashboard.selection import Selection


def funnel_section(selection: Selection, answer: public_data.Consent, regime: str) -> None:
    """Asked, responded, shared, declined, no answer."""
    looks = here().looks
    components.section(findings.funnel_finding(answer), findings.funnel_lede(answer))
    st.html(f"<style>{ONLY_ONE.format(key='funnel')}</style>")
    components.chart(
        components.once("funnel", lambda: consent_funnel(answer, looks)),
        key="funnel",
        alt=in_words(answer, looks),
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
        queries=("consent_blocks", "request_counts"),
        columns=(
            Column("step", _("Step")),
            Column("residents_low", _("Residents, at least"), "number"),
            Column("residents_high", _("Residents, at most"), "number"),
            Column("of_asked", _("Of residents asked"), "number"),
        ),
        definitions={"of_asked": _("Residents asked in the blocks that show this step: its only denominator.")},
        coverage=_("Coverage: {requests}.").format(
            requests=words.covered_requests(answer.requests_covered, answer.requests_in_selection)
        ),
    )
