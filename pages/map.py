"""Map page: centers, districts and zones, with filters, panel and table."""

from ikmgeo.ui import session
from ikmgeo.ui.explore import explore
from ikmgeo.ui.frame import apology, open_page
from ikmgeo.ui.share import share

page = open_page("map")
share(page)
with apology(page.say):
    explore(page)
session.end_of_page()
