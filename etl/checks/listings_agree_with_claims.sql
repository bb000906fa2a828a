-- Each row of a list stands behind exactly one claim, so counting rows and counting agencies can be reconciled.
with listed as (
    select listings.agency_id, listings.program_id, listings.source_id, count(*) as listings
    from marts.partnership_listings as listings
    group by listings.agency_id, listings.program_id, listings.source_id
)

select listed.agency_id
from listed as listed
left join marts.partnership_claims as claims
    on listed.agency_id = claims.agency_id
    and listed.program_id = claims.program_id
    and listed.source_id = claims.source_id
where claims.listings is null or claims.listings < listed.listings
