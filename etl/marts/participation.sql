-- One row per scope (US or a state), month and program, from the first month of evidence to the last of any program.
with evidence as (
    -- The day by whose end the agency was surely in: a month or year known only as such counts from its last day.
    select
        agencies.state,
        agencies.kind,
        resolved.program_id,
        resolved.ended_on,
        case when resolved.started_precision in ('day', 'month')
            then cast(date_trunc('month', resolved.started_on) as date)
        end as joined_month,
        least(
            case resolved.started_precision
                when 'day' then resolved.started_on
                when 'month' then last_day(resolved.started_on)
                when 'year' then cast(date_trunc('year', resolved.started_on) + interval 1 year - interval 1 day as date)
            end,
            resolved.known_active_on
        ) as active_by,
        greatest(resolved.started_on, resolved.last_known_active_on, resolved.ended_on) as last_seen
    from staging.resolved_partnerships as resolved
    join staging.agency_registry as agencies on resolved.agency_id = agencies.agency_id
),

programs as (
    select
        evidence.program_id,
        max(evidence.last_seen) as last_seen,
        count(evidence.ended_on) > 0 as has_exits
    from evidence as evidence
    group by evidence.program_id
),

-- A source read as data is a whole list: until its day, a count of it is a count of all it knew.
lists as (
    select
        claims.program_id,
        max(sources.published_on) as list_ends
    from staging.claims as claims
    join staging.sources as sources on claims.source_id = sources.source_id
    where sources.read = 'data'
    group by claims.program_id
),

span as (
    select
        cast(date_trunc('month', min(least(coalesce(evidence.joined_month, evidence.active_by), evidence.active_by))) as date)
            as first_month,
        cast(date_trunc('month', max(evidence.last_seen)) as date) as last_month
    from evidence as evidence
),

moments as (
    select unnest(generate_series(span.first_month, span.last_month, interval 1 month)) as moment
    from span as span
),

months as (
    select cast(moments.moment as date) as month_start
    from moments as moments
),

scopes as (
    select 'US' as scope
    union all
    select states.state as scope from reference.states as states
),

grid as (
    select
        scopes.scope,
        months.month_start,
        programs.program_id,
        programs.has_exits,
        case
            when months.month_start <= lists.list_ends then 'published'
            when months.month_start <= programs.last_seen then 'partly_published'
            else 'not_reported'
        end as status
    from scopes as scopes
    cross join months as months
    cross join programs as programs
    left join lists as lists on programs.program_id = lists.program_id
),

moves as (
    select evidence.state as scope, evidence.program_id, evidence.joined_month, evidence.active_by, evidence.ended_on, evidence.kind
    from evidence as evidence
    union all
    select 'US' as scope, evidence.program_id, evidence.joined_month, evidence.active_by, evidence.ended_on, evidence.kind
    from evidence as evidence
),

-- One signed step per arrival and per exit; a running sum of small steps instead of a join of months to agencies.
steps as (
    select
        moves.scope,
        moves.program_id,
        cast(date_trunc('month', moves.active_by) as date) as month_start,
        0 as joined,
        0 as departed,
        1 as active,
        case when moves.kind in ('municipal_police', 'sheriff') then 1 else 0 end as local
    from moves as moves
    where moves.active_by is not null
    union all
    select
        moves.scope,
        moves.program_id,
        cast(date_trunc('month', moves.ended_on) as date) as month_start,
        0 as joined,
        1 as departed,
        case when moves.active_by is not null then -1 else 0 end as active,
        case when moves.active_by is not null and moves.kind in ('municipal_police', 'sheriff') then -1 else 0 end as local
    from moves as moves
    where moves.ended_on is not null
    union all
    select
        moves.scope,
        moves.program_id,
        moves.joined_month as month_start,
        1 as joined,
        0 as departed,
        0 as active,
        0 as local
    from moves as moves
    where moves.joined_month is not null
),

monthly as (
    select
        steps.scope,
        steps.program_id,
        steps.month_start,
        sum(steps.joined) as joined,
        sum(steps.departed) as departed,
        sum(steps.active) as active,
        sum(steps.local) as local
    from steps as steps
    group by steps.scope, steps.program_id, steps.month_start
),

running as (
    select
        grid.scope,
        grid.month_start,
        grid.program_id,
        grid.status,
        grid.has_exits,
        coalesce(monthly.joined, 0) as joined,
        coalesce(monthly.departed, 0) as departed,
        sum(coalesce(monthly.active, 0)) over (
            partition by grid.scope, grid.program_id order by grid.month_start
            rows between unbounded preceding and current row
        ) as active,
        sum(coalesce(monthly.local, 0)) over (
            partition by grid.scope, grid.program_id order by grid.month_start
            rows between unbounded preceding and current row
        ) as local
    from grid as grid
    left join monthly as monthly
        on grid.scope = monthly.scope and grid.program_id = monthly.program_id and grid.month_start = monthly.month_start
),

denominators as (
    select states.state as scope, states.population_2020, states.city_and_county_agencies_2018
    from reference.states as states
    union all
    select
        'US' as scope,
        cast(sum(states.population_2020) as bigint) as population_2020,
        cast(sum(states.city_and_county_agencies_2018) as bigint) as city_and_county_agencies_2018
    from reference.states as states
)

-- Rates are rounded half up in whole numbers, to the fourth decimal: floating point rounds differently from engine to engine.
select
    running.scope,
    running.month_start,
    running.program_id,
    case when running.status <> 'not_reported' then cast(running.joined as bigint) end as joined,
    case when running.status <> 'not_reported' and running.has_exits then cast(running.departed as bigint) end as left,
    case when running.status <> 'not_reported' then cast(running.active as bigint) end as active,
    case when running.status <> 'not_reported'
        then cast(
            (2 * cast(running.active as bigint) * 100000 * 10000 + denominators.population_2020)
            // (2 * denominators.population_2020) as double
        ) / 10000
    end as per_100k_residents,
    case when running.status <> 'not_reported'
        then cast(
            (2 * cast(running.local as bigint) * 10000 + denominators.city_and_county_agencies_2018)
            // (2 * denominators.city_and_county_agencies_2018) as double
        ) / 10000
    end as share_of_agencies,
    running.status
from running as running
join denominators as denominators on running.scope = denominators.scope
