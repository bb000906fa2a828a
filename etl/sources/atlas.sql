-- One row per listing of the Atlas: an agency and a technology.
-- Known of this source: dates in eight digit patterns, two-digit and four-digit years mixed; 170 Ring rows name only a month, in the
-- Summary; a Summary that names another agency than the row; states and counties that are wrong. It shows no exits, and the
-- publisher removed the Ring rows in March 2024: absence from a later list is not an exit.
with told as (
    select
        trim(raw.listing_ref) as listing_ref,
        nullif(trim(raw.city), '') as city,
        -- Left-to-right and right-to-left marks (U+200E, U+200F) stand in some cells.
        nullif(nullif(trim(replace(replace(raw.county, chr(8206), ''), chr(8207), '')), ''), '#N/A') as county,
        upper(nullif(trim(raw.listed_state), '')) as listed_state,
        nullif(trim(raw.agency_name), '') as agency_name,
        nullif(trim(raw.type_of_lea), '') as type_of_lea,
        nullif(trim(raw.type_of_juris), '') as type_of_juris,
        nullif(trim(raw.technology), '') as technology,
        nullif(trim(raw.summary), '') as summary,
        nullif(trim(raw.link_1_date), '') as link_1_date,
        raw.file,
        raw.row_number
    from raw.atlas as raw
),

dated as (
    select
        told.*,
        case lower(told.technology)
            when 'ring/neighbors partnership' then 'ring-neighbors'
            when 'camera registry' then 'camera-registry'
        end as program_id,
        regexp_extract(told.link_1_date, '^([0-9]{1,2})/([0-9]{1,2})/([0-9]{4}|[0-9]{2})$', 1) as link_month,
        regexp_extract(told.link_1_date, '^([0-9]{1,2})/([0-9]{1,2})/([0-9]{4}|[0-9]{2})$', 2) as link_day,
        regexp_extract(told.link_1_date, '^([0-9]{1,2})/([0-9]{1,2})/([0-9]{4}|[0-9]{2})$', 3) as link_year,
        regexp_extract(told.summary, ' in ([A-Z][a-z]+) (20[0-9]{2})', 1) as said_month,
        regexp_extract(told.summary, ' in ([A-Z][a-z]+) (20[0-9]{2})', 2) as said_month_year,
        regexp_extract(told.summary, ' in (20[0-9]{2})', 1) as said_year
    from told as told
),

days as (
    select
        dated.*,
        try_cast(
            case when length(dated.link_year) = 2 then '20' || dated.link_year else dated.link_year end
            || '-' || lpad(dated.link_month, 2, '0') || '-' || lpad(dated.link_day, 2, '0')
            as date
        ) as link_on,
        try_cast(
            dated.said_month_year || '-' || case dated.said_month
                when 'January' then '01' when 'February' then '02' when 'March' then '03' when 'April' then '04'
                when 'May' then '05' when 'June' then '06' when 'July' then '07' when 'August' then '08'
                when 'September' then '09' when 'October' then '10' when 'November' then '11' when 'December' then '12'
            end || '-01'
            as date
        ) as said_month_on,
        try_cast(dated.said_year || '-01-01' as date) as said_year_on
    from dated as dated
)

select
    files.source_id,
    days.listing_ref,
    days.program_id,
    days.listed_state,
    days.listed_state as state,
    days.city,
    days.county,
    days.agency_name,
    -- The agency that a Ring row's Summary is about. A row whose two names are of different agencies is settled by the
    -- identity ledger or not at all. Summaries of registries are typed by hand, with slips, and say nothing more.
    case when days.program_id = 'ring-neighbors' then coalesce(
        nullif(regexp_extract(days.summary, '^The (.*?) signed an agreement ', 1), ''),
        nullif(regexp_extract(days.summary, '^According to Ring, the (.*?) in [A-Z][a-z]+ 20', 1), '')
    ) end as stated_name,
    case
        when lower(days.type_of_juris) in ('university', 'school', 'school district') then 'campus'
        when lower(days.type_of_lea) in ('police', 'public safety', 'municipal') then 'municipal_police'
        when lower(days.type_of_lea) = 'sheriff' then 'sheriff'
        when lower(days.type_of_lea) in ('state police', 'highway patrol') then 'state_police'
        when lower(days.type_of_lea) in ('district attorney', 'county attorney', 'prosecutor') then 'district_attorney'
        when lower(days.type_of_lea) like '%fire%' then 'fire'
        else 'other'
    end as kind,
    -- Only Ring rows take Link 1 from the vendor's map, where the date is the day of joining. A registry's start is not told.
    case when days.program_id = 'ring-neighbors'
        then coalesce(days.link_on, days.said_month_on, days.said_year_on)
    end as started_on,
    case
        when days.program_id is distinct from 'ring-neighbors' then 'unknown'
        when days.link_on is not null then 'day'
        when days.said_month_on is not null then 'month'
        when days.said_year_on is not null then 'year'
        else 'unknown'
    end as started_precision,
    files.snapshot_on as known_active_on,
    days.type_of_lea,
    days.type_of_juris,
    days.technology,
    days.summary,
    days.link_1_date,
    days.file,
    days.row_number
from days as days
left join ingest.files as files on files.source = 'atlas' and files.file = days.file
