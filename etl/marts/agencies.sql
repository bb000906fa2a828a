-- One row per agency that any source names, placed by city, else by county, else not placed.
select
    registry.agency_id,
    registry.name,
    registry.kind,
    registry.state,
    registry.city,
    registry.county_fips,
    registry.latitude,
    registry.longitude,
    registry.placed_by,
    cast(registry.population as bigint) as population
from staging.agency_registry as registry
