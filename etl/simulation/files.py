"""Writing: tidy CSV or Parquet, and CSV as offices really send it (other encodings, delimiters and line ends)."""

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq


class Sheet(Protocol):
    """Somewhere to write tables of the same columns, one after the other."""

    rows: int

    def write(self, table: pa.Table) -> None:
        """Append the rows."""

    def close(self) -> None:
        """Finish the file."""


@dataclass(frozen=True)
class Dialect:
    """How an office saves its sheet. `mark`: the bytes that some programs put first."""

    encoding: str = "utf-8"
    delimiter: str = ","
    line_end: str = "\n"
    mark: bytes = b""

    def encoded(self, text: str) -> bytes:
        """`text` with this dialect's line ends, in its encoding."""
        return text.replace("\n", self.line_end).encode(self.encoding)


TIDY = Dialect()


class CsvSheet:
    """A CSV file. Cells must hold no delimiter, quote or line break, except in lines given as text."""

    ROWS_AS_TEXT = 100_000

    def __init__(self, path: Path, columns: list[str], dialect: Dialect = TIDY) -> None:
        self.dialect = dialect
        self.rows = 0
        self.file = path.open("wb")
        self.file.write(dialect.mark + dialect.encoded(dialect.delimiter.join(columns) + "\n"))
        # Quoting "none" fails on a special character instead of writing a broken line.
        self.options = pacsv.WriteOptions(
            include_header=False, delimiter=dialect.delimiter, quoting_style="none", batch_size=16_384
        )

    def write(self, table: pa.Table) -> None:
        """Append the rows, some at a time: as text they take many times the memory."""
        for start in range(0, table.num_rows, self.ROWS_AS_TEXT):
            some = table.slice(start, self.ROWS_AS_TEXT)
            plain = pa.table({name: _plain(some[name]) for name in some.column_names})
            sink = pa.BufferOutputStream()
            pacsv.write_csv(plain, sink, self.options)
            content = sink.getvalue()
            if self.dialect.encoding == "utf-8" and self.dialect.line_end == "\n":
                self.file.write(content)
            else:
                self.file.write(self.dialect.encoded(content.to_pybytes().decode("utf-8")))
        self.rows += table.num_rows

    def write_text(self, text: str, rows: int) -> None:
        """Append lines as they are; `rows` is how many records a reader will count in them."""
        self.file.write(self.dialect.encoded(text))
        self.rows += rows

    def close(self) -> None:
        """Finish the file."""
        self.file.close()


class ParquetSheet:
    """A Parquet file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows = 0
        self.writer: Any = None

    def write(self, table: pa.Table) -> None:
        """Append the rows, as one row group."""
        if self.writer is None:
            # Without the Arrow schema a reader sees plain text, not dictionaries.
            self.writer = pq.ParquetWriter(self.path, table.schema, compression="snappy", store_schema=False)
        self.writer.write_table(table, row_group_size=max(table.num_rows, 1))
        self.rows += table.num_rows

    def close(self) -> None:
        """Finish the file."""
        if self.writer is not None:
            self.writer.close()


def _plain(column: Any) -> Any:
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column


class Desk:
    """Writes tables in a thread beside the one that draws them, in the order given, and closes all sheets at the end.

    Arrow writes without holding Python back, so both processors work. At most `WAITING` tables wait: memory is bounded.
    """

    WAITING = 2

    def __init__(self) -> None:
        self.sheets: list[Sheet] = []
        self.writer = ThreadPoolExecutor(max_workers=1)
        self.waiting: deque[Future[None]] = deque()

    def write(self, sheet: Sheet, table: pa.Table) -> None:
        """Hand a table over; an error of an earlier one is raised here or at the end."""
        while len(self.waiting) >= self.WAITING:
            self.waiting.popleft().result()
        self.waiting.append(self.writer.submit(sheet.write, table))

    def __enter__(self) -> "Desk":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            for written in self.waiting:
                written.result()
        finally:
            self.writer.shutdown()
            for sheet in self.sheets:
                sheet.close()
