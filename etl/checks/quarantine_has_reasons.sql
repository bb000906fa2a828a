-- A row is held back for a stated reason only. A row here is in quarantine without one.
select rows.file, rows.row_number
from quarantine.rows as rows
where coalesce(array_length(rows.reasons), 0) = 0
