"""Places on the map of the United States: the composite Albers projection in ordinary coordinates, and the outlines.

Plotly's own geographic axes fetch their shapes from another host and stay blank offline. Here a place becomes x and y
on a sheet of 975 x 610 with y upwards, so that maps are ordinary scatter charts. Give both axes the same scale
(`scaleanchor`), else the states are squeezed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

WIDTH, HEIGHT = 975, 610
OUTLINES = Path(__file__).resolve().parents[1] / "static" / "geo" / "states.json"

FloatArray = npt.NDArray[np.float64]
Line = tuple[float | None, ...]

# d3.geoAlbersUsa().scale(1300).translate([487.5, 305]), the projection of the boundary files in data/reference.
_SCALE, _CENTRE_X, _CENTRE_Y = 1300.0, 487.5, 305.0


@dataclass(frozen=True)
class _Inset:
    """One of the three maps on the sheet: degrees, then where it lies and ends in units of the scale (y downwards)."""

    parallels: tuple[float, float]
    meridian: float
    centre: tuple[float, float]  # degrees east of the meridian, degrees north
    scale: float
    at: tuple[float, float]
    left_top: tuple[float, float]
    right_bottom: tuple[float, float]


# The order matters: where the edges of two would both take a place, the first does.
_INSETS = (
    _Inset((29.5, 45.5), -96.0, (-0.6, 38.7), 1.0, (0.0, 0.0), (-0.455, -0.238), (0.455, 0.238)),
    _Inset((55.0, 65.0), -154.0, (-2.0, 58.5), 0.35, (-0.307, 0.201), (-0.425, 0.120), (-0.214, 0.234)),
    _Inset((8.0, 18.0), -157.0, (-3.0, 19.9), 1.0, (-0.205, 0.212), (-0.214, 0.166), (-0.115, 0.234)),
)


def project(longitude: Any, latitude: Any) -> tuple[FloatArray, FloatArray]:
    """Return x (0 to 975) and y (0 to 610, upwards) of places given in degrees; nan for places off the three maps.

    Alaska (at 0.35 of the scale) and Hawaii lie in the lower left corner. Puerto Rico and the other islands have no
    place. Parts of Canada, Mexico and the sea do: the edges are those of the maps, not of the country.
    Source: Albers 1805; Snyder 1987, Map Projections: A Working Manual, USGS Professional Paper 1395, chapter 14
    (sphere); insets as in d3-geo, geoAlbersUsa.
    """
    east, north = np.broadcast_arrays(np.asarray(longitude, dtype=float), np.asarray(latitude, dtype=float))
    x, y = np.full(east.shape, np.nan), np.full(east.shape, np.nan)
    for inset in _INSETS:
        across, down = _albers(inset, east, north)
        left, top = inset.left_top
        right, bottom = inset.right_bottom
        free = np.isnan(x) & (left <= across) & (across <= right) & (top <= down) & (down <= bottom)
        x = np.where(free, _CENTRE_X + _SCALE * across, x)
        y = np.where(free, HEIGHT - (_CENTRE_Y + _SCALE * down), y)
    return x, y


def state_outlines(state: str | None = None) -> tuple[Line, Line]:
    """Return x and y of all states, or of one by its code, as closed rings with None between them.

    Same coordinates as `project`. Drawn with `mode="lines"`, or with `fill="toself"` as areas.
    Raises KeyError for a code that is not one of the 50 states or DC.
    """
    rings = _rings()
    if state is not None:
        return rings[state]
    return _joined()


def state_codes() -> tuple[str, ...]:
    """Return the codes that have an outline, in alphabetical order."""
    return tuple(_rings())


@cache
def _rings() -> dict[str, tuple[Line, Line]]:
    states = json.loads(OUTLINES.read_text(encoding="utf-8"))["states"]
    return {code: (tuple(ring["x"]), tuple(ring["y"])) for code, ring in states.items()}


@cache
def _joined() -> tuple[Line, Line]:
    x: list[float | None] = []
    y: list[float | None] = []
    for ring_x, ring_y in _rings().values():
        x += [*ring_x, None]
        y += [*ring_y, None]
    return tuple(x[:-1]), tuple(y[:-1])


def _albers(inset: _Inset, longitude: FloatArray, latitude: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Conic equal-area on a sphere, in units of the scale, y downwards, from the middle of the sheet."""
    first, second = np.sin(np.radians(inset.parallels))
    cone = (first + second) / 2
    constant = 1 + first * (2 * cone - first)
    apex = np.sqrt(constant) / cone

    def plane(degrees_east: Any, degrees_north: Any) -> tuple[Any, Any]:
        radius = np.sqrt(constant - 2 * cone * np.sin(np.radians(degrees_north))) / cone
        angle = np.radians(degrees_east) * cone
        return radius * np.sin(angle), apex - radius * np.cos(angle)

    # The western Aleutians lie beyond 180 degrees: their longitude is positive and must count as further west.
    around = (longitude - inset.meridian + 180) % 360 - 180
    x, y = plane(around, latitude)
    middle_x, middle_y = plane(*inset.centre)
    return inset.at[0] + inset.scale * (x - middle_x), inset.at[1] - inset.scale * (y - middle_y)
