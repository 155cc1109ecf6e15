"""Districts page: a map of one measure, the profile of a district, districts side by side."""

from ikmgeo.ui import session
from ikmgeo.ui.districts import districts
from ikmgeo.ui.frame import apology, open_page
from ikmgeo.ui.share import share

page = open_page("districts")
share(page)
with apology(page.say):
    districts(page)
session.end_of_page()
