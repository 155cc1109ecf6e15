"""The documents of ``docs/``, to be read in the app and without internet."""

import re
from collections.abc import Iterator
from typing import Final, Literal

import streamlit as st
from markupsafe import Markup

from ikmgeo.folders import ROOT
from ikmgeo.ui.frame import Page

FOLDER: Final = ROOT / "docs"
DOCUMENTS: Final = {
    "guide": "guide.{}.md",
    "method": "method.{}.md",
    "prepare": "data.{}.md",
    "office": "office.{}.md",
    "glossary": "glossary.md",
}
"""File of each section; ``{}`` is its language, the glossary holds both."""

STYLE: Final = """
.st-key-help h2 { font-size: 1.35rem; padding: 1.2rem 0 .2rem; }
.st-key-help h3 { font-size: 1.1rem; padding: .8rem 0 .1rem; }
.st-key-help code { white-space: pre-wrap !important; }
.st-key-help code { overflow-wrap: anywhere; }
.st-key-help table code { overflow-wrap: normal; }
.st-key-help [data-testid="stMarkdownContainer"] { overflow-x: auto; }
.st-key-help img { border: 1px solid #d9dce0; border-radius: 4px; }
"""

HEADING = re.compile(r"(##+) (.+)")
PICTURE = re.compile(r"!\[(.*)\]\((.+)\)")
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)#]*)(#[^)]*)?\)")

Kind = Literal["heading", "subheading", "picture", "text"]


def document(page: Page, *, name: str) -> None:
    """One document, with its pictures; headings can be linked to."""
    language = page.say.language
    text = (FOLDER / DOCUMENTS[name].format(language)).read_text(encoding="utf-8")
    st.html(Markup("<style>{}</style>").format(Markup(STYLE)))
    with st.container(key="help", width=860):
        for kind, content, alt in pieces(text, language):
            if kind == "picture":
                st.image(FOLDER / content, alt=alt, width="stretch")
            elif kind == "text":
                st.markdown(content)
            else:
                (st.header if kind == "heading" else st.subheader)(content, anchor=anchor(content))


def pieces(text: str, language: str) -> Iterator[tuple[Kind, str, str]]:
    """Headings, pictures (file and description) and the text between them; not the title.

    What stands in a block of code is text, whatever it looks like.
    """
    held: list[str] = []
    code = False
    for line in text.splitlines()[1:]:
        code ^= line.startswith("```")
        heading, picture = (None if code else p.fullmatch(line) for p in (HEADING, PICTURE))
        if not (heading or picture):
            held.append(line if code else LINK.sub(lambda found: _link(found, language), line))
            continue
        yield "text", "\n".join(held), ""
        held = []
        if heading:
            yield "heading" if heading[1] == "##" else "subheading", heading[2], ""
        elif picture:
            yield "picture", picture[2], picture[1]
    yield "text", "\n".join(held), ""


def anchor(heading: str) -> str:
    """Name that links call a heading by, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _link(found: re.Match[str], language: str) -> str:
    """A link between documents, as it works in the app; only the words of one to another file."""
    words, file, part = found[1], found[2], found[3] or ""
    if not file or file.startswith("http"):
        return found[0]
    shown = {path.format(language): name for name, path in DOCUMENTS.items()}
    if file not in shown:
        return words
    return f"[{words}](?lang={language}&section={shown[file]}{part})"
