"""Leads: what stands out by a rule that was fixed before the data were seen. One query per kind, for all agencies.

Tests are made over the whole release and never over a reader's selection: who filters first and tests then finds
more than there is. Pages may show a part of the answer. Every frame is by state and name, never by size.
"""

from typing import Final

import numpy as np
import pandas as pd

from dashboard import statistics
from dashboard.public_data.asking import question
from dashboard.releases import Release
from dashboard.statistics.spike_test import WINDOW_MONTHS

FALSE_ALARMS: Final = 0.05  # of everything found by a kind of test, this share is false on average
SILENT_MONTHS: Final = 12


@question
def monthly_requests(release: Release) -> pd.DataFrame:
    """One row per agency, regime and month, in this order: agency_id, regime_id, month_start, requests (float).

    From the first to the last month in which the agency's log names a request of the regime; a month without one is a
    true 0. `requests` is nan in a month that the regime does not fill: half a month is no month to compare with.
    """
    return release.query(
        """
        with counted as (
            select agency_id, regime_id, month_start, sum(requests)::bigint as requests
            from request_counts
            where regime_id <> 'unassigned'
            group by agency_id, regime_id, month_start
        ),
        spans as (
            select
                agency_id,
                regime_id,
                unnest(generate_series(min(month_start), max(month_start), interval 1 month))::date as month_start
            from counted
            group by agency_id, regime_id
        )
        select
            spans.agency_id,
            spans.regime_id,
            spans.month_start,
            case when spans.month_start >= regimes.starts_on
                and coalesce(last_day(spans.month_start) < regimes.ends_on, true)
                then coalesce(counted.requests, 0)::double
            end as requests
        from spans
        left join counted using (agency_id, regime_id, month_start)
        left join regimes on spans.regime_id = regimes.regime_id
        order by spans.agency_id, spans.regime_id, spans.month_start
        """
    )


@question
def spike_tests(release: Release) -> pd.DataFrame:
    """One row per month that could be tested: agency_id, name, state, regime_id, month_start, requests, expected,
    p_value, q_value, is_found.

    Each month against the same agency's own earlier months of the same regime (`statistics.spikes`); false discovery
    controlled over all months of all agencies.
    """
    months = monthly_requests(release)
    if months.empty:
        return _empty("month_start", "requests", "expected")
    # One call for all series: with a window of unknown months before each, none reaches back into another's history.
    series = months.groupby(["agency_id", "regime_id"], sort=False).ngroup().to_numpy()
    place = np.arange(len(months)) + (series + 1) * WINDOW_MONTHS
    spread = np.full(place[-1] + 1, np.nan)
    spread[place] = months["requests"]
    tested = statistics.spikes(spread).iloc[place].reset_index(drop=True)
    rows = months.assign(expected=tested["expected"], p_value=tested["p_value"])
    return _found(release, rows[rows["p_value"].notna()], ["month_start"])


@question
def sums_of_blocks(release: Release) -> pd.DataFrame:
    """One row per regime and agency with a published block: sums of whole blocks asked, shared_low, shared_high."""
    return release.query(
        """
        select
            regime_id,
            agency_id,
            sum(asked)::double as asked,
            sum(shared_low)::double as shared_low,
            sum(shared_high)::double as shared_high,
            sum(requests)::bigint as requests_covered
        from consent_blocks
        group by regime_id, agency_id
        order by regime_id, agency_id
        """
    )


@question
def funnel_tests(release: Release) -> pd.DataFrame:
    """One row per regime and agency tested: the sums of its blocks, target_low, target_high, phi, agencies, rate_low
    and rate_high (ends of a range), position_95, position_998, shrunken_rate, p_value, q_value, is_found.

    A funnel of its own for each regime; regimes with fewer than ten agencies are not tested. False discovery is
    controlled over all agencies of all regimes. `shrunken_rate` is what a list may be sorted by.
    """
    tested = []
    for _regime, sums in sums_of_blocks(release).groupby("regime_id", sort=False):
        if len(sums) < statistics.FEWEST_AGENCIES:
            continue
        funnel = statistics.funnel(sums)
        shrunken = statistics.shrunken_rates(sums, design_effect=funnel.phi)
        tested.append(
            funnel.agencies.assign(
                target_low=funnel.target_low,
                target_high=funnel.target_high,
                phi=funnel.phi,
                agencies=len(sums),
                shrunken_rate=shrunken["shrunken_rate"],
            )
        )
    if not tested:
        return _empty("asked", "shared_low", "shared_high", "target_low", "target_high")
    return _found(release, pd.concat(tested), [])


def _found(release: Release, rows: pd.DataFrame, order: list[str]) -> pd.DataFrame:
    """Add the q value and the agency; by state and name."""
    rows = rows.reset_index(drop=True)
    judged = statistics.false_discovery(rows["p_value"], rate=FALSE_ALARMS)
    named = release.query("select agency_id, name, state, kind from agencies")
    rows = rows.assign(q_value=judged["q_value"], is_found=judged["is_found"]).merge(named, on="agency_id", how="left")
    return rows.sort_values(["state", "name", "agency_id", "regime_id", *order], ignore_index=True)


def _empty(*columns: str) -> pd.DataFrame:
    names = ["agency_id", "name", "state", "kind", "regime_id", *columns, "p_value", "q_value"]
    return pd.DataFrame(columns=names).assign(is_found=np.array([], dtype=bool))


@question
def partnership_facts(release: Release) -> pd.DataFrame:
    """One row per partnership with agency, by state and name: what rules about votes, incentives and dates read.

    Columns: agency_id, name, state, kind, program_id, started_on, started_precision, ended_on, approval, incentive,
    conflicts, sources, publishers (who says so, joined by '; '), source_ids, dates (each source's start, as exactly as
    it gives it: 'A Newsroom: 2019-02; List Keepers: 2019-04-09').
    """
    return release.query(
        """
        with said as (
            select
                claims.agency_id,
                claims.program_id,
                string_agg(distinct sources.publisher, '; ' order by sources.publisher) as publishers,
                string_agg(distinct claims.source_id, '|' order by claims.source_id) as source_ids,
                string_agg(
                    sources.publisher || ': ' || left(
                        claims.started_on::varchar,
                        case claims.started_precision when 'day' then 10 when 'month' then 7 else 4 end
                    ),
                    '; ' order by claims.started_on, claims.source_id
                ) filter (where claims.started_on is not null) as dates
            from partnership_claims as claims
            left join sources on claims.source_id = sources.source_id
            group by claims.agency_id, claims.program_id
        )
        select
            agencies.agency_id,
            agencies.name,
            agencies.state,
            agencies.kind,
            partnerships.program_id,
            partnerships.started_on,
            partnerships.started_precision,
            partnerships.ended_on,
            partnerships.approval,
            partnerships.incentive,
            partnerships.conflicts,
            partnerships.sources,
            said.publishers,
            said.source_ids,
            said.dates
        from partnerships
        join agencies on partnerships.agency_id = agencies.agency_id
        left join said
            on partnerships.agency_id = said.agency_id and partnerships.program_id = said.program_id
        order by agencies.state, agencies.name, agencies.agency_id, partnerships.program_id
        """
    )


@question
def silences(release: Release) -> pd.DataFrame:
    """One row per partnership in a program that can ask residents, by state and name: how long it has been silent.

    Columns: agency_id, name, state, kind, program_id, started_on, started_precision, could_ask_until (the last day on
    which the program had a way to ask and the agency is not known to have left), has_figure (any request in a log or
    any published number of requests), last_figure_on (null where undated or none), silence: 'never' (no figure at
    all), 'long' (the last one more than 12 months before could_ask_until), or 'no'. A partnership that began after the
    tool ended is left out: there was nothing to report.
    """
    return release.query(
        f"""
        with tools as (
            select
                program_id,
                min(starts_on) as opened_on,
                max(coalesce(ends_on, (select data_as_of from release))) as closed_on
            from regimes
            where has_request_tool
            group by program_id
        ),
        figures as (
            select agency_id, program_id, max(last_day(month_start)) as last_figure_on
            from request_counts
            where requests > 0
            group by agency_id, program_id
            union all
            select agency_id, program_id, max(coalesce(period_end, period_start)) as last_figure_on
            from published_counts
            where measure = 'requests'
            group by agency_id, program_id
        ),
        latest as (
            select agency_id, program_id, max(last_figure_on) as last_figure_on
            from figures
            group by agency_id, program_id
        ),
        told as (
            select
                agencies.agency_id,
                agencies.name,
                agencies.state,
                agencies.kind,
                partnerships.program_id,
                partnerships.started_on,
                partnerships.started_precision,
                least(tools.closed_on, coalesce(partnerships.ended_on, tools.closed_on)) as could_ask_until,
                latest.agency_id is not null as has_figure,
                latest.last_figure_on
            from partnerships
            join agencies on partnerships.agency_id = agencies.agency_id
            join tools on partnerships.program_id = tools.program_id
            left join latest
                on partnerships.agency_id = latest.agency_id and partnerships.program_id = latest.program_id
            where coalesce(partnerships.started_on < tools.closed_on, true)
        )
        select
            *,
            case
                when not has_figure then 'never'
                when last_figure_on < could_ask_until - interval {SILENT_MONTHS} month then 'long'
                else 'no'
            end as silence
        from told
        order by state, name, agency_id, program_id
        """
    )
