-- One row per agency, program, regime, month, channel, incident category, legal basis, county and area that sent any.
select
    requests.agency_id,
    requests.program_id,
    requests.regime_id,
    requests.month_start,
    requests.channel,
    requests.incident_category,
    requests.legal_basis,
    requests.county_fips,
    requests.area,
    cast(count(*) as bigint) as requests,
    cast(count(case when requests.asked >= 1 and requests.shared is not null then 1 end) as bigint) as requests_with_asked
from staging.requests as requests
group by
    requests.agency_id,
    requests.program_id,
    requests.regime_id,
    requests.month_start,
    requests.channel,
    requests.incident_category,
    requests.legal_basis,
    requests.county_fips,
    requests.area
