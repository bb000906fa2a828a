-- One row per program that any partnership, request or published count names.
with named as (
    select claims.program_id from staging.claims as claims
    union
    select requests.program_id from staging.requests as requests
    union
    select regimes.program_id from staging.regimes as regimes
    union
    select counts.program_id from staging.published_counts as counts
)

select
    named.program_id,
    coalesce(programs.name, named.program_id) as name,
    coalesce(programs.asks_residents, false) as asks_residents,
    coalesce(programs.description, 'A program that an operator''s file declares; no description was supplied.') as description
from named as named
left join reference.programs as programs on named.program_id = programs.program_id
