-- The states' arrivals add up to the country's, month by month.
with states as (
    select participation.month_start, participation.program_id, sum(participation.joined) as joined
    from marts.participation as participation
    where participation.scope <> 'US'
    group by participation.month_start, participation.program_id
)

select country.month_start, country.program_id
from marts.participation as country
join states as states on country.month_start = states.month_start and country.program_id = states.program_id
where country.scope = 'US' and country.joined <> states.joined
