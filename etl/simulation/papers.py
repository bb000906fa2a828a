"""The small tables of the invented country: agencies, partnerships, areas, regimes, sources, events, press figures."""

from datetime import date, timedelta
from typing import Any

import numpy as np

from etl.simulation.agencies import KINDS, Agencies, Ints
from etl.simulation.calendar import E_MAIL, EPOCH, Regime, Window, day_number, stream
from etl.simulation.partnerships import APPROVALS, INCENTIVES, NEVER, PRECISIONS, Partnerships
from etl.simulation.tables import LOGS

Rows = list[dict[str, Any]]
INVENTED, LIST, PRESS, MINUTES = "simulation", "simulated-vendor-list", "simulated-press", "simulated-council-minutes"


def as_day(number: int) -> date:
    """The day from days since 1970."""
    return EPOCH + timedelta(days=number)


def agency_rows(agencies: Agencies) -> Rows:
    """One row per agency. No city: none of these agencies belongs to one. Population is invented too."""
    return [
        {
            "agency_id": agencies.agency_id[at],
            "name": agencies.name[at],
            "kind": KINDS[int(agencies.kind[at])],
            "state": agencies.state[at],
            "city": None,
            "county": None,
            "source_id": INVENTED,
            "county_fips": agencies.county_fips[at],
            "latitude": f"{agencies.latitude[at]:.3f}",
            "longitude": f"{agencies.longitude[at]:.3f}",
            "population": int(agencies.population[at]),
        }
        for at in range(len(agencies))
    ]


def area_rows(agencies: Agencies, seed: int) -> Rows:
    """One row per agency and named area; households add up to about the agency's, never under 100."""
    rng = stream(seed, "areas")
    part = rng.uniform(0.6, 1.4, (len(agencies), max(int(agencies.areas.max(initial=0)), 1)))
    households = np.maximum(agencies.population[:, None] / 2.5 / np.maximum(agencies.areas, 1)[:, None] * part, 100)
    return [
        {
            "agency_id": agencies.agency_id[at],
            "area": f"district-{number + 1}",
            "households": int(households[at, number]),
            "source_id": LOGS,
        }
        for at in range(len(agencies))
        for number in range(int(agencies.areas[at]))
    ]


def partnership_rows(agencies: Agencies, known: Partnerships, until: int) -> Rows:
    """One row per agency, program and source, as known on day `until`."""
    rows: Rows = []
    for at, agency_id in enumerate(agencies.agency_id):
        joined, left, community = int(known.joined[at]), int(known.left[at]), int(known.joined_community[at])
        if joined <= until:
            precision = PRECISIONS[int(known.precision[at])]
            start = as_day(joined)
            seen = min(joined + int(known.seen_after[at]), left - 1, until)
            said = {
                "day": start.isoformat(),
                "month": start.replace(day=1).isoformat(),
                "unknown": None,
            }
            row = {
                "agency_id": agency_id,
                "program_id": "ring-neighbors",
                "started_on": said[precision],
                "started_precision": precision,
                "known_active_on": as_day(seen).isoformat(),
                "ended_on": as_day(left).isoformat() if left <= until else None,
                "approval": APPROVALS[int(known.approval[at])],
                "incentive": INCENTIVES[int(known.incentive[at])],
                "note": None,
                "source_id": MINUTES if known.approval[at] == 1 else LIST,
            }
            rows.append(row)
            if known.second_claim[at] and joined + 40 <= min(until, left - 1):
                # The press often gives the day of its story, so the dates disagree, as they do in the record. Where the
                # list has no date the press has none: a late one would put requests before the start.
                day = as_day(joined + 5 + int(known.seen_after[at]) % 35).isoformat()
                told: dict[str, str | None] = {
                    "known_active_on": day,
                    "ended_on": None,
                    "approval": "unknown",
                    "incentive": "unknown",
                }
                if precision != "unknown":
                    told |= {"started_on": day, "started_precision": "day"}
                rows.append({**row, **told, "source_id": PRESS})
        if community <= until:
            day = as_day(community).isoformat()
            rows.append(
                {
                    "agency_id": agency_id,
                    "program_id": "ring-community-requests",
                    "started_on": day,
                    "started_precision": "day",
                    "known_active_on": as_day(min(community + 30, until)).isoformat(),
                    "ended_on": None,
                    "approval": "unknown",
                    "incentive": "unknown",
                    "note": None,
                    "source_id": LIST,
                }
            )
    return rows


def regime_rows(its_regimes: tuple[Regime, ...]) -> Rows:
    """One row per regime; all dates to the day, because the simulation set them."""
    return [
        {
            "regime_id": regime.regime_id,
            "program_id": regime.program_id,
            "starts_on": regime.starts_on.isoformat(),
            "starts_precision": "day",
            "ends_on": regime.ends_on.isoformat() if regime.ends_on else None,
            "ends_precision": "day" if regime.ends_on else "unknown",
            "name": regime.name,
            "what_a_request_is": regime.what_a_request_is,
            "agency_sees_who_was_asked": "no",
            "denominator_known_to": regime.denominator_known_to,
            "source_id": INVENTED,
        }
        for regime in its_regimes
    ]


def source_rows(seed: int, until: date) -> Rows:
    """The invented papers. The vendor's list is whole: whoever is not on it does not take part."""
    titles = {
        INVENTED: (f"SIMULATED: an invented country, seed {seed}", "Every agency and every number is invented."),
        LIST: ("SIMULATED: the vendor's list of agencies", "Complete on its day."),
        LOGS: ("SIMULATED: logs of requests", "As agencies would send them, with mistakes."),
        PRESS: ("SIMULATED: press figures", "Invented figures of the kind that newsrooms publish."),
        MINUTES: ("SIMULATED: council minutes", "Invented votes."),
    }
    return [
        {
            "source_id": source_id,
            "publisher": "Porchlight simulation",
            "title": title,
            "url": None,
            "published_on": until.isoformat(),
            "published_precision": "day",
            "read": "data" if source_id in (LIST, LOGS, INVENTED) else "full",
            "note": note,
        }
        for source_id, (title, note) in titles.items()
    ]


def event_rows(
    agencies: Agencies, known: Partnerships, its_regimes: tuple[Regime, ...], span: Window, until: date
) -> Rows:
    """Changes of regime, an invented reporting rule in one state, and some invented council votes."""
    rows: Rows = []

    def add(
        event_id: str, day: date, scope: str, kind: str, title: str, summary: str, source_id: str = INVENTED
    ) -> None:
        if span.first <= day <= until:
            row = {
                "event_id": event_id,
                "happened_on": day.isoformat(),
                "precision": "day",
                "scope": scope,
                "kind": kind,
            }
            rows.append({**row, "title": f"SIMULATED: {title}", "summary": summary, "source_id": source_id})

    for number, regime in enumerate(its_regimes):
        what = "agencies begin to join" if number == E_MAIL else f"{regime.name} begins"
        summary = "Invented day." if number == E_MAIL else "The simulation changes regime on this day."
        add(f"simulated-{regime.regime_id}", regime.starts_on, "US", "vendor", what, summary)
    states = sorted(set(agencies.state))
    busiest = max(states, key=agencies.state.count)
    rule = "An invented rule, for the pages that look before and after a date. It changes nothing in the simulation."
    add(
        "simulated-reporting-rule",
        date(2020, 7, 1),
        busiest,
        "policy",
        "a state asks agencies to report requests",
        rule,
    )
    voted = np.flatnonzero((known.approval == 1) & (known.joined < NEVER))[:12]
    for at in voted.tolist():
        title = f"council votes on an agreement of {agencies.name[at]}"
        day = as_day(int(known.joined[at]))
        add(f"simulated-vote-{at + 1:04d}", day, agencies.state[at], "council", title, "An invented vote.", MINUTES)
    return rows


def press_rows(agencies: Agencies, known: Partnerships, keeps_log: Any, seed: int, until: int) -> Rows:
    """A few figures about agencies that send no log; their residents are in no other table."""
    rng = stream(seed, "press")
    rows: Rows = []
    named = np.flatnonzero(~keeps_log & (known.joined < NEVER) & (known.joined + 400 < np.minimum(known.left, until)))
    for at in named[:10].tolist():
        start = as_day(int(known.joined[at])).replace(day=1)
        requests = int(rng.integers(3, 40))
        asked = requests * int(rng.integers(9, 22))
        counts = (
            {"requests": requests, "asked": asked, "responded": asked // 25}
            if rng.random() < 0.5
            else {"requests": requests}
        )
        for measure, value in counts.items():
            rows.append(
                {
                    "agency_id": agencies.agency_id[at],
                    "program_id": "ring-neighbors",
                    "period_start": start.isoformat(),
                    "period_end": (start.replace(year=start.year + 1) - timedelta(days=1)).isoformat(),
                    "measure": measure,
                    "value": value,
                    "qualifier": "exact",
                    "note": "SIMULATED",
                    "source_id": PRESS,
                }
            )
    return rows


def total_rows(known: Partnerships, span: Window, until: date) -> Rows:
    """Invented totals of the country at the end of some years, a little above what the list names."""
    rows: Rows = []
    for year in range(span.first.year, min(span.end.year, 2023)):
        day = date(year, 12, 31)
        active = int(((known.joined <= day_number(day)) & (known.left > day_number(day))).sum())
        if day <= until and active >= 10:
            said = {"as_of": day.isoformat(), "as_of_precision": "day", "scope": "US", "measure": "agencies"}
            note = "SIMULATED: counts some agencies that the list does not name"
            rows.append({**said, "value": round(active * 1.06), "qualifier": "about", "note": note, "source_id": PRESS})
    return rows


def correction_rows(days: Ints) -> Rows:
    """One row per correction of a log, oldest first. What was counted wrong stays on the private side."""
    return [
        {
            "correction_id": f"simulated-{number:05d}",
            "corrected_on": as_day(day).isoformat(),
            "table_name": "requests",
            "what_was_wrong": "SIMULATED: a log gave too many residents asked for one request.",
            "what_is_right": "SIMULATED: the agency sent the right number.",
            "source_id": LOGS,
        }
        for number, day in enumerate(sorted(days.tolist()), 1)
    ]
