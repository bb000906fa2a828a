-- One row per period with its own meaning of "request". In 2024 the program had no way to ask: has_request_tool is false.
select
    regimes.regime_id,
    regimes.program_id,
    regimes.starts_on,
    regimes.starts_precision,
    regimes.ends_on,
    regimes.ends_precision,
    regimes.name,
    regimes.what_a_request_is,
    regimes.agency_sees_who_was_asked,
    regimes.denominator_known_to,
    regimes.regime_id <> 'no-request-tool' as has_request_tool,
    regimes.source_id
from staging.regimes as regimes
