-- One row per published figure that was found wrong.
select
    nullif(trim(raw.correction_id), '') as correction_id,
    nullif(trim(raw.corrected_on), '') as corrected_on_text,
    try_cast(nullif(trim(raw.corrected_on), '') as date) as corrected_on,
    nullif(trim(raw.table_name), '') as table_name,
    nullif(trim(raw.what_was_wrong), '') as what_was_wrong,
    nullif(trim(raw.what_is_right), '') as what_is_right,
    nullif(trim(raw.source_id), '') as source_id,
    raw.file,
    raw.row_number
from raw.corrections as raw
