"""The words of ikmgeo: every code that data, library and screen share.

Codes are English snake_case; only ``Messages`` turns them into Indonesian or English.
"""

from dataclasses import dataclass
from typing import Final

PRODUCT: Final = "ikmgeo"
"""Name of the product, as it stands beside its mark."""

LANGUAGES: Final = ("id", "en")
"""Of screen and paper; the first is the one that opens."""

NAME_LENGTH: Final = 60
"""Most characters in the name of a workshop or a group."""

SHIPPED: Final = "shipped"
"""Id of the shipped list of centers, beside those of the lists that readers bring."""

LIST_ID: Final = r"[0-9a-f]{16}"
"""Form of the ids of lists that readers bring; a draft's is as secret as a password."""

DRAFT_DAYS: Final = 7
"""So long a list that nobody saved can be opened again by its address."""

BASE_KINDS: Final = ("districts", "subdistricts", "villages", "zones", "roads", "orientation")
"""Layers of the base map, which an installation can bring in the place of the shipped ones."""

SCHEMES: Final = ("as_published", "printed_ranges", "contiguous", "natural_breaks", "custom")
"""Ways to turn a score into a category; see ``ikmgeo.measures.scoring``."""

SEZ: Final = "sez"
IE: Final = "ie"
ZONE_CLASSES: Final = (SEZ, IE)
"""Special economic zone (KEK) and industrial estate (KI)."""

ZONE_STATUSES: Final = ("operating", "early_development")

PRECISION_KM: Final = {"site": 0.5, "village": 1.5, "subdistrict": 5.0, "district": None}
"""Positional radius in km; ``district`` takes the radius of a circle as large as the district."""

POSITION_BASES: Final = ("documented", "inferred", "placeholder")
"""How the place of a center is known; a placeholder has no documented place at all."""

PLACE_KINDS: Final = ("port", "airport", "air_base", "toll_gate")

SERVICES: Final = ("yes", "no", "unknown")
"""Whether a place serves everyone as its kind is meant to: see ``places.csv``."""

AREA_STAGES: Final = ("planned", "permitted", "acquired")
"""What hectares of a zone are: designated or planned, under a location permit, held."""

LEVERS: Final = (
    *("institution", "production_people", "markets_partnership", "innovation_variety"),
    *("financing", "raw_materials", "standards", "firm_partnership", "export_readiness"),
    *("management_succession", "digitalisation", "joint_planning", "inner_cooperation"),
    *("business_climate", "green_productivity"),
)
"""Groups of actions in ``guidance.csv``; the first four are the paper's."""

PHASES: Final = ("1", "2", "3")
"""Stabilise, upgrade, expand."""

ACTORS: Final = (
    *("center", "cooperative", "village", "district_office", "provincial_office"),
    *("planning_board", "university", "zone_operator", "large_firm", "retailer", "bank"),
    *("standards_body", "supplier", "exporter"),
)
"""Who carries out an action of ``guidance.csv``."""

CIRCUMSTANCES: Final = (
    *("rival_categories", "place_unknown", "place_district", "no_fitting_zone", "access_claimed"),
)
"""What can be so of a center besides category and aspects; see ``ikmgeo.advice.situation``."""

COMMODITY_FRAMEWORKS: Final = ("attractiveness",)
"""Frameworks that rate a commodity; all others rate a center."""

FRAMEWORKS: Final = (
    *("diamond", "value_chain", "actors", "cluster_building", "capabilities", "drivers"),
    *("interaction", "challenges", "graduation", *COMMODITY_FRAMEWORKS),
)
"""Frameworks of the sources whose items are rated from 0 to 4 (``frameworks.csv``)."""

SIZES: Final = ("micro", "small", "micro_or_small", "medium", "large")
IN_FORCE: Final = "pp_7_2021"
REGULATIONS: Final = (IN_FORCE, "permenperin_64_2016", "permenperin_13_2013")
"""Regulations that divide firms by size (``size_classes.csv``), the first unless told otherwise."""

CLAIM_KINDS: Final = ("score", "range", "statistic", "statement")

POLARITIES: Final = ("strength", "weakness")
"""What a statement of the source says of an aspect."""

WGS84: Final = "EPSG:4326"

Bounds = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


@dataclass(frozen=True)
class Region:
    """The province that the data are of; without its file, anywhere."""

    name_id: str = "–"
    name_en: str = "–"
    bounds: Bounds = (-180.0, -80.0, 180.0, 84.0)
