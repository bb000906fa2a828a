-- The published request counts add up to the accepted requests: none is lost, none counted twice.
select totals.published, totals.accepted
from (
    select
        (select cast(coalesce(sum(counts.requests), 0) as bigint) from marts.request_counts as counts) as published,
        (select count(*) from staging.requests as requests) as accepted
) as totals
where totals.published <> totals.accepted
