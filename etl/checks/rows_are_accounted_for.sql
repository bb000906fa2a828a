-- Every row that was read is either accepted or in quarantine. A row here means that rows were lost or made up.
select source_rows.source_id, source_rows.file
from ingest.source_rows as source_rows
where source_rows.rows_read <> source_rows.rows_accepted + source_rows.rows_quarantined
