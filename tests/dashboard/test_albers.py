"""The projection against d3's published values and against the boundary file that d3 projected."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from dashboard import geometry
from dashboard.charts.albers import HEIGHT, OUTLINES, WIDTH, project, state_codes, state_outlines
from dashboard.charts.tile_grid import COLUMNS, ROWS, TILES

REFERENCE = Path(__file__).parents[2] / "data" / "reference"
ISLAND_AREAS = ["60", "66", "69", "72", "78"]


def boundaries(name):
    return gpd.read_file(REFERENCE / "boundaries" / f"states-{name}10m.json", layer="states").set_index("id").geometry


@pytest.fixture(scope="module")
def sheet():
    """States as projected by d3, y turned upwards."""
    return boundaries("albers-").affine_transform([1, 0, 0, -1, 0, HEIGHT])


@pytest.mark.parametrize(
    ("longitude", "latitude", "x", "y"),
    [
        # d3-geo, test/projection/albersUsa-test.js: scale 1070, translate [480, 250], to a tenth of a pixel.
        (-122.4194, 37.7749, 107.4, 214.1),  # San Francisco
        (-74.0059, 40.7128, 794.6, 176.5),  # New York
        (-95.9928, 36.1540, 488.8, 298.0),  # Tulsa
        (-149.9003, 61.2181, 171.2, 446.9),  # Anchorage
        (-157.8583, 21.3069, 298.5, 451.0),  # Honolulu
    ],
)
def test_places_lie_where_d3_puts_them(longitude, latitude, x, y):
    found_x, found_y = project(longitude, latitude)
    assert found_x == pytest.approx((x - 480) * 1300 / 1070 + 487.5, abs=0.07)
    assert HEIGHT - found_y == pytest.approx((y - 250) * 1300 / 1070 + 305, abs=0.07)


@pytest.fixture(scope="module")
def projected():
    """States from longitude and latitude, projected here."""
    shapes = boundaries("")
    return shapes[~shapes.index.isin(ISLAND_AREAS)].apply(
        lambda shape: shapely.transform(shape, lambda places: np.column_stack(project(*places.T)))
    )


def test_every_point_of_the_outline_that_d3_projected_lies_on_ours(sheet, projected):
    # In this direction: small islands are in the file of longitudes and latitudes and not in the other.
    assert len(projected) == 51
    for fips, shape in sheet.items():
        points = shapely.points(shapely.get_coordinates(shape))
        assert shapely.distance(points, projected[fips].boundary).max() < 1.0, fips


def test_a_projected_state_keeps_its_middle(sheet, projected):
    assert (projected.centroid.distance(sheet.centroid) < 0.2).all()


def test_elsewhere_is_nowhere():
    x, y = project([2.3522, -66.1, 144.8, -170.7, np.nan], [48.8566, 18.4, 13.4, -14.3, 40.0])
    assert np.isnan(x).all()
    assert np.isnan(y).all()


def test_the_aleutians_beyond_180_degrees_lie_west_of_the_others():
    # Attu at 173 degrees east, Adak at 177 degrees west.
    attu, adak = (project(*place)[0] for place in ((172.9, 52.9), (-176.6, 51.9)))
    assert -65 < attu < adak < 0


def test_columns_and_single_places_are_taken():
    x, _ = project(pd.Series([-122.4194, -74.0059]), pd.Series([37.7749, 40.7128]))
    assert x.shape == (2,)
    assert x[0] == project(-122.4194, 37.7749)[0]


def test_the_outlines_are_those_of_the_boundary_file(sheet):
    codes = pd.read_csv(REFERENCE / "states.csv", dtype=str, keep_default_na=False).set_index("fips")["state"]
    assert set(state_codes()) == {codes[fips] for fips in sheet.index}
    for fips, shape in sheet.items():
        xs, ys = state_outlines(codes[fips])
        assert len(xs) == len(ys)
        points = shapely.points([(x, y) for x, y in zip(xs, ys, strict=True) if x is not None])
        assert shapely.distance(points, shape.boundary).max() < 0.15, fips


def test_every_ring_is_closed_and_rings_are_kept_apart():
    xs, ys = state_outlines()
    assert [x is None for x in xs] == [y is None for y in ys]
    ring = []
    for point in [*zip(xs, ys, strict=True), (None, None)]:
        if point[0] is None:
            assert len(ring) >= 4
            assert ring[0] == ring[-1]
            ring = []
        else:
            ring.append(point)


def test_neighbours_share_their_border_to_the_point():
    kansas, nebraska = (set(zip(*state_outlines(code), strict=True)) for code in ("KS", "NE"))
    assert len(kansas & nebraska) >= 3


def test_the_outlines_are_small_and_made_by_the_script():
    assert OUTLINES.stat().st_size < 60_000
    made = geometry.state_rings(REFERENCE / "boundaries" / "states-albers-10m.json", REFERENCE / "states.csv")
    assert json.loads(OUTLINES.read_text())["states"] == made
    assert (WIDTH, HEIGHT) == (975, 610)


def test_an_unknown_state_is_an_error():
    with pytest.raises(KeyError):
        state_outlines("PR")


def test_each_state_has_one_tile_of_its_own():
    assert set(TILES) == set(state_codes())
    assert len(set(TILES.values())) == len(TILES) == 51
    assert all(0 <= column < COLUMNS and 0 <= row < ROWS for column, row in TILES.values())


def test_tiles_keep_west_of_east_and_north_of_south():
    assert TILES["WA"][0] < TILES["NY"][0]
    assert TILES["MN"][1] < TILES["LA"][1]
    assert TILES["AK"] == (0, 0)
    assert TILES["FL"] == (8, 7)
