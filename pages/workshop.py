"""Workshop page: the scenes of a talk, files to take away, group work."""

from ikmgeo.ui import session
from ikmgeo.ui.frame import open_page, section
from ikmgeo.ui.groups import group_work
from ikmgeo.ui.share import share
from ikmgeo.ui.story import scenes
from ikmgeo.ui.take_away import take_away

page = open_page("workshop")
share(page)
section(page, {"story": scenes, "take": take_away, "groups": group_work})
session.end_of_page()
