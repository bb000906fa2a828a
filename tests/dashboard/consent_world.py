"""An invented country with logs: enough agencies, quarters and blocks that sums can be held against a second query."""

import random
from typing import Any

from dashboard_world import agency, block, day, requests, world

QUARTERS = [f"{year}-{month:02d}-01" for year in (2019, 2020) for month in (1, 4, 7, 10)]
STATES = ("CT", "NJ", "WI")
CATEGORIES = ("burglary", "robbery")


def logs(agencies: int = 14, seed: int = 7) -> dict[str, list[dict[str, Any]]]:
    """The small world with row-level requests: e-mail requests with blocks, public posts without any number asked.

    Each agency and quarter has one block of one quarter, but the last two quarters of an agency share one block. One
    agency has requests and no block, so that it is pending. One block in five is a range.
    """
    chance = random.Random(seed)
    rows = world()
    names = [f"us-{STATES[i % 3].lower()}-made-{i:02d}-pd" for i in range(agencies)]
    rows["agencies"] = [agency(name, name[3:5].upper(), name=f"Made PD {name[-5:-3]}") for name in names]
    rows["partnerships"] = rows["partnership_claims"] = rows["partnership_listings"] = []
    counts, blocks = [], []
    for number, name in enumerate(names):
        for position, quarter in enumerate(QUARTERS):
            sent = chance.randint(3, 9)
            category = CATEGORIES[position % 2]
            more = {"incident_category": category, "county_fips": "unknown" if number == 3 else "09001"}
            counts.append(requests(name, quarter, sent, sent, **more))
            # One request of each quarter does not say how many were asked.
            later = quarter[:5] + f"{int(quarter[5:7]) + 1:02d}-01"
            counts.append(requests(name, later, 1, 0, **more))
            if number == 0 or position == len(QUARTERS) - 1:
                continue
            asked = sent * chance.randint(10, 25)
            shared = round(asked * chance.uniform(0.1, 0.3))
            is_range, is_last = chance.random() < 0.2, position == len(QUARTERS) - 2
            blocks.append(
                block(
                    f"{name}-{position}",
                    name,
                    quarter,
                    last_quarter=day(QUARTERS[-1] if is_last else quarter),
                    categories="|".join(CATEGORIES) if is_last else category,
                    requests=sent,
                    asked=asked,
                    responded=None if is_range else shared + asked // 10,
                    shared_low=0 if is_range else shared,
                    shared_high=asked // 20 if is_range else shared,
                )
            )
        counts.append(
            requests(name, "2022-03-01", 2, 0, regime_id="request-for-assistance", channel="public_post", area="north")
        )
    rows["request_counts"], rows["consent_blocks"] = counts, blocks
    return rows


def said(agency_id: str, measure: str, value: int, start: str | None, end: str | None, **more: Any) -> dict[str, Any]:
    """One published count."""
    return {
        "agency_id": agency_id,
        "program_id": "ring-neighbors",
        "period_start": day(start) if start else None,
        "period_end": day(end) if end else None,
        "measure": measure,
        "value": value,
        "qualifier": "exact",
        "note": None,
        "source_id": "press",
    } | more


def press() -> dict[str, list[dict[str, Any]]]:
    """The small world without any log: what was published about single periods, and nothing else."""
    rows = world()
    rows["request_counts"] = rows["consent_blocks"] = []
    rows["published_counts"] = [
        said("us-ct-one-pd", "requests", 22, "2018-05-01", "2018-09-30"),
        said("us-ct-one-pd", "asked", 319, "2018-05-01", "2018-09-30", note="E-mails, not residents."),
        said("us-nj-one-so", "requests", 1, None, "2019-08-26", qualifier="at_least"),
        said("us-nj-two-fd", "requests", 1, None, None, qualifier="at_least"),
        said("us-nj-one-so", "shared", 0, None, "2020-01-30"),
    ]
    return rows
