"""Makes the outlines that maps draw: `python -m dashboard.geometry`. Run by hand when the boundaries change.

Reads data/reference/boundaries/states-albers-10m.json (Albers coordinates on a sheet of 975 x 610, y downwards, see the
README there) and writes dashboard/static/geo/states.json: per state closed rings in ordinary x and y, y upwards, null
between rings. No page imports this module; pages read the file through `dashboard.charts.albers`.
"""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from dashboard.charts.albers import HEIGHT, OUTLINES, WIDTH

REFERENCE = Path(__file__).resolve().parents[1] / "data" / "reference"

# On a sheet of 975 x 610. Triangles smaller than the square of this are straightened, the same way on both sides of a
# border, so that neighbours still meet. Under 60 kB; finer is not seen on a page 1,136 px wide.
TOLERANCE = 1.0
# Islands smaller than this (square units) are specks of a few pixels. A state keeps its largest part in any case.
SMALLEST_ISLAND = 4.0


def state_rings(boundaries: Path, states: Path) -> dict[str, dict[str, list[float | None]]]:
    """Return the rings of each state by its code, in alphabetical order: {"AK": {"x": [...], "y": [...]}, ...}."""
    shapes = gpd.read_file(boundaries, layer="states").set_index("id").geometry
    codes = pd.read_csv(states, dtype=str, keep_default_na=False).set_index("fips")["state"]
    simple = shapes.simplify_coverage(TOLERANCE)
    rings = {codes[fips]: _rings(shape) for fips, shape in simple.items() if fips in codes}
    return dict(sorted(rings.items()))


def _rings(shape: shapely.Geometry) -> dict[str, list[float | None]]:
    parts = sorted(shapely.get_parts(shape), key=lambda part: part.area, reverse=True)
    x: list[float | None] = []
    y: list[float | None] = []
    for part in [parts[0], *(part for part in parts[1:] if part.area >= SMALLEST_ISLAND)]:
        if x:
            x.append(None)
            y.append(None)
        across, down = shapely.get_coordinates(part.exterior).T
        x.extend(across.round(1).tolist())
        y.extend((HEIGHT - down).round(1).tolist())
    return {"x": x, "y": y}


def main() -> None:
    """Write the outlines."""
    rings = state_rings(REFERENCE / "boundaries" / "states-albers-10m.json", REFERENCE / "states.csv")
    document = {"width": WIDTH, "height": HEIGHT, "source": "U.S. Census Bureau, 2017; us-atlas 3.0.1", "states": rings}
    OUTLINES.parent.mkdir(parents=True, exist_ok=True)
    OUTLINES.write_text(json.dumps(document, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{OUTLINES.name}: {len(rings)} states, {OUTLINES.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
