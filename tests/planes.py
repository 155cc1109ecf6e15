"""Hand-drawn footprints of zones as ``places.known_footprints`` gives them."""

import geopandas as gpd

UTM_47N = "EPSG:32647"
"""The CRS in metres that fits North Sumatra."""


def on_plane(footprints: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Footprints with the same in metres beside them."""
    return footprints.assign(metric=footprints.geometry.to_crs(UTM_47N))
