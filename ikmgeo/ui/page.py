"""How every page begins and ends: framed, shared, with apologies, its address in the URL."""

from collections.abc import Iterator
from contextlib import contextmanager

from ikmgeo.ui.frame import Page, apology, frame
from ikmgeo.ui.share import share
from ikmgeo.ui.state import session


@contextmanager
def open_page(name: str) -> Iterator[Page]:
    """Open the page ``name``; what fails in it is apologised for."""
    with session.answer():
        page = frame(name)
        if not page.large:
            share(page)
        with apology(page.say):
            yield page
        session.number()
