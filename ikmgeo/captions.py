"""What the map says: the line below each name, and the legend."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ikmgeo import maps
from ikmgeo.messages import Messages
from ikmgeo.vocabulary import CATEGORIES, PLACE_KINDS, ZONE_CLASSES


def center_lines(say: Messages, centers: pd.DataFrame) -> pd.Series:
    """Category and score of each center, and that its place is a guess."""
    words = {sign: say(f"category.{sign}") for sign in maps.SIGNS}
    scores = (" · " + say.scores(centers["score"])).where(centers["score"].notna(), "")
    guess = np.where(
        centers["position_basis"] == "placeholder", f" · {say('basis.placeholder')}", ""
    )
    return centers["category"].map(words).astype(object) + scores + guess


def zone_line(say: Messages, zone: pd.Series, *, outlined: bool) -> str:
    """Class of a zone, and whether its outline is known."""
    known = say("zone.polygon" if outlined else "zone.schematic")
    return f"{say.code('zone_class', zone['class'])} · {known}"


def place_line(say: Messages, place: pd.Series) -> str:
    """Kind and service of a place, how exact its position is, and that nobody verified it."""
    told = [say.code("place", place["kind"])]
    if place["service"] != "yes":
        told.append(say(f"service.{place['service']}"))
    told.append(say.code("precision", place["position_precision"]))
    return " · ".join(told if place["verified"] else [*told, say("place.unverified")])


def legend(say: Messages, centers: pd.DataFrame, *, places: bool) -> list[tuple[str, str]]:
    """Drawing (inline SVG) and words of everything on the map."""
    return list(_legend(say, centers, places))


def _legend(say: Messages, centers: pd.DataFrame, places: bool) -> Iterator[tuple[str, str]]:
    present = {*CATEGORIES, *centers["category"]}
    for sign in maps.SIGNS:
        if sign in present:
            yield maps.sign_svg(sign), say(f"category.{sign}")
    if centers["conflicting"].any():
        yield maps.conflict_svg(), say("map.conflicting")
    for name in ZONE_CLASSES:
        yield maps.icon_svg(name), say(f"zone_class.{name}")
    yield maps.footprint_svg(), say("map.schematic")
    if places:
        for kind in PLACE_KINDS:
            yield maps.icon_svg(kind), say(f"place.{kind}")
        yield maps.icon_svg("toll_gate", hollow=True), say("place.unverified")
