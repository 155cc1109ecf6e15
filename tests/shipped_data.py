"""The shipped data, read once in each process that runs tests."""

from functools import cache

from ikmgeo import analysis
from ikmgeo.analysis import Inputs
from ikmgeo.settings import Settings


@cache
def shipped_inputs() -> Inputs:
    return analysis.gather(Settings())
