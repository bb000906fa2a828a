-- One row per number that an agency, vendor or reporter published about one agency.
select
    nullif(trim(raw.agency_id), '') as agency_id,
    nullif(trim(raw.program_id), '') as program_id,
    nullif(trim(raw.period_start), '') as period_start_text,
    try_cast(nullif(trim(raw.period_start), '') as date) as period_start,
    nullif(trim(raw.period_end), '') as period_end_text,
    try_cast(nullif(trim(raw.period_end), '') as date) as period_end,
    nullif(trim(raw.measure), '') as measure,
    nullif(trim(raw.value), '') as value_text,
    try_cast(nullif(trim(raw.value), '') as bigint) as value,
    nullif(trim(raw.qualifier), '') as qualifier,
    nullif(trim(raw.note), '') as note,
    nullif(trim(raw.source_id), '') as source_id,
    raw.file,
    raw.row_number
from raw.published_counts as raw
