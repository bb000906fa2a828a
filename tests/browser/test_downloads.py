"""Every file that a page offers opens, says what it is, and holds what the page shows."""

import csv
import hashlib
import io
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import offered
from tests.browser.reader import MINUS, open_page
from tests.browser.site import Site

NUMBER = re.compile(rf"{MINUS}?[\d,]+(\.\d+)?(\s?%)?")


@dataclass(frozen=True)
class File:
    """A downloaded CSV: the notes above it, its columns, its rows."""

    name: str
    notes: list[str]
    columns: list[str]
    rows: list[dict[str, str]]


def downloaded(page: Page, button: Locator) -> File:
    """Press a CSV button and read the file as a person's program would."""
    with page.expect_download() as waiting:
        button.click()
    text = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    lines = text.splitlines(keepends=True)
    notes = [line[2:].strip() for line in lines if line.startswith("# ")]
    reader = csv.DictReader(io.StringIO("".join(line for line in lines if not line.startswith("# "))))
    rows = list(reader)
    return File(waiting.value.suggested_filename, notes, list(reader.fieldnames or []), rows)


def fits(shown: str, row: dict[str, str]) -> bool:
    """Whether a number on the page is one of the row's values, as the page rounds it."""
    digits = shown.replace(",", "").replace("\u00a0", "").replace(MINUS, "-").strip()
    share, digits = digits.endswith("%"), digits.removesuffix("%").strip()
    decimals = len(digits.partition(".")[2])
    for value in row.values():
        try:
            number = float(value) * (100 if share else 1)
        except ValueError:
            if digits in value:
                return True
            continue
        if abs(number - float(digits)) <= 0.5 * 10**-decimals + 1e-9:
            return True
    return False


@pytest.mark.parametrize("edition", ["record", "demo"])
@pytest.mark.parametrize("subject", offered.PAGES, ids=lambda page: page.name)
def test_every_csv_says_what_it_is_and_holds_the_table(reading, site: Site, subject: offered.Page, edition: str):
    page = reading(subject.name, edition, view="picked" if subject.name in ("agency", "compare") else "")
    release_id = site.current(edition)
    boxes = page.locator("[class*='st-key-source-']")
    assert boxes.count()
    for box in boxes.all():
        file = downloaded(page, box.locator("[data-testid=stDownloadButton] button"))
        head = "\n".join(file.notes)
        assert release_id in head and release_id in file.name and file.name.endswith(".csv")
        assert f"Release: {release_id}" in head and "Licence: CC BY 4.0" in head
        assert f"Cite as: Porchlight, {subject.title}" in head and f"as_of={release_id}" in head
        assert file.columns and file.rows and not any(None in row for row in file.rows)
        simulated = edition == "demo"
        assert (file.notes[0].startswith("SIMULATED") and "SIMULATED" in file.name) is simulated
        assert simulated or "SIMULATED" not in head
        assert not [cell for row in file.rows for cell in row.values() if re.search("[●◐⊙○⊘]", cell)]
        table = box.get_by_role("button", name="Table", exact=True)
        if table.count():
            compare(page, table, file)


def compare(page: Page, button: Locator, file: File) -> None:
    """Open the table and hold it against the file: as many rows, and every number of a row in the file's row."""
    button.click()
    body = page.locator("[data-testid=stPopoverBody]:visible").last
    expect(body.locator("tbody tr, [data-testid=stDataFrame] [role=grid]").first).to_be_attached()
    if body.locator("[data-testid=stDataFrame]").count():
        grid = body.locator("[role=grid]").first
        assert int(grid.get_attribute("aria-rowcount")) - 1 == len(file.rows)
    else:
        shown = body.locator("table.pl-table").first.evaluate(
            "t => [...t.tBodies[0].rows].map(r => [...r.cells].map(c => c.innerText.trim()))"
        )
        assert len(shown) == len(file.rows)
        for cells, row in zip(shown, file.rows, strict=True):
            assert not [cell for cell in cells if NUMBER.fullmatch(cell) and not fits(cell, row)], (cells, row)
    page.keyboard.press("Escape")
    expect(page.locator("[data-testid=stPopoverBody]:visible")).to_have_count(0)


def test_the_definitions_of_a_file_are_those_of_its_columns(page: Page, site: Site):
    open_page(page, site.address, "participation", edition="demo")
    box = page.locator(".st-key-source-growth")
    file = downloaded(page, box.locator("[data-testid=stDownloadButton] button"))
    for column in ("joined", "active", "status"):
        assert [note for note in file.notes if note.startswith(f"{column}: ")], file.notes


def test_the_file_is_of_the_picked_view(page: Page, site: Site):
    open_page(page, site.address, "participation", edition="demo", state="OH")
    box = page.locator(".st-key-source-agencies")
    file = downloaded(page, box.locator("[data-testid=stDownloadButton] button"))
    wanted = site.ask(
        "demo",
        "select agency_id from partnerships join agencies using (agency_id) "
        "where state = 'OH' and program_id = 'ring-neighbors'",
    )
    assert {row["agency_id"] for row in file.rows} == {agency_id for (agency_id,) in wanted}
    assert "state=OH" in "\n".join(file.notes)


def test_every_file_of_the_release_arrives_as_it_was_published(page: Page, site: Site):
    open_page(page, site.address, "data_and_methods", edition="demo", section="files")
    folder = site.world.data / "public" / "demo" / "releases" / site.current("demo")
    buttons = page.locator("[data-testid=stMain] [data-testid=stDownloadButton] button")
    published = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in folder.iterdir() if path.is_file()}
    taken = set()
    for button in buttons.all():
        with page.expect_download() as waiting:
            button.click()
        name = waiting.value.suggested_filename
        path = published[hashlib.sha256(Path(waiting.value.path()).read_bytes()).hexdigest()]
        assert "SIMULATED" in name and site.current("demo") in name and name.endswith(path.suffix)
        taken.add(path.name)
        # No person is quicker; of more than ten downloads at a robot's pace the browser lets one fall.
        page.wait_for_timeout(300)
    tables = {path.name for path in folder.iterdir() if path.suffix in (".csv", ".parquet", ".duckdb")}
    assert tables <= taken
