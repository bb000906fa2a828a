"""More rows for the small invented world: one agency with everything that an agency page tells, and its neighbours."""

from dashboard_world import RING, Rows, agency, block, day, partnership, requests, world

FULL, PRESS, QUIET, DISCOUNT = "us-ct-full-pd", "us-ct-press-pd", "us-ct-quiet-pd", "us-nj-discount-pd"
EMAIL, POSTS = "email-video-requests", "request-for-assistance"


def claim(agency_id, source_id, started, precision="day", **more):
    return {
        "agency_id": agency_id,
        "program_id": RING,
        "source_id": source_id,
        "started_on": day(started) if started else None,
        "started_precision": precision if started else "unknown",
        "known_active_on": None,
        "ended_on": None,
        "approval": "unknown",
        "incentive": "unknown",
        "listings": 1,
        "note": None,
    } | more


def count(agency_id, measure, value, start, end, qualifier="exact"):
    return {
        "agency_id": agency_id,
        "program_id": RING,
        "period_start": day(start) if start else None,
        "period_end": day(end) if end else None,
        "measure": measure,
        "value": value,
        "qualifier": qualifier,
        "note": "A note.",
        "source_id": "press",
    }


def event(event_id, scope, happened, title):
    return {
        "event_id": event_id,
        "happened_on": day(happened) if happened else None,
        "precision": "day" if happened else "unknown",
        "scope": scope,
        "kind": "council",
        "title": title,
        "summary": None,
        "source_id": "press",
    }


def agency_world() -> Rows:
    """The small world, and in it four agencies, each for one kind of page."""
    rows = world()
    rows["agencies"] += [
        agency(FULL, "CT", name="Full Police Department", population=30_000),
        agency(PRESS, "CT", name="Press Police Department", population=31_000),
        agency(QUIET, "CT", name="Quiet Police Department", population=16_000),
        # Exactly twice the residents: still of like size; one more would not be.
        agency("us-nj-twice-pd", "NJ", name="Twice Police Department", population=60_000),
        agency("us-nj-thrice-pd", "NJ", name="Thrice Police Department", population=60_001),
        agency(DISCOUNT, "NJ", name="Discount Police Department", population=None, latitude=41.4, longitude=-72.6),
    ]
    rows["partnerships"] += [
        partnership(FULL, "2019-06-01", "day", conflicts="press: 2019-05-01", sources=2, approval="council_vote"),
        partnership(PRESS, "2018-04-19", "day", last_known_active_on=day("2020-10-07")),
        partnership(QUIET, None, "unknown", known_active_on=day("2020-03-15"), last_known_active_on=day("2020-03-15")),
        partnership(DISCOUNT, "2020-01-01", "day", program_id="camera-registry"),
    ]
    rows["partnership_claims"] += [
        claim(FULL, "list-2020", "2019-06-01", known_active_on=day("2020-10-07")),
        claim(FULL, "press", "2019-05-01", "month", approval="council_vote", incentive="yes"),
        claim(PRESS, "list-2020", "2018-04-19", known_active_on=day("2020-10-07")),
        claim(QUIET, "press", None, known_active_on=day("2020-03-15")),
        claim(DISCOUNT, "press", "2020-01-01", program_id="camera-registry"),
    ]
    rows["published_counts"] += [
        count(PRESS, "requests", 22, "2018-05-01", "2018-09-30"),
        count(PRESS, "asked", 319, "2018-05-01", "2018-09-30"),
        # Reaches over two years: no number may stand in either of them.
        count(QUIET, "requests", 9, "2019-07-01", "2020-06-30"),
        count(QUIET, "shared", 0, None, "2020-01-30"),
    ]
    rows["request_counts"] += [
        requests(FULL, "2019-07-01", 6, 6),
        requests(FULL, "2019-11-01", 4, 4),
        requests(FULL, "2020-02-01", 2, 2),
        # June 2021 belongs to two regimes; each keeps its own requests.
        requests(FULL, "2021-06-01", 1, 1),
        requests(FULL, "2021-06-01", 5, 0, regime_id=POSTS, channel="public_post"),
        # The day of change is not known: these requests have no regime, and no consent can be told of them.
        requests("us-nj-twice-pd", "2024-01-01", 3, 0, regime_id="unassigned"),
    ]
    rows["consent_blocks"] += [
        block("f1", FULL, "2019-07-01", requests=6, asked=80, shared_low=16, shared_high=16, responded=None),
        block("f2", FULL, "2019-10-01", requests=4, asked=60, shared_low=0, shared_high=3, responded=None),
    ]
    rows["events"] += [
        event("e-ct", "CT", "2019-05-20", "A council votes"),
        event("e-nj", "NJ", "2019-05-21", "Another state's step"),
        event("e-us", "US", "2021-06-07", "E-mail requests end"),
        event("e-us-2", "US", "2022-01-05", "A letter to the vendor"),
    ]
    return rows
