"""Weights of the six aspects, in their order."""

from rated import ASPECTS

from ikmgeo.measures.composite import Weights


def six(*weights: float) -> Weights:
    """Weights as a table prints them."""
    return Weights(dict(zip(ASPECTS, weights, strict=True)))
