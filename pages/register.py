"""Register page: any number of units on the map, by number or product, and what lies where."""

from ikmgeo.ui.page import open_page
from ikmgeo.ui.register import register

with open_page("register") as page:
    register(page)
