"""What a run needs to know. Read once at the command line, passed down; tests build their own."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

Edition = Literal["record", "demo"]
EngineName = Literal["duckdb", "spark"]
ENGINES: tuple[EngineName, ...] = ("duckdb", "spark")
EDITIONS: tuple[Edition, ...] = ("record", "demo")
HOUSE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """One run of one edition. Nothing here can switch the protection of residents off."""

    edition: Edition = "record"
    data: Path = HOUSE / "data"
    incoming: tuple[Path, ...] = ()
    curated: Path | None = None
    reference: Path = HOUSE / "data" / "reference"
    today: date = field(default_factory=date.today)
    engine: EngineName = "duckdb"
    spark_master: str | None = None
    spark_files: str | None = None
    memory_limit: str = "1GB"
    threads: int = 2
    spill_to: Path | None = None

    @property
    def private(self) -> Path:
        """Folder of this edition's private rows; only `etl/` opens it."""
        return self.data / "private" / self.edition

    @property
    def spill(self) -> Path:
        """Folder for what does not fit into memory while a run works; it is private, and empty between runs."""
        return self.spill_to or self.private

    @property
    def public(self) -> Path:
        """Folder of this edition's releases; all that the dashboard opens."""
        return self.data / "public" / self.edition

    @property
    def releases(self) -> Path:
        """Folder that holds one immutable folder per release."""
        return self.public / "releases"

    @property
    def pointer(self) -> Path:
        """The file that names the current release."""
        return self.public / "current.json"
