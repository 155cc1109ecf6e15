"""Pieces of safe HTML: every value is escaped by markupsafe on its way in."""

import base64
import html
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

import pandas as pd
from markupsafe import Markup, escape

from ikmgeo.words.messages import NOTHING, Messages

SVG = "http://www.w3.org/2000/svg"

FIGURE: Final = re.compile(
    r"[-−+±]?\d[\d.,]*%?(?: km)?(?: ?[–(] ?[-−+]?\d[\d.,]*%?\)?| [-−+]?\d[\d.,]*%?)*"
)
"""A number, perhaps with a unit, an interval or another number below it; no date, no code."""

MOST_FIGURES: Final = 12
"""Columns that ``page.css`` aligns."""


def inert(value: object) -> str:
    """Any value as text that is inert in HTML, in a script and in a Jinja template.

    folium renders what it is given as a template on the server, twice, and as HTML and JavaScript
    in the browser; escaping HTML alone leaves ``{{ … }}`` and ``${…}`` alive.
    """
    escaped = html.escape(str(value), quote=True)
    return _ACTIVE.sub(lambda found: f"&#{ord(found[0])};", escaped)


_ACTIVE: Final = re.compile(r"[`$\\{}%]")


def heading(title: str, note: str = "") -> str:
    """Heading of a section, with a line below it."""
    below = Markup('<p class="ikm-sub">{}</p>').format(note) if note else ""
    return Markup('<h2 class="ikm-h2">{}</h2>{}').format(title, below)


def note(text: str) -> str:
    """A line of explanation; unlike Streamlit's captions it takes no Markdown from data."""
    return Markup('<p class="ikm-note">{}</p>').format(text)


def table(heads: Sequence[str], rows: Iterable[Iterable[object]], caption: str) -> Markup:
    """Table with a caption; columns of figures are aligned at their end."""
    rows = [[*row] for row in rows]
    figures = [
        f"figures-{at}"
        for at, cells in enumerate(zip(*rows, strict=True), 1)
        if all(_is_figure(cell) for cell in cells) and at <= MOST_FIGURES
    ]
    head = Markup("").join(Markup("<th scope='col'>{}</th>").format(h) for h in heads)
    body = Markup("").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join(Markup("<td>{}</td>").format(_known(cell)) for cell in row)
        )
        for row in rows
    )
    return Markup(
        "<table class='{}'><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>"
    ).format(" ".join(figures), caption, head, body)


def _is_figure(cell: Any) -> bool:
    """Whether a cell is a number with its unit or interval, or nothing."""
    told = str(_known(cell))
    if isinstance(cell, Markup):
        told = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", told)).split())
    return told == NOTHING or FIGURE.fullmatch(told) is not None


def _known(cell: Any) -> object:
    """What a cell holds, or a dash."""
    return NOTHING if not isinstance(cell, str) and pd.isna(cell) else cell


def scrolling(content: Markup, label: str) -> str:
    """Wide or long content in a region of its own that scrolls, by keyboard too."""
    return Markup(
        '<div class="ikm-scroll" role="region" tabindex="0" aria-label="{}">{}</div>'
    ).format(label, content)


def panel(content: Markup) -> Markup:
    """Content in the type of the side panels, as wide as its place."""
    return Markup('<div class="ikm-panel">{}</div>').format(content)


def data_address(image: str | bytes) -> str:
    """A drawing of ours, as SVG or PNG, as the address of an image."""
    if isinstance(image, bytes):
        return f"data:image/png;base64,{base64.b64encode(image).decode()}"
    svg = image.replace("<svg ", f'<svg xmlns="{SVG}" ', 1).encode()
    return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"


def picture(svg: str, told: str = "") -> Markup:
    """A drawing of ours as an image, told in words where none stand beside it.

    Streamlit strips inline SVG from HTML.
    """
    return Markup('<img alt="{}" src="{}">').format(told, data_address(svg))


def figure(png: bytes, told: str) -> Markup:
    """A picture with a line below that says what it shows."""
    return Markup(
        '<figure class="ikm-figure"><img alt="" src="{}"><figcaption>{}</figcaption></figure>'
    ).format(data_address(png), told)


def facts(say: Messages, known: Iterable[tuple[str, Any]]) -> Markup:
    """Terms and what is known of them; what is unknown says so."""
    lines = []
    for term, fact in known:
        missing = not isinstance(fact, Markup) and (fact is None or pd.isna(fact) or fact == "")
        told = (
            Markup("<span class='ikm-unknown'>{}</span>").format(say("panel.unknown"))
            if missing
            else escape(fact)
        )
        lines.append(Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(term, told))
    return Markup("<dl>{}</dl>").format(Markup("").join(lines))


def markdown(text: str, longest: int = 200) -> str:
    """Text from data as Markdown that shows it as it is, for labels that Streamlit renders."""
    line = " ".join(text[:longest].split())
    # Streamlit looks for icons after it has read the escapes; only a joint that nobody sees helps.
    line = line.replace(":material/", ":\u2060material/")
    return "".join(f"\\{c}" if c in r"\`*_{}[]()<>#+-.!|~$:^=&" else c for c in line)
