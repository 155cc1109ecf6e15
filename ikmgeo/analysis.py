"""The whole method on one screen: load, check, place, measure, score, classify."""

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd

from ikmgeo import linkage, load, places, scoring, validate
from ikmgeo.errors import Issue
from ikmgeo.scoring import Scheme
from ikmgeo.settings import Settings


@dataclass(frozen=True)
class Inputs:
    """Checked tables, each indexed by its id, and every defect found on the way.

    ``own_borders`` names the user's district file when it takes the place of the shipped one.
    """

    centers: pd.DataFrame
    claims: pd.DataFrame
    commodities: pd.DataFrame
    zones: pd.DataFrame
    zone_areas: pd.DataFrame
    footprints: gpd.GeoDataFrame
    places: pd.DataFrame
    sources: pd.DataFrame
    translations: pd.DataFrame
    districts: gpd.GeoDataFrame
    lakes: gpd.GeoDataFrame
    surroundings: gpd.GeoDataFrame
    own_borders: str = ""
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True)
class Measured:
    """Centers with district, positional radius and nearest zone; km to each zone with bounds."""

    centers: pd.DataFrame
    distances: pd.DataFrame
    low: pd.DataFrame
    high: pd.DataFrame


def gather(settings: Settings) -> Inputs:
    """Load every file and check it; what is broken is left out and listed in ``issues``."""
    raw = load.read_shipped(settings)
    districts, lakes, district_issues = places.read_districts(settings.districts, raw.districts)
    commodities, commodity_issues = validate.check_commodities(raw.commodities)
    claims, claim_issues = validate.check_claims(raw.claims)
    zones, zone_issues = validate.check_zones(raw.zones)
    spots, spot_issues = validate.check_places(raw.places)
    checked = validate.check_centers(
        raw.centers,
        district_names=districts,
        commodities=commodities,
        land=places.land(districts, lakes) if len(districts) else None,
    )
    return Inputs(
        centers=checked.good,
        claims=claims,
        commodities=commodities,
        zones=zones,
        zone_areas=raw.zone_areas,
        footprints=places.known_footprints(raw.zone_footprints, zones),
        places=spots,
        sources=raw.sources,
        translations=raw.translations,
        districts=districts,
        lakes=lakes,
        surroundings=raw.surroundings,
        own_borders=settings.districts.name if settings.districts and not district_issues else "",
        issues=(
            *raw.issues,
            *district_issues,
            *commodity_issues,
            *claim_issues,
            *zone_issues,
            *spot_issues,
            *checked.issues,
        ),
    )


def with_centers(inputs: Inputs, own: pd.DataFrame, *, in_place: bool) -> Inputs:
    """The same inputs with a user's checked centers added to, or in place of, the shipped ones."""
    shipped = (
        inputs.centers.iloc[:0] if in_place else inputs.centers.drop(own.index, errors="ignore")
    )
    # The claims are about the shipped centers; a user's row stands by its own score.
    own = own.assign(score_claim=np.nan, category_claim=np.nan, alternative_claims=np.nan)
    return replace(
        inputs,
        centers=pd.concat([shipped, own]),
        commodities=validate.with_own_commodities(inputs.commodities, own),
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
        position_radius_km=linkage.position_radius_km(
            centers.assign(district_code=district), inputs.districts
        ),
    )
    distances = linkage.distance_km(centers, inputs.zones, inputs.footprints)
    low, high = linkage.interval_km(distances, centers["position_radius_km"])
    nearest = linkage.nearest(distances, centers["position_radius_km"])
    published = scoring.published(centers, inputs.claims)
    rank = scoring.rank(published["score"])
    return Measured(centers.join([nearest, published, rank]), distances, low, high)


def classify(measured: Measured, claims: pd.DataFrame, scheme: Scheme) -> pd.DataFrame:
    """Centers with ``category`` under a scheme (or several, none, unscored) and ``categories``."""
    centers = measured.centers
    ranges = claims[claims["kind"] == "range"]
    member = scoring.membership(centers["score"], centers["category_published"], ranges, scheme)
    return centers.assign(category=scoring.category(member, centers["score"])).join(
        member.add_prefix("is_")
    )
