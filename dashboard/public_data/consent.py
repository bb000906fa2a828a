"""Consent: sums of whole blocks that lie inside a selection, and how much of it they cover. Nothing below a block."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd

from dashboard import statistics
from dashboard.public_data.about import regimes
from dashboard.public_data.asking import Conditions, question, whose_agency
from dashboard.public_data.requests import requests_inside
from dashboard.releases import Release
from dashboard.selection import Selection

# Under this share of the selection's requests a figure is "partly published" and says n of m.
FULL_COVERAGE = 0.8

# The fields of statistics.Clusters over rows that are blocks, or agencies.
_CLUSTERS: Final = """
    count(*), sum(asked), sum(shared_low), sum(shared_high), sum(asked * asked), sum(asked * shared_low),
    sum(shared_low * shared_low), sum(asked * shared_high), sum(shared_high * shared_high)
"""


@dataclass(frozen=True)
class Consent:
    """The answer to "how often did residents who were asked share?" for one selection.

    `shared_low` and `shared_high` are equal where every block is exact. `rate_low` and `rate_high` are the 95 %
    interval (0 to 1), None where nobody counted was asked. `responded` is the sum over the blocks that show it and
    `asked_of_responded` what those blocks asked: the only denominator it may be divided by.
    """

    asked: int
    shared_low: int
    shared_high: int
    responded: int
    asked_of_responded: int
    shared_low_of_responded: int
    shared_high_of_responded: int
    blocks: int
    agencies: int
    requests_covered: int
    requests_in_selection: int
    requests_with_asked: int
    design_effect: float
    rate_low: float | None
    rate_high: float | None
    status: str

    @property
    def coverage(self) -> float | None:
        """Share of the selection's requests that the blocks rest on, 0 to 1; None without requests."""
        if not self.requests_in_selection:
            return None
        # A request withdrawn since leaves the counts at once, and its block stays.
        return min(1.0, self.requests_covered / self.requests_in_selection)

    @property
    def is_range(self) -> bool:
        """Whether any block of the sum gives the number who shared only as a range."""
        return self.shared_low != self.shared_high

    @property
    def rate(self) -> float | None:
        """shared / asked where it is exact, else None: a range has no single rate."""
        return self.shared_low / self.asked if self.asked and not self.is_range else None


def inside(selection: Selection) -> Conditions:
    """Conditions on a row of consent_blocks (alias blocks): the block lies wholly inside.

    Wholly: each of its categories, counties and areas is picked, its first quarter begins on or after `since` and its
    last quarter ends on or before `until`. Channel and legal basis are not kept in blocks, so that with one of them
    picked no block lies inside.
    """
    where = whose_agency(selection, "blocks")
    where.add("blocks.program_id = $program", program=selection.program)
    where.add("blocks.regime_id = $regime", regime=selection.regime)
    where.add("list_has_all($categories, string_split(blocks.categories, '|'))", categories=selection.categories)
    where.add("list_has_all($counties, string_split(blocks.counties, '|'))", counties=selection.counties)
    where.add("list_has_all($areas, string_split(blocks.areas, '|'))", areas=selection.areas)
    where.add("blocks.first_quarter >= $since", since=selection.since)
    where.add("last_day(blocks.last_quarter + interval 2 month) <= $until", until=selection.until)
    if selection.channel or selection.legal_basis:
        where.add("false")
    return where


@question
def blocks_inside(release: Release, selection: Selection) -> pd.DataFrame:
    """One row per block that lies wholly inside the selection, as in table consent_blocks."""
    where = inside(selection)
    return release.query(
        f"""
        select blocks.*
        from consent_blocks as blocks
        where {where.sql}
        order by blocks.agency_id, blocks.first_quarter, blocks.block_id
        """,
        where.values,
    )


@question
def usual_design_effect(release: Release) -> float | None:
    """The usual design effect inside one agency over the whole release; None where too few blocks tell."""
    # An agency's rowid stands for it: half a million texts are slow to hand over.
    blocks = release.query(
        """
        select agencies.rowid as agency_id, blocks.asked, blocks.shared_low, blocks.shared_high
        from consent_blocks as blocks
        join agencies on blocks.agency_id = agencies.agency_id
        """
    )
    return statistics.reference_design_effect(blocks)


@question
def consent(release: Release, selection: Selection) -> Consent:
    """The consent figure of a selection: sum of the whole blocks inside it, coverage, 95 % interval, status."""
    return _Sums(release, selection, "''").answer("", selection)


@question
def consent_by_regime(release: Release, selection: Selection) -> Mapping[str, Consent]:
    """Regime -> what `consent` says of the selection within it, for every regime of the release, asked together."""
    sums = _Sums(release, selection, "regime_id")
    return {regime: sums.answer(regime, replace(selection, regime=regime)) for regime in regimes(release)["regime_id"]}


class _Sums:
    """Sums over the blocks and requests inside a selection, apart by the values of an expression `by` (SQL).

    They are added up where they lie: to hand a country's half a million blocks over cost more than all else on a page.
    """

    def __init__(self, release: Release, selection: Selection, by: str) -> None:
        self.release = release
        where = inside(selection)
        blocks = f"from consent_blocks as blocks where {where.sql}"
        self.blocks = self._by_part(
            f"""
            select {by} as part, sum(requests), count(*) filter (where shared_low = shared_high), {_CLUSTERS}
            {blocks}
            group by part
            """,
            where.values,
        )
        self.responded = self._by_part(
            f"""
            select {by} as part, sum(responded), sum(asked), sum(shared_low), sum(shared_high)
            {blocks} and responded is not null
            group by part
            """,
            where.values,
        )
        # Part by part: DuckDB groups by one text faster than by two.
        of_agencies = f"""
            select $part, count(*) filter (where has_exact), {_CLUSTERS}
            from (
                select
                    agency_id,
                    sum(asked) as asked,
                    sum(shared_low) as shared_low,
                    sum(shared_high) as shared_high,
                    bool_or(shared_low = shared_high) as has_exact
                {blocks} and {by} = $part
                group by agency_id
            )
        """
        self.agencies: dict[str, tuple[int, ...]] = {}
        for part in self.blocks:
            self.agencies |= self._by_part(of_agencies, where.values | {"part": part})
        where = requests_inside(selection)
        self.requests = self._by_part(
            f"""
            select {by} as part, sum(requests), sum(requests_with_asked)
            from request_counts as counts
            where {where.sql}
            group by part
            """,
            where.values,
        )

    def _by_part(self, sql: str, values: dict[str, Any]) -> dict[str, tuple[int, ...]]:
        return {part: tuple(sums) for part, *sums in self.release.rows(sql, values)}

    def answer(self, part: str, selection: Selection) -> Consent:
        """The figure of that part, which is what the selection holds."""
        covered, exact, *blocks = self.blocks.get(part, (0,) * 11)
        exact_agencies, *agencies = self.agencies.get(part, (0,) * 10)
        responded, asked_of_responded, low_of_responded, high_of_responded = self.responded.get(part, (0,) * 4)
        requests, with_asked = self.requests.get(part, (0, 0))
        told = statistics.Tally(
            statistics.Clusters(*blocks), statistics.Clusters(*agencies), covered, exact, exact_agencies
        )
        _blocks, asked, low, high, *_products = blocks
        effect, limits = 1.0, None
        if asked:
            usual = usual_design_effect(self.release) if statistics.needs_reference(told) else None
            effect = statistics.design_effect(told, reference=usual).value
            limits = statistics.rate_interval(low, high, asked, design_effect=effect)
        return Consent(
            asked=asked,
            shared_low=low,
            shared_high=high,
            responded=responded,
            asked_of_responded=asked_of_responded,
            shared_low_of_responded=low_of_responded,
            shared_high_of_responded=high_of_responded,
            blocks=told.blocks.count,
            agencies=told.agencies.count,
            requests_covered=covered,
            requests_in_selection=requests,
            requests_with_asked=with_asked,
            design_effect=effect,
            rate_low=limits[0] if limits else None,
            rate_high=limits[1] if limits else None,
            status=_status(self.release, selection, covered, requests, with_asked),
        )


def _status(release: Release, selection: Selection, covered: int, requests: int, with_asked: int) -> str:
    if covered:
        return "published" if covered >= FULL_COVERAGE * requests else "partly_published"
    if with_asked:
        return "pending"
    regime = release.rows(
        "select has_request_tool, agency_sees_who_was_asked = 'no' and denominator_known_to <> 'agency' from regimes "
        "where regime_id = $regime",
        {"regime": selection.regime},
    )
    if regime and not regime[0][0]:
        return "no_request_tool"
    # Where the agency counts how many it asked, it could say so, even if it never learns whom.
    if regime and regime[0][1]:
        return "not_measurable"
    return "not_reported"
