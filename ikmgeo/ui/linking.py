"""What a reader's linkage rests on, and its results, kept until one of these changes."""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import uuid4

import geopandas as gpd
import pandas as pd
import streamlit as st

from ikmgeo import analysis, linkage, uncertainty
from ikmgeo.analysis import Cost, Linked, Reached
from ikmgeo.linkage import MEASURES, Parameters
from ikmgeo.roads import RoadNetwork, Routes, RoutingServer
from ikmgeo.ui import session
from ikmgeo.ui.session import Study
from ikmgeo.view import View

MOST_DRAWN = 200
"""Up to this number of centers, indicators get intervals; each costs 1,000 measurements."""

KEPT = 6
"""Results that a session keeps, so that going back to one is at once."""


@dataclass(frozen=True)
class Roads:
    """A reader's road data, for this session only; ``stamp`` tells one from another."""

    name: str
    source: RoadNetwork | RoutingServer
    max_snap_km: float
    stamp: str


@dataclass(frozen=True)
class Zones:
    """The zones that linkage is measured to, real or of a scenario."""

    table: pd.DataFrame
    footprints: gpd.GeoDataFrame
    fit: pd.DataFrame
    stamp: Hashable = "real"


def roads() -> Roads | None:
    """The reader's road data, if they brought some."""
    return st.session_state.get("roads")


def use_roads(name: str, source: RoadNetwork | RoutingServer, max_snap_km: float) -> None:
    """Measure over these roads from now on, where the reader asks for it."""
    st.session_state["roads"] = Roads(name, source, max_snap_km, uuid4().hex)
    session.change(link=replace(session.view().link, measure=MEASURES[1]))


def drop_roads() -> None:
    """Return to straight lines."""
    st.session_state.pop("roads", None)
    session.change(link=replace(session.view().link, measure=MEASURES[0]))


def parameters(view: View) -> Parameters:
    """The view's parameters, in straight lines where there are no roads."""
    return view.link if roads() else replace(view.link, measure=MEASURES[0])


def fit(study: Study) -> pd.DataFrame:
    """Sector fit, commodity × zone, with the cells that the reader changed in this session."""
    table = study.inputs.sector_fit.copy()
    for (commodity, zone_id), value in fit_changes().items():
        table.loc[commodity, zone_id] = value
    return table


def fit_changes() -> dict[tuple[str, str], float]:
    """Cells of the sector fit that the reader changed, by commodity and zone."""
    changes: dict[tuple[str, str], float] = st.session_state.setdefault("fit-changes", {})
    return changes


def real_zones(study: Study) -> Zones:
    """The zones as they are."""
    return Zones(study.inputs.zones, study.inputs.footprints, fit(study))


def linked(study: Study, centers: pd.DataFrame, zones: Zones, parameters: Parameters) -> Linked:
    """Every indicator of these centers.

    Raises
    ------
    DataError
        When the reader's routing server does not answer as it should.
    """
    used = roads()
    key = (study.stamp, tuple(centers.index), zones.stamp, parameters.measure, used and used.stamp)
    reached: Reached = _kept("reached", key, lambda: _reach(centers, zones, parameters.measure))
    cells = (tuple(zones.fit.columns), tuple(sorted(fit_changes().items())))
    found: Linked = _kept(
        "linked",
        (key, cells, parameters),
        lambda: analysis.link(centers, zones.table, reached, zones.fit, parameters),
    )
    return found


def routes(used: Roads, centers: pd.DataFrame, zones: Zones) -> Routes:
    """Road km and minutes over a reader's roads, with how far each end lies from a road."""
    found: Routes = _kept(
        "routes",
        (used.stamp, tuple(centers.index), zones.stamp),
        lambda: used.source.routes(centers, zones.table, max_snap_km=used.max_snap_km),
    )
    return found


def can_draw(count: int) -> bool:
    """Whether so many centers get intervals: few enough, and no server to ask 1,000 times each."""
    used = roads()
    return count <= MOST_DRAWN and not (used and isinstance(used.source, RoutingServer))


def _reach(centers: pd.DataFrame, zones: Zones, measure: str) -> Reached:
    draws = uncertainty.DRAWS if can_draw(len(centers)) else 0
    return analysis.reach(centers, zones.table, _cost(zones, measure), draws=draws)


def _cost(zones: Zones, measure: str) -> Cost:
    used = roads()
    if measure == MEASURES[0] or used is None:
        return partial(linkage.distance_km, footprints=zones.footprints)

    def by_road(places: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
        found = used.source.routes(places, table, max_snap_km=used.max_snap_km)
        return found.km if measure == MEASURES[1] else found.minutes

    return by_road


def _kept(name: str, key: Hashable, work: Any) -> Any:
    """The result of ``work`` for a key, worked out once while it is among the last few."""
    kept: dict[Hashable, Any] = st.session_state.setdefault(f"kept-{name}", {})
    if key not in kept:
        while len(kept) >= KEPT:
            kept.pop(next(iter(kept)))
        kept[key] = work()
    return kept[key]
