"""Numbers about agencies, read off Participation, Agency, Compare, Worth asking, Data and methods; SQL of our own."""

import re

import pytest
from playwright.sync_api import Page
from statsmodels.stats.proportion import confint_proportions_2indep

from tests.browser.places import DOCUMENTED
from tests.browser.reader import MINUS, cells, open_page, words
from tests.browser.site import Site

BOTH = pytest.mark.parametrize("edition", ["record", "demo"])


def both(page: str):
    """Both editions, each beside the visits of this page, which is open then."""
    groups = [pytest.param(name, marks=pytest.mark.xdist_group(f"{name}-{page}")) for name in ("record", "demo")]
    return pytest.mark.parametrize("edition", groups)


REGIMES_OF_ONE = """
    select regime_id, requests, asked, low, high, covered
    from (select regime_id, sum(requests) as requests from request_counts where agency_id = '{0}' group by 1)
    left join (
        select
            regime_id, sum(asked) as asked, sum(shared_low) as low, sum(shared_high) as high,
            sum(requests) as covered
        from consent_blocks where agency_id = '{0}' group by 1
    ) using (regime_id)
    join regimes using (regime_id)
    order by starts_on desc
"""


def most_documented(site: Site, count: int) -> list[str]:
    return [agency_id for (agency_id,) in site.ask("demo", f"{DOCUMENTED['demo']} limit {count}")]


def per_cent(low: int, high: int, of: int) -> str:
    """'21.2%', or '20.1% to 20.7%' where the number is a range and its ends do not round to one figure."""
    return " to ".join(dict.fromkeys(f"{100 * part / of:.1f}%" for part in (low, high)))


@both("participation")
def test_participation_names_as_many_agencies_as_the_release_holds(reading, site: Site, edition: str):
    [(named, dated)] = site.ask(
        edition,
        """
        select count(distinct agency_id), count(case when started_precision in ('day', 'month') then 1 end)
        from partnerships where program_id = 'ring-neighbors'
        """,
    )
    page = reading("participation", edition)
    assert re.search(rf"\bname {named:,} agencies\b", page.locator("h1").inner_text())
    assert f"{dated:,} of {named:,} named agencies have a start date" in words(page)


@pytest.mark.xdist_group("demo-participation")
def test_the_month_in_which_most_joined_is_the_one_of_the_release(reading, site: Site):
    joined = dict(
        site.ask(
            "demo",
            """
            select strftime(started_on, '%B %Y'), count(*) from partnerships
            where program_id = 'ring-neighbors' and started_precision in ('day', 'month') group by 1
            """,
        )
    )
    page = reading("participation", "demo")
    [(month, told)] = re.findall(r"Joining peaked in (\w+ \d{4}), at (\d+) agencies", words(page))
    assert int(told) == max(joined.values()) == joined[month]


@pytest.mark.xdist_group("demo-participation")
def test_the_states_with_most_agencies_are_those_of_the_release(reading, site: Site):
    counted = {
        name: (f"{agencies:,}", f"{1e5 * agencies / population:,.2f}")
        for name, agencies, population in site.ask(
            "demo",
            """
            select states.name, count(distinct agency_id), any_value(states.population_2020)
            from partnerships join agencies using (agency_id) join states using (state)
            where program_id = 'ring-neighbors' group by 1
            """,
        )
    }
    page = reading("participation", "demo")
    shown = {row[0]: (row[1], row[2]) for row in cells(page, "The ten highest")}
    assert shown == {name: counted[name] for name in shown}
    highest = sorted((float(rate) for _, rate in counted.values()), reverse=True)[:10]
    assert [float(rate) for _, rate in shown.values()] == highest


def test_an_agencys_page_sums_its_own_blocks_and_requests_by_regime(page: Page, site: Site):
    [agency_id] = most_documented(site, 1)
    rows = site.ask("demo", REGIMES_OF_ONE.format(agency_id))
    open_page(page, site.address, "agency", edition="demo", agency=agency_id)
    _, _, asked, low, high, _ = rows[0]
    dek = page.locator(".pl-dek").first.inner_text()
    assert f"{per_cent(low, high, asked)} of {asked:,} residents asked said yes" in dek
    table = cells(page, "Consent by regime")
    assert len(table) == len(rows)
    for row, (_, requests, asked, low, high, covered) in zip(table, rows, strict=True):
        assert row[-1] == f"{covered or 0:,} of {requests:,} requests"
        if asked:
            assert row[2] == f"{asked:,}" and row[1].startswith(per_cent(low, high, asked))
        else:
            assert "not measurable" in row[1]
    for _, requests, *_ in rows[1:]:
        assert f"{requests:,} " in dek


def test_compare_subtracts_two_rates_and_its_interval_is_no_narrower_than_chance_alone(page: Page, site: Site):
    pair = most_documented(site, 2)
    (_, _, first, low, high, _), (_, _, second, low_2, high_2, _) = (
        site.ask("demo", REGIMES_OF_ONE.format(agency_id))[0] for agency_id in pair
    )
    open_page(page, site.address, "compare", edition="demo", agencies=",".join(pair))
    dek = page.locator(".pl-dek").first.inner_text().replace(MINUS, "-")
    assert f"{per_cent(low, high, first)} of {first:,} residents asked" in dek
    assert f"{per_cent(low_2, high_2, second)} of {second:,}" in dek
    [told] = re.findall(r"difference is (-?[\d.]+) points \(95% interval (-?[\d.]+) to (-?[\d.]+)\)", dek)
    points, lower, upper = map(float, told)
    rounding = 0.051
    assert (
        100 * (low / first - high_2 / second) - rounding <= points <= 100 * (high / first - low_2 / second) + rounding
    )
    lowest, _ = confint_proportions_2indep(low, first, high_2, second, method="newcomb", compare="diff")
    _, highest = confint_proportions_2indep(high, first, low_2, second, method="newcomb", compare="diff")
    assert lower <= 100 * lowest + rounding and upper >= 100 * highest - rounding


@both("worth_asking")
def test_leads_on_documents_are_counted_from_the_partnerships(reading, site: Site, edition: str):
    [(all_of_them, no_vote, silent_on_votes, given, silent_on_gifts)] = site.ask(
        edition,
        """
        select
            count(*),
            count(case when approval in ('none_found', 'administrative') then 1 end),
            count(case when approval = 'unknown' then 1 end),
            count(case when incentive = 'yes' then 1 end),
            count(case when incentive = 'unknown' then 1 end)
        from partnerships
        """,
    )
    page = reading("worth_asking", edition)
    leads = {row[0]: row[1:] for row in cells(page, "Leads of each kind")}
    looked_at = f"{all_of_them:,} partnerships; of {{:,}} nothing is reported"
    assert leads["No vote on record"] == [f"{no_vote:,}", looked_at.format(silent_on_votes)]
    assert leads["Devices or discounts"] == [f"{given:,}", looked_at.format(silent_on_gifts)]


@BOTH
def test_the_rows_on_data_and_methods_are_those_of_the_release(page: Page, site: Site, edition: str):
    files = site.ask(edition, "select file, rows_read, rows_accepted, rows_quarantined from source_rows order by file")
    open_page(page, site.address, "data_and_methods", edition=edition, section="sources")
    shown = cells(page, "Rows by file")
    assert sorted(shown) == sorted([file, *(f"{count:,}" for count in counts)] for file, *counts in files)
    read, accepted, held = (sum(row[at] for row in files) for at in (1, 2, 3))
    assert f"{read:,} rows from {len(files)} files" in page.locator(".pl-dek").first.inner_text()
    assert f"{read:,} rows read = {accepted:,} accepted + {held:,} held back" in words(page)
    reasons = site.ask(edition, "select source_id, reason, rows from quarantine_reasons")
    assert sorted(cells(page, "Reasons")) == sorted([source, reason, f"{rows:,}"] for source, reason, rows in reasons)


@pytest.mark.xdist_group("record-requests")
def test_the_record_counts_its_published_numbers_and_shows_each(reading, site: Site):
    numbers = site.ask("record", "select agency_id, value from published_counts where measure = 'requests'")
    page = reading("requests", "record")
    agencies = len({agency_id for agency_id, _ in numbers})
    assert f"We found {len(numbers)} numbers from {agencies} agencies" in page.locator("h1").inner_text()
    told = [row[1] for row in cells(page, "Published numbers of requests") if not row[0].startswith("Whole country")]
    shown = sorted(int(re.search(r"[\d,]+ request", cell).group()[:-8].replace(",", "")) for cell in told)
    assert shown == sorted(value for _, value in numbers)
