"""Nothing leaves the reader's browser for another host; and the watch over that is awake."""

from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page

from tests.browser.reader import Watch, open_page
from tests.browser.site import Site

ELSEWHERE = "https://fonts.example.org/elsewhere.woff2"


@pytest.mark.parametrize("path", ["/", "/participation?edition=demo", "/_stcore/health", "/no-such-page"])
def test_every_answer_forbids_other_hosts(site: Site, path: str):
    with urlopen(Request(site.address + path, headers={"Accept": "text/html"}), timeout=30) as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "connect-src 'self'" in policy
    assert "://" not in policy and "*" not in policy and "unsafe-eval" not in policy


@pytest.mark.parametrize(
    "attempt",
    [
        f"() => fetch('{ELSEWHERE}').catch(() => null)",
        f"() => new FontFace('Other', 'url({ELSEWHERE})').load().catch(() => null)",
        f"() => new Promise(no => {{ const i = new Image(); i.onerror = () => no(0); i.src = '{ELSEWHERE}' }})",
    ],
    ids=["fetch", "font", "picture"],
)
def test_the_policy_stops_a_page_that_tries_and_the_watch_tells(page: Page, site: Site, attempt: str):
    watch = Watch().over(page)
    open_page(page, site.address, "")
    assert not watch.complaints and not watch.foreign
    page.evaluate(attempt)
    page.wait_for_timeout(100)
    assert watch.complaints or watch.foreign


def test_our_own_letters_are_loaded(page: Page, site: Site):
    open_page(page, site.address, "")
    loaded = page.evaluate("() => [...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)")
    assert {"Porchlight Sans", "Porchlight Serif"} <= {family.strip("'\"") for family in loaded}
