"""Map page: centers, districts and zones, with filters, panel and table."""

from ikmgeo.ui.page import open_page
from ikmgeo.ui.parts.explore import explore

with open_page("map") as page:
    explore(page)
