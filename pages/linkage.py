"""Linkage page: centers and zones, catchments, what if, tests of claims, the reader's roads."""

from ikmgeo.ui.frame import section
from ikmgeo.ui.linkage.catchment import catchment
from ikmgeo.ui.linkage.claim_tests import claim_tests
from ikmgeo.ui.linkage.linkage import centers_and_zones
from ikmgeo.ui.linkage.roads import own_roads
from ikmgeo.ui.linkage.what_if import what_if
from ikmgeo.ui.page import open_page

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
