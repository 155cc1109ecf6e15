"""Shapes that stand as text in a cell: of each a point, and the precision that covers it."""

import re
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ikmgeo.errors import Issue
from ikmgeo.vocabulary import PRECISION_KM

DEGREE_KM: Final = 111.32
"""Of a great circle."""

LONGEST: Final = 1_000_000
"""Characters of a shape; those of whole districts have some hundred thousand."""

SRID: Final = re.compile(r"\s*SRID\s*=\s*(\d{4,6})\s*;", re.IGNORECASE)
WKT: Final = re.compile(r"\s*(?:MULTI)?(?:POINT|LINESTRING|POLYGON)\b", re.IGNORECASE)
"""No collections: they may lie in each other without end."""

WKB: Final = re.compile(r"\s*0[01][0-9a-f]{40}(?:[0-9a-f]{8})?\s*", re.IGNORECASE)
"""A point as PostGIS writes it, perhaps with the number of its system."""

TRACE: Final = re.compile(r"\s*-?[\d.]+ -?[\d.]+(?: -?[\d.]+){0,2}\s*;")
"""How KoboToolbox begins a line or an area: latitude, longitude, height and accuracy of each."""


def with_points(text: pd.DataFrame, file: str) -> tuple[pd.DataFrame, list[Issue]]:
    """The rows with ``POINT (x y)`` for each shape under ``coordinates``, and a note of others.

    Of a line, an area or several points it is a point of it, with the ``position_precision`` that
    covers the whole, where the row has neither. ``epsg`` is filled where the cell tells it.
    """
    cells = text.get("coordinates", pd.Series(dtype="str")).dropna()
    found = {row: shape for row, cell in cells.items() if (shape := shape_in(cell)) is not None}
    if not found:
        return text, []
    shapes = np.array(list(found.values()), dtype=object)
    spread = shapely.get_type_id(shapes) != shapely.GeometryType.POINT
    spots = np.where(spread, shapely.point_on_surface(shapes), shapes)
    x, y = shapely.get_x(spots), shapely.get_y(spots)
    west, south, east, north = shapely.bounds(shapes).T
    radius = np.hypot(east - west, north - south) / 2
    metres = (np.abs(y) > 90) | (np.abs(x) > 180)
    told = pd.DataFrame(
        {
            "coordinates": [f"POINT ({a!r} {b!r})" for a, b in np.column_stack([x, y]).tolist()],
            "epsg": [str(n) if n else None for n in shapely.get_srid(shapes).tolist()],
            "position_precision": precisions(radius * np.where(metres, 0.001, DEGREE_KM)),
        },
        index=list(found),
        dtype="str",
    )
    wide = spread & text.loc[told.index, "lat"].isna().to_numpy()
    told["position_precision"] = told["position_precision"].where(wide)
    text = text.assign(coordinates=text["coordinates"].mask(text.index.isin(told.index)))
    for column in told:
        given = text.get(column, pd.Series(None, text.index, dtype="str"))
        text[column] = given.fillna(told[column])
    if not wide.any():
        return text, []
    count: dict[str, object] = {"count": int(wide.sum())}
    return text, [Issue("geometry_spread", file, expected=count, severity="noted")]


def precisions(radius_km: npt.NDArray[np.float64]) -> list[str]:
    """The positional precision that covers so many km."""
    return [
        next((name for name, most in PRECISION_KM.items() if most is None or km <= most), "")
        for km in radius_km
    ]


def shape_in(cell: str) -> shapely.Geometry | None:
    """The shape that a cell holds, with the number of its system; None where it holds none."""
    if len(cell) > LONGEST:
        return None
    system = SRID.match(cell)
    bare = cell[system.end() :] if system else cell
    shape = None
    if WKT.match(bare):
        shape = shapely.from_wkt(bare, on_invalid="ignore")
    elif WKB.fullmatch(bare):
        shape = shapely.from_wkb(bare.strip(), on_invalid="ignore")
    elif TRACE.match(bare):
        shape = shapely.from_wkt(f"LINESTRING ({_traced(bare)})", on_invalid="ignore")
    if shape is None or shape.is_empty:
        return None
    return shapely.set_srid(shape, int(system[1])) if system else shape


def _traced(cell: str) -> str:
    """The points of a trace as WKT has them: longitude first."""
    numbers = (point.split() for point in cell.split(";") if point.strip())
    return ", ".join(f"{lon} {lat}" for lat, lon, *_ in numbers)
