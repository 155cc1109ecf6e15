"""How QGIS draws the layers of a GeoPackage: colours and shapes of the map, as QML."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal
from xml.etree import ElementTree as Xml

from ikmgeo import symbols
from ikmgeo.symbols import Sign
from ikmgeo.vocabulary import ZONE_CLASSES
from ikmgeo.words.messages import Messages

Kind = Literal["marker", "line", "fill"]
KINDS: Final[Sequence[Kind]] = ("marker", "line", "fill")
"""Symbols in the order of QGIS's geometry types: point, line, polygon."""

ZONE_SHAPES: Final[Mapping[str, str]] = dict(zip(ZONE_CLASSES, ("hexagon", "square"), strict=True))
INK: Final = {"outline_color": symbols.INK, "outline_width": "0.3"}


@dataclass(frozen=True)
class Drawn:
    """One layer of a symbol.

    Parameters
    ----------
    kind
        QGIS's class, such as ``SimpleMarker``.
    properties
        Its properties; colours as ``#rrggbb`` or ``r,g,b,alpha``.
    only_where
        Field that must be true for the layer to be drawn; empty for always.
    """

    kind: str
    properties: Mapping[str, str] = field(default_factory=dict)
    only_where: str = ""


Symbol = Sequence[Drawn]


def style(layer: str, say: Messages, signs: Mapping[str, Sign], *, many: bool = False) -> str:
    """QML of a layer of the GeoPackage, with a legend in the reader's language.

    Parameters
    ----------
    layer
        ``centers``, ``position_areas``, ``lines``, ``zones``, ``zone_footprints``, ``districts``,
        ``lakes``, ``roads``, ``railways``, ``rivers`` or ``towns``.
    say
        Words.
    signs
        Of the categories, as from ``Instrument.signs``.
    many
        Draw the signs of centers smaller.

    Raises
    ------
    KeyError
        For another layer.
    """
    if layer == "centers":
        size = 2.4 if many else 4.0
        drawn = {c: (say(f"category.{c}"), _center(sign, size=size)) for c, sign in signs.items()}
        return _qml("marker", drawn, by="category")
    if layer == "zones":
        classes = {code: (say(f"zone_class.{code}"), _zone(code)) for code in ZONE_CLASSES}
        return _qml("marker", classes, by="class")
    if layer == "zone_footprints":
        outlines = {
            "true": (say("map.schematic"), _footprint("dash")),
            "false": (say("zone.footprint"), _footprint("solid")),
        }
        return _qml("fill", outlines, by="schematic", type_of="bool")
    kind, single = SINGLE[layer]
    return _qml(kind, {"": ("", [single])})


def _center(sign: Sign, *, size: float) -> Symbol:
    """Sign of a category, and the badge beside it where claims conflict."""
    # A star fills less of its box than the other shapes do.
    wide = size * 1.4 if sign.shape == "star" else size
    shape = {"name": sign.shape, "color": sign.fill, "size": f"{wide:g}"}
    beside = {"offset": f"{size * 0.7:g},{-size * 0.7:g}", "size": f"{size * 0.8:g}"}
    badge = {"name": "circle", "color": symbols.INK, "outline_style": "no"}
    mark = {"chr": "!", "font": "DejaVu Sans", "font_style": "Bold", "color": "#ffffff"}
    return [
        Drawn("SimpleMarker", {**shape, **INK}),
        Drawn("SimpleMarker", {**badge, **beside}, only_where="conflicting"),
        Drawn("FontMarker", {**mark, **beside}, only_where="conflicting"),
    ]


def _zone(code: str) -> Symbol:
    shape = {"name": ZONE_SHAPES[code], "color": symbols.ZONE_COLOUR, "size": "4"}
    return [Drawn("SimpleMarker", {**shape, "outline_color": "#ffffff", "outline_width": "0.4"})]


def _footprint(line: str) -> Symbol:
    colours = {"color": _colour(symbols.ZONE_COLOUR, 50), "outline_color": symbols.ZONE_COLOUR}
    return [Drawn("SimpleFill", {**colours, "outline_style": line})]


def _qml(
    kind: Kind,
    symbols: Mapping[str, tuple[str, Symbol]],
    *,
    by: str = "",
    type_of: str = "string",
) -> str:
    """QML with a symbol per value of the field ``by`` (of a type), or with a single one."""
    root = Xml.Element("qgis", version="3.22.0", styleCategories="Symbology")
    renderer = Xml.SubElement(
        root, "renderer-v2", type="categorizedSymbol" if by else "singleSymbol", symbollevels="0"
    )
    if by:
        renderer.set("attr", by)
        categories = Xml.SubElement(renderer, "categories")
        for at, (value, (label, _)) in enumerate(symbols.items()):
            told = {"value": value, "type": type_of, "label": label, "symbol": str(at)}
            Xml.SubElement(categories, "category", {**told, "render": "true"})
    holder = Xml.SubElement(renderer, "symbols")
    for at, (_, symbol) in enumerate(symbols.values()):
        element = Xml.SubElement(holder, "symbol", type=kind, name=str(at), alpha="1")
        for drawn in symbol:
            _draw(element, drawn)
    Xml.SubElement(root, "layerGeometryType").text = str(KINDS.index(kind))
    return Xml.tostring(root, encoding="unicode")


def _draw(symbol: Xml.Element, drawn: Drawn) -> None:
    layer = Xml.SubElement(symbol, "layer", {"class": drawn.kind, "enabled": "1", "pass": "0"})
    for name, value in drawn.properties.items():
        told = _colour(value) if value.startswith("#") else value
        Xml.SubElement(layer, "prop", k=name, v=told)
    if drawn.only_where:
        _only_where(layer, drawn.only_where)


def _only_where(layer: Xml.Element, name: str) -> None:
    """Let a field of the row switch the layer on."""
    outer = Xml.SubElement(Xml.SubElement(layer, "data_defined_properties"), "Option", type="Map")
    Xml.SubElement(outer, "Option", name="name", type="QString", value="")
    found = Xml.SubElement(outer, "Option", name="properties", type="Map")
    enabled = Xml.SubElement(found, "Option", name="enabled", type="Map")
    Xml.SubElement(enabled, "Option", name="active", type="bool", value="true")
    Xml.SubElement(enabled, "Option", name="field", type="QString", value=name)
    Xml.SubElement(enabled, "Option", name="type", type="int", value="2")
    Xml.SubElement(outer, "Option", name="type", type="QString", value="collection")


def _colour(hexadecimal: str, alpha: int = 255) -> str:
    """A colour as QGIS writes it."""
    return ",".join(str(int(hexadecimal[i : i + 2], 16)) for i in (1, 3, 5)) + f",{alpha}"


def _stroke(name: str) -> tuple[Kind, Drawn]:
    """One of ``symbols.STROKES``; on screen a px is about a quarter of a mm."""
    stroke = symbols.STROKES[name]
    look = {"line_color": stroke.colour, "line_width": f"{stroke.width_px / 4:g}"}
    return "line", Drawn("SimpleLine", look | ({"line_style": "dash"} if stroke.dash_px else {}))


SINGLE: Final[Mapping[str, tuple[Kind, Drawn]]] = {
    "lakes": ("fill", Drawn("SimpleFill", {"color": symbols.SEA, "outline_color": symbols.SHORE})),
    "districts": (
        "fill",
        Drawn("SimpleFill", {"color": symbols.LAND, "outline_color": symbols.BORDER}),
    ),
    "roads": _stroke("primary"),
    "railways": _stroke("railways"),
    "rivers": _stroke("rivers"),
    "towns": (
        "marker",
        Drawn("SimpleMarker", {"name": "circle", "color": "#ffffff", "size": "1.2", **INK}),
    ),
    "lines": (
        "line",
        Drawn(
            "SimpleLine",
            {"line_color": symbols.ZONE_COLOUR, "line_width": "0.2", "line_style": "dot"},
        ),
    ),
    "position_areas": (
        "fill",
        Drawn(
            "SimpleFill",
            {"style": "no", "outline_color": symbols.INK, "outline_style": "dash"},
        ),
    ),
}
"""Layers that are drawn all alike."""
