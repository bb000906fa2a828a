"""Places labels beside marks so that none covers another: the first side that is free, or no label at all.

A label left out is still in the hover and in the table.
"""

from collections.abc import Sequence
from dataclasses import dataclass

CHARACTER_PX = 6.9
LINE_PX = 18
GAP_PX = 9


@dataclass(frozen=True)
class Label:
    """Words wanted beside a mark; x and y in px from the left and from the bottom of the plot."""

    x: float
    y: float
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Placed:
    """A label and the side it stands on, as Plotly's anchors and shifts in px."""

    label: Label
    xanchor: str
    yanchor: str
    xshift: float
    yshift: float


@dataclass(frozen=True)
class Box:
    """A taken area in px."""

    left: float
    right: float
    bottom: float
    top: float

    def meets(self, other: "Box") -> bool:
        """Whether the two overlap."""
        return (
            self.left < other.right and other.left < self.right and self.bottom < other.top and other.bottom < self.top
        )


def around(x: float, y: float, reach: float = 6) -> Box:
    """The area of a mark."""
    return Box(x - reach, x + reach, y - reach, y + reach)


def place(labels: Sequence[Label], taken: Sequence[Box], width: float, height: float) -> list[Placed]:
    """Place the labels in order of importance; those that find no room are left out."""
    boxes = [*taken, *(around(label.x, label.y) for label in labels)]
    placed = []
    for label in labels:
        for candidate, box in _sides(label):
            inside = box.left >= 2 and box.right <= width - 2 and box.bottom >= 2 and box.top <= height - 2
            if inside and not any(box.meets(other) for other in boxes):
                placed.append(candidate)
                boxes.append(box)
                break
    return placed


def _sides(label: Label) -> list[tuple[Placed, Box]]:
    width = CHARACTER_PX * max(len(line) for line in label.lines) + 4
    height = LINE_PX * len(label.lines)
    x, y = label.x, label.y
    sides = []
    for xanchor, yanchor, gap in (
        ("right", "middle", GAP_PX),
        ("center", "bottom", GAP_PX),
        ("center", "top", GAP_PX),
        ("left", "middle", GAP_PX),
        ("right", "bottom", GAP_PX),
        ("right", "top", GAP_PX),
        ("left", "top", GAP_PX),
        ("left", "bottom", GAP_PX),
        # Further up, over a line that falls towards its end.
        ("right", "bottom", 3 * GAP_PX),
    ):
        xshift = {"right": -GAP_PX, "center": 0, "left": GAP_PX}[xanchor]
        yshift = {"bottom": gap, "middle": 0, "top": -gap}[yanchor]
        left = x + xshift - {"right": width, "center": width / 2, "left": 0}[xanchor]
        bottom = y + yshift - {"bottom": 0, "middle": height / 2, "top": height}[yanchor]
        sides.append(
            (Placed(label, xanchor, yanchor, xshift, yshift), Box(left, left + width, bottom, bottom + height))
        )
    return sides
