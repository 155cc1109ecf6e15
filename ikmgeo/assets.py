"""Where the files that the map needs in the browser lie on this machine, and their addresses.

Leaflet comes with the pip package ``xstatic-leaflet``; the rest is ours. ``ikmgeo.ui.assets`` has
Streamlit serve the folders beside the map's own frame, so no address names a host.
"""

from pathlib import Path
from typing import Final

import xstatic.pkg.leaflet

from ikmgeo.folders import STATIC

FOLDERS: Final = {
    "leaflet": Path(xstatic.pkg.leaflet.BASE_DIR),
    "map": STATIC,
}
SERVED_BY: Final = "ikmgeo.ui.assets"


def url(folder: str, file: str) -> str:
    """Address of a served file, relative to the frame that holds the map."""
    return f"../{SERVED_BY}.{folder}/{file}"


SCRIPT_URLS: Final = [("leaflet", url("leaflet", "leaflet.js")), ("map", url("map", "map.js"))]
STYLE_URLS: Final = [("leaflet", url("leaflet", "leaflet.css")), ("map", url("map", "map.css"))]
