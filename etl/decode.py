"""Makes a text file readable as UTF-8 with one kind of line end. Bytes that fit no encoding are an error."""

import codecs
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from etl.errors import SourceError

CHUNK = 1 << 20
WIDE_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
REFUSED_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)


@dataclass(frozen=True)
class Decoded:
    """A file as UTF-8 text. `path` is the original where its bytes could be used as they are."""

    path: Path
    encoding: str


def decode(path: Path, label: str, folder: Path) -> Decoded:
    """Return the file as UTF-8; write a copy into `folder` where the bytes or the line ends must change.

    UTF-8 with or without a mark, UTF-16 with a mark, and Windows-1252 only where the bytes are not UTF-8.
    Raises SourceError for an empty file and for bytes that are none of these.
    """
    with path.open("rb") as file:
        start = file.read(4)
    if not start:
        raise SourceError(f"{label}: the file is empty, not even a header. Nothing was loaded.")
    if start.startswith(REFUSED_MARKS):
        raise SourceError(f"{label}: the file is UTF-32. Save it as UTF-8. Nothing was loaded.")
    encoding = next((name for mark, name in WIDE_MARKS.items() if start.startswith(mark)), None)
    if encoding is None:
        encoding = "utf-8-sig" if start.startswith(codecs.BOM_UTF8) else "utf-8"
        try:
            mixed = _walk(path, label, encoding)
        except UnicodeDecodeError as error:
            if encoding == "utf-8-sig":
                raise SourceError(
                    f"{label}: marked as UTF-8, but holds bytes that are not. Nothing was loaded."
                ) from error
            encoding = "cp1252"
        else:
            if not mixed:
                return Decoded(path, encoding)
    copy = folder / f"{len(list(folder.iterdir()))}.txt"
    try:
        _walk(path, label, encoding, copy)
    except UnicodeError as error:
        raise SourceError(
            f"{label}: holds bytes that are neither UTF-8, UTF-16 with its mark, nor Windows-1252. Nothing was loaded."
        ) from error
    return Decoded(copy, encoding)


def _walk(path: Path, label: str, encoding: str, copy: Path | None = None) -> bool:
    """Decode the whole file piece by piece; True where its line ends are of several kinds.

    A copy gets line feeds only: DuckDB's reader stops at a file that mixes them.
    """
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    ends = dict.fromkeys(("\r", "\n", "\r\n"), 0)
    held = ""
    out = copy.open("w", encoding="utf-8", newline="") if copy else None
    try:
        with path.open("rb") as file:
            while piece := file.read(CHUNK):
                text = held + decoder.decode(piece)
                # A carriage return at the end may be the first half of a line end.
                held, text = ("\r", text[:-1]) if text.endswith("\r") else ("", text)
                _look(label, text, ends, out)
        _look(label, held + decoder.decode(b"", final=True), ends, out)
    finally:
        if out:
            out.close()
    only_one_kind = ends["\r"] == 0 or ends["\n"] == 0 or ends["\r"] == ends["\r\n"] == ends["\n"]
    return not only_one_kind


def _look(label: str, text: str, ends: dict[str, int], out: TextIO | None) -> None:
    if "\x00" in text:
        raise SourceError(
            f"{label}: holds NUL characters; UTF-16 without its mark? Save it as UTF-8. Nothing was loaded."
        )
    if "\r" in text:
        for end in ends:
            ends[end] += text.count(end)
        if out:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
    else:
        ends["\n"] += text.count("\n")
    if out:
        out.write(text)
