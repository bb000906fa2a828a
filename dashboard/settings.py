"""What the dashboard is told when it starts: where the releases lie. Read once, passed down."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """Where the public side of the data lies. Nothing else is opened."""

    data: Path = HOUSE / "data"

    @property
    def public(self) -> Path:
        """Folder that holds one folder per edition."""
        return self.data / "public"


def from_arguments(arguments: Sequence[str]) -> Settings:
    """Read `--data DIR`; without it, the house's own `data/` is meant. Unknown arguments end the program."""
    parser = argparse.ArgumentParser(prog="dashboard")
    parser.add_argument("--data", type=Path, default=Settings.data)
    return Settings(parser.parse_args(arguments).data.resolve())
