-- One row per police, sheriff or fire agency.
select
    nullif(trim(raw.agency_id), '') as agency_id,
    nullif(trim(raw.name), '') as name,
    nullif(trim(raw.kind), '') as kind,
    nullif(trim(raw.state), '') as state,
    nullif(trim(raw.city), '') as city,
    nullif(trim(raw.county), '') as county,
    nullif(trim(raw.source_id), '') as source_id,
    nullif(trim(raw.county_fips), '') as county_fips,
    nullif(trim(raw.latitude), '') as latitude_text,
    try_cast(nullif(trim(raw.latitude), '') as decimal(6,3)) as latitude,
    nullif(trim(raw.longitude), '') as longitude_text,
    try_cast(nullif(trim(raw.longitude), '') as decimal(6,3)) as longitude,
    nullif(trim(raw.population), '') as population_text,
    try_cast(nullif(trim(raw.population), '') as bigint) as population,
    raw.file,
    raw.row_number
from raw.agencies as raw
