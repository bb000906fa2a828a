"""What the judge must let pass: a judge that refuses everything protects nobody."""

from dataclasses import replace
from datetime import date

from etl.judge import judge
from tests.attacks.made_releases import NEXT_Q1, Q1, Q4, Block, Press, Release, sent


def passes(*folders):
    verdict = judge(list(folders))
    assert verdict.ok, verdict.report()
    # A run gives them oldest first, and those before the last as proven.
    if len(folders) > 1 and list(folders) == sorted(folders):
        again = judge(list(folders), proven=len(folders) - 1)
        assert again.ok, again.report()
    return verdict


def test_an_honest_release_passes_and_its_cells_are_counted(honest, tmp_path):
    verdict = passes(honest.write(tmp_path))
    assert (verdict.blocks, verdict.cells, verdict.published, verdict.protected) == (3, 7, 1, 6)
    assert (verdict.failed, verdict.undecided, verdict.combinations_failed) == (0, 0, 0)


def test_releases_that_only_add_blocks_pass_in_any_order_given(honest, next_release, tmp_path):
    first, second = honest.write(tmp_path), next_release.write(tmp_path)
    assert passes(first, second).blocks == 4
    assert passes(second, first).releases == ("release-1", "release-2")


def test_an_erased_request_leaves_its_block_standing(honest, tmp_path):
    """The request counts fall at once; the block is immutable and keeps the request."""
    after = replace(
        honest, number=2, requests=[row for row in honest.requests if row["incident_category"] != "robbery"]
    )
    passes(honest.write(tmp_path), after.write(tmp_path))


def test_a_release_without_blocks_passes(tmp_path):
    verdict = passes(Release().write(tmp_path))
    assert verdict.cells == 0


def test_requests_that_are_all_pending_pass(tmp_path):
    verdict = passes(Release(requests=[sent(Q1, "burglary", 1), sent(Q4, "assault", 7)]).write(tmp_path))
    assert verdict.protected == 2


def test_a_press_figure_without_any_row_level_request_is_a_fact_by_itself(tmp_path):
    """Fort Lauderdale, 2018: 22 requests, 319 asked, published by a newspaper. The release adds nothing to it."""
    period = (date(2018, 5, 1), date(2018, 9, 30))
    passes(Release(press=[Press("requests", 22, *period), Press("asked", 319, *period)]).write(tmp_path))


def test_a_press_figure_over_pending_requests_only_is_a_fact_by_itself(tmp_path):
    figure = Press("asked", 3, Q1, date(2020, 3, 31))
    passes(Release(requests=[sent(Q1, "burglary", 1)], press=[figure]).write(tmp_path))


def test_a_press_figure_of_another_time_program_or_agency_meets_no_block(honest, tmp_path):
    honest.press = [
        Press("asked", 12, date(2019, 1, 1), date(2019, 12, 31)),
        Press("asked", 12, Q1, Q4, program_id="ring-community-requests"),
        Press("asked", 12, Q1, Q4, agency_id="us-oh-otherton-pd"),
        Press("cases_aided", 1, Q1, Q4),
    ]
    passes(honest.write(tmp_path))


def test_a_press_figure_over_exactly_one_whole_block_tells_nothing_new(honest, tmp_path):
    honest.press = [Press("asked", 30, Q1, date(2020, 3, 31))]
    passes(honest.write(tmp_path))


def test_an_undated_press_figure_cannot_be_lined_up_with_blocks(honest, tmp_path):
    honest.press = [Press("asked", 12, None, None)]
    passes(honest.write(tmp_path))


def test_a_press_figure_that_counts_many_more_requests_than_the_logs_leaves_the_blocks_closed(honest, tmp_path):
    """The rest of the figure belongs to requests that no log holds, so nothing can be subtracted."""
    period = (Q1, date(2020, 3, 15))
    honest.press = [Press("requests", 40, *period), Press("asked", 400, *period)]
    passes(honest.write(tmp_path))


def test_at_least_one_request_tells_nothing_of_the_people(honest, tmp_path):
    honest.press = [Press("requests", 1, None, Q4, "at_least"), Press("asked", 5, Q1, date(2020, 2, 15), "at_least")]
    passes(honest.write(tmp_path))


def test_two_regimes_of_one_agency_are_judged_side_by_side(honest, tmp_path):
    quarter = date(2021, 7, 1)
    regime = "request-for-assistance"
    honest.blocks.append(
        Block("posts", {(quarter, "traffic"): 2, (quarter, "assault"): 2}, 44, (42, 44), regime_id=regime)
    )
    honest.requests += [sent(quarter, "traffic", 2, regime_id=regime), sent(quarter, "assault", 2, regime_id=regime)]
    honest.requests.append(sent(NEXT_Q1, "traffic", 1))
    assert passes(honest.write(tmp_path)).cells == 10


def test_a_regime_of_which_only_the_last_year_is_known_lasts_until_the_years_end(honest, tmp_path):
    def blur(con):
        con.execute("update regimes set ends_on = '2020-01-01', ends_precision = 'year'")

    passes(honest.write(tmp_path, blur))
