"""What the map says: the line below each name, and the titles of its buttons."""

import numpy as np
import pandas as pd

from ikmgeo import symbols
from ikmgeo.messages import Messages


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


def buttons(say: Messages, *, whole: bool) -> list[str]:
    """Titles of the map's buttons, in their order, and of the map; ``whole``: of the province."""
    titles = ("zoom_in", "zoom_out", *(() if whole else ("fit",)), "province", "title")
    return [say(f"map.{title}") for title in titles]
