"""Releases of one edition after one another, by the real run: blocks are only added, whatever happens in between."""

import shutil
from dataclasses import replace
from datetime import date

import pytest

from etl.engines.duckdb import connect
from etl.errors import ProtectionError
from etl.judge import judge
from etl.press_figures import REASON
from etl.proofs import Proofs
from etl.publish import all_releases
from etl.settings import Settings
from tests.etl.successive import DAYS, Snapshot, history, press, publish_from, rows, settings_on

pytestmark = pytest.mark.xdist_group("successive")


class KilledError(Exception):
    """A process that ends at this place."""


@pytest.fixture(scope="module")
def releases(tmp_path_factory) -> list[Snapshot]:
    return history(tmp_path_factory.mktemp("successive"))


def ledgers(settings: Settings) -> list[str]:
    return sorted(path.stem for path in (settings.private / "ledger").glob("2*.parquet"))


def as_of(settings: Settings, day: date) -> Settings:
    return replace(settings, today=day)


def test_every_block_stays_as_it_was_and_new_ones_are_added(releases):
    for table in ("consent_blocks", "block_cells"):
        seen: set = set()
        for release in releases:
            now = set(rows(release.release, table))
            assert seen < now, table
            seen = now
    numbers = rows(releases[-1].release, "consent_blocks", "select distinct release_no from told order by 1")
    assert numbers == [(1,), (2,), (3,)]


def test_the_history_holds_late_requests_and_corrected_blocks(releases):
    """Else the other tests would show little."""
    early = "select sum(requests_with_asked) from told where month_start < '2019-10-01'"
    assert rows(releases[0].release, "request_counts", early) < rows(releases[2].release, "request_counts", early)
    corrected = "select count(*) from told where table_name = 'consent_blocks'"
    assert rows(releases[2].release, "corrections", corrected)[0][0] > 0


def test_the_judge_passes_all_releases_together(releases):
    verdict = judge([one.release for one in releases])
    assert verdict.ok, verdict.report()
    assert len(verdict.releases) == len(DAYS) and verdict.protected > 0
    assert (verdict.failed, verdict.undecided, verdict.combinations_failed) == (0, 0, 0)


def test_each_run_proved_what_it_added_and_noted_all_releases_as_proven(releases):
    for number, one in enumerate(releases, 1):
        assert Proofs(one.settings.private / "proofs").proven(all_releases(one.settings)) == number


def test_the_same_input_again_adds_nothing(releases, tmp_path):
    settings = releases[-1].copy(tmp_path / "data")
    before = ledgers(settings)
    again = publish_from(releases[-1], settings)
    assert (again.is_new, again.release_id) == (False, releases[-1].release.name)
    assert len(all_releases(settings)) == len(DAYS) and ledgers(settings) == before


def test_a_kill_between_ledger_and_publication_leaves_both_whole(releases, tmp_path):
    settings = as_of(releases[1].copy(tmp_path / "data"), DAYS[2])

    def killed_before(_real, _release_id):
        raise KilledError

    def killed_after(real, release_id):
        real(release_id)
        raise KilledError

    for killed in (killed_before, killed_after):
        with pytest.raises(KilledError):
            publish_from(releases[2], settings, remember=killed, judge=lambda _releases: None)
        assert [path.name for path in all_releases(settings)] == [one.release.name for one in releases[:2]]
        assert releases[1].release.name in ledgers(settings)
    after = publish_from(releases[2], settings)
    assert after.release_id == releases[2].release.name
    assert rows(after.folder, "consent_blocks") == rows(releases[2].release, "consent_blocks")
    assert ledgers(settings) == [releases[1].release.name, releases[2].release.name]


def test_a_lost_ledger_is_made_anew_exactly_where_the_input_still_explains_the_release(releases, tmp_path):
    settings = releases[0].copy(tmp_path / "data")
    shutil.rmtree(settings.private / "ledger")
    same = publish_from(releases[0], settings)
    assert (same.is_new, same.release_id) == (False, releases[0].release.name)


def test_a_lost_ledger_is_refused_where_the_input_has_changed_since(releases, tmp_path):
    settings = releases[0].copy(tmp_path / "data")
    settings = as_of(settings, DAYS[1])
    shutil.rmtree(settings.private / "ledger")
    with pytest.raises(ProtectionError, match="ledger"):
        publish_from(releases[1], settings)
    assert [path.name for path in all_releases(settings)] == [releases[0].release.name]


def test_a_ledger_of_another_release_is_not_taken_for_the_newest(releases, tmp_path):
    """Somebody puts back an old backup of the private folder: the ledger in it lacks blocks that are public."""
    settings = releases[1].copy(tmp_path / "data")
    folder = settings.private / "ledger"
    newest = folder / f"{releases[1].release.name}.parquet"
    shutil.copy(releases[0].settings.private / "ledger" / f"{releases[0].release.name}.parquet", newest)
    settings = as_of(settings, DAYS[2])
    with pytest.raises(ProtectionError, match="known only"):
        publish_from(releases[2], settings)


def figure_over_a_part_of_a_block(release: Snapshot) -> tuple[str, tuple[date, date], int]:
    """Agency, the first two months of a quarter that it has in a block, and how many it truly asked in them."""
    with connect(release.settings.private / "warehouse.duckdb", read_only=True) as con:
        con.execute(f"create temp table inside as from read_parquet('{release.release / 'consent_blocks.parquet'}')")
        return con.execute(
            """
            select agency_id, (quarter_start, last_day(quarter_start + interval 1 month)), sum(requests.asked)::bigint
            from staging.requests as requests join inside as blocks using (agency_id, program_id, regime_id)
            where quarter_start = first_quarter and requests.asked > 0 and shared is not null
                and requested_on <= last_day(quarter_start + interval 1 month) and blocks.requests between 3 and 6
            group by agency_id, quarter_start having count(distinct request_ref) > 1
            order by sum(requests.asked) desc, agency_id limit 1
            """
        ).fetchall()[0]


def quarters_in_blocks(release, agency_id: str) -> set[date]:
    with connect() as con:
        cells, blocks = (f"read_parquet('{release / name}.parquet')" for name in ("block_cells", "consent_blocks"))
        found = con.execute(
            f"select quarter_start from {cells} join {blocks} using (block_id) where agency_id = ?", [agency_id]
        ).fetchall()
    return {row[0] for row in found}


def test_quarters_of_a_press_figure_give_no_request_to_a_block_then_and_ever_after(releases, tmp_path):
    agency, period, asked = figure_over_a_part_of_a_block(releases[0])
    quarter = period[0]
    settings = settings_on(DAYS[0], tmp_path / "data")
    first = publish_from(releases[0], settings, before=lambda con: press(con, agency, period, "asked", asked))
    assert (agency, asked) in rows(first.folder, "published_counts", "select agency_id, value from told")
    assert quarter in quarters_in_blocks(releases[0].release, agency)
    assert quarters_in_blocks(first.folder, agency) and quarter not in quarters_in_blocks(first.folder, agency)
    of_others = f"from told where agency_id <> '{agency}'"
    assert rows(first.folder, "consent_blocks", of_others) == rows(releases[0].release, "consent_blocks", of_others)
    counted = "select sum(requests_with_asked) from told"
    assert rows(first.folder, "request_counts", counted) == rows(releases[0].release, "request_counts", counted)

    # Without the figure in the input, and with the ledger lost: what was published once is known for ever.
    shutil.rmtree(settings.private / "ledger")
    second = publish_from(releases[0], as_of(settings, DAYS[1]))
    assert second.is_new and quarter not in quarters_in_blocks(second.folder, agency)
    assert set(rows(second.folder, "consent_blocks")) > set(rows(first.folder, "consent_blocks"))


def test_a_press_figure_that_comes_after_the_blocks_is_quarantined_with_its_reason(releases, tmp_path):
    agency, period, asked = figure_over_a_part_of_a_block(releases[0])
    settings = as_of(releases[0].copy(tmp_path / "data"), DAYS[1])

    def three_figures(con):
        press(con, agency, period, "asked", asked)
        press(con, agency, period, "requests", 3)
        press(con, agency, (date(2018, 1, 1), date(2018, 2, 1)), "asked", 7)

    after = publish_from(releases[1], settings, before=three_figures)
    mine = f"select measure, value from told where agency_id = '{agency}' and note is null order by 1"
    assert rows(after.folder, "published_counts", mine) == [("asked", 7), ("requests", 3)]
    held = f"select rows from told where source_id = 'published_counts' and reason = '{REASON}'"
    assert rows(after.folder, "quarantine_reasons", held) == [(1,)]
    account = "select bool_and(rows_read = rows_accepted + rows_quarantined), sum(rows_quarantined) from told"
    assert rows(after.folder, "source_rows", f"{account} where source_id = 'published_counts'") == [(True, 1)]
    assert rows(after.folder, "consent_blocks") == rows(releases[1].release, "consent_blocks")


def merged_with(old: str, new: str):
    """What was read, had the identity ledger merged two agencies before today: all rows carry the new id."""

    def rename(con):
        con.execute("insert into staging.agency_merges values (?, ?)", [old, new])
        for table in ("requests", "published_counts"):
            con.execute(f"update staging.{table} set agency_id = ? where agency_id = ?", [new, old])

    return rename


def test_a_press_figure_of_an_agency_that_was_merged_since_still_keeps_its_quarters_out(releases, tmp_path):
    agency, period, asked = figure_over_a_part_of_a_block(releases[0])
    settings = settings_on(DAYS[0], tmp_path / "data")

    def only_the_figure(con):
        """The figure is under an id of its own, which no request carries."""
        press(con, "us-xx-old-name", period, "asked", asked)

    first = publish_from(releases[0], settings, before=only_the_figure, judge=lambda folders: None)
    assert period[0] in quarters_in_blocks(first.folder, agency)
    again = settings_on(DAYS[0], tmp_path / "merged")

    def nothing_yet(con):
        con.execute("delete from staging.requests")
        only_the_figure(con)

    publish_from(releases[0], again, before=nothing_yet, judge=lambda folders: None)
    second = publish_from(releases[0], as_of(again, DAYS[1]), before=merged_with("us-xx-old-name", agency))
    assert quarters_in_blocks(second.folder, agency) and period[0] not in quarters_in_blocks(second.folder, agency)


def test_a_press_figure_over_blocks_of_an_agency_that_was_merged_since_is_quarantined(releases, tmp_path):
    agency, period, asked = figure_over_a_part_of_a_block(releases[0])
    settings = as_of(releases[0].copy(tmp_path / "data"), DAYS[1])

    def merged(con):
        con.execute("insert into staging.agency_merges values (?, 'us-xx-new-name')", [agency])
        press(con, "us-xx-new-name", period, "asked", asked)

    after = publish_from(releases[1], settings, before=merged)
    held = f"select rows from told where source_id = 'published_counts' and reason = '{REASON}'"
    assert rows(after.folder, "quarantine_reasons", held) == [(1,)]
