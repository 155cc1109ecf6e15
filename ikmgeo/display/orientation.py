"""What of the orientation a map shows at its scale: more towns the closer one looks."""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from ikmgeo.reading.orientation import Orientation

LEAST_SHOWN: Final = ((8.0, 100_000), (9.0, 30_000))
"""Below these zooms, the people that a town must have to be shown."""

USUAL: Final = {"city": 100_000, "town": 30_000}
"""People for which a town counts that has no figure; for any other class 0."""


def towns(orientation: Orientation) -> gpd.GeoDataFrame:
    """Towns, the largest first, with ``zoom``: the map's at which each begins to be shown."""
    found = orientation.towns
    usual = found["class"].map(USUAL).fillna(0).astype(float)
    people = found["population"].fillna(usual)
    zoom = pd.Series(0.0, found.index)
    for below, least in LEAST_SHOWN:
        zoom = zoom.mask(people < least, below)
    return found.assign(zoom=zoom).iloc[np.argsort(-people, kind="stable")]
