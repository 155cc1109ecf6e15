"""Linkage page: centers and zones, catchments, what if, tests of claims, the reader's roads."""

from ikmgeo.ui.catchment import catchment
from ikmgeo.ui.claim_tests import claim_tests
from ikmgeo.ui.frame import section
from ikmgeo.ui.linkage import centers_and_zones
from ikmgeo.ui.page import open_page
from ikmgeo.ui.roads import own_roads
from ikmgeo.ui.what_if import what_if

with open_page("linkage") as page:
    section(
        page,
        {
            "centers": centers_and_zones,
            "zone": catchment,
            "what_if": what_if,
            "tests": claim_tests,
            "roads": own_roads,
        },
    )
