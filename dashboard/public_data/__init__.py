"""The one door to a release: named questions, answered as frames with a status where a figure may be missing.

Pages, charts and components hold no SQL of their own. Nothing here knows how residents are protected: people-counts
exist only as whole blocks, and `consent` adds whole blocks.
"""

from dashboard.public_data.about import (
    Source,
    definitions,
    dictionary,
    events,
    programs,
    regimes,
    reported_totals,
    source_named,
)
from dashboard.public_data.agencies import agencies, agency, claims_of, default_program
from dashboard.public_data.choices import choices
from dashboard.public_data.consent import Consent, blocks_inside, consent, consent_by_regime
from dashboard.public_data.lists import Listing, lists
from dashboard.public_data.participation import (
    named_by,
    participation_by_month,
    participation_by_state,
    partnerships,
    unplaced,
)
from dashboard.public_data.requests import published_counts, request_totals
from dashboard.public_data.totals import totals_beside

__all__ = [
    "Consent",
    "Listing",
    "Source",
    "agencies",
    "agency",
    "blocks_inside",
    "choices",
    "claims_of",
    "consent",
    "consent_by_regime",
    "default_program",
    "definitions",
    "dictionary",
    "events",
    "lists",
    "named_by",
    "participation_by_month",
    "participation_by_state",
    "partnerships",
    "programs",
    "published_counts",
    "regimes",
    "reported_totals",
    "request_totals",
    "source_named",
    "totals_beside",
    "unplaced",
]
