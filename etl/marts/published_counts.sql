-- One row per number that an agency, vendor or reporter published about one agency.
-- The vendor's map showed each agency's requests of the last quarter until June 2021: those rows come from staging.listings.
select
    counts.agency_id,
    counts.program_id,
    counts.period_start,
    counts.period_end,
    counts.measure,
    cast(counts.value as bigint) as value,
    counts.qualifier,
    counts.note,
    counts.source_id
from staging.published_counts as counts
union all
select
    listings.agency_id,
    listings.program_id,
    listings.period_start,
    listings.period_end,
    'requests' as measure,
    cast(max(listings.video_requests) as bigint) as value,
    'exact' as qualifier,
    'Video requests in the last quarter, as the vendor''s map showed them' as note,
    listings.source_id
from staging.listings as listings
where listings.video_requests is not null
group by listings.agency_id, listings.program_id, listings.period_start, listings.period_end, listings.source_id
