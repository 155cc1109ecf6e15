"""Help page: the guide, the method, how to prepare data and how to run ikmgeo for an office."""

from functools import partial

from ikmgeo.ui import session
from ikmgeo.ui.frame import open_page, section
from ikmgeo.ui.help import DOCUMENTS, document
from ikmgeo.ui.share import share

page = open_page("help")
share(page)
section(page, {name: partial(document, name=name) for name in DOCUMENTS})
session.end_of_page()
