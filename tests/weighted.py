"""Weights of the six aspects, in their order."""

from ikmgeo.composite import Weights
from ikmgeo.vocabulary import ASPECTS


def six(*weights: float) -> Weights:
    """Weights as a table prints them."""
    return Weights(dict(zip(ASPECTS, weights, strict=True)))
