-- One row per agency, program and source: what that source says of the partnership.
select
    claims.agency_id,
    claims.program_id,
    claims.source_id,
    claims.started_on,
    claims.started_precision,
    claims.known_active_on,
    claims.ended_on,
    claims.approval,
    claims.incentive,
    claims.listings,
    claims.note
from staging.claims as claims
