"""Districts page: a map of one measure, the profile of a district, districts side by side."""

from ikmgeo.ui.districts import districts
from ikmgeo.ui.page import open_page

with open_page("districts") as page:
    districts(page)
