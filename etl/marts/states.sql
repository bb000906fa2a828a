-- One row per state and DC: the denominators of every per-resident and per-agency figure.
select
    states.state,
    states.name,
    states.fips,
    cast(states.population_2020 as bigint) as population_2020,
    cast(states.city_and_county_agencies_2018 as bigint) as city_and_county_agencies_2018
from reference.states as states
