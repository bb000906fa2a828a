-- One row per request and answer, with the number of residents who gave it. No resident has an id.
select
    nullif(trim(raw.agency_id), '') as agency_id,
    nullif(trim(raw.request_ref), '') as request_ref,
    nullif(trim(raw.response), '') as response,
    nullif(trim(raw.answered_after_hours), '') as answered_after_hours_text,
    try_cast(nullif(trim(raw.answered_after_hours), '') as decimal(9,2)) as answered_after_hours,
    raw.rows,
    raw.file,
    raw.row_number
from raw.responses as raw
