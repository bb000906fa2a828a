-- One row per agency on one saved copy of the vendor's map.
-- Known of this source: a failed download or a missing count is not a zero (an early tracker stored 0); counts stop in June 2021.
with state_names (state_name, code) as (
    values
        ('alabama', 'AL'), ('alaska', 'AK'), ('arizona', 'AZ'), ('arkansas', 'AR'), ('california', 'CA'),
        ('colorado', 'CO'), ('connecticut', 'CT'), ('delaware', 'DE'), ('district of columbia', 'DC'),
        ('florida', 'FL'), ('georgia', 'GA'), ('hawaii', 'HI'), ('idaho', 'ID'), ('illinois', 'IL'),
        ('indiana', 'IN'), ('iowa', 'IA'), ('kansas', 'KS'), ('kentucky', 'KY'), ('louisiana', 'LA'),
        ('maine', 'ME'), ('maryland', 'MD'), ('massachusetts', 'MA'), ('michigan', 'MI'), ('minnesota', 'MN'),
        ('mississippi', 'MS'), ('missouri', 'MO'), ('montana', 'MT'), ('nebraska', 'NE'), ('nevada', 'NV'),
        ('new hampshire', 'NH'), ('new jersey', 'NJ'), ('new mexico', 'NM'), ('new york', 'NY'),
        ('north carolina', 'NC'), ('north dakota', 'ND'), ('ohio', 'OH'), ('oklahoma', 'OK'), ('oregon', 'OR'),
        ('pennsylvania', 'PA'), ('rhode island', 'RI'), ('south carolina', 'SC'), ('south dakota', 'SD'),
        ('tennessee', 'TN'), ('texas', 'TX'), ('utah', 'UT'), ('vermont', 'VT'), ('virginia', 'VA'),
        ('washington', 'WA'), ('west virginia', 'WV'), ('wisconsin', 'WI'), ('wyoming', 'WY')
),

told as (
    select
        nullif(trim(raw.agency_name), '') as agency_name,
        nullif(trim(raw.address), '') as address,
        nullif(trim(raw.active_date), '') as active_date,
        nullif(trim(raw.video_requests), '') as video_requests_text,
        nullif(trim(raw.folder), '') as folder,
        -- "Mint Hill, NC", "Wolcott, Connecticut", "West Virginia", with or without a postal code.
        trim(regexp_replace(trim(raw.address), ' [0-9]{5}(-[0-9]{4})?$', '')) as place,
        raw.file,
        raw.row_number
    from raw.ring_map as raw
),

parted as (
    select
        told.*,
        nullif(trim(regexp_extract(told.place, '^(.*),[^,]*$', 1)), '') as city,
        trim(regexp_extract(told.place, '([^,]*)$', 1)) as state_text,
        regexp_extract(told.active_date, '^([0-9]{1,2})/([0-9]{1,2})/([0-9]{4}|[0-9]{2})$', 1) as active_month,
        regexp_extract(told.active_date, '^([0-9]{1,2})/([0-9]{1,2})/([0-9]{4}|[0-9]{2})$', 2) as active_day,
        regexp_extract(told.active_date, '^([0-9]{1,2})/([0-9]{1,2})/([0-9]{4}|[0-9]{2})$', 3) as active_year
    from told as told
),

dated as (
    select
        parted.*,
        coalesce(
            try_cast(
                case when length(parted.active_year) = 2 then '20' || parted.active_year else parted.active_year end
                || '-' || lpad(parted.active_month, 2, '0') || '-' || lpad(parted.active_day, 2, '0')
                as date
            ),
            try_cast(regexp_extract(parted.active_date, '^([0-9]{4}-[0-9]{2}-[0-9]{2})$', 1) as date)
        ) as started_on
    from parted as parted
)

select
    files.source_id,
    -- The map gives no number; this one stays the same in whatever order the placemarks come.
    'map-' || substr(
        md5(concat_ws('|', lower(dated.agency_name), lower(dated.address), coalesce(dated.active_date, ''))), 1, 12
    ) as listing_ref,
    'ring-neighbors' as program_id,
    states.code as listed_state,
    states.code as state,
    dated.city,
    cast(null as varchar) as county,
    dated.agency_name,
    cast(null as varchar) as stated_name,
    case when lower(dated.folder) like '%fire%' then 'fire' end as kind,
    dated.started_on,
    case when dated.started_on is null then 'unknown' else 'day' end as started_precision,
    files.snapshot_on as known_active_on,
    dated.video_requests_text,
    try_cast(dated.video_requests_text as bigint) as video_requests,
    -- The count is for the last whole quarter before the map was saved.
    case when dated.video_requests_text is not null
        then cast(date_trunc('quarter', files.snapshot_on) - interval 3 month as date)
    end as period_start,
    case when dated.video_requests_text is not null
        then cast(date_trunc('quarter', files.snapshot_on) - interval 1 day as date)
    end as period_end,
    dated.address,
    dated.active_date,
    dated.folder,
    dated.file,
    dated.row_number
from dated as dated
left join state_names as states
    on lower(dated.state_text) = states.state_name or upper(dated.state_text) = states.code
left join ingest.files as files on files.source = 'ring_map' and files.file = dated.file
