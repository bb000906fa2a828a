"""Words and shapes of a picture, put on its figure in one go: Plotly copies all of them again with each one added."""

from dataclasses import dataclass, field
from typing import Any

import plotly.graph_objects as go


@dataclass
class Drawn:
    """What was drawn so far. `name` of a note is WIDE, NARROW or nothing, as for any annotation."""

    notes: list[dict[str, Any]] = field(default_factory=list)
    shapes: list[dict[str, Any]] = field(default_factory=list)

    def note(self, **annotation: Any) -> None:
        """Write words, as `Figure.add_annotation` does."""
        self.notes.append({key: value for key, value in annotation.items() if value is not None})

    def shape(self, **shape: Any) -> None:
        """Draw a shape, as `Figure.add_shape` does."""
        self.shapes.append(shape)

    def put_on(self, figure: go.Figure) -> None:
        """Add everything to what the figure holds already."""
        figure.update_layout(
            annotations=[*(note.to_plotly_json() for note in figure.layout.annotations), *self.notes],
            shapes=[*(shape.to_plotly_json() for shape in figure.layout.shapes), *self.shapes],
        )
