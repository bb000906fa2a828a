-- One row per row of a published list that names an agency as taking part.
select
    listings.source_id,
    listings.listing_ref,
    listings.agency_id,
    listings.program_id,
    listings.started_on,
    listings.started_precision,
    listings.known_active_on,
    listings.matched_by,
    listings.listed_state
from staging.listings as listings
