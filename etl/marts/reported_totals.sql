-- One row per number that was reported for a state or the country.
select
    totals.as_of,
    totals.as_of_precision,
    totals.scope,
    totals.measure,
    cast(totals.value as double) as value,
    totals.qualifier,
    totals.note,
    totals.source_id
from staging.reported_totals as totals
