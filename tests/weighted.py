"""Weights of the six aspects, in their order."""

from ikmgeo.measures.composite import Weights
from tests.rated import ASPECTS


def six(*weights: float) -> Weights:
    """Weights as a table prints them."""
    return Weights(dict(zip(ASPECTS, weights, strict=True)))
