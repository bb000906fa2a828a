"""The web server: Streamlit's own, with the manners of a public site. Run it by `python -m dashboard.serve`.

Every answer forbids the browser to talk to any other host. The page that starts Streamlit is rewritten in passing: it
gets the reader's language, it is told where the server is, which Streamlit otherwise finds out by failing once, and it
gets start.js.

What all readers share is made ready here, once, before the first of them comes: pages run in threads, and threads must
neither change Python's path under each other nor import the same library at the same moment.
"""

import atexit
import base64
import gc
import gzip
import hashlib
import importlib
import json
import sys
from pathlib import Path
from urllib.parse import parse_qs

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LANGUAGES = ("en", "es")
WHERE_THE_SERVER_IS = (
    "window.__streamlit={BACKEND_BASE_URL:location.origin+'/',HOST_CONFIG_BASE_URL:location.origin+'/',"
    "MAIN_PAGE_BASE_URL:location.origin+'/'};window.prerenderReady=false"
)
MANNERS_OF_THE_PAGE = "".join(
    Path(__file__).with_name(name).read_text(encoding="utf-8") for name in ("start.js", "picture.js")
)
# The library that draws charts is most of what a first visit loads: asked for at once, not when the first chart comes.
CHARTS = "".join(
    f'<link rel="modulepreload" href="./static/js/{path.name}">'
    for path in (Path(st.__file__).parent / "static" / "static" / "js").glob("PlotlyChart.*.js")
)
START_SCRIPT = (
    f"{WHERE_THE_SERVER_IS};window.__porchlight={{languages:{json.dumps(LANGUAGES)}}};\n{MANNERS_OF_THE_PAGE}"
)


def hash_of(script: str) -> str:
    """The name by which the content security policy allows one inline script and no other."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() + "'"


# Streamlit writes styles into the page, Plotly makes pictures (blob:) for download.
POLICY = "; ".join(
    (
        "default-src 'none'",
        f"script-src 'self' {hash_of(START_SCRIPT)}",
        "style-src 'self' 'unsafe-inline'",
        "font-src 'self' data:",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "media-src 'self'",
        "worker-src 'self' blob:",
        "frame-src 'none'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    )
)
# Any site may show a chart of ours in a frame (`?embed=true`): there is no account, and nothing to be tricked into. A
# whole page stays out of frames, so that nobody passes it off as theirs.
ANYBODYS_FRAME, OUR_FRAME = "; frame-ancestors *", "; frame-ancestors 'self'"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class Manners:
    """ASGI middleware: our headers on every answer, and the start page in the reader's language."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; hold back an HTML answer until it is whole, then rewrite it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # What the tag of Streamlit's file says does not hold for the page that is made of it.
        if wants_page(scope):
            scope["headers"] = [(name, value) for name, value in scope["headers"] if name != b"if-none-match"]
        start: Message | None = None
        body = b""

        async def answer(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers["Content-Security-Policy"] += ANYBODYS_FRAME if is_embedded(scope) else OUR_FRAME
                if headers.get("content-type", "").startswith("text/html"):
                    start = message
                    return
            elif start is not None and message["type"] == "http.response.body":
                body += message.get("body", b"")
                if message.get("more_body"):
                    return
                headers = MutableHeaders(scope=start)
                if headers.get("content-encoding") == "gzip":
                    body = gzip.decompress(body)
                    del headers["content-encoding"]
                page = rewritten(body.decode("utf-8"), language_of(scope)).encode("utf-8")
                headers["content-length"] = str(len(page))
                await send(start)
                await send({"type": "http.response.body", "body": page})
                return
            await send(message)

        await self.app(scope, receive, answer)


def wants_page(scope: Scope) -> bool:
    """Whether the browser asks for a page and not for a file of it."""
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])


def language_of(scope: Scope) -> str:
    """The language that the address asks for; English otherwise."""
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("lang", ["en"])[0]
    return asked if asked in LANGUAGES else "en"


def is_embedded(scope: Scope) -> bool:
    """Whether the address is one to be shown inside another page, as Streamlit reads it."""
    return parse_qs(scope.get("query_string", b"").decode("latin-1")).get("embed", [""])[0].lower() == "true"


def rewritten(page: str, language: str) -> str:
    """Streamlit's start page with the reader's language, our title, and without a font that we do not use."""
    before, begins, rest = page.partition("<script>")
    _, ends, after = rest.partition("</script>")
    if not ends or "prerenderReady" not in rest:
        return page
    head, tag, tail = before.partition('<link\n      rel="preload"')
    if tag:
        before = head + tail.partition("/>")[2]
    page = before + begins + START_SCRIPT + ends + after.replace("</head>", f"{CHARTS}</head>", 1)
    return page.replace('<html lang="en">', f'<html lang="{language}">', 1).replace(
        "<title>Streamlit</title>", "<title>Porchlight</title>", 1
    )


FOLDER = Path(__file__).resolve().parent
# Streamlit puts this folder first on the path, where our `statistics` would hide Python's own.
sys.path[:] = [entry for entry in sys.path if not entry or Path(entry).resolve() != FOLDER]
for package in ("components", "sections", "findings", "charts", "public_data", "statistics"):
    for module in sorted((FOLDER / package).rglob("*.py")):
        importlib.import_module(".".join(("dashboard", *module.relative_to(FOLDER).with_suffix("").parts)))
# After every run Streamlit searches all of Python's memory for garbage; what is loaded by now is none until the end.
gc.freeze()
atexit.register(gc.unfreeze)

app = st.App(FOLDER / "app.py", middleware=[Middleware(Manners)])
