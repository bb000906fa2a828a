-- One row per request that an agency made to residents.
-- Blank means not known: 'unknown' in a vocabulary, null in a count. A row without a source_id rests on its own file.
select
    nullif(trim(raw.request_ref), '') as request_ref,
    nullif(trim(raw.agency_id), '') as agency_id,
    nullif(trim(raw.program_id), '') as program_id,
    coalesce(nullif(trim(raw.channel), ''), 'unknown') as channel,
    nullif(trim(raw.requested_on), '') as requested_on_text,
    try_cast(nullif(trim(raw.requested_on), '') as date) as requested_on,
    coalesce(nullif(trim(raw.incident_category), ''), 'unknown') as incident_category,
    coalesce(nullif(trim(raw.legal_basis), ''), 'unknown') as legal_basis,
    coalesce(nullif(trim(raw.county_fips), ''), 'unknown') as county_fips,
    coalesce(nullif(trim(raw.area), ''), 'unknown') as area,
    nullif(trim(raw.asked), '') as asked_text,
    try_cast(nullif(trim(raw.asked), '') as bigint) as asked,
    nullif(trim(raw.responded), '') as responded_text,
    try_cast(nullif(trim(raw.responded), '') as bigint) as responded,
    nullif(trim(raw.shared), '') as shared_text,
    try_cast(nullif(trim(raw.shared), '') as bigint) as shared,
    nullif(trim(raw.declined), '') as declined_text,
    try_cast(nullif(trim(raw.declined), '') as bigint) as declined,
    coalesce(nullif(trim(raw.outcome), ''), 'unknown') as outcome,
    coalesce(nullif(trim(raw.source_id), ''), regexp_replace(raw.file, '\.[^.]*$', '')) as source_id,
    raw.file,
    raw.row_number
from raw.requests as raw
