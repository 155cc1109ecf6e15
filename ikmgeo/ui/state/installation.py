"""What all sessions of an installation share: its settings, its store and its base map."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import streamlit as st

from ikmgeo.errors import DataError
from ikmgeo.reading import worker
from ikmgeo.reading.base import BARE, BaseMap
from ikmgeo.settings import Settings, default_store
from ikmgeo.ui.state import keys

if TYPE_CHECKING:
    import geopandas as gpd

    from ikmgeo.measures.roads import RoadNetwork
    from ikmgeo.records.base_layers import BaseLayer
    from ikmgeo.records.store import Store

R = TypeVar("R")

RETRY_SECONDS = 10
"""A store that failed is left alone so long: a page asks several times, each with a timeout."""

LOOK_SECONDS = 5
"""So long after somebody changed the base map in another process, readers may see the former."""


def settings() -> Settings:
    """Where the data are and what is allowed."""
    return Settings.from_environment()


@st.cache_resource(show_spinner=False)
def _store(url: str | None) -> "Store":
    # A map of printed scores asks no database, and does not wait for SQLAlchemy.
    from ikmgeo.records.store import Store

    return Store.open(url)


def store() -> "Store":
    """Where assessments, lists and the base map are kept; shared by all sessions of this process.

    Raises
    ------
    DataError
        When the address of the database is not one.
    """
    return _store(settings().database_url)


def answered(ask: Callable[["Store"], R]) -> R | None:
    """What the store answers; None when it does not, and for a while after."""
    failed = keys.STORE_FAILED.get()
    if failed and time.monotonic() - failed[0] < RETRY_SECONDS:
        return None
    try:
        found = ask(store())
    except DataError as refused:
        keys.STORE_FAILED.set((time.monotonic(), tuple(refused.issues)))
        return None
    keys.STORE_FAILED.pop()
    return found


def _shelf() -> Any:
    from ikmgeo.records import base_layers

    return base_layers


@dataclass(frozen=True)
class _Known:
    """Layers as the store last told them, and until when (monotonic) it is not asked again."""

    layers: "dict[str, BaseLayer]"
    until: float


@st.cache_resource(show_spinner=False)
def _known() -> dict[str | None, _Known]:
    """By address of the database; for all sessions, and for answers that belong to none."""
    return {}


def saved_layers() -> dict[str, "BaseLayer"]:
    """The layer of each kind that was saved last, also one that was put away.

    While the store does not answer, those that it told last.
    """
    url = settings().database_url
    if url is None and not default_store().exists():
        return {}
    known = _known().get(url)
    if known is None or known.until < time.monotonic():
        try:
            layers, rest = _shelf().latest(store()), LOOK_SECONDS
        except DataError:
            layers, rest = known.layers if known else {}, RETRY_SECONDS
        known = _known()[url] = _Known(layers, time.monotonic() + rest)
    return known.layers


def layers_in_use() -> dict[str, "BaseLayer"]:
    """The layers that take the place of shipped ones, by kind."""
    return {kind: layer for kind, layer in saved_layers().items() if not layer.hidden}


def base_map(layers: Mapping[str, "BaseLayer"]) -> BaseMap:
    """What layers hold; raises as ``records.base_layers.base_map``."""
    if not layers:
        return BARE
    found: BaseMap = _shelf().base_map(store(), layers)
    return found


def network(layer: "BaseLayer", crs: str, default_kmh: float) -> "RoadNetwork":
    """Roads of a layer as a graph, made in a process of its own: no reader's page waits for it.

    Raises
    ------
    DataError
        As ``records.base_layers.network`` and ``worker.result``.
    """
    url = settings().database_url
    with worker.reading(_shelf().network, url, layer, crs, default_kmh) as made:
        found: RoadNetwork = worker.result(made, layer.file_name)
    return found


def save_layers(
    brought: "Mapping[BaseLayer, Mapping[str, gpd.GeoDataFrame]]",
) -> "list[BaseLayer]":
    """Have everyone use layers from now on; raises as ``records.base_layers.save``."""
    kept: list[BaseLayer] = _shelf().save(store(), brought)
    _changed()
    return kept


def restore_layer(kind: str, version: int, by: str, *, hidden: bool, last: int) -> "BaseLayer":
    """Go back to an earlier version, or to what is shipped; raises as ``base_layers.restore``."""
    kept: BaseLayer = _shelf().restore(store(), kind, version, by, hidden=hidden, last=last)
    _changed()
    return kept


def layer_history(kind: str) -> list["BaseLayer"]:
    """Every version of a layer, oldest first; none while the store does not answer."""
    return answered(lambda there: _shelf().history(there, kind)) or []


def _changed() -> None:
    keys.STORE_FAILED.pop()  # it answers
    _known().clear()
