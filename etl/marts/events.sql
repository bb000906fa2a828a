-- One row per dated step by a vendor, council, court, newsroom or campaign.
select
    events.event_id,
    events.happened_on,
    events.precision,
    events.scope,
    events.kind,
    events.title,
    events.summary,
    events.source_id
from staging.events as events
