"""One term per idea: no Indonesian text holds a word that the glossary says is not used."""

import html
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pypdfium2
import pytest
import streamlit

from ikmgeo.handout import Handout
from ikmgeo.handouts import atlas, cartography, portable
from ikmgeo.ui import shell
from ikmgeo.view import View
from ikmgeo.words.messages import CATALOGUES, Messages

ROOT = Path(__file__).parents[1]
DATA, DOCS, STATIC = ROOT / "data", ROOT / "docs", ROOT / "ikmgeo" / "static"
GLOSSARY = (DOCS / "glossary.md").read_text(encoding="utf-8")
ENDINGS = "(?:nya|lah|kah|pun)?"


def terms() -> list[list[str]]:
    """Rows of the glossary: code, Indonesian, English, meaning, not used."""
    rows = re.findall(r"^\| `\w+` \|.+\|$", GLOSSARY, re.MULTILINE)
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def twins() -> dict[str, list[str]]:
    """Every word that is not used, with the contexts in which it means something else."""
    found = [part for row in terms() for part in row[4].split(" · ") if part]
    named = [re.fullmatch(r"([^()]+?)(?: \((.+)\))?", part) for part in found]
    return {part[1]: part[2].split(", ") if part[2] else [] for part in named if part}


TWINS = twins()


def wrong_words(text: str) -> list[str]:
    """Words of a text that the glossary does not use."""
    found = []
    for twin, allowed in TWINS.items():
        rest = text
        for context in allowed:
            rest = re.sub(re.escape(context), "", rest, flags=re.IGNORECASE)
        word = re.escape(twin).replace(r"\#", r"[\d.,]+(?: orang)?")
        if re.search(rf"\b{word}{ENDINGS}\b", rest, re.IGNORECASE):
            found.append(twin)
    return found


def plain(text: str) -> str:
    """A document without what is not Indonesian: code, addresses of links and pictures."""
    text = re.sub(r"^```.*?^```$|`[^`\n]*`", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"\]\([^)]*\)", "]", text)


def messages() -> Iterator[tuple[str, str]]:
    for key, text in Messages("id").catalogue.items():
        yield key, re.sub(r"\{\w+\}", "", text)


def tables() -> Iterator[tuple[str, str]]:
    """Cells of the columns that stand in both languages, and the translations."""
    for file in sorted(DATA.glob("*.csv")):
        table = pd.read_csv(file, dtype="str")
        columns = [
            c for c in table.columns if c.endswith("_id") and c.removesuffix("_id") + "_en" in table
        ]
        columns += ["text_id"] if file.name == "translations.csv" else []
        for column in columns:
            for row, text in table[column].dropna().items():
                yield f"{file.name} {column} row {int(str(row)) + 2}", text


def story() -> Iterator[tuple[str, str]]:
    for scene in json.loads((DATA / "story.json").read_text(encoding="utf-8"))["scenes"]:
        for part in ("headline", "note"):
            yield f"story.json {part}", re.sub(r"\{\w+\}", "", scene[part]["id"])


def documents() -> Iterator[tuple[str, str]]:
    for file in sorted(DOCS.glob("*.id.md")):
        for at, line in enumerate(plain(file.read_text(encoding="utf-8")).splitlines()):
            yield f"{file.name} line {at + 1}", line


def scripts() -> Iterator[tuple[str, str]]:
    """Strings of the scripts, words of the pages and of the document's frame."""
    for file in sorted(STATIC.glob("*.js")):
        code = re.sub(r"/\*.*?\*/|//.*", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        for text in re.findall(r'"([^"\n]* [^"\n]*)"|`([^`]* [^`]*)`', code):
            yield file.name, "".join(text)
    for file in sorted(STATIC.glob("*.html")):
        for text in re.findall(r">([^<>{}]+)<", file.read_text(encoding="utf-8")):
            yield file.name, text


SOURCES = {
    "messages": messages,
    "tables": tables,
    "story": story,
    "documents": documents,
    "scripts": scripts,
}


@pytest.mark.parametrize("source", SOURCES)
def test_no_text_holds_a_word_that_the_glossary_does_not_use(source: str) -> None:
    """Planner and audit, tables of words: one term per idea."""
    found = [(place, words) for place, text in SOURCES[source]() if (words := wrong_words(text))]
    assert found == []


@pytest.mark.parametrize("source", ["messages", "tables", "story", "documents"])
def test_the_search_sees_texts_at_all(source: str) -> None:
    texts = [text for _, text in SOURCES[source]()]
    assert len(texts) > 10
    assert any("sentra" in text.lower() for text in texts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Saringan", ["saringan"]),
        ("Jaraknya 5 km; kisarannya lebar.", ["kisaran"]),
        ("Kelurahan Bunut, Kec. Kota Kisaran Barat; jalan tol Indrapura–Kisaran", []),
        ("Hasil per pekerja", []),
        ("Sekitar 1.080 pekerja", ["# pekerja"]),
        ("mempekerjakan pengelola", []),
        ("Buka di browser, lalu unggah file.", ["file", "browser"]),
        ("PT Prima Pengembangan Kawasan (grup Pelindo)", []),
        ("Nama grup", ["grup"]),
    ],
)
def test_a_word_that_is_not_used_is_told_from_the_same_word_in_another_sense(
    text: str, expected: list[str]
) -> None:
    assert wrong_words(text) == expected


def test_every_row_of_the_glossary_is_whole() -> None:
    rows = terms()
    assert len(rows) > 40
    assert {len(row) for row in rows} == {5}
    codes = [row[0] for row in rows]
    assert len(set(codes)) == len(codes)
    assert all(row[1] and row[2] for row in rows)


def test_no_term_of_the_glossary_is_a_word_that_it_does_not_use() -> None:
    assert [row[1] for row in terms() if wrong_words(row[1])] == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_catalogues_are_sorted_by_key(language: str) -> None:
    text = (CATALOGUES / f"{language}.po").read_text(encoding="utf-8")
    keys = re.findall(r'^msgid "(.+)"$', text, re.MULTILINE)
    assert keys == sorted(keys)


def test_streamlit_s_words_are_written_as_it_writes_them() -> None:
    """Another version of Streamlit may word them otherwise: then its words are left in English."""
    scripts = Path(streamlit.__file__).parent / "static" / "static" / "js"
    code = "".join(file.read_text(encoding="utf-8") for file in scripts.glob("*.js"))
    whole = {
        text
        for key, text in Messages("en").catalogue.items()
        if key.startswith("widget.") and not re.search(r"\{|^Press|^1 ", text)  # put together
    }
    assert len(whole) > 60
    assert {text for text in whole if f"`{text}`" not in code and f'"{text}"' not in code} == set()


@pytest.mark.parametrize("language", ["id", "en"])
def test_no_two_of_streamlit_s_words_are_the_same(language: str) -> None:
    """Else the way back to the other language would be lost."""
    catalogue = Messages(language).catalogue
    words = [text for key, text in catalogue.items() if key.startswith("widget.")]
    assert len(words) == len(set(words)) > 60


def test_the_browser_gets_streamlit_s_words_in_the_page_s_language() -> None:
    assert ("Select all", "Pilih semua") in shell.widgets(Messages("id"))
    assert ("Pilih semua", "Select all") in shell.widgets(Messages("en"))


ENGLISH = re.compile(
    r"\b(?:the|and|with|without|from|between|which|where|only|each|not|are|were|was|has|have|"
    r"of|by|for|than|this|that|its|center|centers|zone|zones|score|scores|source|distance)\b(?!\.csv)"
)
"""Words by which an English sentence or label gives itself away."""
TITLES = re.compile(
    r"Strengthening Local .*? in North Sumatra|Local Industrial Ecosystems.*?Sumatra|"
    r"How accessibility shapes land use|\w+ \(\d{4}\), [^.]*\.|contributors|MIT \+ Commons Clause|"
    r"\bKisaran\b"
)
"""Titles of sources stay as they are, and the town of that name."""


def strings(value: object) -> Iterator[str]:
    """Every text inside what JSON holds; keys and codes of one word are none."""
    if isinstance(value, str) and " " in value:
        yield html.unescape(value)
    elif isinstance(value, list | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from strings(part)


def words_of_a_file(content: bytes) -> str:
    """Text of a PDF, an SVG or a page of HTML with the data inside it."""
    if content.startswith(b"%PDF"):
        document = pypdfium2.PdfDocument(content)
        told = " ".join(page.get_textpage().get_text_bounded() for page in document)
    else:
        told = content.decode()
        data = re.findall(r'<script type="application/json".*?>(.*?)</script>', told, re.DOTALL)
        told = re.sub(r"<(script|style).*?</\1>", " ", told, flags=re.DOTALL)
        told = re.sub(r"<[^>]*>", " ", " ".join([told, *strings(list(map(json.loads, data)))]))
    told = re.sub(r"\{\w+\}", "", told)
    return TITLES.sub("", re.sub(r"\s+", " ", told.replace("\u200b", "").replace("\ufffe", "")))


@pytest.fixture(scope="module")
def handed_out(hand_out: Callable[..., Handout]) -> dict[str, str]:
    """Words of the files that an Indonesian reader takes away."""
    handout = hand_out(view=View(language="id"))
    files = {
        "atlas": atlas.atlas_pdf(handout),
        "page": portable.page(handout).encode(),
        "map": cartography.map_svg(handout).encode(),
    }
    return {name: words_of_a_file(content) for name, content in files.items()}


@pytest.mark.parametrize("name", ["atlas", "page", "map"])
def test_a_file_that_is_taken_away_is_indonesian_throughout(
    handed_out: dict[str, str], name: str
) -> None:
    """Planner 19, and both tables of words, on paper and in the one-file page."""
    told = handed_out[name]
    assert "Sentra" in told or "sentra" in told
    assert [told[max(0, m.start() - 40) : m.end() + 20] for m in ENGLISH.finditer(told)] == []
    assert wrong_words(told) == []
