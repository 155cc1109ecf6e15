"""Register page: its units and the centers among them, what areas are specialised in, its files."""

from ikmgeo.ui.frame import section
from ikmgeo.ui.page import open_page
from ikmgeo.ui.register.files import files
from ikmgeo.ui.register.specialisation import specialisation
from ikmgeo.ui.register.units import units

with open_page("register") as page:
    section(page, {"units": units, "specialisation": specialisation, "files": files})
