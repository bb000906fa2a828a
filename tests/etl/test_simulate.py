"""The simulation: invented, deterministic, calibrated, and messy in known ways."""

import csv
import io
import re
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from etl.engines.duckdb import connect
from etl.errors import UsageError
from etl.ingest import ingest
from etl.settings import HOUSE, Settings
from etl.simulate import simulate
from etl.simulation.calendar import window
from etl.simulation.consent import ASKED_PER_REQUEST
from etl.simulation.messy import OFFICES

# What is made for all of these is made once, on one worker.
pytestmark = pytest.mark.xdist_group("simulate")

SMALL = {"agencies": 120, "requests": 6_000, "months": 100, "seed": 7}
ENCODINGS = {
    "requests-spreadsheet-export.csv": "utf-8-sig",
    "requests-office-europe.csv": "cp1252",
    "requests-unicode-text.csv": "utf-16",
}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def text_table(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{name}.csv", dtype=str)


def requests_of(folder: Path) -> duckdb.DuckDBPyRelation:
    """Requests of a tidy folder with typed columns."""
    con = duckdb.connect()
    return con.sql(
        f"""
        select * replace (
            cast(requested_on as date) as requested_on,
            cast(asked as bigint) as asked, cast(shared as bigint) as shared,
            cast(responded as bigint) as responded, cast(declined as bigint) as declined
        )
        from read_csv('{folder}/requests.csv', all_varchar = true, header = true, delim = ',')
        """
    )


@pytest.fixture(scope="module")
def tidy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("tidy")
    simulate(out, agencies=1_500, requests=90_000, months=100, seed=11, messy=False)
    return out


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_same_seed_gives_the_same_bytes(tmp_path: Path, form: str) -> None:
    for name in ("one", "two"):
        simulate(tmp_path / name, **SMALL, responses=True, format=form)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_another_seed_gives_another_country(tmp_path: Path) -> None:
    simulate(tmp_path / "one", **SMALL)
    simulate(tmp_path / "two", **{**SMALL, "seed": 8})
    assert contents(tmp_path / "one")["requests.csv"] != contents(tmp_path / "two")["requests.csv"]


def test_a_later_simulation_leaves_nothing_of_an_earlier_one(tmp_path: Path) -> None:
    simulate(tmp_path, **SMALL, messy=True, responses=True)
    simulate(tmp_path, **SMALL, messy=False, format="parquet")
    assert {path.suffix for path in tmp_path.iterdir()} == {".parquet"}
    assert not (tmp_path / "responses.parquet").exists()


def test_real_record_files_are_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "agencies.csv").write_text("agency_id\nus-zz-somewhere-pd\n")
    with pytest.raises(UsageError, match="not simulated"):
        simulate(tmp_path, **SMALL)
    assert (tmp_path / "agencies.csv").read_text().endswith("us-zz-somewhere-pd\n")


def test_every_agency_is_plainly_invented(tidy: Path) -> None:
    agencies = text_table(tidy, "agencies")
    assert agencies["name"].str.fullmatch(r"Simulated (PD|SO|CP|SP|FD) \d{4}, [A-Z]{2}").all()
    assert agencies["agency_id"].str.fullmatch(r"us-[a-z]{2}-simulated-\d{4}-(pd|so|cp|sp|fd)").all()
    assert agencies["agency_id"].is_unique
    assert agencies["city"].isna().all()
    assert agencies["county"].isna().all()


def test_no_agency_has_the_name_of_a_real_agency_or_place(tidy: Path) -> None:
    names = set(text_table(tidy, "agencies")["name"].str.casefold())
    record = pd.read_csv(HOUSE / "data" / "record" / "agencies.csv", dtype=str)
    places = pd.read_csv(HOUSE / "data" / "reference" / "places.csv", dtype=str)
    assert not names & set(record["name"].str.casefold())
    assert not names & set(places["name"].str.casefold())
    ids = set(text_table(tidy, "agencies")["agency_id"])
    assert not ids & set(record["agency_id"])


def test_an_agency_lies_in_its_state_but_at_no_place(tidy: Path) -> None:
    agencies = text_table(tidy, "agencies")
    states = pd.read_csv(HOUSE / "data" / "reference" / "states.csv", dtype=str).set_index("state")["fips"]
    assert (agencies["county_fips"].str[:2] == agencies["state"].map(states)).all()
    places = pd.read_csv(HOUSE / "data" / "reference" / "places.csv", dtype=str)
    at_places = set(zip(places["latitude"].astype(float), places["longitude"].astype(float), strict=True))
    at_agencies = set(zip(agencies["latitude"].astype(float), agencies["longitude"].astype(float), strict=True))
    assert not at_agencies & at_places
    assert agencies["latitude"].str.fullmatch(r"\d+\.\d{3}").all()
    assert agencies["longitude"].str.fullmatch(r"-\d+\.\d{3}").all()


def test_sizes_are_heavy_tailed(tidy: Path) -> None:
    volumes = requests_of(tidy).aggregate("agency_id, count(*) as requests", "agency_id").df()["requests"]
    assert volumes.quantile(0.5) < volumes.mean() / 1.5
    assert (volumes <= 3).any()
    assert volumes.max() < 0.06 * volumes.sum()


def test_the_mean_asked_is_the_published_one(tidy: Path) -> None:
    asked = requests_of(tidy).df()["asked"].dropna()
    assert asked.mean() == pytest.approx(ASKED_PER_REQUEST, rel=0.05)
    assert asked.quantile(0.5) < asked.mean()


@pytest.mark.parametrize(("consent", "shared", "answered"), [("normal", 0.13, 0.25), ("low", 0.029, 0.10)])
def test_residents_answer_as_the_preset_says(tmp_path: Path, consent: str, shared: float, answered: float) -> None:
    simulate(tmp_path, agencies=1_200, requests=60_000, months=39, seed=3, messy=False, consent=consent)
    known = requests_of(tmp_path).filter("asked > 0 and responded is not null").df()
    assert known["shared"].sum() / known["asked"].sum() == pytest.approx(shared, rel=0.1)
    assert known["responded"].sum() / known["asked"].sum() == pytest.approx(answered, rel=0.1)
    of_agency = known.groupby("agency_id")[["asked", "shared"]].sum()
    silent = (of_agency.query("asked > 500")["shared"] == 0).mean()
    assert (0.15 < silent < 0.35) if consent == "low" else silent == 0


def test_the_denominator_is_known_for_a_part_only_and_never_for_public_posts(tidy: Path) -> None:
    known = (
        requests_of(tidy)
        .aggregate("channel, count(asked) / count(*) as known", "channel")
        .df()
        .set_index("channel")["known"]
    )
    assert known["email"] == pytest.approx(0.7, abs=0.07)
    assert known["community_request"] == pytest.approx(0.8, abs=0.07)
    assert known["public_post"] == 0


def test_requests_fall_only_into_regimes_with_a_tool_and_into_partnerships(tidy: Path) -> None:
    con = duckdb.connect()
    con.register("requests", requests_of(tidy).df())
    stray = con.sql(
        f"""
        select count(*) from requests
        left join read_csv('{tidy}/regimes.csv') as regimes
            on regimes.program_id = requests.program_id and requested_on >= starts_on
            and requested_on < coalesce(ends_on, date '9999-01-01') and regime_id <> 'no-request-tool'
        where regime_id is null
        """
    ).fetchall()
    assert stray == [(0,)]
    outside = con.sql(
        f"""
        with partnerships as (
            select agency_id, program_id, min(started_on) as started_on, max(ended_on) as ended_on
            from read_csv('{tidy}/partnerships.csv', types = {{'started_on': 'DATE', 'ended_on': 'DATE'}})
            group by all
        )
        select count(*) from requests left join partnerships using (agency_id, program_id)
        where partnerships.agency_id is null or requested_on < started_on or requested_on >= ended_on
        """
    ).fetchall()
    assert outside == [(0,)]


def test_regimes_keep_the_ids_and_names_of_the_record_and_are_dated_to_the_day(tidy: Path) -> None:
    ours = text_table(tidy, "regimes")
    real = pd.read_csv(HOUSE / "data" / "record" / "regimes.csv", dtype=str)
    same = ["regime_id", "program_id", "name"]
    assert ours[same].equals(real[same])
    assert (ours["starts_precision"] == "day").all()
    assert ours["what_a_request_is"].str.contains("Assumed").all()


def test_counts_of_residents_never_contradict_each_other(tidy: Path) -> None:
    wrong = requests_of(tidy).filter(
        """
        shared > asked or responded > asked or shared + declined <> responded
        or (responded is null) <> (declined is null) or (responded is not null and shared is null)
        """
    )
    assert len(wrong) == 0
    gaps = requests_of(tidy).aggregate(
        "count(*) filter (asked is null and shared is not null) as only_shared, "
        "count(*) filter (asked is not null and shared is null) as only_asked, "
        "count(*) filter (shared is not null and asked is not null and responded is null) as no_responded"
    )
    assert min(gaps.fetchall()[0]) > 0


def test_areas_are_declared_and_no_smaller_than_100_households(tidy: Path) -> None:
    areas = text_table(tidy, "areas")
    assert areas["households"].astype(int).min() >= 100
    declared = set(zip(areas["agency_id"], areas["area"], strict=True))
    used = requests_of(tidy).filter("area is not null").project("agency_id, area").distinct().fetchall()
    assert used
    assert set(used) <= declared


def test_sheriffs_and_large_agencies_may_ask_in_two_counties(tidy: Path) -> None:
    counties = (
        requests_of(tidy).aggregate("agency_id, count(distinct county_fips) as counties", "agency_id").df()["counties"]
    )
    assert counties.max() == 2
    assert (counties == 2).mean() < 0.3


def test_all_incident_categories_occur_and_most_requests_are_voluntary(tidy: Path) -> None:
    requests = requests_of(tidy).df()
    assert requests["incident_category"].nunique() == 12
    assert (requests["legal_basis"] == "voluntary_request").mean() > 0.9
    assert requests["legal_basis"].nunique() == 5  # the sixth is left blank


def test_every_cited_source_exists_and_says_that_it_is_simulated(tidy: Path) -> None:
    sources = text_table(tidy, "sources")
    assert sources["title"].str.contains("SIMULATED").all()
    for path in tidy.glob("*.csv"):
        cited = pd.read_csv(path, dtype=str).get("source_id")
        assert cited is None or set(cited.dropna()) <= set(sources["source_id"]), path.name


def records(path: Path) -> list[list[str]]:
    """Records of a file with any of the dialects, header included."""
    delimiter = {office.file: office.dialect.delimiter for office in OFFICES}.get(path.name, ",")
    text = path.read_bytes().decode(ENCODINGS.get(path.name, "utf-8"))
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def test_messy_files_hold_the_tidy_rows_and_the_mistakes_that_were_counted(tmp_path: Path) -> None:
    written = simulate(tmp_path / "messy", **SMALL)
    plain = simulate(tmp_path / "tidy", **SMALL, messy=False)
    assert sum(rows for name, rows in written.rows.items() if name.startswith("requests")) == plain.rows[
        "requests.csv"
    ] + sum(written.refused(office.file) for office in OFFICES)
    good: list[list[str]] = []
    for path in (tmp_path / "messy").glob("requests*.csv"):
        header, *rows = records(path)
        assert header == records(tmp_path / "tidy" / "requests.csv")[0]
        assert len(rows) == written.rows[path.name]
        bad = [row for row in rows if row[0].startswith("BAD")]
        repeats = len({tuple(row) for row in rows if row not in bad}) - len([row for row in rows if row not in bad])
        assert len(bad) - repeats == written.refused(path.name)
        good += [list(row) for row in {tuple(row) for row in rows if row not in bad}]
    assert sorted(good) == sorted(records(tmp_path / "tidy" / "requests.csv")[1:])


def test_messy_files_are_in_the_encodings_and_dialects_of_real_offices(tmp_path: Path) -> None:
    simulate(tmp_path, **SMALL)
    bytes_of = contents(tmp_path)
    assert bytes_of["requests-spreadsheet-export.csv"].startswith(b"\xef\xbb\xbf")
    assert bytes_of["requests-unicode-text.csv"].startswith(b"\xff\xfe")
    with pytest.raises(UnicodeDecodeError):
        bytes_of["requests-office-europe.csv"].decode("utf-8")
    for name, encoding in ENCODINGS.items():
        assert "\r\n" in bytes_of[name].decode(encoding)
        assert "cañón-3" in bytes_of[name].decode(encoding)
    assert b"\r" not in bytes_of["requests.csv"]


def test_a_later_day_knows_more_and_forgets_nothing(tmp_path: Path) -> None:
    days = (date(2025, 12, 31), date(2026, 3, 31), None)
    releases = []
    for number, until in enumerate(days):
        simulate(tmp_path / str(number), **{**SMALL, "requests": 40_000}, messy=False, responses=True, until=until)
        releases.append(requests_of(tmp_path / str(number)).df().set_index(["agency_id", "request_ref"]))
    first, second, third = releases
    assert first["requested_on"].max() <= pd.Timestamp(2025, 12, 31)
    for earlier, later, until in ((first, second, "2025-12-31"), (second, third, "2026-03-31")):
        assert set(earlier.index) < set(later.index)
        new = later.loc[later.index.difference(earlier.index)]
        assert (new["requested_on"] < pd.Timestamp(until) - pd.Timedelta(days=92)).any(), "no late row"
        facts = ["requested_on", "incident_category", "area", "shared", "declined"]
        assert later.loc[earlier.index, facts].equals(earlier[facts])
    corrections = [len(text_table(tmp_path / str(number), "corrections")) for number in range(3)]
    assert corrections[0] < corrections[1] < corrections[2]
    # A correction puts right how many were asked; with one row per resident it takes rows of the unanswering away.
    told = [set((tmp_path / str(number) / "responses.csv").read_text().splitlines()) for number in range(3)]
    assert told[0] <= told[1] <= told[2]


def test_a_correction_changes_the_number_asked_of_few_requests(tmp_path: Path) -> None:
    for name, until in (("then", date(2026, 2, 28)), ("now", None)):
        simulate(tmp_path / name, **{**SMALL, "requests": 30_000}, messy=False, until=until)
    then, now = (
        requests_of(tmp_path / name).df().set_index(["agency_id", "request_ref"])["asked"] for name in ("then", "now")
    )
    changed = then.dropna()[then.dropna() != now.loc[then.dropna().index]]
    assert 0 < len(changed) < 100
    assert (changed > now.loc[changed.index]).all()


def test_responses_tell_the_counts_that_their_requests_leave_out(tmp_path: Path) -> None:
    simulate(tmp_path / "counts", **SMALL, messy=False)
    written = simulate(tmp_path / "rows", **SMALL, messy=False, responses=True)
    con = duckdb.connect()
    responses = con.sql(f"select * from read_csv('{tmp_path}/rows/responses.csv')")
    told = con.sql(
        """
        select agency_id, request_ref, count(*) as asked, count(*) filter (response = 'shared') as shared,
            count(*) filter (response = 'declined') as declined
        from responses group by all
        """
    ).df()
    assert len(responses) == written.rows["responses.csv"] == told["asked"].sum()
    keys = ["agency_id", "request_ref"]
    whole = requests_of(tmp_path / "counts").filter("asked > 0 and responded is not null").df()
    both = whole.merge(told, on=keys, how="outer", suffixes=("", "_told"))
    assert (both["asked"] == both["asked_told"]).all()
    assert (both["shared"] == both["shared_told"]).all()
    assert (both["declined"] == both["declined_told"]).all()
    left_out = requests_of(tmp_path / "rows").df().merge(told[keys], on=keys)
    assert left_out[["asked", "responded", "shared", "declined"]].isna().all(axis=None)


def test_answers_come_late_and_only_answers_have_an_hour(tmp_path: Path) -> None:
    simulate(tmp_path, **SMALL, messy=False, responses=True, format="parquet")
    responses = pd.read_parquet(tmp_path / "responses.parquet")
    hours = responses["answered_after_hours"]
    assert (hours.isna() == (responses["response"] == "no_answer")).all()
    assert hours.median() < 24
    assert hours.max() > 14 * 24


def test_parquet_and_csv_tell_the_same(tmp_path: Path) -> None:
    simulate(tmp_path / "csv", **SMALL, messy=False)
    simulate(tmp_path / "parquet", **SMALL, format="parquet")
    con = duckdb.connect()
    one = con.sql(f"select columns(*)::varchar from '{tmp_path}/parquet/requests.parquet'").fetchall()
    two = con.sql(f"select * from read_csv('{tmp_path}/csv/requests.csv', all_varchar = true)").fetchall()
    assert one == two


@pytest.mark.parametrize(
    ("months", "end", "first", "last"),
    [
        (100, None, date(2018, 3, 1), date(2026, 6, 30)),
        (48, None, date(2018, 3, 1), date(2022, 2, 28)),
        (120, None, date(2016, 7, 1), date(2026, 6, 30)),
        (12, date(2020, 5, 17), date(2019, 6, 1), date(2020, 5, 31)),
    ],
)
def test_the_window_is_whole_months(months: int, end: date | None, first: date, last: date) -> None:
    span = window(months, end)
    assert (span.first, span.last_day, span.months) == (first, last, months)


@pytest.mark.parametrize(
    "wrong",
    [{"agencies": 0}, {"requests": -1}, {"months": 0}, {"months": 400}, {"seed": -1}, {"consent": "eager"}],
)
def test_what_cannot_be_simulated_is_refused_with_a_sentence(tmp_path: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        simulate(tmp_path, **{**SMALL, **wrong})


@pytest.mark.parametrize(
    "size", [{"agencies": 1, "requests": 0, "months": 1}, {"agencies": 30, "requests": 200, "months": 6}]
)
def test_a_tiny_country_is_written_too(tmp_path: Path, size: dict[str, int]) -> None:
    written = simulate(tmp_path, **size, seed=1, responses=True)
    assert (
        sum(written.rows.get(name, 0) - written.refused(name) for name in written.rows if name.startswith("requests"))
        == size["requests"]
    )
    assert re.match(r"request_ref,", (tmp_path / "requests.csv").read_text())


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_loader_takes_every_row_but_the_counted_mistakes(tmp_path: Path, form: str) -> None:
    written = simulate(tmp_path / "incoming", **SMALL, responses=True, format=form)
    settings = Settings(edition="demo", data=tmp_path, incoming=(tmp_path / "incoming",), today=date(2026, 9, 1))
    with connect() as con:
        accounts = ingest(settings, con).source_rows.set_index("file")
    assert accounts["rows_read"].to_dict() == written.rows
    assert accounts["rows_quarantined"].to_dict() == {file: written.refused(file) for file in written.rows}
