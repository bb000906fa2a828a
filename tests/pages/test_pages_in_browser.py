"""Every page of both editions in a real browser: a title, no complaint of the browser, no other host, SIMULATED."""

import re
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
PAGES = re.findall(r'st\.Page\("app_pages/(\w+)\.py"', (HOUSE / "dashboard" / "app.py").read_text(encoding="utf-8"))
pytestmark = pytest.mark.xdist_group("pages")


@pytest.mark.parametrize("edition", ["record", "demo"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_without_complaint_and_without_another_host(chromium, address, name, edition):
    page, complaints, foreign = chromium.new_page(), [], []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("request", lambda asked: foreign.append(asked.url) if not is_ours(asked.url, address) else None)
    path = "" if name == "overview" else name
    page.goto(f"{address}/{path}?edition={edition}")
    page.locator(".pl-footer").wait_for(timeout=90_000, state="attached")
    shown = page.locator("body").inner_text()
    title = page.locator("h1").first.inner_text()
    page.close()
    assert len(title.split()) > 4 and "Traceback" not in shown
    assert complaints == [] and foreign == []
    assert ("SIMULATED" in shown) == (edition == "demo")


def is_ours(url: str, address: str) -> bool:
    return url.startswith((address, address.replace("http", "ws"), "data:", "blob:"))
