-- One row per accepted request, with its regime, its month and quarter, and counts taken from responses where it has none.
-- A regime is half-open. Where its first or last day is only known to the month or year, that whole month or year is
-- uncertain, and a request dated inside it is 'unassigned'; so is one that no regime or more than one fits.
with bounds as (
    select
        regimes.program_id,
        regimes.starts_on as uncertain_from,
        regimes.starts_on + case regimes.starts_precision when 'month' then interval 1 month else interval 1 year end
            as uncertain_until
    from staging.regimes as regimes
    where regimes.starts_precision in ('month', 'year')
    union all
    select
        regimes.program_id,
        regimes.ends_on as uncertain_from,
        regimes.ends_on + case regimes.ends_precision when 'month' then interval 1 month else interval 1 year end
            as uncertain_until
    from staging.regimes as regimes
    where regimes.ends_precision in ('month', 'year')
),

-- Few days, many requests: the regime is found once per program and day.
days as (
    select distinct
        requests.program_id,
        requests.requested_on
    from staging.requests as requests
),

assigned as (
    select
        days.program_id,
        days.requested_on,
        min(regimes.regime_id) as regime_id
    from days as days
    join staging.regimes as regimes
        on days.program_id = regimes.program_id
        and days.requested_on >= regimes.starts_on
        and (days.requested_on < regimes.ends_on or (regimes.ends_on is null and regimes.ends_precision = 'unknown'))
    left join bounds as bounds
        on days.program_id = bounds.program_id
        and days.requested_on >= bounds.uncertain_from
        and days.requested_on < bounds.uncertain_until
    where bounds.program_id is null
    group by days.program_id, days.requested_on
    having count(*) = 1
),

-- Answers can be counted only where none of them is missing: not for a request with an answer in quarantine, and not
-- from a file with rows of the wrong length, for nobody knows whose answer such a row is.
held as (
    select distinct
        trim(raw.agency_id) as agency_id,
        trim(raw.request_ref) as request_ref
    from ingest.refused as refused
    join raw.responses as raw on refused.file = raw.file and refused.row_number = raw.row_number
    where refused.source = 'responses'
),

broken_files as (
    select distinct files.file
    from ingest.files as files
    where files.source = 'responses' and files.rows_torn > 0
),

answers as (
    select
        responses.agency_id,
        responses.request_ref,
        sum(responses.rows) as asked,
        sum(case when responses.response <> 'no_answer' then responses.rows else 0 end) as responded,
        sum(case when responses.response = 'shared' then responses.rows else 0 end) as shared,
        sum(case when responses.response = 'declined' then responses.rows else 0 end) as declined
    from staging.responses as responses
    left join held as held
        on responses.agency_id = held.agency_id and responses.request_ref = held.request_ref
    left join broken_files as broken_files on responses.file = broken_files.file
    group by responses.agency_id, responses.request_ref
    having count(held.agency_id) = 0 and count(broken_files.file) = 0
)

select
    requests.request_ref,
    requests.agency_id,
    requests.program_id,
    coalesce(assigned.regime_id, 'unassigned') as regime_id,
    requests.channel,
    requests.requested_on,
    cast(date_trunc('month', requests.requested_on) as date) as month_start,
    cast(date_trunc('quarter', requests.requested_on) as date) as quarter_start,
    requests.incident_category,
    requests.legal_basis,
    requests.county_fips,
    requests.area,
    cast(coalesce(requests.asked, answers.asked) as bigint) as asked,
    cast(coalesce(requests.responded, answers.responded) as bigint) as responded,
    cast(coalesce(requests.shared, answers.shared) as bigint) as shared,
    cast(coalesce(requests.declined, answers.declined) as bigint) as declined,
    requests.outcome,
    requests.source_id,
    requests.file,
    requests.row_number
from staging.requests as requests
left join assigned as assigned
    on requests.program_id = assigned.program_id and requests.requested_on = assigned.requested_on
-- A request that gives any count of its own keeps its counts: two ways of counting are not mixed in one row.
left join answers as answers
    on requests.agency_id = answers.agency_id
    and requests.request_ref = answers.request_ref
    and requests.asked is null
    and requests.responded is null
    and requests.shared is null
    and requests.declined is null
