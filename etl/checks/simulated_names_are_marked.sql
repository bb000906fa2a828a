-- Record and demo never mix: either every agency is a simulated one by name, or none is.
select sides.simulated
from (
    select
        count(case when agencies.name like 'Simulated %' then 1 end) as simulated,
        count(*) as agencies
    from marts.agencies as agencies
) as sides
where sides.simulated not in (0, sides.agencies)
