"""The centers of a view as data for other programs: GeoPackage, GeoJSON, GeoParquet.

Every file holds the centers that the reader saw, their contradictions and how uncertain their
places are, and tells its sources and the choices that made it. Missing is empty or null.
"""

import io
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely

from ikmgeo import symbols, tables
from ikmgeo.analysis import Inputs
from ikmgeo.display import scene
from ikmgeo.handout import Handout, Progress, layers, settings, sources
from ikmgeo.handouts import qgis
from ikmgeo.measures import composite, linkage
from ikmgeo.measures.areas import circles
from ikmgeo.measures.district_measures import MEASURES
from ikmgeo.measures.indicators import paired
from ikmgeo.measures.scoring import claim_ids
from ikmgeo.reading.own import Own
from ikmgeo.vocabulary import AREA_STAGES, WGS84
from ikmgeo.words import wording
from ikmgeo.words.messages import Messages

LAYERS: Final = (
    *("claims", "centers", "areas", "districts", "district_areas", "population", "codes"),
    *("zones", "zone_areas", "commodities", "sector_fit"),
)
"""Layers of ``sources.csv`` that a file draws on."""

DECIMALS: Final = 4
DEGREE_DECIMALS: Final = 6
"""A sixth decimal of a degree is a tenth of a metre, and what RFC 7946 suggests."""

LIST: Final = "; "
"""Between the items of a cell."""


def provenance(handout: Handout) -> dict[str, Any]:
    """Title, attribution, licences, choices, day, language and link of a view, to go into a file.

    Words are in the reader's language; ``view`` is the query of the URL that reopens the view.
    """
    say = handout.say
    used = layers_used(say, handout.inputs, own=handout.own).dropna(subset="licence")
    return {
        "title": say("map.heading"),
        "attribution": sources(handout),
        "licences": dict(zip(used["layer"], used["licence"], strict=True)),
        "settings": dict(settings(handout)),
        "distances": say("linkage.straight_line_help"),
        "taken_on": handout.taken_on.isoformat(),
        "language": say.language,
        "view": handout.query,
    }


def layers_used(say: Messages, inputs: Inputs, *, own: Own | None) -> pd.DataFrame:
    """Source, date, licence and precision of each layer, with the reader's own files as theirs.

    Columns ``layer`` (its name), ``source``, ``date``, ``licence`` and ``precision``, all text in
    the reader's language.
    """
    known = layers(say, inputs, own=own)
    replaced = own is not None and own.in_place
    listed = [
        code for code in LAYERS if code in known.index and not (replaced and code == "claims")
    ]
    table = known.loc[listed].rename(columns={f"precision_{say.language}": "precision"})
    table["precision"] = table["precision"].replace("", None)
    table["layer"] = table[f"name_{say.language}"]
    columns = ["layer", "source", "date", "licence", "precision"]
    return table[columns].astype(object).map(say.data).astype("str").reset_index(drop=True)


def centers_table(handout: Handout) -> gpd.GeoDataFrame:
    """The centers shown, a row each, with stable English column codes.

    Returns
    -------
    geopandas.GeoDataFrame
        Points (EPSG:4326). Codes as in ``data/README.md``; labels and free text in the reader's
        language. ``alternative_scores`` and ``claim_ids`` are lists with ``; `` between, and empty
        where scores come from assessed aspects. ``list`` is there where
        centers of several lists are. ``{zone_id}_km`` is a straight line in km, with
        its interval ``_low`` and ``_high``; the indicator that the reader chose follows as
        ``{indicator}_{column}``, 0 to 100 or in its unit, and the aspects, 0 to 100.
    """
    say, inputs, shown = handout.say, handout.inputs, handout.shown
    names = f"name_{say.language}"
    columns = {
        "center_id": shown.index.to_series(),
        "name_id": shown["name_id"],
        "name_en": shown["name_en"],
        **_lists(handout),
        "commodity": shown["commodity"],
        "commodity_name": shown["commodity"].map(inputs.commodities[names]),
        "district_code": shown["district"],
        "district_name": shown["district"].map(inputs.districts["name_id"]),
        "category": shown["category"],
        "category_label": shown["category"].map(lambda c: say(f"category.{c}")),
        "score": shown["score"].round(DECIMALS),
        "rank": shown["rank"].astype("Int64"),
        "conflicting": shown["conflicting"].astype(bool),
        **_claims_behind(handout),
        "lat": shown["lat"].round(DEGREE_DECIMALS),
        "lon": shown["lon"].round(DEGREE_DECIMALS),
        "position_precision": shown["position_precision"],
        "area_kind": shown["area_kind"],
        "area_code": shown["area_code"],
        "area_name": shown["area_name"],
        "area_radius_km": shown["area_radius_km"].round(DECIMALS),
        "position_basis": shown["position_basis"],
        "position_source": shown["position_source"].map(say.data),
        "nearest_zone": shown["nearest_zone"],
        "nearest_zone_name": shown["nearest_zone"].map(inputs.zones["short_name"]),
        "nearest_km": shown["nearest_km"].round(DECIMALS),
        "nearest_uncertain": shown["nearest_uncertain"].astype(bool),
    }
    texts = [name for name, column in columns.items() if column.dtype == object]
    table = pd.DataFrame(columns, index=shown.index).astype(dict.fromkeys(texts, "str"))
    measures = [_straight(handout), _chosen(handout), handout.aspects.reindex(shown.index)]
    table = pd.concat([table, *(m.astype(float).round(DECIMALS) for m in measures)], axis=1)
    points = gpd.points_from_xy(table["lon"], table["lat"], crs=WGS84)
    return gpd.GeoDataFrame(table.reset_index(drop=True), geometry=points)


def _lists(handout: Handout) -> dict[str, pd.Series]:
    """Name of the list of each center, where several are shown."""
    names = wording.list_names(handout.say, handout.measured.centers)
    return {} if names is None else {"list": names[handout.shown.index]}


def _claims_behind(handout: Handout) -> dict[str, pd.Series]:
    """Rival scores and ids of the claims of each center, where scores are the printed ones."""
    claims, shown = handout.inputs.claims, handout.shown
    cited = shown[["score_claim", "category_claim", "alternative_claims"]].astype(object)
    if handout.view.composition.source != composite.PUBLISHED:
        cited = cited.map(lambda _: None)
    rivals, ids = [], []
    for score, category, others in cited.itertuples(index=False):
        rival = [i for i in claim_ids(others) if i in claims.index]
        rivals.append(LIST.join(str(claims.at[i, "value_printed"]) for i in rival) or None)
        own = [i for i in (score, category) if isinstance(i, str)]
        ids.append(LIST.join(dict.fromkeys([*own, *rival])) or None)
    columns = {"alternative_scores": rivals, "claim_ids": ids}
    return {name: pd.Series(c, index=shown.index, dtype=object) for name, c in columns.items()}


def _straight(handout: Handout) -> pd.DataFrame:
    """Straight-line km from each center shown to each zone, with bounds."""
    measured = handout.measured
    parts = (measured.distances, measured.low, measured.high)
    names = handout.measured.distances.columns
    return with_bounds(handout, *parts, names={z: f"{z}_km" for z in names})


def _chosen(handout: Handout) -> pd.DataFrame:
    """The indicator that the reader chose, with bounds; not once more the straight lines."""
    indicator, linked = handout.view.indicator, handout.linked
    if (indicator, handout.view.link.measure) == ("cost", linkage.STRAIGHT_KM):
        return pd.DataFrame(index=handout.shown.index)
    parts = (tables.part(part, indicator) for part in (linked.values, linked.low, linked.high))
    columns = tables.part(linked.values, indicator).columns
    return with_bounds(handout, *parts, names={c: f"{indicator}_{c}" for c in columns})


def with_bounds(
    handout: Handout,
    value: pd.DataFrame,
    low: pd.DataFrame,
    high: pd.DataFrame,
    *,
    names: Mapping[Any, str],
) -> pd.DataFrame:
    """Columns of the centers shown under new names, each followed by its two bounds."""
    ends = {"": value, "_low": low, "_high": high}
    columns = {
        f"{name}{end}": frame[column].reindex(handout.shown.index)
        for column, name in names.items()
        for end, frame in ends.items()
    }
    return pd.DataFrame(columns, index=handout.shown.index)


def districts_table(handout: Handout) -> gpd.GeoDataFrame:
    """Every district with its facts and the measures of the shown centers in it.

    Polygons (EPSG:4326); columns as in ``districts.csv`` and ``district_measures.MEASURES``.
    """
    inputs, measures = handout.inputs, handout.shown_districts
    facts = ["bps_code", "name_id", "capital", "area_km2", "population", "population_date"]
    named = inputs.districts[[*facts, "geometry"]].rename(columns={"name_id": "district_name"})
    noted = inputs.districts["note"].map(handout.say.data, na_action="ignore").astype("str")
    named.insert(len(facts), "note", noted)
    categories = [m.code for m in MEASURES.values() if m.is_category]
    measures = measures.astype(dict.fromkeys(categories, "str"))
    measures = measures.round(dict.fromkeys(measures.columns.drop(categories), DECIMALS))
    return named.join(measures).reset_index()


def zones_table(handout: Handout) -> gpd.GeoDataFrame:
    """Every zone at its reference point (EPSG:4326), with all rival figures of its area."""
    inputs = handout.inputs
    free = ["operator", "area_basis", "focus_sectors", "legal_basis", "position_source"]
    columns = ["short_name", "name_id", "name_en", "class", "status", "status_date", "area_ha"]
    columns += [f"{stage}_ha" for stage in AREA_STAGES]
    columns += [*free, "note", "source", "lat", "lon", "position_precision"]
    table = inputs.zones[columns].copy()
    free += ["note", "source"]
    table[free] = table[free].astype(object).map(handout.say.data).astype("str")
    areas = inputs.zone_areas.groupby("zone_id")["area_ha"]
    rivals = areas.agg(lambda figures: LIST.join(dict.fromkeys(map(str, figures))))
    after = columns.index("area_ha") + 1
    table.insert(after, "areas_ha", rivals.reindex(table.index).astype("str"))
    points = gpd.points_from_xy(table["lon"], table["lat"], crs=WGS84)
    return gpd.GeoDataFrame(table.reset_index(), geometry=points)


def footprints_table(handout: Handout) -> gpd.GeoDataFrame:
    """Footprints of the zones (EPSG:4326): a known polygon, else a circle of the same area.

    ``schematic`` is True for a circle; a zone with neither polygon nor area has no row.
    """
    zones = handout.inputs.zones
    drawn = scene.footprints(zones, handout.inputs.footprints)
    shapes = {one.zone_id: one.outline for one in drawn}
    radius_km = {one.zone_id: one.radius_km for one in drawn if one.outline is None}
    circled = zones.loc[list(radius_km)]
    shapes |= zip(circled.index, circles(circled, np.array([*radius_km.values()])), strict=True)
    table = zones.loc[list(shapes), ["short_name", "class", "area_ha"]]
    table = table.assign(schematic=table.index.isin(circled.index)).reset_index()
    return gpd.GeoDataFrame(table, geometry=np.array([*shapes.values()], dtype=object), crs=WGS84)


def areas_table(handout: Handout) -> gpd.GeoDataFrame:
    """Area (EPSG:4326) that each center shown may lie in, by ``area_kind``."""
    shown = handout.shown
    known = ["position_precision", "area_kind", "area_code", "area_name", "area_radius_km"]
    table = shown[[f"name_{handout.say.language}", *known]].astype(dict.fromkeys(known[:-1], "str"))
    outlines = handout.measured.areas.outlines(shown)
    table = gpd.GeoDataFrame(table, geometry=outlines, crs=WGS84)
    return table[table.geometry.notna()].reset_index()


def lines_table(handout: Handout) -> gpd.GeoDataFrame:
    """A straight line (EPSG:4326) from each center shown to each zone, with its indicators.

    ``km``, ``km_low`` and ``km_high`` are straight lines; ``cost`` is in the reader's measure (km
    or minutes), proximity and sector fit 0 to 100, the Huff share 0 to 1, with bounds.
    """
    shown, measured, linked = handout.shown, handout.measured, handout.linked
    ends = {"": linked.values, "_low": linked.low, "_high": linked.high}
    straight = {"": measured.distances, "_low": measured.low, "_high": measured.high}
    parts = []
    for zone_id, zone in handout.inputs.zones.iterrows():
        columns = {f"km{end}": frame[zone_id] for end, frame in straight.items()}
        columns |= {
            f"{indicator}{end}": frame[indicator, zone_id]
            for indicator in paired()
            for end, frame in ends.items()
        }
        part = pd.DataFrame(columns).reindex(shown.index).astype(float).round(DECIMALS)
        part.insert(0, "zone_id", str(zone_id))
        starts = shown[["lon", "lat"]].to_numpy(float)
        lines = shapely.linestrings(np.stack([starts, _ends(handout, zone)], axis=1))
        parts.append(gpd.GeoDataFrame(part.reset_index(), geometry=lines, crs=WGS84))
    if not parts:
        return gpd.GeoDataFrame({"center_id": pd.Series(dtype="str")}, geometry=[], crs=WGS84)
    return pd.concat(parts, ignore_index=True)


def _ends(handout: Handout, zone: pd.Series) -> npt.NDArray[np.float64]:
    """Point (lon, lat) of a zone that its distance to each center shown is measured to."""
    known, shown = handout.inputs.footprints, handout.shown
    if zone.name not in known.index:
        return np.tile(np.array([zone["lon"], zone["lat"]], float), (len(shown), 1))
    ends = [linkage.end_of_line(center, zone, known) for _, center in shown.iterrows()]
    return np.array(ends, float).reshape(-1, 2)[:, ::-1]


def claims_table(handout: Handout) -> pd.DataFrame:
    """Claims about the centers shown, those that contradict them, ranges and statistics.

    A reader's own center stands by its own score, so it has none.
    """
    claims, shown = handout.inputs.claims, handout.shown
    own = claims["center_id"].isin(shown.index[shown["score_claim"].notna()])
    rivals = {i for cell in claims.loc[own, "contradicts"] for i in claim_ids(cell)}
    return claims[own | claims.index.isin(rivals) | claims["center_id"].isna()]


def statements_table(handout: Handout) -> pd.DataFrame:
    """What the source says in words of the centers shown, of categories and of all centers."""
    some, shown = handout.inputs.statements, handout.shown
    own = some["center_id"].isin(shown.index[shown["score_claim"].notna()])
    return some[own | some["center_id"].isna()]


def geojson(handout: Handout) -> bytes:
    """The centers as an RFC 7946 FeatureCollection, with ``provenance`` beside its features."""
    table = centers_table(handout)
    rows = table.drop(columns="geometry").astype(object)
    rows = rows.where(rows.notna(), None)
    features = [
        {
            "type": "Feature",
            "id": row["center_id"],
            "geometry": {"type": "Point", "coordinates": [row["lon"], row["lat"]]},
            "properties": row,
        }
        for row in rows.to_dict("records")
    ]
    collection = {"type": "FeatureCollection", **provenance(handout), "features": features}
    return json.dumps(collection, ensure_ascii=False, allow_nan=False).encode()


def geoparquet(handout: Handout) -> bytes:
    """The centers as GeoParquet 1.1, with ``provenance`` as key-value metadata of the file."""
    first, last = io.BytesIO(), io.BytesIO()
    centers_table(handout).to_parquet(first, index=False, schema_version="1.1.0")
    table = pq.read_table(pa.BufferReader(first.getvalue()))
    pq.write_table(table.replace_schema_metadata({**table.schema.metadata, **_flat(handout)}), last)
    return last.getvalue()


def geopackage(handout: Handout, *, progress: Progress = lambda part: None) -> bytes:
    """Centers, their areas, lines, zones, districts and lakes, styled for QGIS, with ``about``.

    What the reader finds their way by lies between the districts and the zones.
    ``progress`` is told after each layer.
    ``provenance`` is the file's metadata; the words of styles are in the reader's language.
    """
    say, lakes, many = handout.say, handout.inputs.lakes, len(handout.shown) >= symbols.MANY
    signs = handout.inputs.instrument.signs
    tables = {
        "lakes": ("MultiPolygon", lakes[["name_id", "geometry"]]),
        "districts": ("MultiPolygon", districts_table(handout)),
        **_orientation(handout),
        "zone_footprints": ("MultiPolygon", footprints_table(handout)),
        "lines": ("LineString", lines_table(handout)),
        "position_areas": ("MultiPolygon", areas_table(handout)),
        "zones": ("Point", zones_table(handout)),
        "centers": ("Point", centers_table(handout)),
    }
    styles = pd.DataFrame(
        {
            "f_table_catalog": "",
            "f_table_schema": "",
            "f_table_name": list(tables),
            "f_geometry_column": "geom",
            "styleName": list(tables),
            "styleQML": [qgis.style(name, say, signs, many=many) for name in tables],
            "styleSLD": "",
            "useAsDefault": True,
            "description": say("map.legend"),
            "owner": "",
            "ui": "",
            "update_time": pd.Timestamp(handout.taken_on),
        }
    )
    told = pd.DataFrame(about(handout), columns=["setting", "value"])
    metadata = _flat(handout)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ikmgeo.gpkg"
        for done, (name, (kind, layer)) in enumerate(tables.items(), 1):
            pyogrio.write_dataframe(
                layer,
                file,
                layer=name,
                driver="GPKG",
                geometry_type=kind,
                promote_to_multi=kind.startswith("Multi"),
                # Older programs warn of a newer one.
                dataset_options={"VERSION": "1.3"},
                dataset_metadata=metadata,
            )
            progress(done / (len(tables) + 1))
        pyogrio.write_dataframe(told, file, layer="about", driver="GPKG")
        pyogrio.write_dataframe(
            styles, file, layer="layer_styles", driver="GPKG", layer_options={"FID": "id"}
        )
        return file.read_bytes()


def _orientation(handout: Handout) -> dict[str, tuple[str, gpd.GeoDataFrame]]:
    """Rivers, railways, main roads and towns that the map shows, by layer with their geometry."""
    guide = handout.inputs.orientation
    if not handout.view.orientation:
        return {}
    kinds = {"rivers": "MultiLineString", "railways": "MultiLineString", "roads": "MultiLineString"}
    layers = {
        name: (kind, getattr(guide, name)) for name, kind in {**kinds, "towns": "Point"}.items()
    }
    return {name: found for name, found in layers.items() if len(found[1])}


def _flat(handout: Handout) -> dict[str, str]:
    """``provenance`` as text by name; what is not text becomes JSON."""
    return {
        name: told if isinstance(told, str) else json.dumps(told, ensure_ascii=False)
        for name, told in provenance(handout).items()
    }


def choices(handout: Handout) -> list[tuple[str, str]]:
    """Name and value of every choice, for people to read."""
    say = handout.say
    return [
        *settings(handout),
        (say("frame.language"), str(say.locale.language_name)),
        (say("dataset.link"), f"?{handout.query}"),
        (say("measure.straight_km"), say("linkage.straight_line_help")),
        (say("linkage.interval_heading"), say("linkage.two_kinds")),
    ]


def about(handout: Handout) -> list[tuple[str, str]]:
    """Name and value of every choice, then the sources."""
    name = handout.say("dataset.sources")
    return [*choices(handout), *((name, line) for line in sources(handout))]
