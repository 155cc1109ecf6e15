"""Data and sources: the ledger of claims, where things come from, the reader's own centers."""

from ikmgeo.ui import session
from ikmgeo.ui.frame import open_page, section
from ikmgeo.ui.share import share
from ikmgeo.ui.sources import ledger, provenance
from ikmgeo.ui.upload import own_centers

page = open_page("sources")
share(page)
section(page, {"claims": ledger, "sources": provenance, "own": own_centers})
session.end_of_page()
