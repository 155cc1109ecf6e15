"""What the shipped data rate centers by and sort them into; codes and bounds are the paper's."""

from typing import Final

from tests.shipped_data import shipped_instrument

ASPECTS: Final = (
    *("institutional", "production", "market", "sustainability", "sez_linkage", "ie_linkage"),
)
CATEGORIES: Final = ("excellent", "developing", "potential", "under_development")
BOUNDS: Final = (27.54, 38.00, 56.60)
INSTRUMENT: Final = shipped_instrument()
SIGNS: Final = INSTRUMENT.signs
