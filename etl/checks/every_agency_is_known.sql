-- Every row about an agency names one of table agencies.
with named as (
    select claims.agency_id from marts.partnership_claims as claims
    union
    select requests.agency_id from marts.request_counts as requests
    union
    select counts.agency_id from marts.published_counts as counts
)

select named.agency_id
from named as named
left join marts.agencies as agencies on named.agency_id = agencies.agency_id
where agencies.agency_id is null
