"""Linkage page, last part: the reader's own roads, a file of lines or a routing server."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal

import pandas as pd
import streamlit as st

from ikmgeo import tables
from ikmgeo.errors import DataError, Issue
from ikmgeo.measures import roads
from ikmgeo.measures.roads import RoutingServer
from ikmgeo.reading import map_layers, road_files
from ikmgeo.reading.road_files import Layer
from ikmgeo.reading.typed import Scale
from ikmgeo.ui.frame import Page, issue_list
from ikmgeo.ui.parts.numbers import number_field, refusals
from ikmgeo.ui.parts.waiting import waited
from ikmgeo.ui.state import installation, keys, linking, session, visitor
from ikmgeo.ui.state.linking import Roads
from ikmgeo.words.markup import heading, markdown, note, scrolling, table

KINDS: Final[Mapping[str, Literal["osrm", "valhalla"]]] = {
    "OSRM": "osrm",
    "Valhalla": "valhalla",
}
MOST_ROWS = 200
"""Centers whose ways are listed."""

LIMITS = "road-limits"
SCALES = {"max_snap": Scale(0, 20, ("km",)), "speed": Scale(1, 130, ("km/h", "km/jam"))}


@dataclass(frozen=True)
class _Brought:
    """A file of roads that a reader brings; ``stamp`` tells one upload from another."""

    name: str
    stamp: str
    content: bytes

    def layers(self, page: Page) -> "_Layers":
        """Its layers of lines."""
        read = waited(
            page.say,
            self.name,
            self.cancel,
            road_files.line_layers,
            self.name,
            self.content,
            limit_mb=installation.settings().roads_mb,
        )
        return _Layers(read)

    def cancel(self) -> None:
        """Leave it unread."""
        keys.ROADS_CANCELLED.set(self.stamp)


@dataclass(frozen=True)
class _Layers:
    """Layers of the file that was looked at last."""

    layers: tuple[Layer, ...]

    @property
    def likely(self) -> Layer | None:
        """The one that holds roads, if that is told."""
        return road_files.likely(self.layers) if self.layers else None


def own_roads(page: Page) -> None:
    """Bring roads, see how well they reach centers and zones, or go back to straight lines."""
    say, used = page.say, linking.roads()
    st.html(heading(say("roads.heading"), "" if used else say("roads.intro")))
    if used:
        _result(page, used)
    if keys.ROADS.get():
        st.button(say("roads.drop"), on_click=linking.drop_roads)
        return
    if used:
        with st.expander(say("roads.others")):
            _bring(page)
    else:
        _bring(page)


def _bring(page: Page) -> None:
    """A file of roads or a routing server, for this session alone."""
    say = page.say
    st.caption(say("roads.for_session"))
    limits = keys.ROAD_LIMITS.get()
    for column, (name, scale) in zip(st.columns(2, gap="medium"), SCALES.items(), strict=True):
        with column:
            number_field(
                say,
                say(f"roads.{name}"),
                limits[name],
                scale,
                partial(limits.__setitem__, name),
                key=f"w-road-value-{name}",
                form=LIMITS,
                help=say(f"roads.{name}_help"),
            )
    refused = refusals(say, LIMITS)
    snap, speed = limits["max_snap"], limits["speed"]
    left, right = st.columns(2, gap="medium")
    with left, st.container(border=True):
        st.html(heading(say("roads.file")))
        brought = st.file_uploader(
            say("roads.upload"),
            type=list(map_layers.EXTENSIONS),
            key="road-file",
            max_upload_size=installation.settings().roads_mb,
        )
        st.caption(say("roads.file_help"))
        if brought and not refused:
            _file(page, _Brought(brought.name, brought.file_id, brought.getvalue()), snap, speed)
    with right, st.container(border=True):
        st.html(heading(say("roads.server")))
        _server(page, snap, speed)


def _server(page: Page, snap: float, speed: float) -> None:
    """Choose one of the installation's servers, or, on a computer of one's own, type any."""
    say, free = page.say, visitor.is_alone()
    named = installation.settings().routing_servers
    if not (named or free):
        st.html(note(say("roads.no_server")))
        return
    chosen = ""
    if named:
        chosen = st.selectbox(
            say("roads.named"),
            [*named, *([""] if free else [])],
            format_func=lambda server: server or say("roads.other"),
            key="road-server",
        )
    if not chosen:
        chosen = st.text_input(
            say("roads.address"), placeholder="http://127.0.0.1:5000", key="road-address"
        )
    kind = st.radio(say("roads.kind"), list(KINDS), horizontal=True, key="road-kind")
    st.caption(say("roads.server_help"))
    if st.button(say("roads.ask"), disabled=not chosen or bool(refusals(say, LIMITS))):
        server = RoutingServer(chosen.strip(), KINDS[kind], default_kmh=speed, telling=free)
        _ask(page, server, snap)


def _file(page: Page, brought: _Brought, snap: float, speed: float) -> None:
    """Use the roads of a file at once, or let the reader choose among its layers."""
    say = page.say
    if keys.ROADS_CANCELLED.get() == brought.stamp:
        _refuse(page, [Issue("file_cancelled", brought.name)])
        return
    try:
        found = session.kept("road-layers", brought.stamp, lambda: brought.layers(page))
    except DataError as refused:
        _refuse(page, refused.issues)
        return
    if not found.layers or (len(found.layers) == 1 and found.likely):
        _read(page, brought, None, snap, speed)
        return
    layers = list(found.layers)
    if found.likely is None:
        st.html(issue_list(say, [road_files.doubt(layers, brought.name)]))
    chosen = st.selectbox(
        say("roads.layer"),
        layers,
        index=layers.index(found.likely) if found.likely else None,
        format_func=partial(_layer, page),
        placeholder=say("roads.layer_unsure"),
        key="w-road-layer",
        help=say("roads.layer_help"),
    )
    if st.button(say("roads.use_layer"), disabled=chosen is None) and chosen:
        _read(page, brought, None if chosen == found.likely else chosen.name, snap, speed)


def _layer(page: Page, layer: Layer) -> str:
    """Name of a layer and what tells that it holds roads, or that it does not."""
    return f"{layer.name} ({page.say(f'roads.by_{layer.evidence}', by=layer.by)})"


def _read(page: Page, brought: _Brought, layer: str | None, snap: float, speed: float) -> None:
    inputs = page.study.inputs
    try:
        read = waited(
            page.say,
            brought.name,
            brought.cancel,
            roads.read_network,
            brought.name,
            brought.content,
            crs=inputs.crs,
            box=inputs.bounds,
            default_kmh=speed,
            layer=layer,
            limit_mb=installation.settings().roads_mb,
        )
    except DataError as refused:
        _refuse(page, refused.issues)
        return
    linking.use_roads(brought.name, read.network, snap, layer=read.layer, notes=read.issues)
    st.rerun()


def _refuse(page: Page, issues: Sequence[Issue]) -> None:
    st.error(page.say("roads.refused"))
    st.html(issue_list(page.say, issues[:20]))


def _ask(page: Page, server: RoutingServer, snap: float) -> None:
    study = page.study
    try:
        with st.spinner(page.say("roads.working")):
            server.routes(study.measured.centers.head(1), study.inputs.zones, max_snap_km=snap)
    except DataError as refused:
        _refuse(page, refused.issues)
        return
    linking.use_roads(server.address, server, snap)
    st.rerun()


def _result(page: Page, used: Roads) -> None:
    """How far centers and zones lie from a road, and which have no route."""
    say, study = page.say, page.study
    told = "roads.used" if keys.ROADS.get() else "roads.used_base"
    st.success(say(told, name=markdown(used.name)))
    if used.layer:
        st.caption(say("roads.layer_taken", layer=markdown(_layer(page, used.layer))))
    if used.notes:
        st.html(issue_list(say, used.notes))
    centers, zones = study.measured.centers, linking.real_zones(study)
    try:
        with st.spinner(say("roads.working")):
            found = linking.routes(used, centers, zones.table)
    except DataError as refused:
        st.html(issue_list(say, refused.issues))
        st.button(say("roads.again"), on_click=linking.ask_again)
        return
    limit = say.number(used.max_snap_km, 1)
    names = zones.table["short_name"].astype(str)
    cut_off = found.km.isna().all() & bool(len(centers))
    if cut_off.any():
        told = say.listed([markdown(name) for name in names[cut_off]])
        st.warning(say("roads.zones_unreached", names=told, km=limit))
    # Where no center reaches a zone, that is no fault of the center.
    reachable = found.km.loc[:, ~cut_off]
    unreached = int(reachable.isna().all(axis=1).sum()) if reachable.columns.size else 0
    if unreached:
        st.warning(say("roads.unreached", count=unreached, km=limit))
    ends = [(name, say.km(found.zone_snap_km[str(zone_id)])) for zone_id, name in names.items()]
    st.html(
        scrolling(table([say("distance.zone"), say("roads.snap")], ends, ""), say("roads.ends"))
    )
    rows = [
        (
            centers.at[center, f"name_{say.language}"],
            say.km(found.snap_km[center]),
            *(
                _way(page, tables.cell(found.km, center, z), tables.cell(found.minutes, center, z))
                for z in zones.table.index
            ),
        )
        for center in centers.index[:MOST_ROWS]
    ]
    heads = [say("table.name"), say("roads.snap"), *zones.table["short_name"]]
    note = "roads.ways_note_server" if linking.by_server() else "roads.ways_note"
    st.html(heading(say("roads.ways"), say(note)))
    st.html(scrolling(table(heads, rows, ""), say("roads.ways")))
    if len(centers) > MOST_ROWS:
        count, of = say.number(MOST_ROWS, 0), say.number(len(centers), 0)
        st.caption(say("roads.first", count=count, of=of))


def _way(page: Page, km: float, minutes: float) -> str:
    say = page.say
    if pd.isna(km):
        return say("linkage.no_route")
    return f"{say.km(km)}, {say.number(minutes, 0)} {say('linkage.minutes')}"
