"""What the Overview says of a selection: the release is asked once, and the sentences are made once."""

from dataclasses import dataclass

import pandas as pd

from dashboard import charts, components, public_data, words
from dashboard.findings import overview as findings
from dashboard.findings import participation
from dashboard.i18n import is_known
from dashboard.releases import Release
from dashboard.selection import Selection


def known_periods(release: Release, selection: Selection) -> list[findings.Period]:
    """Every regime with what the release holds about it, inside the selection."""
    regimes, until = public_data.regimes(release), release.data_as_of
    told = public_data.totals_beside(release, selection)
    consents = public_data.consent_by_regime(release, Selection(states=selection.states))
    scope = selection.states[0] if len(selection.states) == 1 else "US"
    shown = charts.bands(regimes, *charts.span(regimes, until))
    return [
        findings.Period(
            regime["regime_id"],
            band.name,
            band.dates,
            regime["starts_on"].date(),
            regime["ends_on"].date() if is_known(regime["ends_on"]) else None,
            bool(regime["has_request_tool"]),
            regime["agency_sees_who_was_asked"],
            consents[regime["regime_id"]],
            public_data.participation_by_month(
                release, Selection(states=selection.states, program=regime["program_id"])
            ),
            told if regime["program_id"] == selection.program else told.iloc[0:0],
            public_data.reported_totals(release, scope, ("requests_in_year",)),
            public_data.published_counts(release, Selection(states=selection.states, program=regime["program_id"])),
            "" if regime["program_id"] == selection.program else words.word(words.PROGRAMS, regime["program_id"]),
        )
        for regime in regimes.to_dict("records")
        for band in shown
        if band.regime_id == regime["regime_id"]
    ]


@dataclass(frozen=True)
class Facts:
    """What the page says of a selection, made once: frames, and the sentences that are told from them."""

    by_month: pd.DataFrame
    told: pd.DataFrame
    named: int
    finding: str
    dek: str
    grew: str
    beside_totals: str
    closing: participation.Total | None
    sources: list[public_data.Source]
    bands: list[charts.Band]
    answers: list[tuple[str, list[tuple[findings.Period, findings.Cell]]]]
    record: pd.DataFrame


def facts_of(release: Release, selection: Selection) -> Facts:
    """Ask the release and say it in words."""
    by_month = public_data.participation_by_month(release, selection)
    by_state = public_data.participation_by_state(release, selection)
    named = public_data.named_by(release, selection)
    told = public_data.totals_beside(release, selection)
    totals = participation.totals_from(told)
    periods = known_periods(release, selection)
    latest = findings.latest_consent(periods)
    grew = participation.growth_finding(by_month, release.data_as_of)
    regimes = public_data.regimes(release)
    answers = findings.answers(periods)
    return Facts(
        by_month,
        told,
        named,
        findings.finding(named, latest),
        findings.dek(by_state, by_month, totals, latest),
        grew,
        participation.dek(named, totals, by_month),
        participation.closing_total(totals, participation.list_end(by_month)),
        components.named_sources([one.source.source_id for one in public_data.lists(release, selection)]),
        charts.bands(regimes, *charts.span(regimes, release.data_as_of)),
        answers,
        record_of(answers),
    )


def record_of(answers: list[tuple[str, list[tuple[findings.Period, findings.Cell]]]]) -> pd.DataFrame:
    """The answers as rows of a file: question, regime, state, figure, note."""
    return pd.DataFrame(
        [
            {
                "question": question,
                "regime_id": period.regime_id,
                "status": cell.status,
                "figure": (cell.words or "").replace("**", ""),
                "note": cell.note or "",
            }
            for question, row in answers
            for period, cell in row
        ]
    )
