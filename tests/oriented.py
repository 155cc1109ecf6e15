"""Inputs of an installation that brought what there is to find one's way by."""

from dataclasses import replace

from ikmgeo.analysis import Inputs
from ikmgeo.reading.orientation import Orientation


def with_orientation(inputs: Inputs, brought: Orientation) -> Inputs:
    return replace(inputs, orientation=brought.over(inputs.orientation))
