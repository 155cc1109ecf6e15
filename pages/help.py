"""Help page: the guide, the method, how to prepare data and how to run ikmgeo for an office."""

from functools import partial

from ikmgeo.ui.frame import section
from ikmgeo.ui.help import DOCUMENTS, document
from ikmgeo.ui.page import open_page

with open_page("help") as page:
    section(page, {name: partial(document, name=name) for name in DOCUMENTS})
