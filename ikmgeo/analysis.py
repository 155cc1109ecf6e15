"""The whole method on one screen: load, check, place, measure, score, classify, link."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ikmgeo.errors import Issue
from ikmgeo.instrument import Instrument
from ikmgeo.measures import composite, indicators, linkage, roads, scoring, uncertainty
from ikmgeo.measures.areas import Areas, areas_of, bounds_km
from ikmgeo.measures.composite import Composition
from ikmgeo.measures.indicators import INDICATORS
from ikmgeo.measures.linkage import Parameters
from ikmgeo.measures.scoring import Scheme
from ikmgeo.reading import base, habits, load, orientation, places, shipped, validate
from ikmgeo.reading.base import BARE, DISTRICTS, BaseMap, Origin
from ikmgeo.reading.gazetteer import Gazetteer
from ikmgeo.reading.orientation import Orientation
from ikmgeo.reading.validate import Action
from ikmgeo.settings import Settings
from ikmgeo.vocabulary import Bounds, Region


@dataclass(frozen=True)
class Inputs:
    """Checked tables, each indexed by its id, and every defect found on the way.

    ``sector_fit`` has a commodity per row and a zone per column (0 to 1, NaN where nothing is
    known); ``sector_fit_reasons`` lists ``commodity``, ``zone_id``, ``fit``, ``reason`` and
    ``source``. ``claims`` are the printed figures, ``statements`` what the source says in words:
    both on ``claim_id``, from one file. ``guidance`` has the actions of advice by ``action_id``,
    ``cases`` what happened elsewhere when one was tried, and
    ``frameworks`` the items to rate, as from ``validate.check_frameworks``; ``size_classes`` the
    rules of ``validate.check_size_classes``, ``center_definitions`` what makes a center by law.
    ``works`` are the studies that tables name by their
    short names, ``benchmarks`` figures to compare with. ``zones`` have their hectares by stage as
    from ``linkage.hectares``. ``villages`` are the gazetteer's, by ``village_code``, and
    ``subdistricts`` the areas built from them, by ``area_code``; ``bps_codes`` what BPS calls both.
    ``orientation`` is what a map is read by, of which the towns are shipped.
    ``polygons`` are areas of subdistricts and villages as their publisher has them, by
    ``area_code``. ``origins`` tells where the layers are from that take the place of shipped ones.
    ``bounds`` are those of all districts, of the region where there is none; ``crs`` is the
    projected CRS that fits them. ``instrument`` is what centers are rated by and sorted into.
    """

    region: Region
    bounds: Bounds
    crs: str
    instrument: Instrument
    centers: pd.DataFrame
    claims: pd.DataFrame
    statements: pd.DataFrame
    commodities: pd.DataFrame
    zones: pd.DataFrame
    zone_areas: pd.DataFrame
    sector_fit: pd.DataFrame
    sector_fit_reasons: pd.DataFrame
    guidance: Mapping[str, Action]
    cases: pd.DataFrame
    frameworks: pd.DataFrame
    size_classes: pd.DataFrame
    center_definitions: pd.DataFrame
    footprints: gpd.GeoDataFrame
    places: pd.DataFrame
    sources: pd.DataFrame
    works: pd.DataFrame
    benchmarks: pd.DataFrame
    translations: pd.DataFrame
    districts: gpd.GeoDataFrame
    lakes: gpd.GeoDataFrame
    surroundings: gpd.GeoDataFrame
    subdistricts: gpd.GeoDataFrame
    villages: pd.DataFrame
    bps_codes: pd.DataFrame
    former_names: pd.DataFrame
    orientation: Orientation
    polygons: gpd.GeoSeries
    origins: Mapping[str, Origin]
    issues: tuple[Issue, ...] = ()

    def __getstate__(self) -> dict[str, object]:
        """What another process gets: no rows under the names that they have in this one."""
        told = dict(vars(self))  # at once: another reader may work something out meanwhile
        told.pop("said_of", None)
        return told

    @cached_property
    def land(self) -> shapely.Geometry | None:
        """The province as one geometry (WGS84), lakes included; None without districts."""
        return places.land(self.districts, self.lakes) if len(self.districts) else None

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """What places rows without coordinates."""
        names = (self.region.name_id, self.region.name_en)
        return Gazetteer(self.villages, self.districts, names, self.bps_codes)

    @cached_property
    def in_indonesian(self) -> dict[str, str]:
        """Free texts of the data in Indonesian, by what they are in English."""
        return dict(self.translations[["text", "text_id"]].itertuples(index=False))

    @cached_property
    def said_of(self) -> Mapping[tuple[str, object], Sequence[Any]]:
        """Rows of ``statements`` about a center (``("center_id", id)``) or a ``category``."""
        found: defaultdict[tuple[str, object], list[Any]] = defaultdict(list)
        for row in self.statements.itertuples():
            found["center_id", row.center_id].append(row)
            found["category", row.category].append(row)
        return dict(found)


@dataclass(frozen=True)
class Measured:
    """Centers with district, area and nearest zone; km to each zone with bounds; the areas."""

    centers: pd.DataFrame
    distances: pd.DataFrame
    low: pd.DataFrame
    high: pd.DataFrame
    areas: Areas


def gather(settings: Settings, base_map: BaseMap = BARE) -> Inputs:
    """Load every file and check it; what is broken is left out and listed in ``issues``.

    What an installation brought for its base map takes the place of what is shipped.
    """
    raw = shipped.read_shipped(settings)
    region, region_issues = validate.check_region(raw.region)
    former, former_issues = validate.check_former_names(
        raw.former_names, raw.districts["district_code"].dropna()
    )
    brought, base_issues = _whole(base_map, raw.districts)
    districts, lakes, district_issues = places.read_districts(
        settings.districts if brought is None else None, raw.districts, former
    )
    origins = {k: o for k, o in base_map.origins.items() if k != DISTRICTS or brought is not None}
    if brought is not None:
        districts = districts.set_geometry(brought.geometry.reindex(districts.index))
    elif settings.districts and not district_issues:
        origins[DISTRICTS] = Origin(settings.districts.name)
    bounds = places.bounds(districts) or region.bounds
    crs = places.metric_crs(bounds)
    guide = base_map.orientation
    outlined = base_map.tables.get(base.ZONES)
    outlines = raw.zone_footprints if outlined is None else outlined.reset_index()
    commodities, commodity_issues = validate.check_commodities(raw.commodities)
    aspects, aspect_issues = validate.check_aspects(raw.aspects)
    categories, category_issues = validate.check_categories(raw.categories)
    instrument = Instrument(aspects, categories)
    claims, claim_issues = validate.check_claims(raw.claims, instrument)
    instrument = replace(
        instrument, ranges=claims[claims["kind"] == "range"].dropna(subset=["category"])
    )
    zones, zone_issues = validate.check_zones(raw.zones)
    hectares, area_issues = validate.check_zone_areas(raw.zone_areas, zones.index)
    fits, fit_issues = validate.check_sector_fit(raw.sector_fit, commodities.index, zones.index)
    cases, case_issues = validate.check_cases(raw.cases)
    guidance, guidance_issues = validate.check_guidance(
        raw.guidance, instrument, commodities.index, zones.index, cases.index
    )
    frameworks, framework_issues = validate.check_frameworks(raw.frameworks)
    sizes, size_issues = validate.check_size_classes(raw.size_classes)
    definitions, definition_issues = validate.check_center_definitions(raw.center_definitions)
    spots, spot_issues = validate.check_places(raw.places)
    towns, town_issues = validate.check_towns(raw.towns)
    villages, village_issues = validate.check_villages(raw.villages)
    bps_codes, bps_issues = validate.check_bps_codes(raw.bps_codes)
    checked = validate.check_centers(
        raw.centers,
        instrument=instrument,
        district_names=districts,
        commodities=commodities,
        land=places.land(districts, lakes) if len(districts) else None,
        bounds=bounds,
        former_names=former,
        areas=Gazetteer(villages, districts, (region.name_id, region.name_en), bps_codes),
    )
    worded = claims["kind"] == "statement"
    return Inputs(
        region=region,
        bounds=bounds,
        crs=crs,
        instrument=instrument,
        centers=checked.good,
        claims=claims[~worded],
        statements=claims[worded],
        commodities=commodities,
        zones=zones.join(linkage.hectares(hectares, zones["area_ha"])),
        zone_areas=hectares,
        sector_fit=fits.pivot(index="commodity", columns="zone_id", values="fit").reindex(
            index=commodities.index, columns=zones.index
        ),
        sector_fit_reasons=fits,
        guidance=guidance,
        cases=cases,
        frameworks=frameworks,
        size_classes=sizes,
        center_definitions=definitions,
        footprints=places.known_footprints(outlines, zones, crs),
        places=spots,
        sources=raw.sources,
        works=raw.works,
        benchmarks=raw.benchmarks,
        translations=raw.translations,
        districts=districts,
        lakes=lakes,
        surroundings=raw.surroundings,
        subdistricts=raw.subdistricts.set_index("area_code"),
        villages=villages,
        bps_codes=bps_codes,
        former_names=former,
        orientation=guide.over(orientation.shipped(towns)) if guide else orientation.shipped(towns),
        polygons=base_map.polygons,
        origins=origins,
        issues=(
            *raw.issues,
            *base_issues,
            *region_issues,
            *former_issues,
            *district_issues,
            *commodity_issues,
            *aspect_issues,
            *category_issues,
            *claim_issues,
            *zone_issues,
            *area_issues,
            *fit_issues,
            *case_issues,
            *guidance_issues,
            *framework_issues,
            *size_issues,
            *definition_issues,
            *spot_issues,
            *town_issues,
            *village_issues,
            *bps_issues,
            *checked.issues,
        ),
    )


def _whole(
    base_map: BaseMap, shipped_districts: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame | None, tuple[Issue, ...]]:
    """Districts of the base map if it has them all, and what is wrong with the base map."""
    brought = base_map.tables.get(DISTRICTS)
    if brought is None:
        return None, base_map.issues
    names = shipped_districts.set_index("district_code")["name_id"]
    lacking = [names[code] for code in names.index.dropna() if code not in brought.index]
    if not lacking:
        return brought, base_map.issues
    file = base_map.origins[DISTRICTS].file
    told: dict[str, object] = {"names": lacking}
    return None, (*base_map.issues, Issue("districts_missing", file, expected=told))


def illustrative(settings: Settings, inputs: Inputs) -> validate.Checked:
    """Fictional centers with all aspects, to learn the scoring page with.

    They are read only when asked for, and never among the centers of ``gather``.

    Raises
    ------
    DataError
        When their file is missing or broken.
    """
    file = settings.data / "illustrative.csv"
    found = load.read_table(file, name=file.name, aspects=inputs.instrument.headers)
    return checked(found, inputs)


def read_list(
    source: Path | bytes,
    inputs: Inputs,
    *,
    name: str,
    limit_mb: float,
    choices: load.Choices | None = None,
) -> validate.Checked:
    """Centers of a file that somebody brings, read and checked; for ``reading.worker`` to run.

    Raises
    ------
    DataError
        As ``load.read_table``.
    """
    brought = load.read_table(
        source,
        name=name,
        aspects=inputs.instrument.headers,
        limit_mb=limit_mb,
        choices=choices,
    )
    return checked(brought, inputs)


def read_base(
    source: Path | bytes,
    inputs: Inputs,
    *,
    kind: str,
    name: str,
    limit_mb: float | None = None,
    layer: str | None = None,
) -> base.Read:
    """Read what takes the place of a layer of the base map; for ``reading.worker`` to run.

    ``kind`` is one of ``BASE_KINDS``; ``layer`` that of roads which the reader chose, else the one
    that fits is taken.

    Raises
    ------
    DataError
        The file cannot be read, or does not hold what it should.
    """
    given: dict[str, Any] = {"name": name, "limit_mb": limit_mb}
    if kind in (base.ROADS, base.ORIENTATION):
        data = source if isinstance(source, bytes) else source.read_bytes()
        if kind == base.ROADS:
            found = base.roads(name, data, box=inputs.bounds, layer=layer, limit_mb=limit_mb)
            lines, issues = roads.drivable_lines(found.table, name)
            return replace(
                found,
                tables={base.ROADS: lines},
                found=len(lines),
                total=len(found.table),
                issues=(*found.issues, *issues),
            )
        return base.orientation(name, data, box=inputs.bounds, limit_mb=limit_mb)
    if kind == base.ZONES:
        return base.zones(source, inputs.zones, box=inputs.bounds, crs=inputs.crs, **given)
    if kind == base.DISTRICTS:
        return base.borders(source, inputs.districts, inputs.former_names, **given)
    known = inputs.districts, inputs.gazetteer
    return base.areas(source, kind, *known, box=inputs.bounds, **given)


def checked(brought: load.Table, inputs: Inputs) -> validate.Checked:
    """Centers of a file that somebody brings, checked like the shipped ones."""
    found = validate.check_centers(
        brought,
        instrument=inputs.instrument,
        district_names=inputs.districts,
        commodities=inputs.commodities,
        land=inputs.land,
        bounds=inputs.bounds,
        former_names=inputs.former_names,
        areas=inputs.gazetteer,
    )
    stated = found.good[found.good["row"].map(found.ways).eq("point")]
    across = habits.elsewhere(stated, inputs.districts, brought.name)
    return replace(found, issues=(*across, *found.issues))


def with_centers(inputs: Inputs, own: pd.DataFrame, *, in_place: bool) -> Inputs:
    """The same inputs with a user's checked centers added to, or in place of, the shipped ones."""
    shipped = (
        inputs.centers.iloc[:0] if in_place else inputs.centers.drop(own.index, errors="ignore")
    )
    # The claims are about the shipped centers; a user's row stands by its own score.
    own = own.assign(score_claim=np.nan, category_claim=np.nan, alternative_claims=np.nan)
    commodities = validate.with_own_commodities(inputs.commodities, own)
    return replace(
        inputs,
        centers=pd.concat([shipped, own]),
        commodities=commodities,
        sector_fit=inputs.sector_fit.reindex(index=commodities.index),
    )


def measure(inputs: Inputs) -> Measured:
    """Place every center in a district and measure it against every zone."""
    centers = inputs.centers
    located = places.located_district(centers, inputs.districts)
    district = centers["district_code"].where(centers["district_code"].notna(), located)
    centers = centers.assign(
        district=district,
        district_located=located,
        across_border=places.outside_reported(centers["district_code"], located),
    )
    areas = areas_of(
        centers,
        inputs.districts,
        inputs.subdistricts,
        inputs.villages,
        inputs.crs,
        polygons=inputs.polygons,
    )
    distances = linkage.distance_km(centers, inputs.zones, inputs.footprints)
    low, high, leads = bounds_km(areas, distances, inputs.zones, inputs.footprints)
    nearest = linkage.nearest(distances, leads)
    figures = inputs.claims[inputs.claims["kind"] != "statistic"]
    published = scoring.published(centers, figures)
    rank = scoring.rank(published["score"])
    centers = centers.assign(**areas.table).join([nearest, published, rank])
    return Measured(centers, distances, low, high, areas)


def linkage_aspects(measured: Measured, inputs: Inputs, half_distance: float) -> pd.DataFrame:
    """What proximity says of the aspects that are about zones, 0 to 100; straight lines."""
    zones = inputs.zones
    found = {
        aspect: linkage.proximity_index(
            measured.distances[zones.index[zones["class"] == zone_class]],
            half_distance=half_distance,
        )
        for aspect, zone_class in inputs.instrument.linkages.items()
    }
    return pd.DataFrame(found, index=measured.distances.index)


def compose(
    measured: Measured,
    aspects: pd.DataFrame,
    proximity: pd.DataFrame,
    composition: Composition,
) -> Measured:
    """Scores from assessed aspects in place of the printed ones, if the composition says so.

    ``aspects`` has those with a weight per center, 0 to 100, NaN where nobody assessed one, and
    ``proximity`` is as from ``linkage_aspects``. A center that lacks an aspect has no score.
    """
    if composition.source == composite.PUBLISHED:
        return measured
    used = composite.with_linkage(aspects, proximity, choice=composition.linkage)
    score = composite.score(used, composition.weights, aggregation=composition.aggregation)
    centers = measured.centers.assign(
        **{aspect: aspects[aspect] for aspect in composition.weights},
        score=score,
        rank=scoring.rank(score),
        category_published=None,
        conflicting=False,
    )
    return replace(measured, centers=centers)


def classify(measured: Measured, instrument: Instrument, scheme: Scheme) -> pd.DataFrame:
    """Centers with ``category`` under a scheme (or several, none, unscored) and ``categories``."""
    centers = measured.centers
    member = scoring.membership(centers["score"], centers["category_published"], instrument, scheme)
    return centers.assign(category=scoring.category(member, centers["score"])).join(
        member.add_prefix("is_")
    )


Cost = Callable[[pd.DataFrame, pd.DataFrame], pd.DataFrame]
"""Measures positions against zones: km or minutes, one row per position, one column per zone."""


@dataclass(frozen=True)
class Reached:
    """Cost from each center to each zone, and from each place that the center may be at.

    ``low``, ``high`` and ``leads`` are of straight distances, as from ``areas.bounds_km``; NaN for
    other costs. ``drawn`` is on ``center_id`` and ``draw``; it has no rows when nothing was drawn.
    """

    costs: pd.DataFrame
    low: pd.DataFrame
    high: pd.DataFrame
    leads: npt.NDArray[np.float64]
    drawn: pd.DataFrame


@dataclass(frozen=True)
class Linked:
    """Indicators of centers (columns as in ``indicators.computed``) and their bounds.

    ``low`` and ``high`` are the interval by construction for straight distances and for the number
    of zones within one, else the 5th and 95th percentile over the draws; NaN where nothing was
    drawn. ``drawn`` holds the value of every draw. ``nearest_of`` is for ``all`` zones and for each
    class as from ``linkage.nearest``, with ``nearest_probability``.
    """

    values: pd.DataFrame
    low: pd.DataFrame
    high: pd.DataFrame
    drawn: pd.DataFrame
    nearest_of: Mapping[str, pd.DataFrame]

    @property
    def nearest(self) -> pd.DataFrame:
        """Nearest of all zones."""
        return self.nearest_of["all"]


def reach(
    centers: pd.DataFrame,
    areas: Areas,
    zones: pd.DataFrame,
    cost: Cost | None = None,
    *,
    footprints: gpd.GeoDataFrame | None = None,
    draws: int = uncertainty.DRAWS,
) -> Reached:
    """Measure the way from every center to every zone, at ``draws`` possible places too.

    Without ``cost`` in straight lines, to ``footprints`` where a zone has one.
    """
    drawn = uncertainty.draw_positions(areas.outlines(centers), draws=draws)
    if cost is not None:
        costs = cost(centers, zones)
        unknown = pd.DataFrame(np.nan, costs.index, costs.columns)
        leads = np.full((len(centers), len(zones), len(zones)), np.nan)
        return Reached(costs, unknown, unknown, leads, cost(drawn, zones))
    costs, of_drawn = (linkage.distance_km(at, zones, footprints) for at in (centers, drawn))
    return Reached(costs, *bounds_km(areas, costs, zones, footprints), of_drawn)


def link(
    centers: pd.DataFrame,
    zones: pd.DataFrame,
    reached: Reached,
    fit: pd.DataFrame,
    parameters: Parameters,
) -> Linked:
    """Every indicator of every center, at its place and at those it may be at.

    ``centers`` are those of ``measure``, ``fit`` has a commodity per row and a zone per column.
    """
    judged = linkage.sector_fit(centers["commodity"], fit, zones.index)
    values = indicators.computed(reached.costs, zones, judged, parameters)
    draws = len(reached.drawn) // max(len(centers), 1)
    drawn_fit = judged.loc[judged.index.repeat(draws)].set_axis(reached.drawn.index)
    drawn = indicators.computed(reached.drawn, zones, drawn_fit, parameters)
    low, high = uncertainty.percentiles(drawn, centers.index)
    if parameters.measure == linkage.STRAIGHT_KM:
        for indicator in (i for i in INDICATORS.values() if i.exact):
            ends = (reached.low, reached.high)
            ends = ends[::-1] if indicator.more_is_closer else ends
            for bound, costs in zip((low, high), ends, strict=True):
                exact = indicator.values(costs, zones, judged, parameters)
                for column in exact:
                    bound[indicator.code, column] = exact[column]
    nearest_of = {
        name: _nearest(reached, some, parameters)
        for name, some in linkage.zone_groups(zones).items()
    }
    return Linked(values, low, high, drawn, nearest_of)


def _nearest(reached: Reached, some: pd.Index, parameters: Parameters) -> pd.DataFrame:
    """Nearest of some zones, and how sure that is."""
    costs, at = reached.costs[some], reached.costs.columns.get_indexer(some)
    nearest = linkage.nearest(costs, reached.leads[:, at][:, :, at])
    chance = uncertainty.nearest_probability(reached.drawn[some], nearest["nearest_zone"])
    if parameters.measure != linkage.STRAIGHT_KM:
        # An area tells nothing about a detour; without draws nothing is known.
        another = costs.notna().sum(axis=1) > 1
        nearest["nearest_uncertain"] = (chance < 1) | (chance.isna() & another)
    return nearest.join(chance)
