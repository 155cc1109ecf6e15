"""Map page: centers, districts and zones, with filters, panel and table."""

from ikmgeo.ui.explore import explore
from ikmgeo.ui.frame import open_page

explore(open_page("map"))
