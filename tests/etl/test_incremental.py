"""Months that come one after the other, late, corrected or withdrawn, give what reading everything at once gives."""

from datetime import date
from shutil import rmtree

from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from etl.engines.duckdb import connect
from etl.ingest import ingest
from etl.run import run, settings_for
from etl.settings import Settings
from etl.simulate import simulate
from tests.etl.conftest import AGENCIES, AREAS, REGIMES, REQUEST, SOURCES, TODAY, csv_of

UNKNOWN = dict.fromkeys(("asked", "responded", "shared", "declined"), "")
HEADER = "agency_id,request_ref,response,answered_after_hours"
ROWS = st.sampled_from(
    """us-oh-oak-pd,r-1,shared,1
us-oh-oak-pd,r-1,no_answer,
us-oh-oak-pd,r-2,declined,2.5
us-oh-oak-pd,r-2,no_answer,7
us-oh-oak-pd,r-3,shared,
us-oh-oak-pd,r-4,perhaps,1
us-oh-oak-pd,r-3""".splitlines()
)
# A file, and what it holds from now on: None is a file taken away. Requests come and go too.
STEP = st.one_of(
    st.tuples(st.sampled_from(["responses-1.csv", "responses-2.csv", "responses-3.csv"]),
              st.one_of(st.none(), st.lists(ROWS, max_size=12))),
    st.tuples(st.just("requests.csv"), st.sets(st.sampled_from(["r-1", "r-2", "r-3", "r-4"]), min_size=1)),
)  # fmt: skip


def outcome(data, incoming):
    """Everything that later stages can see of what was loaded."""
    with connect() as con:
        ingest(Settings(data=data, incoming=(incoming,), today=TODAY), con)
        told = "select * from {} order by all"
        names = ("staging.requests", "quarantine.rows", "ingest.source_rows", "ingest.files")
        folds = "select * exclude (row_number) from staging.responses order by all"
        return [con.execute(told.format(name)).fetchall() for name in names] + [con.execute(folds).fetchall()]


@given(steps=st.lists(STEP, min_size=1, max_size=3))
@hypothesis_settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_order_of_arrivals_and_corrections_gives_what_a_first_reading_gives(tmp_path_factory, steps):
    folder = tmp_path_factory.mktemp("incremental")
    incoming = folder / "incoming"
    incoming.mkdir()
    for name, text in (("sources", SOURCES), ("agencies", AGENCIES), ("areas", AREAS), ("regimes", REGIMES)):
        (incoming / f"{name}.csv").write_text(text)
    (incoming / "requests.csv").write_text(csv_of([REQUEST | UNKNOWN]))
    for number, (name, content) in enumerate(steps):
        path = incoming / name
        if content is None:
            path.unlink(missing_ok=True)
        elif isinstance(content, set):
            path.write_text(csv_of([REQUEST | UNKNOWN | {"request_ref": ref} for ref in sorted(content)]))
        else:
            path.write_text("\n".join([HEADER, *content]) + "\n")
        assert outcome(folder / "kept", incoming) == outcome(folder / f"fresh-{number}", incoming)


def test_a_month_on_top_gives_the_release_of_a_full_rebuild(tmp_path):
    settings = settings_for(
        "demo", data=tmp_path, incoming=None, memory_limit="1GB", threads=2, today=date(2026, 11, 22)
    )
    [incoming] = settings.incoming
    simulate(incoming, agencies=12, requests=500, months=40, seed=5, responses=True, messy=False)
    header, *rows = (incoming / "responses.csv").read_text().splitlines(keepends=True)
    (incoming / "responses.csv").unlink()
    half = len(rows) // 2
    (incoming / "responses-1.csv").write_text(header + "".join(rows[:half]))
    first = run(settings, quiet=True, prepared=True)
    (incoming / "responses-2.csv").write_text(header + "".join(rows[half:]))
    second = run(settings, quiet=True, prepared=True)
    assert second.release.is_new and second.release != first.release
    rmtree(settings.private / "parts")
    rebuilt = run(settings, quiet=True, prepared=True, afresh=True)
    assert (rebuilt.release.release_id, rebuilt.release.is_new) == (second.release.release_id, False)
