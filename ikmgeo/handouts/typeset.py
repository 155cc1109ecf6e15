"""Pages and pictures for paper: typst sets what a template says, with fonts that come along.

Data reach the template as JSON, never as markup, so that nothing in them can be run.
"""

import io
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import font_source_sans_pro
import typst
from PIL import Image, ImageFont

from ikmgeo.folders import STATIC

FONT: Final = "Source Sans Pro"
"""Of the pip package ``font-source-sans-pro``, SIL Open Font License 1.1."""

FOLDER: Final = Path(font_source_sans_pro.font_directory)
TEMPLATE: Final = STATIC / "document.typ"
DPI: Final = 300

PICTURE: Final = b"""
#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg")
"""


def pdf(blocks: Sequence[Mapping[str, Any]], *, title: str, language: str, footer: str) -> bytes:
    """Blocks as an A4 document: tagged, with bookmarks and page numbers.

    It is PDF/UA-1, but for a text with characters that no font here has.

    Parameters
    ----------
    blocks
        What ``static/document.typ`` sets, in order, each with its ``kind``.
    title, language, footer
        Of the document; the last stands at the foot of every page, beside its number.
    """
    told = {"blocks": blocks, "title": title, "language": language, "font": FONT, "footer": footer}
    data = {"data": json.dumps(told, allow_nan=False)}
    try:
        return _compiled(TEMPLATE, data, pdf_standards=["ua-1"])
    except typst.TypstError:
        return _compiled(TEMPLATE, data)


def png(svg: str, *, dpi: float = DPI) -> bytes:
    """A drawing whose size is given in mm, as a picture of ``dpi`` dots per inch, and says so."""
    picture = Image.open(io.BytesIO(_compiled(PICTURE, {"svg": svg}, format="png", ppi=dpi)))
    told = io.BytesIO()
    picture.convert("RGB").save(told, "PNG", dpi=(dpi, dpi))
    return told.getvalue()


def width(text: str, size: float) -> float:
    """Width of a text set in ``size``, in the unit of ``size``."""
    return float(_metrics().getlength(text)) * size / _METRICS_SIZE


_METRICS_SIZE: Final = 100


@lru_cache
def _metrics() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FOLDER / "SourceSansPro-Semibold.ttf", _METRICS_SIZE)


@lru_cache
def _fonts() -> typst.Fonts:
    """Only fonts that come with packages: the same page on every machine."""
    return typst.Fonts(include_system_fonts=False, font_paths=[FOLDER])


def _compiled(source: Path | bytes, data: dict[str, str], **options: Any) -> bytes:
    made = typst.compile(
        source, font_paths=_fonts(), ignore_system_fonts=True, sys_inputs=data, **options
    )
    return bytes(made)
