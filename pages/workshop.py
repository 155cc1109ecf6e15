"""Workshop page: the scenes of a talk, files to take away, group work."""

from ikmgeo.ui.frame import section
from ikmgeo.ui.groups import group_work
from ikmgeo.ui.page import open_page
from ikmgeo.ui.story import scenes
from ikmgeo.ui.take_away import take_away

with open_page("workshop") as page:
    section(page, {"story": scenes, "take": take_away, "groups": group_work})
