-- One row per number that someone reported for a state or the country.
select
    nullif(trim(raw.as_of), '') as as_of_text,
    try_cast(nullif(trim(raw.as_of), '') as date) as as_of,
    nullif(trim(raw.as_of_precision), '') as as_of_precision,
    nullif(trim(raw.scope), '') as scope,
    nullif(trim(raw.measure), '') as measure,
    nullif(trim(raw.value), '') as value_text,
    try_cast(nullif(trim(raw.value), '') as decimal(18,4)) as value,
    nullif(trim(raw.qualifier), '') as qualifier,
    nullif(trim(raw.note), '') as note,
    nullif(trim(raw.source_id), '') as source_id,
    raw.file,
    raw.row_number
from raw.reported_totals as raw
