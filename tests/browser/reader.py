"""A reader's browser: opens addresses, waits until a page stands still, and notes whatever should not happen."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request, Response, expect

from tests.browser.site import PATIENCE

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-sync",
    "--disable-component-update",
    # What a page asks of another host is noted by Watch; it must not leave this machine even so.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
# The same patience as a browser counts it, in ms.
PATIENCE_MS = 1000 * PATIENCE
# What a page writes before a negative number.
MINUS = "\N{MINUS SIGN}"
expect.set_options(timeout=PATIENCE_MS)
PROBE = (Path(__file__).with_name("probe.js")).read_text(encoding="utf-8")
STANDS_STILL = """() => {
    if (document.querySelector('[data-testid=stException]')) return true;
    const app = document.querySelector('[data-testid=stApp]');
    const drawn = plot => {
        const svg = plot.querySelector('.main-svg');
        return svg && Math.abs(svg.width.baseVal.value - plot.clientWidth) < 3;
    };
    const plots = [...document.querySelectorAll('[data-testid=stPlotlyChart]')];
    return app?.dataset.testScriptState === 'notRunning' && app.dataset.testConnectionState === 'CONNECTED'
        && document.querySelector('h1') && plots.every(drawn)
        && !document.querySelector('[class*="st-key-chart-"]:not(:has([data-testid=stPlotlyChart]))')
        && !document.querySelector('[data-testid=stMain] [data-testid=stSkeleton], [data-testid=stAppSkeleton]')
        && !document.querySelector('[data-stale=true]') && document.fonts.status === 'loaded';
}"""


@dataclass
class Watch:
    """What a page did while it was open, and should not have done."""

    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def over(self, page: Page) -> "Watch":
        """Watch this page from now on."""
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))
        # Below the page: what the browser itself says that it asks for, in frames, workers and sockets too.
        network = page.context.new_cdp_session(page)
        network.on("Network.requestWillBeSent", lambda sent: self._went_to(sent["request"]["url"]))
        network.on("Network.webSocketCreated", lambda socket: self._went_to(socket["url"]))
        network.on("Network.webTransportCreated", lambda transport: self._went_to(transport["url"]))
        network.send("Network.enable")
        page.context.on("request", lambda asked: self._went_to(asked.url))
        page.on("response", self._answered)
        page.on("requestfailed", self._failed)
        return self

    def forget(self) -> None:
        """Start anew."""
        for noted in (self.complaints, self.foreign, self.failed):
            noted.clear()

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") or "content security policy" in message.text.lower():
            self.complaints.append(f"{message.type}: {message.text}")

    def _went_to(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob", "about") and parts.hostname != "127.0.0.1":
            self.foreign.append(url)

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.failed.append(f"{response.status} {response.url}")

    def _failed(self, request: Request) -> None:
        # A browser calls a request aborted when the reader goes on, or when the answer becomes a download.
        if request.failure != "net::ERR_ABORTED":
            self.failed.append(f"{request.failure} {request.url}")


def address(base: str, path: str, **query: str) -> str:
    """The address of a page; empty parameters are not written."""
    written = urlencode({name: value for name, value in query.items() if value})
    return f"{base}/{path}" + (f"?{written}" if written else "")


def open_page(page: Page, base: str, path: str, **query: str) -> None:
    """Open an address and wait until it stands still."""
    page.goto(address(base, path, **query))
    still(page)


def still(page: Page) -> None:
    """Wait until the script has run, every chart is drawn, and nothing is left of the view before; or has failed."""
    page.wait_for_function(STANDS_STILL, timeout=PATIENCE_MS, polling=50)


def seen(page: Page) -> dict:
    """What a reader meets on the page, as probe.js gathers it."""
    return page.evaluate(PROBE)


def words(page: Page) -> str:
    """All visible words of the page in one line."""
    return " ".join(page.locator("[data-testid=stMain]").inner_text().split())


def cells(page: Page, caption: str) -> list[list[str]]:
    """Cells of the visible table with this caption, row by row, without its head; each as one line."""
    rows = page.locator("table.pl-table", has=page.locator("caption", has_text=caption)).locator("tbody tr")
    read = "rows => rows.map(row => [...row.cells].map(cell => cell.innerText.replace(/\\s+/g, ' ').trim()))"
    return rows.evaluate_all(read)
