"""An honest release: the ground on which every attack is tried. It passes (test_honest_releases.py)."""

from datetime import date

import pytest

from tests.attacks.made_releases import Q1, Q2, Q3, Q4, Block, Release, sent


@pytest.fixture
def honest() -> Release:
    """Two exact blocks, one range, one cell that is a whole block, and three pending requests."""
    return Release(
        number=1,
        blocks=[
            Block("mixed", {(Q1, "burglary"): 3, (Q1, "robbery"): 1}, asked=30, shared=9, responded=12),
            Block("range", {(Q2, "burglary"): 2, (Q3, "burglary"): 1, (Q3, "vandalism"): 2}, asked=60, shared=(0, 3)),
            Block("single", {(Q4, "vandalism"): 2}, asked=20, shared=5),
        ],
        requests=[
            sent(Q1, "burglary", 2),
            sent(date(2020, 2, 1), "burglary", 1),
            sent(Q1, "robbery", 1),
            sent(Q2, "burglary", 2, without_counts=1),
            sent(Q3, "burglary", 1),
            sent(Q3, "vandalism", 2),
            sent(Q4, "vandalism", 2),
            sent(Q4, "burglary", 3),
        ],
    )


@pytest.fixture
def next_release(honest: Release) -> Release:
    """The release after: everything of the first, one late request of a closed quarter, and one block more."""
    return Release(
        number=2,
        blocks=[*honest.blocks, Block("later", {(Q1, "robbery"): 1, (Q4, "burglary"): 3}, 25, 4, release_no=2)],
        requests=[
            *(row for row in honest.requests if (row["month_start"], row["incident_category"]) != (Q1, "robbery")),
            sent(Q1, "robbery", 2),
        ],
    )
