-- Every claim, count and event names a source that readers can look up.
with cited as (
    select claims.source_id from marts.partnership_claims as claims
    union
    select counts.source_id from marts.published_counts as counts
    union
    select totals.source_id from marts.reported_totals as totals
    union
    select events.source_id from marts.events as events
    union
    select regimes.source_id from marts.regimes as regimes
)

select cited.source_id
from cited as cited
left join marts.sources as sources on cited.source_id = sources.source_id
where sources.source_id is null
