"""The documents of ``docs/``, to be read in the app and without internet."""

import re
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
.st-key-help [role=region] { overflow-x: auto; }
.st-key-help img { border: 1px solid var(--ikm-rule); border-radius: 4px; }
"""

HEADING = re.compile(r"(##+) (.+)")
PICTURE = re.compile(r"!\[(.*)\]\((.+)\)")
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)#]*)(#[^)]*)?\)")

REGION = Markup('<div role="region" tabindex="0" aria-label="{}">\n\n{}\n\n</div>')
"""Scrolls on a phone, by keyboard too."""

Kind = Literal["heading", "subheading", "picture", "table", "text"]


def document(page: Page, *, name: str) -> None:
    """One document, with its pictures; headings can be linked to."""
    language = page.say.language
    text = (FOLDER / DOCUMENTS[name].format(language)).read_text(encoding="utf-8")
    st.html(Markup("<style>{}</style>").format(Markup(STYLE)))
    with st.container(key="help", width=860):
        for kind, content, alt in pieces(text, language):
            if kind == "picture":
                st.image(FOLDER / content, alt=alt, width="stretch")
            elif kind == "table":
                st.markdown(REGION.format(alt, Markup(content)), unsafe_allow_html=True)
            elif kind == "text":
                st.markdown(content)
            else:
                (st.header if kind == "heading" else st.subheader)(content, anchor=anchor(content))


def pieces(text: str, language: str) -> list[tuple[Kind, str, str]]:
    """Headings, pictures and tables (each with what describes it), and the text between them.

    Not the title. What stands in a block of code is text, whatever it looks like.
    """
    found: list[tuple[Kind, list[str], str]] = []
    title, *lines = text.splitlines()
    about, code = title.lstrip("# "), False
    for line in lines:
        code ^= line.startswith("```")
        heading, picture = (None if code else p.fullmatch(line) for p in (HEADING, PICTURE))
        if heading:
            about = heading[2]
            found.append(("heading" if heading[1] == "##" else "subheading", [about], ""))
        elif picture:
            found.append(("picture", [picture[2]], picture[1]))
        else:
            told = line if code else LINK.sub(lambda link: _link(link, language), line)
            kind: Kind = "table" if line.startswith("|") and not code else "text"
            if not found or found[-1][0] != kind:
                found.append((kind, [], about if kind == "table" else ""))
            found[-1][1].append(told)
    return [(kind, "\n".join(content), alt) for kind, content, alt in found]


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
