-- One row per agency and program.
select
    nullif(trim(raw.agency_id), '') as agency_id,
    nullif(trim(raw.program_id), '') as program_id,
    nullif(trim(raw.started_on), '') as started_on_text,
    try_cast(nullif(trim(raw.started_on), '') as date) as started_on,
    nullif(trim(raw.started_precision), '') as started_precision,
    nullif(trim(raw.known_active_on), '') as known_active_on_text,
    try_cast(nullif(trim(raw.known_active_on), '') as date) as known_active_on,
    nullif(trim(raw.ended_on), '') as ended_on_text,
    try_cast(nullif(trim(raw.ended_on), '') as date) as ended_on,
    nullif(trim(raw.approval), '') as approval,
    nullif(trim(raw.incentive), '') as incentive,
    nullif(trim(raw.note), '') as note,
    nullif(trim(raw.source_id), '') as source_id,
    raw.file,
    raw.row_number
from raw.partnerships as raw
