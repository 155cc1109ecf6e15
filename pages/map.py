"""Map page: centers, districts and zones, with filters, panel and table."""

from ikmgeo.ui.explore import explore
from ikmgeo.ui.page import open_page

with open_page("map") as page:
    explore(page)
