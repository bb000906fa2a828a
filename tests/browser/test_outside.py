"""Nothing leaves the reader's browser for another host; and the watch over that is awake."""

from http.client import HTTPConnection
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Tab
from tests.browser.reader import open_page
from tests.browser.site import Site

ELSEWHERE = "https://fonts.example.org/elsewhere.woff2"
SOCKET = "wss://sockets.example.org/"
ATTEMPTS = {
    "fetch": f"() => fetch('{ELSEWHERE}').catch(() => null)",
    "font": f"() => new FontFace('Other', 'url({ELSEWHERE})').load().catch(() => null)",
    "picture": f"() => new Promise(no => {{ const i = new Image(); i.onerror = () => no(0); i.src = '{ELSEWHERE}' }})",
    "socket": f"() => {{ try {{ new WebSocket('{SOCKET}') }} catch {{ }} }}",
}


@pytest.mark.parametrize("path", ["/", "/participation?edition=demo", "/_stcore/health", "/no-such-page"])
def test_every_answer_forbids_other_hosts(site: Site, path: str):
    with urlopen(Request(site.address + path, headers={"Accept": "text/html"}), timeout=30) as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "connect-src 'self'" in policy
    assert "://" not in policy and "*" not in policy and "unsafe-eval" not in policy


@pytest.mark.parametrize(
    ("path", "status"),
    [
        *((path, 400) for path in ("//x", "//", "///etc/passwd", "/%00", "/%2e%2e/%2e%2e/etc/passwd", "/%5c%5cx")),
        *((path, 200) for path in ("/%ff", "/%ff%fe?lang=%ff", "/?lang=es&lang=%C3%28", "/%E2%82", "/?edition=%00")),
        ("/app/static/%ff", 404),
        ("/media/%ff", 404),
    ],
)
def test_an_odd_address_is_answered_plainly(site: Site, path: str, status: int):
    # A traceback in the log fails the suite when the site stops.
    connection = HTTPConnection(site.address.removeprefix("http://"), timeout=30)
    connection.putrequest("GET", path, skip_accept_encoding=True)
    for name, value in (("Accept", "text/html"), ("Accept-Encoding", "gzip")):
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    told = answer.read().decode("utf-8")
    assert answer.status == status and "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "Traceback" not in told and ("<title>Porchlight</title>" in told) == (status == 200)
    connection.close()


def test_the_policy_stops_a_page_that_tries_and_the_watch_tells(tab: Tab, site: Site):
    page, watch = tab.as_found(), tab.watch
    open_page(page, site.address, "")
    for attempt, tried in ATTEMPTS.items():
        assert not watch.complaints and not watch.foreign, attempt
        with page.expect_console_message(lambda said: "Content Security Policy" in said.text):
            page.evaluate(tried)
        assert watch.complaints, attempt
        watch.forget()


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_the_watch_sees_what_no_policy_stops(tab: Tab, attempt: str):
    # An empty page has no policy. The name is not found, so that nothing leaves this machine.
    page, watch = tab.as_found(), tab.watch
    with page.expect_console_message(lambda said: "ERR_NAME_NOT_RESOLVED" in said.text):
        page.evaluate(ATTEMPTS[attempt])
    assert watch.foreign == [SOCKET if attempt == "socket" else ELSEWHERE] * len(watch.foreign) != []


def test_our_own_letters_are_loaded(page: Page, site: Site):
    open_page(page, site.address, "")
    loaded = page.evaluate("() => [...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)")
    assert {"Porchlight Sans", "Porchlight Serif"} <= {family.strip("'\"") for family in loaded}
