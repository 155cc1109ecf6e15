"""Districts page: a map of one measure, the profile of a district, districts side by side."""

from ikmgeo.ui.districts import districts
from ikmgeo.ui.frame import apology, open_page

page = open_page("districts")
with apology(page.say):
    districts(page)
