"""What the map says: the line below each name, and the legend."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ikmgeo import symbols
from ikmgeo.filters import ANY_ZONE, Filters
from ikmgeo.linkage import Parameters
from ikmgeo.messages import Messages
from ikmgeo.vocabulary import CATEGORIES, PLACE_KINDS, ZONE_CLASSES
from ikmgeo.wording import amount


def center_lines(say: Messages, centers: pd.DataFrame) -> pd.Series:
    """Category and score of each center, and that its place is a guess."""
    words = {sign: say(f"category.{sign}") for sign in symbols.SIGNS}
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


def reach_legend(say: Messages, filters: Filters, zones: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """What the ring of a distance filter is; nothing where no ring is drawn."""
    if filters.within_km is None:
        return
    any_zone = filters.zone == ANY_ZONE
    zone = say("map.any_zone") if any_zone else str(zones.at[filters.zone, "short_name"])
    limit = amount(say, filters.within_km, Parameters())
    yield symbols.ring().svg(), say("map.reach", limit=limit, zone=zone)


def place_legend(say: Messages, center: pd.Series | None) -> Iterator[tuple[str, str]]:
    """What the area around a chosen center is; nothing where none is drawn."""
    if center is not None and pd.notna(center["area_kind"]):
        yield symbols.area().svg(), say("map.area")


def legend(say: Messages, centers: pd.DataFrame, *, places: bool) -> list[tuple[str, str]]:
    """Drawing (inline SVG) and words of the signs on the map."""
    return [*_categories(say, centers), *zone_legend(say, places=places)]


def _categories(say: Messages, centers: pd.DataFrame) -> Iterator[tuple[str, str]]:
    present = {*CATEGORIES, *centers["category"]}
    for sign in symbols.SIGNS:
        if sign in present:
            yield symbols.sign(sign).svg(), say(f"category.{sign}")
    if centers["conflicting"].any():
        yield symbols.conflict().svg(), say("map.conflicting")


def zone_legend(say: Messages, *, places: bool) -> Iterator[tuple[str, str]]:
    """Signs of zones and, where the reader wants them, of places."""
    for name in ZONE_CLASSES:
        yield symbols.icon(name).svg(), say(f"zone_class.{name}")
    yield symbols.circle().svg(), say("map.schematic")
    if places:
        for kind in PLACE_KINDS:
            yield symbols.icon(kind).svg(), say(f"place.{kind}")
        yield symbols.icon("toll_gate", hollow=True).svg(), say("place.unverified")
