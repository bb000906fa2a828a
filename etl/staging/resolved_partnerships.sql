-- One row per agency and program, resolved from its claims by a declared order:
-- the more precise start, then the vendor's own list, then the earlier publication, then the source's id.
with ranked as (
    select
        claims.*,
        row_number() over (
            partition by claims.agency_id, claims.program_id
            order by
                case claims.started_precision when 'day' then 1 when 'month' then 2 when 'year' then 3 else 4 end,
                case when claims.is_vendor_list then 1 else 2 end,
                sources.published_on asc nulls last,
                claims.source_id
        ) as place
    from staging.claims as claims
    left join staging.sources as sources on claims.source_id = sources.source_id
),

chosen as (
    select ranked.*
    from ranked as ranked
    where ranked.place = 1
),

together as (
    select
        ranked.agency_id,
        ranked.program_id,
        min(ranked.known_active_on) as known_active_on,
        max(ranked.known_active_on) as last_known_active_on,
        max(ranked.ended_on) as ended_on,
        -- What any source states beats 'unknown'; a vote beats the rest.
        min(case ranked.approval
            when 'council_vote' then 1 when 'public_hearing' then 2 when 'administrative' then 3
            when 'none_found' then 4 else 5
        end) as approval_rank,
        min(case ranked.incentive when 'yes' then 1 when 'no' then 2 else 3 end) as incentive_rank,
        cast(count(*) as bigint) as sources
    from ranked as ranked
    group by ranked.agency_id, ranked.program_id
),

disagreeing as (
    select
        ranked.agency_id,
        ranked.program_id,
        string_agg(
            ranked.source_id || ': ' || cast(ranked.started_on as varchar), '; ' order by ranked.source_id
        ) as conflicts
    from ranked as ranked
    join chosen as chosen on ranked.agency_id = chosen.agency_id and ranked.program_id = chosen.program_id
    where ranked.place > 1
        and ranked.started_on is not null
        and case
            when ranked.started_precision = 'day' and chosen.started_precision = 'day'
                then ranked.started_on <> chosen.started_on
            when ranked.started_precision = 'year' or chosen.started_precision = 'year'
                then extract(year from ranked.started_on) <> extract(year from chosen.started_on)
            else date_trunc('month', ranked.started_on) <> date_trunc('month', chosen.started_on)
        end
    group by ranked.agency_id, ranked.program_id
)

select
    chosen.agency_id,
    chosen.program_id,
    chosen.started_on,
    chosen.started_precision,
    case when chosen.started_on is not null then chosen.source_id end as started_source_id,
    together.known_active_on,
    together.last_known_active_on,
    together.ended_on,
    case together.approval_rank
        when 1 then 'council_vote' when 2 then 'public_hearing' when 3 then 'administrative'
        when 4 then 'none_found' else 'unknown'
    end as approval,
    case together.incentive_rank when 1 then 'yes' when 2 then 'no' else 'unknown' end as incentive,
    together.sources,
    disagreeing.conflicts
from chosen as chosen
join together as together on chosen.agency_id = together.agency_id and chosen.program_id = together.program_id
left join disagreeing as disagreeing
    on chosen.agency_id = disagreeing.agency_id and chosen.program_id = disagreeing.program_id
