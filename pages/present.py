"""A talk on the whole screen: headline, map, legend; moved by keys."""

from ikmgeo.ui.page import open_page
from ikmgeo.ui.workshop.present import present

with open_page("present") as page:
    present(page)
