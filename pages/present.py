"""A talk on the whole screen: headline, map, legend; moved by keys."""

from ikmgeo.ui import session
from ikmgeo.ui.frame import apology, open_page
from ikmgeo.ui.present import present

page = open_page("present")
with apology(page.say):
    present(page)
session.end_of_page()
