-- One row per page, document or file that a fact rests on.
select
    nullif(trim(raw.source_id), '') as source_id,
    nullif(trim(raw.publisher), '') as publisher,
    nullif(trim(raw.title), '') as title,
    nullif(trim(raw.url), '') as url,
    nullif(trim(raw.published_on), '') as published_on_text,
    try_cast(nullif(trim(raw.published_on), '') as date) as published_on,
    nullif(trim(raw.published_precision), '') as published_precision,
    nullif(trim(raw.read), '') as read,
    nullif(trim(raw.note), '') as note,
    nullif(trim(raw.licence), '') as licence,
    raw.file,
    raw.row_number
from raw.sources as raw
