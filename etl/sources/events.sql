-- One row per dated step by a vendor, council, court, newsroom or campaign.
select
    nullif(trim(raw.event_id), '') as event_id,
    nullif(trim(raw.happened_on), '') as happened_on_text,
    try_cast(nullif(trim(raw.happened_on), '') as date) as happened_on,
    nullif(trim(raw.precision), '') as precision,
    nullif(trim(raw.scope), '') as scope,
    nullif(trim(raw.kind), '') as kind,
    nullif(trim(raw.title), '') as title,
    nullif(trim(raw.summary), '') as summary,
    nullif(trim(raw.source_id), '') as source_id,
    raw.file,
    raw.row_number
from raw.events as raw
