"""Scripts and styles that the map needs in the browser.

Leaflet comes with the pip package ``xstatic-leaflet``; the rest is ours. The map on screen takes
them as one script, which ``ikmgeo.ui.server`` serves; one file has them inside.
"""

import hashlib
import json
import re
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import xstatic.pkg.leaflet

from ikmgeo.folders import STATIC

LEAFLET: Final = Path(xstatic.pkg.leaflet.BASE_DIR)
SCRIPTS: Final = (LEAFLET / "leaflet.js", STATIC / "labels.js", STATIC / "map.js")
ON_SCREEN: Final = (*SCRIPTS, STATIC / "units.js")
"""With what asks the server, which a file by itself has not."""

STYLES: Final = (LEAFLET / "leaflet.css", STATIC / "map.css")
ROUTE: Final = "map-files"
BESIDE: Final = f"../../{ROUTE}/"

ONLINE_TILES: Final = (
    (
        "OpenStreetMap",
        "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
        '&copy; <a href="https://www.openstreetmap.org/copyright">OpenStreetMap</a>',
        18,
    ),
    (
        "Esri World Imagery",
        "https://server.arcgisonline.com/ArcGIS/rest/services/World_Imagery/MapServer/tile/{z}/{y}/{x}",
        "Esri, Maxar, Earthstar Geographics",
        17,
    ),
)
"""Name, address, credit and finest zoom of the layers that need a connection, once ticked."""


@dataclass(frozen=True)
class File:
    """A file for the browser, under a name that says its content, so that it never changes."""

    name: str
    content: str

    @property
    def url(self) -> str:
        """Address relative to the frame that holds the map, ``component/NAME/index.html``."""
        return f"{BESIDE}{self.name}"


def map_file(ground: str) -> File:
    """The map's script: its styles, Leaflet, ours, and its ground.

    The styles are in it because Leaflet measures what it draws: a style sheet that came later
    would leave labels on the signs they name.
    """
    styles = json.dumps("\n".join(map(style, STYLES)))
    styled = f"document.head.appendChild(document.createElement('style')).textContent = {styles};"
    ask = f"ikmgeo.ask = (name) => fetch('{BESIDE}' + name).then((file) => file.json());"
    content = "\n".join([styled, *map(script, ON_SCREEN), ask, ground])
    return File(f"map-{hashlib.sha256(content.encode()).hexdigest()[:16]}.js", content)


def lines_file(lines: list[list[list[int]]]) -> File:
    """Lines that the map's script asks for when it comes to draw them."""
    content = json.dumps(lines, separators=(",", ":"))
    return File(f"lines-{hashlib.sha256(content.encode()).hexdigest()[:16]}.json", content)


def script(path: Path) -> str:
    """A script without the name of its source map, which would be a request."""
    text = path.read_text(encoding="utf-8")
    return re.sub(r"^//# sourceMappingURL=.*$", "", text, flags=re.MULTILINE)


def style(path: Path) -> str:
    """A style sheet with its images inside.

    Raises
    ------
    ValueError
        When it names anything that is not a PNG file beside it.
    """

    def image(found: re.Match[str]) -> str:
        address = found[1].strip("'\" ")
        file = (path.parent / address).resolve()
        if address.startswith(("#", "data:")):
            return found[0]
        beside = file.is_relative_to(path.parent.resolve()) and file.is_file()
        if not beside or file.suffix != ".png":
            raise ValueError(f"{path.name} asks for {address!r}; expected a PNG file beside it")
        return f"url(data:image/png;base64,{b64encode(file.read_bytes()).decode()})"

    text = path.read_text(encoding="utf-8")
    if "@import" in text or "</style" in text.lower():
        raise ValueError(f"{path.name} holds '@import' or '</style'; expected rules only")
    return re.sub(r"url\(([^)]*)\)", image, text)
