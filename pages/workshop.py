"""Workshop page: the scenes of a talk, files to take away, group work."""

from ikmgeo.ui.frame import section
from ikmgeo.ui.page import open_page
from ikmgeo.ui.workshop.groups import group_work
from ikmgeo.ui.workshop.story import scenes
from ikmgeo.ui.workshop.take_away import take_away

with open_page("workshop") as page:
    section(page, {"story": scenes, "take": take_away, "groups": group_work})
