-- One row per agency and program, resolved from its claims (the order is stated in etl/staging/resolved_partnerships.sql).
select
    resolved.agency_id,
    resolved.program_id,
    resolved.started_on,
    resolved.started_precision,
    resolved.known_active_on,
    resolved.ended_on,
    resolved.approval,
    resolved.incentive,
    resolved.started_source_id,
    resolved.last_known_active_on,
    resolved.sources,
    resolved.conflicts
from staging.resolved_partnerships as resolved
