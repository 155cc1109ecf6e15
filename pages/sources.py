"""Data and sources: the ledger of claims, where things come from, lists, the base map."""

from ikmgeo.ui.frame import section
from ikmgeo.ui.page import open_page
from ikmgeo.ui.sources.base_map import base_map
from ikmgeo.ui.sources.sources import ledger, provenance
from ikmgeo.ui.sources.upload import own_centers

with open_page("sources") as page:
    section(page, {"claims": ledger, "sources": provenance, "own": own_centers, "base": base_map})
