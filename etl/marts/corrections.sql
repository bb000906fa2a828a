-- One row per published figure that was found wrong, with what replaced it.
select
    corrections.correction_id,
    corrections.corrected_on,
    corrections.table_name,
    corrections.what_was_wrong,
    corrections.what_is_right,
    corrections.source_id
from staging.corrections as corrections
