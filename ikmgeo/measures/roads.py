"""Road distance and driving time from centers to zones, over a user's roads or routing server.

``RoadNetwork`` searches a line layer, ``RoutingServer`` asks an OSRM or Valhalla server; both have
``routes`` and answer with ``Routes``. A zone is its reference point here, never its footprint:
where a road enters a zone is not known. No route is NaN, never infinity or 0.
"""

import json
import re
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal
from urllib.parse import SplitResult, urlsplit

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import scipy  # its parts are loaded when first used, and most readers use none
import shapely
import urllib3

from ikmgeo.address import resolved
from ikmgeo.errors import DataError, Issue
from ikmgeo.measures.linkage import GEOD, plane
from ikmgeo.reading import road_files, road_tags
from ikmgeo.reading.road_tags import CLASS_KMH, SPEED_KMH
from ikmgeo.vocabulary import WGS84, Bounds

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

LINES: Final = ("LineString", "MultiLineString", "LinearRing")
MAX_SEGMENTS: Final = 1_000_000
"""Each takes 0.5 kB and 3 µs."""

PIECE: Final = 20_000
"""Segments that are drawn at a time."""

SMALL_CLASSES: Final = ("service", "living_street", "residential", "unclassified")
"""Classes that are left out, in this order, where there are more segments."""

NAMED_CLASSES: Final = 5
"""Classes that a note names, the most frequent first."""

DEGREE_STEPS: Final = 10_000_000
"""Vertices with equal degrees after rounding to 1e-7 (about 1 cm) are one node."""

SAME_PLACE_KM: Final = 1e-5
"""A point this close to a node stands on it; rounding moves a node by less."""

BATCH_CENTERS: Final = {"osrm": 80, "valhalla": 50}
BATCH_ZONES: Final = 20
"""Within the default limits: OSRM takes 100 places in all, older Valhalla 50 of each kind."""

ANSWER_BYTES: Final = 5_000_000
"""An answer to one batch has about 100 kB; a longer one is refused."""

NO_PATH: Final = 442
"""Valhalla's error code where no pair of the whole request has a route."""


@dataclass(frozen=True)
class Routes:
    """Way by road from every center to every zone.

    Parameters
    ----------
    km, minutes
        Float, indexed as the centers, one column per ``zone_id``; the straight way to the road at
        both ends is in them. NaN where there is no route or no position. A network gives km of
        the shortest way and minutes of the fastest, often another one.
    snap_km, zone_snap_km
        Straight km from each center and zone to the road; NaN where unknown. Told also where it
        is over the limit, in which case there is no route.
    """

    km: pd.DataFrame
    minutes: pd.DataFrame
    snap_km: pd.Series
    zone_snap_km: pd.Series


@dataclass(frozen=True, eq=False)
class _Cost:
    """Cost of each whole segment in both directions, infinite against a one-way street.

    ``inward`` is the graph with every arc turned round, so that one search from a zone finds the
    cost from every node to it.
    """

    forward: Floats
    backward: Floats
    inward: "scipy.sparse.csr_array"


@dataclass(frozen=True, eq=False)
class _Snapped:
    """Nearest segment of each point (-1 without position), how far along it, and the km to it."""

    segment: Whole
    share: Floats
    km: Floats


@dataclass(frozen=True, eq=False)
class _Segments:
    """First and last node and row of every segment; lon, lat and metres of every node."""

    start: Whole
    end: Whole
    row: Whole
    degrees: Floats
    metres: Floats


@dataclass(frozen=True, eq=False)
class RoadNetwork:
    """Roads as a graph; build one with ``road_network``.

    A segment joins two neighbouring vertices of a line. ``start`` and ``end`` are its nodes,
    ``length_km`` its geodesic length, ``ends`` where they lie (metres of ``crs``). ``issues`` say
    which lines were left out.
    """

    start: Whole
    end: Whole
    length_km: Floats
    km: _Cost
    minutes: _Cost
    ends: Floats
    default_kmh: float
    crs: str
    issues: tuple[Issue, ...] = ()

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Segments by place; made when first asked for, for a process hands over arrays alone."""
        some = np.split(self.ends, range(PIECE, len(self.ends), PIECE))  # others get their turn
        return shapely.STRtree(np.concatenate([shapely.linestrings(ends) for ends in some]))

    def routes(
        self, centers: pd.DataFrame, zones: pd.DataFrame, *, max_snap_km: float = 2.0
    ) -> Routes:
        """Shortest km and fastest minutes from every center to every zone.

        A point joins the network at the nearest point of the nearest segment, not at a node, and
        may leave it in each direction that is open. The straight way to it counts in full, at
        ``default_kmh``. A point whose nearest road joins no other has no route.

        Parameters
        ----------
        centers, zones
            Columns ``lat``, ``lon`` in degrees (WGS84), NaN where unknown; any index. The work
            grows with the number of zones: each is searched once, centers are only looked up.
        max_snap_km
            A point farther from every road has no route.

        Raises
        ------
        ValueError
            When ``max_snap_km`` is negative or NaN.

        Notes
        -----
        d(p, z) = min Σ l(e), km; d(p, z) = min Σ 60·l(e) / v(e), min

        References
        ----------
        Dijkstra (1959), A note on two problems in connexion with graphs, Numerische Mathematik 1.
        """
        _check_snap(max_snap_km)
        origin, target = self._snap(centers), self._snap(zones)
        return _routes(
            self._search(self.km, origin, target),
            self._search(self.minutes, origin, target),
            pd.Series(origin.km, centers.index, name="snap_km"),
            pd.Series(target.km, zones.index, name="zone_snap_km"),
            max_snap_km=max_snap_km,
            straight_kmh=self.default_kmh,
        )

    def _snap(self, points: pd.DataFrame) -> _Snapped:
        lon, lat = points["lon"].to_numpy(float), points["lat"].to_numpy(float)
        to_metres = plane(self.crs)
        x, y = to_metres.transform(lon, lat)
        known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        place = shapely.points(x[known], y[known])
        segment = np.full(len(points), -1, dtype=np.int64)
        share, km = np.full((2, len(points)), np.nan)
        segment[known] = self.tree.query_nearest(place, all_matches=False)[1]
        road = self.tree.geometries[segment[known]]
        share[known] = shapely.line_locate_point(road, place, normalized=True)
        foot = shapely.line_interpolate_point(road, share[known], normalized=True)
        foot_lon, foot_lat = to_metres.transform(
            shapely.get_x(foot), shapely.get_y(foot), direction="INVERSE"
        )
        km[known] = GEOD.inv(lon[known], lat[known], foot_lon, foot_lat)[2] / 1000
        return _Snapped(segment, share, km)

    def _search(self, by: _Cost, origin: _Snapped, target: _Snapped) -> Floats:
        """Least cost between snapped points, one row per origin; NaN where there is no way."""
        found = np.full((len(origin.segment), len(target.segment)), np.nan)
        at, to = origin.segment, target.segment
        to_start = self._part(at, origin.share, by.backward[at], by)
        to_end = self._part(at, 1 - origin.share, by.forward[at], by)
        from_start = self._part(to, target.share, by.forward[to], by)
        from_end = self._part(to, 1 - target.share, by.backward[to], by)
        graph = _with_targets(by.inward, self.start[to], from_start, self.end[to], from_end)
        for j in np.flatnonzero(to >= 0):
            cost = scipy.sparse.csgraph.dijkstra(graph, indices=by.inward.shape[0] + j)
            by_node = np.minimum(to_start + cost[self.start[at]], to_end + cost[self.end[at]])
            ahead = target.share[j] - origin.share
            along = np.where(ahead > 0, by.forward[at], by.backward[at])
            direct = np.where(at == to[j], self._part(at, np.abs(ahead), along, by), np.inf)
            found[:, j] = np.minimum(by_node, direct)
        return np.where(np.isfinite(found), found, np.nan)

    def _part(self, segment: Whole, share: Floats, whole: Floats, by: _Cost) -> Floats:
        """Cost of a share of a segment in the direction in which all of it costs ``whole``.

        Within a centimetre there is no direction: a point on a node leaves by every road there.
        """
        either = np.minimum(by.forward[segment], by.backward[segment])
        here = share * self.length_km[segment] <= SAME_PLACE_KM
        return share * np.where(here, either, whole)


def road_network(
    lines: gpd.GeoDataFrame, *, crs: str, name: str = "roads", default_kmh: float = 30.0
) -> RoadNetwork:
    """Graph of the roads in a line layer.

    Lines meet where they share a vertex, also in the middle of both, as ways of OpenStreetMap do;
    lines that only cross (a bridge) do not meet. What is drawn twice is one road.

    Parameters
    ----------
    lines
        Lines in any CRS; other geometries are passed over. Tags are those of ``road_tags``, in
        columns or, as GDAL's driver for OpenStreetMap writes them, in ``other_tags``:

        - class (``highway``, ``fclass``, ``type``, ``REMARK``): where it is known at all, only
          lines of ``CLASS_KMH`` count, at the speed of their class;
        - ``access`` and its kin: what is closed to cars is left out;
        - ``maxspeed``: wins over the class where it can be read: km/h, or mph if it says so; the
          lowest of several (``"50;60"``); 0 and words do not count; bounded to 1 to 130 km/h;
        - ``oneway``: forward, backward or both ways; any other value or none means one-way on
          motorways and roundabouts (``junction``) and both ways elsewhere.

        Where there are over ``MAX_SEGMENTS``, ``SMALL_CLASSES`` are left out. Turn restrictions,
        surfaces and ferries are not read.
    crs
        Projected CRS, in metres, that fits the province: points join the nearest road on it.
    name
        Name of the file as the user knows it.
    default_kmh
        Speed on lines with neither class nor limit, and on the straight way to the road.

    Raises
    ------
    DataError
        No line, no CRS, coordinates off the globe, no road for cars, or too many segments.
    ValueError
        When ``default_kmh`` is not within ``SPEED_KMH``.

    References
    ----------
    Project OSRM, profiles/car.lua (speeds) and profiles/lib/way_handlers.lua (one-way streets).
    """
    if not SPEED_KMH[0] <= default_kmh <= SPEED_KMH[1]:
        raise ValueError(f"default_kmh is {default_kmh!r}; expected 1 to 130 km/h")
    lines, issues = drivable_lines(lines, name)
    highway, column = road_tags.classes(lines)
    drawn = _segments(lines, name, crs)
    limits = road_tags.tag(lines, "maxspeed")
    kmh = limits.map(road_tags.limit_kmh, na_action="ignore").astype(float)
    kmh = kmh.fillna(highway.map(CLASS_KMH).astype(float)).fillna(default_kmh)
    ahead, back = road_tags.directions(lines, highway, column)
    ahead, back = ahead[drawn.row], back[drawn.row]
    # One segment per pair of nodes: what a point snaps to must not hang on which copy is met.
    turned = drawn.start > drawn.end
    forward, backward = np.where(turned, back, ahead), np.where(turned, ahead, back)
    pairs = np.sort(np.column_stack([drawn.start, drawn.end]), axis=1)
    key = pairs[:, 0] * len(drawn.degrees) + pairs[:, 1]
    _, first, copy_of = np.unique(key, return_index=True, return_inverse=True)
    start, end = pairs[first].T
    length_km = GEOD.inv(*drawn.degrees[start].T, *drawn.degrees[end].T)[2] / 1000
    minutes_per_km = 60 / kmh.to_numpy()[drawn.row]

    def cost(per_km: Floats) -> _Cost:
        least = np.full((2, len(start)), np.inf)
        np.minimum.at(least[0], copy_of, np.where(forward, per_km, np.inf))
        np.minimum.at(least[1], copy_of, np.where(backward, per_km, np.inf))
        onward, return_ = least * length_km
        return _costs(start, end, onward, return_, len(drawn.degrees))

    return RoadNetwork(
        start,
        end,
        length_km,
        km=cost(np.ones_like(minutes_per_km)),
        minutes=cost(minutes_per_km),
        ends=drawn.metres[np.column_stack([start, end])],
        default_kmh=default_kmh,
        crs=crs,
        issues=issues,
    )


@dataclass(frozen=True, eq=False)
class ReadRoads:
    """The network of a file, the layer that it is from, and what was assumed or left out."""

    network: RoadNetwork
    layer: road_files.Layer
    issues: tuple[Issue, ...]


def read_network(
    name: str,
    data: bytes,
    *,
    crs: str,
    box: Bounds,
    default_kmh: float,
    layer: str | None = None,
    limit_mb: float | None = None,
) -> ReadRoads:
    """Graph of the roads of a file; for ``reading.worker`` to run.

    Raises
    ------
    DataError
        As ``road_files.read_lines`` and ``road_network``.
    """
    read = road_files.read_lines(name, data, layer=layer, box=box, limit_mb=limit_mb)
    network = road_network(read.lines, crs=crs, name=name, default_kmh=default_kmh)
    return ReadRoads(network, read.layer, (*read.issues, *network.issues))


def drivable_lines(
    lines: gpd.GeoDataFrame, name: str
) -> tuple[gpd.GeoDataFrame, tuple[Issue, ...]]:
    """The lines that cars may use, and why others are left out; raises as ``road_network``."""
    lines = lines[lines.geom_type.isin(LINES) & ~lines.is_empty].reset_index(drop=True)
    if lines.empty:
        raise DataError([Issue("roads_no_lines", name)])
    if lines.crs is None:
        raise DataError([Issue("crs_missing", name)])
    highway, column = road_tags.classes(lines)
    drivable, issues = _drivable(lines, highway, column, name)
    return lines[drivable], issues


def _drivable(
    lines: gpd.GeoDataFrame, highway: pd.Series, column: str, name: str
) -> tuple[pd.Series, tuple[Issue, ...]]:
    """Which lines cars may use, and why the others are left out.

    Raises
    ------
    DataError
        When there are classes, and none for cars.
    """
    issues: list[Issue] = []

    def note(code: str, of: pd.Series) -> None:
        if of.any():
            most = highway[of].fillna("?").value_counts().index[:NAMED_CLASSES]
            told = {"count": int(of.sum()), "classes": tuple(map(str, most))}
            issues.append(Issue(code, name, expected=told, severity="noted"))

    drivable = highway.isin(CLASS_KMH.keys()) if column else pd.Series(True, lines.index)
    if column:
        note("roads_other_ways", highway.isin(road_tags.OTHER_WAYS))
        note("roads_class_unknown", highway.notna() & ~road_tags.is_class(highway))
    closed = drivable & road_tags.closed(lines)
    note("roads_closed", closed)
    drivable &= ~closed
    if not drivable.any():
        raise DataError([Issue("roads_not_drivable", name, expected={"rows": len(lines)})])
    count = shapely.get_num_coordinates(lines.geometry.to_numpy())
    small = pd.Series(False, lines.index)
    for kind in SMALL_CLASSES:
        if count[drivable & ~small].sum() > MAX_SEGMENTS:
            small |= drivable & highway.eq(kind)
    note("roads_too_small", small)
    drivable &= ~small
    return drivable, tuple(issues)


def _segments(lines: gpd.GeoDataFrame, name: str, crs: str) -> _Segments:
    parts, row = shapely.get_parts(lines.geometry.to_numpy(), return_index=True)
    count = int(shapely.get_num_coordinates(parts).sum()) - len(parts)
    if count > MAX_SEGMENTS:
        expected = {"segments": count, "limit": MAX_SEGMENTS}
        raise DataError([Issue("roads_too_many", name, expected=expected)])
    vertices, part = shapely.get_coordinates(parts, return_index=True)
    to_degrees = pyproj.Transformer.from_crs(lines.crs, WGS84, always_xy=True)
    degrees = np.column_stack(to_degrees.transform(*vertices.T))
    metres = np.column_stack(plane(crs).transform(*degrees.T))  # infinite a quarter globe away
    if not (np.abs(degrees) <= (180, 90)).all() or not np.isfinite(metres).all():
        raise DataError(
            [Issue("crs_wrong", name, expected={"crs": pyproj.CRS(lines.crs).to_string()})]
        )
    steps = np.round(degrees * DEGREE_STEPS).astype(np.int64)
    place = steps[:, 0] * 2**32 + steps[:, 1]
    _, seen, node = np.unique(place, return_index=True, return_inverse=True)
    first = np.flatnonzero(part[1:] == part[:-1])
    first = first[node[first] != node[first + 1]]
    if not len(first):
        raise DataError([Issue("roads_no_lines", name)])
    return _Segments(node[first], node[first + 1], row[part[first]], degrees[seen], metres[seen])


def _costs(start: Whole, end: Whole, forward: Floats, backward: Floats, nodes: int) -> _Cost:
    """Costs of segments with their graph; no two segments join the same nodes."""
    ahead, back = np.isfinite(forward), np.isfinite(backward)
    tail = np.concatenate([start[ahead], end[back]])
    head = np.concatenate([end[ahead], start[back]])
    cost = np.concatenate([forward[ahead], backward[back]])
    return _Cost(
        forward, backward, scipy.sparse.csr_array((cost, (head, tail)), shape=(nodes, nodes))
    )


def _with_targets(
    inward: "scipy.sparse.csr_array", start: Whole, from_start: Floats, end: Whole, from_end: Floats
) -> "scipy.sparse.csr_array":
    """The graph with one more node per target, reached from both ends of its segment.

    Nothing leads on from a target (in the turned graph: into it), so targets are no short cut
    for one another.
    """
    nodes = inward.shape[0] + len(start)
    cost = np.column_stack([from_start, from_end]).ravel()
    node = np.column_stack([start, end]).ravel()
    open_ = np.isfinite(cost)
    arcs = open_.reshape(-1, 2).sum(axis=1).cumsum()
    return scipy.sparse.csr_array(
        (
            np.concatenate([inward.data, cost[open_]]),
            np.concatenate([inward.indices, node[open_]]),
            np.concatenate([inward.indptr, inward.indptr[-1] + arcs]),
        ),
        shape=(nodes, nodes),
    )


@dataclass(frozen=True)
class RoutingServer:
    """A routing server that the user runs or may use.

    Parameters
    ----------
    address
        ``http://`` or ``https://`` with host, port and path, such as ``http://127.0.0.1:5000``.
    kind
        Which language it speaks: ``"osrm"`` or ``"valhalla"``.
    timeout_s
        Seconds to wait for a connection, and for each whole answer.
    default_kmh
        Speed on the straight way to the road.
    telling
        Whether a failure says why; whoever may not look into the network behind the app could
        learn from it which addresses and ports answer there.
    """

    address: str
    kind: Literal["osrm", "valhalla"]
    timeout_s: float = 10.0
    default_kmh: float = 30.0
    telling: bool = True

    def routes(
        self, centers: pd.DataFrame, zones: pd.DataFrame, *, max_snap_km: float = 2.0
    ) -> Routes:
        """Km and minutes of the way that the server finds best, from every center to every zone.

        Parameters as for ``RoadNetwork.routes``. Km and minutes are of one way, the fastest, by
        the server's own rules. Places travel as degrees with six decimals, in batches. OSRM tells
        how far a place is from the road, Valhalla the point on the road (older releases copy the
        request instead, which tells nothing). Where that is unknown, nothing is added and
        ``max_snap_km`` cannot bind.

        Raises
        ------
        DataError
            ``routing_address``, ``routing_forbidden``, ``routing_unreachable``,
            ``routing_timeout``, ``routing_failed`` (with status and code) or ``routing_garbage``,
            or ``routing_no_answer`` for all of them; there is no partial result.
        ValueError
            When ``kind`` is unknown or ``max_snap_km`` is negative or NaN.

        References
        ----------
        OSRM HTTP API, table service; Valhalla Time-Distance Matrix API.
        """
        _check_snap(max_snap_km)
        if self.kind not in PROTOCOLS:
            raise ValueError(f"kind is {self.kind!r}; expected one of {tuple(PROTOCOLS)}")
        ask = PROTOCOLS[self.kind]
        origin, target = _degrees(centers), _degrees(zones)
        km, minutes = np.full((2, len(origin), len(target)), np.nan)
        snap, zone_snap = np.full(len(origin), np.nan), np.full(len(target), np.nan)
        for rows in _batches(origin, BATCH_CENTERS[self.kind]):
            for columns in _batches(target, BATCH_ZONES):
                answer = ask(self, origin[rows], target[columns])
                cells = np.ix_(rows, columns)
                absent = np.isnan(answer.km) | np.isnan(answer.minutes)
                km[cells] = np.where(absent, np.nan, answer.km)
                minutes[cells] = np.where(absent, np.nan, answer.minutes)
                snap[rows] = np.fmax(snap[rows], answer.snap_km)
                zone_snap[columns] = np.fmax(zone_snap[columns], answer.zone_snap_km)
        return _routes(
            km,
            minutes,
            pd.Series(snap, centers.index, name="snap_km"),
            pd.Series(zone_snap, zones.index, name="zone_snap_km"),
            max_snap_km=max_snap_km,
            straight_kmh=self.default_kmh,
        )

    def refusal(self, code: str, **expected: object) -> DataError:
        """The one defect for which an answer of this server cannot be used."""
        if not self.telling:
            return DataError([Issue("routing_no_answer", self.address[:80])])
        return DataError([Issue(code, self.address[:80], expected=expected)])

    def fetch(self, path: str, body: dict[str, Any] | None = None) -> tuple[int, object]:
        """Status and JSON of one answer, None where it is no JSON; redirects are not followed."""
        parts = self._parts()
        host, port = str(parts.hostname), parts.port or (443 if parts.scheme == "https" else 80)
        sent = {
            "Host": parts.netloc,
            # Packed answers could unpack to any size; an answer of numbers needs no packing.
            "Accept-Encoding": "identity",
            "User-Agent": "ikmgeo",
        }
        try:
            # What was looked up is what is asked: a name may mean another address a moment later.
            found = resolved(host, port)
        except UnicodeError as error:
            raise self.refusal("routing_address") from error
        except ValueError as error:
            raise self.refusal("routing_forbidden") from error
        except OSError as error:
            raise self.refusal("routing_unreachable") from error
        for last, ip in zip(range(len(found) - 1, -1, -1), found, strict=True):
            try:
                with (
                    _pool(parts.scheme, ip, port, host, self.timeout_s) as pool,
                    closing(
                        pool.request(
                            "GET" if body is None else "POST",
                            parts.path.rstrip("/") + path,
                            json=body,
                            headers=sent,
                            redirect=False,
                            retries=False,
                            preload_content=False,
                        )
                    ) as response,
                ):
                    return response.status, _json(self._content(response))
            except urllib3.exceptions.NewConnectionError as error:
                if not last:
                    raise self.refusal("routing_unreachable") from error
            except urllib3.exceptions.TimeoutError as error:
                raise self.refusal("routing_timeout", seconds=self.timeout_s) from error
            except (urllib3.exceptions.HTTPError, OSError) as error:
                raise self.refusal("routing_unreachable") from error
        raise AssertionError("unreachable")

    def _parts(self) -> SplitResult:
        try:
            parts = urlsplit(self.address.strip(" "))
            sound = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError as error:  # a port or an IPv6 address that is none
            raise self.refusal("routing_address") from error
        # urlsplit drops some signs without a word; names in other letters have a spelling in these.
        odd = re.search(r"[^!-~]", self.address.strip(" ")) or "*" in parts.netloc
        if not sound or odd or parts.query or parts.fragment or "@" in parts.netloc:
            raise self.refusal("routing_address")
        return parts

    def _content(self, response: urllib3.BaseHTTPResponse) -> bytes:
        """Body of an answer, within the time and the size that are allowed."""
        until = time.monotonic() + self.timeout_s
        content = b""
        # The timeout of urllib3 starts anew with every byte that trickles in; this one does not.
        while piece := response.read1(65_536, decode_content=False):
            content += piece
            if len(content) > ANSWER_BYTES:
                raise self.refusal("routing_garbage")
            if time.monotonic() > until:
                raise urllib3.exceptions.TimeoutError
        return content


def _pool(
    scheme: str, ip: str, port: int, host: str, timeout_s: float
) -> urllib3.HTTPConnectionPool:
    """Connections to one address; a certificate must be that of the host."""
    if scheme == "https":
        return urllib3.HTTPSConnectionPool(
            ip, port, timeout=timeout_s, server_hostname=host, assert_hostname=host
        )
    return urllib3.HTTPConnectionPool(ip, port, timeout=timeout_s)


@dataclass(frozen=True, eq=False)
class _Answer:
    """Km and minutes, origins × targets, and the straight km to the road; NaN where none."""

    km: Floats
    minutes: Floats
    snap_km: Floats
    zone_snap_km: Floats


def _osrm(server: RoutingServer, origin: Floats, target: Floats) -> _Answer:
    shape = (len(origin), len(target))
    places = ";".join(f"{lon:.6f},{lat:.6f}" for lon, lat in (*origin, *target))
    numbers = [str(i) for i in range(sum(shape))]
    status, answer = server.fetch(
        f"/table/v1/driving/{places}?sources={';'.join(numbers[: shape[0]])}"
        f"&destinations={';'.join(numbers[shape[0] :])}&annotations=duration,distance"
    )
    code = answer.get("code") if isinstance(answer, dict) else None
    if status != 200 or (code is not None and code != "Ok"):
        raise _failed(server, status, code)
    try:
        table = _object(answer)
        return _Answer(
            km=_matrix(table["distances"], shape) / 1000,
            minutes=_matrix(table["durations"], shape) / 60,
            snap_km=_metres(table["sources"], shape[0]) / 1000,
            zone_snap_km=_metres(table["destinations"], shape[1]) / 1000,
        )
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise server.refusal("routing_garbage") from error


def _valhalla(server: RoutingServer, origin: Floats, target: Floats) -> _Answer:
    shape = (len(origin), len(target))
    body = {
        "sources": [{"lat": lat, "lon": lon} for lon, lat in origin.tolist()],
        "targets": [{"lat": lat, "lon": lon} for lon, lat in target.tolist()],
        "costing": "auto",
        "units": "kilometers",
    }
    status, answer = server.fetch("/sources_to_targets", body)
    code = answer.get("error_code") if isinstance(answer, dict) else None
    if status == 400 and code == NO_PATH:
        nothing = np.full(shape, np.nan)
        return _Answer(nothing, nothing, nothing[:, 0], nothing[0])
    if status != 200:
        raise _failed(server, status, code)
    try:
        table = _object(answer)
        rows = table["sources_to_targets"]
        km, seconds = (
            [[cell[key] for cell in row] for row in rows] for key in ("distance", "time")
        )
        return _Answer(
            km=_matrix(km, shape),
            minutes=_matrix(seconds, shape) / 60,
            snap_km=_echoed_km(table.get("sources"), origin),
            zone_snap_km=_echoed_km(table.get("targets"), target),
        )
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise server.refusal("routing_garbage") from error


PROTOCOLS: Final[Mapping[str, Callable[[RoutingServer, Floats, Floats], _Answer]]] = {
    "osrm": _osrm,
    "valhalla": _valhalla,
}


def _failed(server: RoutingServer, status: int, code: object) -> DataError:
    """Status and, if it is one plain word, the server's code; never its free text."""
    word = str(code) if re.fullmatch(r"\w{1,40}", str(code), re.ASCII) and code else ""
    return server.refusal("routing_failed", answer=f"HTTP {status} {word}".strip())


def _json(content: bytes) -> object:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError
    return value


def _matrix(rows: Any, shape: tuple[int, int]) -> Floats:
    if len(rows) != shape[0] or any(len(row) != shape[1] for row in rows):
        raise ValueError
    numbers = [_number(value) for row in rows for value in row]
    return np.array(numbers, dtype=float).reshape(shape)


def _number(value: object) -> float:
    """A finite number from 0; NaN for null."""
    if value is None:
        return np.nan
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError
    if not 0 <= float(value) < np.inf:
        raise ValueError
    return float(value)


def _metres(waypoints: Any, count: int) -> Floats:
    """Distance to the road of each waypoint of OSRM; NaN in releases that do not tell it."""
    told = [_object(waypoint).get("distance") for waypoint in waypoints]
    return _matrix([told], (1, count)).ravel()


def _echoed_km(places: Any, sent: Floats) -> Floats:
    """Km from each place sent to the point on the road that Valhalla answers with.

    NaN where it answers with none, and for all where every place came back as it was sent.
    """
    unknown = np.full(len(sent), np.nan)
    if not isinstance(places, list) or len(places) != len(sent):
        return unknown
    if not all(isinstance(place, dict) or place is None for place in places):
        return unknown
    pairs = [(place["lon"], place["lat"]) if place else (np.nan, np.nan) for place in places]
    found = np.array(pairs, dtype=float)
    if np.isinf(found).any() or (np.abs(found) > (180, 90)).any():
        raise ValueError
    if np.isclose(found, sent, rtol=0, atol=5e-7).all():
        return unknown
    km: Floats = GEOD.inv(*sent.T, *found.T)[2] / 1000
    return km


def _degrees(points: pd.DataFrame) -> Floats:
    """Lon and lat of each point as a server gets them."""
    degrees: Floats = points[["lon", "lat"]].to_numpy(float).round(6)
    return degrees


def _batches(degrees: Floats, size: int) -> list[Whole]:
    """Positions of the rows that have coordinates, so many at a time."""
    known = np.flatnonzero(np.isfinite(degrees).all(axis=1))
    return [known[i : i + size] for i in range(0, len(known), size)]


def _check_snap(max_snap_km: float) -> None:
    if not max_snap_km >= 0:
        raise ValueError(f"max_snap_km is {max_snap_km!r}; expected 0 or more")


def _routes(
    km: Floats,
    minutes: Floats,
    snap_km: pd.Series,
    zone_snap_km: pd.Series,
    *,
    max_snap_km: float,
    straight_kmh: float,
) -> Routes:
    """Ways from road to road, made ways from place to place; too far from a road is no way."""
    snap, zone_snap = snap_km.to_numpy()[:, None], zone_snap_km.to_numpy()[None, :]
    straight = np.nan_to_num(snap) + np.nan_to_num(zone_snap)
    near = ~(snap > max_snap_km) & ~(zone_snap > max_snap_km)
    index, columns = snap_km.index, zone_snap_km.index
    return Routes(
        km=pd.DataFrame(np.where(near, km + straight, np.nan), index, columns),
        minutes=pd.DataFrame(
            np.where(near, minutes + straight / straight_kmh * 60, np.nan), index, columns
        ),
        snap_km=snap_km,
        zone_snap_km=zone_snap_km,
    )
