"""Downloads the public EFF Atlas of Surveillance into an incoming folder, with a note of where it came from and when.

What was there before stays until the whole new file has arrived and is seen to be the Atlas.
"""

import csv
import hashlib
import http.client
import io
import json
import os
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from etl.errors import FetchError

ATLAS = "https://atlasofsurveillance.org/download.csv"
LARGEST = 100_000_000
PIECE = 65_536
# In every layout of the Atlas so far.
NEEDED = frozenset({"AOSNUMBER", "City", "County", "State", "Agency", "Technology", "Summary", "Link 1 Date"})

Progress = Callable[[int, int | None], None]


def fetch_atlas(
    url: str, folder: Path, *, timeout: float = 60, progress: bool | Progress = False, largest: int = LARGEST
) -> Path:
    """Download the Atlas to <folder>/eff_atlas_of_surveillance_<today>.csv and return that path.

    Next to it stands <name>.csv.json with url, fetched_at (UTC), sha256 and bytes. `timeout` is in seconds without any
    answer. `progress` is called with the bytes so far and in all (None where the server does not say); True draws a
    line on the terminal.
    Raises FetchError; then nothing in the folder has changed.
    """
    if not url.startswith(("https://", "http://")):
        raise FetchError("The address must begin with https:// or http://.")
    folder.mkdir(parents=True, exist_ok=True)
    fetched_at = datetime.now(UTC)
    target = folder / f"eff_atlas_of_surveillance_{fetched_at.date().isoformat()}.csv"
    handle, name = tempfile.mkstemp(dir=folder, prefix=".fetching-")
    partial = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            digest, size = _download(url, file, timeout, largest, _draw if progress is True else progress or None)
            file.flush()
            os.fsync(file.fileno())
        _is_the_atlas(partial, url)
        note = {
            "url": url,
            "fetched_at": fetched_at.isoformat(timespec="seconds"),
            "sha256": digest,
            "bytes": size,
        }
        _write_whole(target.with_name(f"{target.name}.json"), json.dumps(note, indent=2) + "\n")
        partial.chmod(0o644)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return target


def _download(url: str, file: IO[bytes], timeout: float, largest: int, progress: Progress | None) -> tuple[str, int]:
    """Copy the answer into the file; its SHA-256 and number of bytes."""
    request = urllib.request.Request(url, headers={"User-Agent": "porchlight", "Accept": "text/csv, */*;q=0.5"})
    digest, size = hashlib.sha256(), 0
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            told = answer.headers.get("Content-Length", "")
            total = int(told) if told.isdigit() else None
            while piece := answer.read(PIECE):
                size += len(piece)
                if size > largest:
                    raise FetchError(f"{url}: more than {largest} bytes; stopped. Nothing was kept.")
                digest.update(piece)
                file.write(piece)
                if progress:
                    progress(size, total)
    except urllib.error.HTTPError as error:
        raise FetchError(f"{url}: the server answered {error.code}. Nothing was kept.") from error
    except TimeoutError as error:
        raise FetchError(f"{url}: no answer within {timeout:g} seconds. Nothing was kept.") from error
    except urllib.error.URLError as error:
        reason = "no answer in time" if isinstance(error.reason, TimeoutError) else "is this machine online?"
        raise FetchError(f"{url}: cannot be reached ({reason}). Nothing was kept.") from error
    except (http.client.HTTPException, OSError) as error:
        raise FetchError(f"{url}: the download broke off. Nothing was kept.") from error
    if total is not None and size != total:
        raise FetchError(f"{url}: {size} of {total} bytes arrived. Nothing was kept.")
    return digest.hexdigest(), size


def _is_the_atlas(path: Path, url: str) -> None:
    """Raise FetchError unless the file is text whose header names the Atlas's columns and which has whole rows."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise FetchError(f"{url}: the answer is not UTF-8 text. Nothing was kept.") from error
    rows = csv.reader(io.StringIO(text, newline=""))
    header = {cell.strip() for cell in next(rows, [])}
    missing = sorted(NEEDED - header)
    if missing:
        raise FetchError(
            f"{url}: the answer is not the Atlas; missing columns: {', '.join(missing)}. Nothing was kept."
        )
    if next(rows, None) is None:
        raise FetchError(f"{url}: the answer has a header and no rows. Nothing was kept.")


def _draw(size: int, total: int | None) -> None:
    """One line on the terminal, rewritten as the bytes arrive."""
    if sys.stderr.isatty():
        of = f" of {total / 1e6:.1f}" if total else ""
        print(f"\r{size / 1e6:.1f}{of} MB", end="\n" if size == total else "", file=sys.stderr, flush=True)


def _write_whole(path: Path, text: str) -> None:
    """Write the text so that a reader sees the old file or the whole new one."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".fetching-")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    Path(name).chmod(0o644)
    Path(name).replace(path)
