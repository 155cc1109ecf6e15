"""A page of the app without a browser: opened, read and used as a reader would."""

import re
from html import unescape
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from ikmgeo.ui.frame import PAGES, PRESENT
from ikmgeo.ui.server import SCRIPT
from tests.saying import SAY

ROOT = Path(__file__).parents[2]
EVERY = {**PAGES, "present": PRESENT}


def start(page: str, **params: str) -> AppTest:
    """A new session at the address of a page, which has not run yet."""
    app = AppTest.from_file(SCRIPT, default_timeout=90)
    app.query_params.update(params)
    return app.switch_page(EVERY[page])


def run(page: str, **params: str) -> AppTest:
    """A new session whose page has run."""
    return sound(start(page, **params).run())


def turn(app: AppTest, page: str) -> AppTest:
    """The same session on another page."""
    return sound(app.switch_page(EVERY[page]).run())


def sound(app: AppTest) -> AppTest:
    """The app, which neither raised nor apologised for an error that nobody foresaw."""
    assert [e.value for e in app.exception] == []
    assert [e.value for e in app.error] == []
    return app


def press(app: AppTest, key: str, language: str = "id", **values: Any) -> AppTest:
    """Press the one button with the words of a message."""
    label = SAY[language](key, **values) if values else SAY[language](key)
    (button,) = [b for b in app.button if b.label == label]
    return sound(button.click().run())


def html(app: AppTest) -> str:
    """All HTML and all headings of the page."""
    return "\n".join([e.proto.body for e in app.get("html")] + [h.value for h in app.header])


def read(app: AppTest) -> str:
    """All HTML as it is read, without its marks."""
    return unescape(re.sub(r"<[^>]*>", " ", html(app)))


def address(app: AppTest) -> dict[str, str]:
    """Parameters of the address bar."""
    return {n: v if isinstance(v, str) else v[0] for n, v in app.query_params.items()}
