"""Every file that a hand-out can be taken away as, for the page and for the command line.

Each function imports what makes its file when somebody asks for it, because most readers never do:
typst, Pillow and xlsxwriter take half a second of the processor that every page would pay.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ikmgeo.handout import Handout, Progress


@dataclass(frozen=True)
class Format:
    """What a file shows (``atlas``, ``page``, ``map``, ``data``), its MIME type, how it is made."""

    what: str
    mime: str
    make: "Callable[[Handout, Progress], bytes]"


def profile(handout: "Handout", kind: str, code: str) -> bytes:
    """One center or one district (``kind``) as a PDF of one page."""
    from ikmgeo.handouts import atlas

    made: bytes = (atlas.center_pdf if kind == "center" else atlas.district_pdf)(handout, code)
    return made


def file_name(handout: "Handout", what: str, kind: str) -> str:
    """Name that a file is saved by: what it shows, and the day."""
    return f"ikmgeo-{handout.say(f'take.file_{what}')}-{handout.taken_on:%Y-%m-%d}.{kind}"


def _pdf(handout: "Handout", told: "Progress") -> bytes:
    from ikmgeo.handouts import atlas

    return atlas.atlas_pdf(handout, progress=told)


def _html(handout: "Handout", told: "Progress") -> bytes:
    from ikmgeo.handouts import portable

    return portable.page(handout, progress=told).encode()


def _drawn(handout: "Handout", told: "Progress") -> str:
    from ikmgeo.handouts import cartography

    told(0.1)
    across = cartography.is_wide(cartography.seen(handout))
    width_mm, height_mm = (297, 210) if across else (210, 297)
    svg = cartography.map_svg(handout, width_mm=width_mm, height_mm=height_mm)
    told(0.5)
    return svg


def _png(handout: "Handout", told: "Progress") -> bytes:
    from ikmgeo.handouts import typeset

    return typeset.png(_drawn(handout, told))


def _svg(handout: "Handout", told: "Progress") -> bytes:
    return _drawn(handout, told).encode()


def _xlsx(handout: "Handout", told: "Progress") -> bytes:
    from ikmgeo.handouts import workbook

    return workbook.xlsx(handout, progress=told)


def _csv(handout: "Handout", told: "Progress") -> bytes:
    from ikmgeo.handouts import workbook

    return _at_once(workbook.csv, handout, told)


def _gpkg(handout: "Handout", told: "Progress") -> bytes:
    from ikmgeo.handouts import datasets

    return datasets.geopackage(handout, progress=told)


def _geojson(handout: "Handout", told: "Progress") -> bytes:
    from ikmgeo.handouts import datasets

    return _at_once(datasets.geojson, handout, told)


def _parquet(handout: "Handout", told: "Progress") -> bytes:
    from ikmgeo.handouts import datasets

    return _at_once(datasets.geoparquet, handout, told)


def _at_once(make: "Callable[[Handout], bytes]", handout: "Handout", told: "Progress") -> bytes:
    """A file that is made in one step, which can be cancelled before and after it."""
    told(0.1)
    data = make(handout)
    told(0.9)
    return data


_SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

FORMATS: Final[Mapping[str, Format]] = {
    "pdf": Format("atlas", "application/pdf", _pdf),
    "html": Format("page", "text/html", _html),
    "png": Format("map", "image/png", _png),
    "svg": Format("map", "image/svg+xml", _svg),
    "xlsx": Format("data", _SHEETS, _xlsx),
    "csv": Format("data", "text/csv", _csv),
    "gpkg": Format("data", "application/geopackage+sqlite3", _gpkg),
    "geojson": Format("data", "application/geo+json", _geojson),
    "parquet": Format("data", "application/vnd.apache.parquet", _parquet),
}
"""By the end of the file's name."""
