"""Numbers read off the pages of the demo edition, against SQL of our own straight on the release."""

import re

import pytest
from playwright.sync_api import Page
from statsmodels.stats.proportion import proportion_confint

from tests.browser.reader import open_page, words
from tests.browser.site import Site

NAMED = "select count(distinct agency_id) from partnerships where program_id = 'ring-neighbors'"
BLOCKS_BY_REGIME = """
    select regime_id, sum(asked), sum(shared_low), sum(shared_high), sum(consent_blocks.requests)
    from consent_blocks join regimes using (regime_id)
    group by regime_id, starts_on order by starts_on desc
"""
REQUESTS_BY_REGIME = """
    select regime_id, sum(requests), count(distinct agency_id), min(month_start), max(month_start)
    from request_counts join regimes using (regime_id)
    where requests > 0
    group by regime_id, starts_on order by starts_on desc
"""
CALLED = {
    "community-requests": "Community Requests",
    "request-for-assistance": "public posts",
    "email-video-requests": "e-mail requests",
}


def numbers_in(text: str) -> list[float]:
    """Every number in a text, in order."""
    return [float(found.replace(",", "")) for found in re.findall(r"\d[\d,]*(?:\.\d+)?", text)]


@pytest.mark.parametrize(
    "edition", [pytest.param(name, marks=pytest.mark.xdist_group(f"{name}-overview")) for name in ("record", "demo")]
)
def test_overview_names_as_many_agencies_as_the_release_holds(reading, site: Site, edition: str):
    [(named,)] = site.ask(edition, NAMED)
    assert f"We can name {named:,} agencies" in reading("overview", edition).locator("h1").inner_text()


@pytest.mark.xdist_group("demo-overview")
def test_overview_gives_the_newest_regimes_share_from_whole_blocks(reading, site: Site):
    page = reading("overview", "demo")
    _, asked, low, high, covered = site.ask("demo", BLOCKS_BY_REGIME)[0]
    _, requests, *_ = site.ask("demo", REQUESTS_BY_REGIME)[0]
    # The interval is wider than the range of the blocks: the title says no more than a fraction.
    assert 0.19 < low / asked <= high / asked < 0.21
    assert page.locator("h1").inner_text().endswith("About one in five residents asked shared a video.")
    assert f"{asked:,} residents asked" in page.locator(".pl-dek").inner_text()
    assert f"{round(100 * covered / requests)}% of requests are covered" in page.locator(".pl-dek").inner_text()


@pytest.mark.xdist_group("demo-consent")
def test_consent_names_n_rate_and_an_interval_that_is_no_narrower_than_chance_alone(reading, site: Site):
    page = reading("consent", "demo")
    _, asked, low, high, covered = site.ask("demo", BLOCKS_BY_REGIME)[0]
    _, requests, *_ = site.ask("demo", REQUESTS_BY_REGIME)[0]
    dek = page.locator(".pl-dek").first.inner_text()
    assert f"of {asked:,} residents asked" in dek
    told = numbers_in(dek.split(" of ")[0])
    assert told == sorted({round(100 * low / asked, 1), round(100 * high / asked, 1)})
    [interval] = re.findall(r"95% interval ([\d.]+) to ([\d.]+)", dek)
    lower, upper = (float(limit) / 100 for limit in interval)
    assert lower <= proportion_confint(low, asked, method="wilson")[0] + 0.0005
    assert upper >= proportion_confint(high, asked, method="wilson")[1] - 0.0005
    assert f"{covered:,} of {requests:,} requests" in words(page)


def test_consent_of_one_state_is_the_sum_of_its_own_blocks(page: Page, site: Site):
    [(state, asked, requests)] = site.ask(
        "demo",
        """
        select state, sum(asked), sum(requests)
        from consent_blocks join agencies using (agency_id)
        where regime_id = 'community-requests' group by state order by 2 desc limit 1
        """,
    )
    open_page(page, site.address, "consent", edition="demo", state=state)
    assert f"of {asked:,} residents asked" in page.locator(".pl-dek").first.inner_text()
    assert f"{requests:,} of " in words(page)


@pytest.mark.xdist_group("demo-requests")
def test_requests_are_counted_by_regime_and_never_added(reading, site: Site):
    page = reading("requests", "demo")
    newest, *earlier = site.ask("demo", REQUESTS_BY_REGIME)
    shown = words(page)
    regime, requests, agencies, first, last = newest
    period = f"{first:%B %Y} to {last:%B %Y}"
    assert f"Agencies logged {requests:,} {CALLED[regime]}, {period}" in page.locator("h1").inner_text()
    assert f"The logs of {agencies:,} agencies" in shown
    for regime, requests, *_ in earlier:
        if regime in CALLED:
            assert f"{requests:,} {CALLED[regime]}" in shown
    total = sum(row[1] for row in (newest, *earlier))
    assert f"{total:,}" not in shown


def test_requests_of_one_category_are_its_own(page: Page, site: Site):
    [(category, regime, requests)] = site.ask(
        "demo",
        """
        select incident_category, regime_id, sum(requests) from request_counts
        where regime_id = 'community-requests' and incident_category not in ('other', 'unknown')
        group by all order by 3 desc limit 1
        """,
    )
    open_page(page, site.address, "requests", edition="demo", category=category)
    assert f"{requests:,} {CALLED[regime]}" in page.locator("h1").inner_text()


@pytest.mark.xdist_group("demo-overview")
def test_every_table_on_the_overview_agrees_with_the_release(reading, site: Site):
    page = reading("overview", "demo")
    rows = page.locator("table.pl-table", has=page.locator("caption")).first.locator("tbody tr").all()
    by_name = {
        name: (agencies, population)
        for name, agencies, population in site.ask(
            "demo",
            """
            select states.name, count(distinct agency_id), any_value(states.population_2020)
            from partnerships join agencies using (agency_id) join states using (state)
            where program_id = 'ring-neighbors' group by states.name
            """,
        )
    }
    assert len(rows) == 10
    for row in rows:
        name, agencies, rate, *_ = (cell.strip() for cell in row.locator("th, td").all_inner_texts())
        counted, population = by_name[name]
        assert (agencies, rate) == (f"{counted:,}", f"{1e5 * counted / population:,.2f}")
