"""What a reader's linkage rests on, and its results, kept until one of these changes."""

import hashlib
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

import geopandas as gpd
import pandas as pd
import streamlit as st

from ikmgeo import analysis
from ikmgeo.analysis import Cost, Inputs, Linked, Reached
from ikmgeo.errors import DataError, Issue
from ikmgeo.measures import scenario, uncertainty
from ikmgeo.measures.indicators import INDICATORS
from ikmgeo.measures.linkage import ROAD_KM, ROAD_MINUTES, STRAIGHT_KM, Parameters
from ikmgeo.measures.roads import RoadNetwork, Routes, RoutingServer
from ikmgeo.measures.scenario import Scenario
from ikmgeo.reading.base import ROADS, Origin
from ikmgeo.reading.road_files import Layer
from ikmgeo.ui.state import installation, keys, session
from ikmgeo.ui.state.session import Study
from ikmgeo.view import View
from ikmgeo.vocabulary import AREA_STAGES

if TYPE_CHECKING:
    from ikmgeo.records.base_layers import BaseLayer

MOST_KEPT = 50
"""Results of each kind that a session keeps so that going back to one is at once."""

FAILURE_S = 60
"""So long a routing server that failed is not asked again; each time would take its timeout."""

PLACE = ["lat", "lon"]
WEIGHT = ["class", *(f"{stage}_ha" for stage in AREA_STAGES)]


@dataclass(frozen=True)
class Roads:
    """Road data, of one session or of the base map; ``stamp`` tells one from another.

    Of a file, ``layer`` is the one that was read and ``notes`` say what was assumed or left out.
    ``made`` gives the network, which for roads of the base map is made when they are first asked.
    """

    name: str
    made: Callable[[], RoadNetwork | RoutingServer]
    max_snap_km: float
    stamp: str
    by_server: bool = False
    layer: Layer | None = None
    notes: tuple[Issue, ...] = ()


@dataclass(frozen=True)
class Zones:
    """The zones that linkage is measured to, real or of a scenario."""

    table: pd.DataFrame
    footprints: gpd.GeoDataFrame
    fit: pd.DataFrame


def roads() -> Roads | None:
    """The reader's road data if they brought some, else those of the base map."""
    return keys.ROADS.get() or _base_roads()


def _base_roads() -> Roads | None:
    layer = installation.layers_in_use().get(ROADS)
    if layer is None:
        return None
    limits, crs = keys.ROAD_LIMITS.get(), session.shipped_study().inputs.crs
    snap, speed = limits["max_snap"], limits["speed"]
    made = partial(_network, layer.content_id, crs, speed, layer)
    origin = Origin(layer.file_name, layer.attribution)
    stamp = f"{layer.content_id}-{snap}-{speed}"
    return Roads(origin.told, made, snap, stamp)


@st.cache_resource(max_entries=2, show_spinner=False)
def _network(_id: str, crs: str, speed: float, _layer: "BaseLayer") -> RoadNetwork:
    return installation.network(_layer, crs, speed)


def use_roads(
    name: str,
    source: RoadNetwork | RoutingServer,
    max_snap_km: float,
    *,
    layer: Layer | None = None,
    notes: tuple[Issue, ...] = (),
) -> None:
    """Measure over these roads from now on, where the reader asks for it."""
    server = isinstance(source, RoutingServer)
    stamp = uuid4().hex
    keys.ROADS.set(Roads(name, lambda: source, max_snap_km, stamp, server, layer, notes))
    session.change(link=measured_by(session.view().link, ROAD_KM))


def drop_roads() -> None:
    """Return to straight lines."""
    keys.ROADS.pop()
    session.change(link=measured_by(session.view().link, STRAIGHT_KM))


def measured_by(link: Parameters, measure: str) -> Parameters:
    """The same parameters with another cost; what is in its unit goes back to the defaults."""
    if (measure == ROAD_MINUTES) == (link.measure == ROAD_MINUTES):
        return replace(link, measure=measure)
    default = Parameters()
    return replace(
        link, measure=measure, half_distance=default.half_distance, within=default.within
    )


def by_server() -> bool:
    """Whether road distances come from a routing server."""
    used = roads()
    return used is not None and used.by_server


def parameters(view: View) -> Parameters:
    """The view's parameters, in straight lines where there are no roads."""
    return view.link if roads() else replace(view.link, measure=STRAIGHT_KM)


def fit(study: Study) -> pd.DataFrame:
    """Sector fit, commodity × zone, with the cells that the reader changed in this session."""
    table = study.inputs.sector_fit.copy()
    for (commodity, zone_id), value in fit_changes().items():
        table.loc[commodity, zone_id] = value
    return table


def inputs(study: Study) -> Inputs:
    """The study's inputs with the sector fit in use."""
    return replace(study.inputs, sector_fit=fit(study))


def fit_changes() -> dict[tuple[str, str], float]:
    """Cells of the sector fit that the reader changed, by commodity and zone."""
    return keys.FIT_CHANGES.get()


def real_zones(study: Study) -> Zones:
    """The zones as they are."""
    return Zones(study.inputs.zones, study.inputs.footprints, fit(study))


def zones_under(study: Study, plan: Scenario) -> Zones:
    """The zones as a scenario has them."""
    real = real_zones(study)
    return Zones(
        scenario.zones_of(plan, real.table),
        scenario.footprints_of(plan, real.footprints),
        scenario.fit_of(plan, real.fit),
    )


def catchment_of(view: View, zones: Zones) -> str:
    """The zone whose catchment is looked at, at first the first one."""
    known = zones.table.index
    return view.catchment if view.catchment in known else str(known[0])


def linked(study: Study, centers: pd.DataFrame, zones: Zones, parameters: Parameters) -> Linked:
    """Every indicator of these centers.

    Raises
    ------
    DataError
        When the reader's routing server does not answer as it should.
    """
    used = roads() if parameters.measure != STRAIGHT_KM else None
    at = (study.stamp, _stamp(centers[PLACE]), _stamp(zones.table[PLACE]))
    way = (*at, parameters.measure, used.stamp if used else tuple(zones.footprints.index))
    for_all = study is session.shipped_study() and _as_opened(study, zones, parameters)
    reached = session.kept(
        "reached",
        way,
        lambda: _reach(study, centers, zones, parameters.measure),
        most=MOST_KEPT,
        for_all=for_all,
    )
    key = (way, parameters, _stamp(zones.table[WEIGHT]), _stamp(zones.fit))
    return session.kept(
        "linked",
        key,
        lambda: analysis.link(centers, zones.table, reached, zones.fit, parameters),
        most=MOST_KEPT,
        for_all=for_all,
    )


def _as_opened(study: Study, zones: Zones, parameters: Parameters) -> bool:
    """Whether linkage is as every reader finds it, who has changed nothing."""
    return parameters == Parameters() and zones.table is study.inputs.zones and not fit_changes()


def routes(used: Roads, places: pd.DataFrame, zones: pd.DataFrame) -> Routes:
    """Road km and minutes over a reader's roads, with how far each end lies from a road.

    Raises
    ------
    DataError
        When a routing server does not answer as it should, or did not a moment ago.
    """
    failed = keys.ROADS_FAILED.get()
    if failed and failed[0] == used.stamp and time.monotonic() < failed[1]:
        raise DataError(list(failed[2]))
    try:
        return session.kept(
            "routes",
            (used.stamp, _stamp(places[PLACE]), _stamp(zones[PLACE])),
            lambda: used.made().routes(places, zones, max_snap_km=used.max_snap_km),
            most=MOST_KEPT,
        )
    except DataError as error:
        keys.ROADS_FAILED.set((used.stamp, time.monotonic() + FAILURE_S, tuple(error.issues)))
        raise


def ask_again() -> None:
    """Forget that a routing server failed."""
    keys.ROADS_FAILED.pop()


def can_draw(count: int, measure: str) -> bool:
    """Whether so many centers get intervals: few enough, and no server to ask 1,000 times each."""
    return count <= uncertainty.MOST_DRAWN and not (measure != STRAIGHT_KM and by_server())


def has_interval(indicator: str, count: int, measure: str) -> bool:
    """Whether an indicator has intervals; those of straight distances need no draws."""
    exact = measure == STRAIGHT_KM and INDICATORS[indicator].exact
    return exact or can_draw(count, measure)


def _reach(study: Study, centers: pd.DataFrame, zones: Zones, measure: str) -> Reached:
    draws = uncertainty.DRAWS if can_draw(len(centers), measure) else 0
    areas = study.measured.areas
    return analysis.reach(
        centers, areas, zones.table, _cost(measure), footprints=zones.footprints, draws=draws
    )


def _cost(measure: str) -> Cost | None:
    """Cost over the reader's roads; None in straight lines."""
    used = roads()
    if measure == STRAIGHT_KM or used is None:
        return None

    def by_road(places: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
        found = routes(used, places, table)
        return found.km if measure == ROAD_KM else found.minutes

    return by_road


def _stamp(table: pd.DataFrame) -> Hashable:
    """What tells one table from another: its index, columns and values."""
    rows = pd.util.hash_pandas_object(table).to_numpy()
    return (*table.columns, hashlib.sha256(rows.tobytes()).hexdigest())
