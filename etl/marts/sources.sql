-- One row per page, document or file that a fact rests on.
select
    sources.source_id,
    sources.publisher,
    sources.title,
    sources.url,
    sources.published_on,
    sources.published_precision,
    sources.licence,
    sources.read,
    sources.note
from staging.sources as sources
