"""Data and sources: the ledger of claims, where things come from, the reader's own centers."""

from ikmgeo.ui.frame import open_page

page = open_page("sources")
