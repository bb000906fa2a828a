-- One row per period with its own meaning of 'request'. Half-open: ends_on belongs to the next one.
select
    nullif(trim(raw.regime_id), '') as regime_id,
    nullif(trim(raw.program_id), '') as program_id,
    nullif(trim(raw.starts_on), '') as starts_on_text,
    try_cast(nullif(trim(raw.starts_on), '') as date) as starts_on,
    nullif(trim(raw.starts_precision), '') as starts_precision,
    nullif(trim(raw.ends_on), '') as ends_on_text,
    try_cast(nullif(trim(raw.ends_on), '') as date) as ends_on,
    nullif(trim(raw.ends_precision), '') as ends_precision,
    nullif(trim(raw.name), '') as name,
    nullif(trim(raw.what_a_request_is), '') as what_a_request_is,
    nullif(trim(raw.agency_sees_who_was_asked), '') as agency_sees_who_was_asked,
    nullif(trim(raw.denominator_known_to), '') as denominator_known_to,
    nullif(trim(raw.source_id), '') as source_id,
    raw.file,
    raw.row_number
from raw.regimes as raw
