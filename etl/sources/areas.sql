-- One row per named area of an agency that its requests may be told by. At least 100 households each.
select
    nullif(trim(raw.agency_id), '') as agency_id,
    nullif(trim(raw.area), '') as area,
    nullif(trim(raw.households), '') as households_text,
    try_cast(nullif(trim(raw.households), '') as bigint) as households,
    nullif(trim(raw.source_id), '') as source_id,
    raw.file,
    raw.row_number
from raw.areas as raw
