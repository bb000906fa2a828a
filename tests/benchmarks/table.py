"""The table of `make bench`: measure, floor or peer against ours, ratio, goal, met or not."""

from dataclasses import dataclass
from typing import Any

HEAD = "| measure | floor or peer : ours, processor seconds (by the clock) | ratio | goal | |\n|---|---|---|---|---|"


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    measure: str
    against: str
    ratio: str
    goal: str
    is_met: bool | None

    def __str__(self) -> str:
        met = {True: "met", False: "NOT met", None: ""}[self.is_met]
        return f"| {self.measure} | {self.against} | {self.ratio} | {self.goal} | {met} |"


def told(floor: dict[str, Any], ours: dict[str, Any]) -> str:
    """Processor seconds of both, and in brackets the seconds by the clock."""
    return f"{floor['cpu']:.1f} s ({floor['seconds']:.0f}) : {ours['cpu']:.1f} s ({ours['seconds']:.0f})"
