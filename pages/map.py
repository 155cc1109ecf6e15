"""Map page: centers, districts and zones, with filters, panel and table."""

from ikmgeo.ui.explore import explore
from ikmgeo.ui.frame import apology, open_page

page = open_page("map")
with apology(page.say):
    explore(page)
