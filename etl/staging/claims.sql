-- One row per agency, program and source: what that source says of the partnership.
-- A list may name an agency twice (the Atlas does); the more precise, then the earlier date stands, the rows are counted.
with said as (
    select
        partnerships.agency_id,
        partnerships.program_id,
        partnerships.source_id,
        partnerships.started_on,
        partnerships.started_precision,
        partnerships.known_active_on,
        partnerships.ended_on,
        partnerships.approval,
        partnerships.incentive,
        partnerships.note,
        false as is_vendor_list
    from staging.partnerships as partnerships
    union all
    select
        listings.agency_id,
        listings.program_id,
        listings.source_id,
        listings.started_on,
        listings.started_precision,
        listings.known_active_on,
        cast(null as date) as ended_on,
        'unknown' as approval,
        'unknown' as incentive,
        cast(null as varchar) as note,
        -- The Atlas took its Ring rows and their dates from the vendor's own map.
        listings.program_id = 'ring-neighbors' as is_vendor_list
    from staging.listings as listings
),

ranked as (
    select
        said.*,
        row_number() over (
            partition by said.agency_id, said.program_id, said.source_id
            order by
                case said.started_precision when 'day' then 1 when 'month' then 2 when 'year' then 3 else 4 end,
                said.started_on asc nulls last,
                said.known_active_on asc nulls last,
                said.note asc nulls last,
                said.approval,
                said.incentive
        ) as place
    from said as said
)

select
    ranked.agency_id,
    ranked.program_id,
    ranked.source_id,
    max(case when ranked.place = 1 then ranked.started_on end) as started_on,
    max(case when ranked.place = 1 then ranked.started_precision end) as started_precision,
    max(ranked.known_active_on) as known_active_on,
    max(ranked.ended_on) as ended_on,
    max(case when ranked.place = 1 then ranked.approval end) as approval,
    max(case when ranked.place = 1 then ranked.incentive end) as incentive,
    max(case when ranked.place = 1 then ranked.note end) as note,
    bool_or(ranked.is_vendor_list) as is_vendor_list,
    cast(count(*) as bigint) as listings
from ranked as ranked
group by ranked.agency_id, ranked.program_id, ranked.source_id
