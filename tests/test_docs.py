"""README and docs name nothing that is not there: links, pictures, settings, commands, words."""

import importlib
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from ikmgeo import settings
from ikmgeo.handouts import assessment_sheets
from ikmgeo.measures import claim_tests, linkage, roads, robustness, scoring, uncertainty
from ikmgeo.measures.composite import WEAK_BELOW
from ikmgeo.reading import bounds, polygons, validate, worker
from ikmgeo.records import groups, store
from ikmgeo.ui.help import anchor
from ikmgeo.words.messages import Messages
from tests.rated import BOUNDS
from tests.saying import SAY

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
WRITTEN = [ROOT / "README.md", ROOT / "data" / "README.md", *sorted(DOCS.glob("*.md"))]
GUIDES = {language: DOCS / f"guide.{language}.md" for language in ("id", "en")}
TRANSLATED = sorted(file.name.removesuffix(".id.md") for file in DOCS.glob("*.id.md"))
LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]*))?\)")
PICTURE = re.compile(r"^!\[(.*)\]\(images/(\w+)\.(\w+)\.png\)$", re.MULTILINE)

each_text = pytest.mark.parametrize(
    "file", WRITTEN, ids=[str(file.relative_to(ROOT)) for file in WRITTEN]
)


def read(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def prose(file: Path) -> str:
    """The text without blocks of code."""
    return re.sub(r"^```.*?^```$", "", read(file), flags=re.DOTALL | re.MULTILINE)


def headings(file: Path) -> list[str]:
    return re.findall(r"^#+ (.+)$", prose(file), re.MULTILINE)


@each_text
def test_every_link_leads_to_a_file_and_a_heading_of_it(file: Path) -> None:
    wrong = []
    for path, part in LINK.findall(prose(file)):
        if re.match(r"https?:", path):
            continue
        target = (file.parent / path).resolve() if path else file
        if not target.exists() or (part and part not in map(anchor, headings(target))):
            wrong.append(f"{path}#{part}")
    assert wrong == []


@each_text
def test_every_setting_is_one_that_ikmgeo_reads(file: Path) -> None:
    known = set(re.findall(r"IKMGEO_\w+", read(ROOT / "ikmgeo" / "settings.py")))
    assert len(known) == 6
    assert set(re.findall(r"IKMGEO_\w+", read(file))) - known == set()


@each_text
def test_every_command_of_make_exists(file: Path) -> None:
    known = set(re.findall(r"^(\w+):", read(ROOT / "Makefile"), re.MULTILINE))
    told = re.findall(r"(?:^    |^(?:\w+=\S+ )|`)make ([a-z]+)", read(file), re.MULTILINE)
    assert set(told) - known == set()


@each_text
def test_every_file_that_is_named_exists(file: Path) -> None:
    named = re.findall(
        r"`((?:ikmgeo|data|docs|tests|tools|pages|\.streamlit)/[\w./-]+)`", read(file)
    )
    others = {"data/geo/zones.geojson", "pages/NAME.py"}  # what an office or a developer may add
    missing = {name for name in named if not (ROOT / name).exists()}
    assert missing - others == set()


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_method_names_functions_that_exist(language: str) -> None:
    named = re.findall(r"`([a-z_]+)\.([a-zA-Z_]+)`", prose(DOCS / f"method.{language}.md"))
    assert len(named) > 20
    library = {
        file.stem: ".".join(file.relative_to(ROOT).with_suffix("").parts)
        for file in (ROOT / "ikmgeo").rglob("*.py")
        if "ui" not in file.parts
    }
    for module, name in named:
        assert hasattr(importlib.import_module(library[module]), name), f"{module}.{name}"


DEFAULTS = linkage.Parameters()


@pytest.mark.parametrize(
    "told",
    [
        f"h = {DEFAULTS.half_distance:g} ",
        "T = " + ", ".join(f"{limit:g}" for limit in DEFAULTS.within),
        f"α = {DEFAULTS.alpha:g}, λ = {DEFAULTS.decay:g}",
        f"{uncertainty.DRAWS:,} positions",
        f"seeded with {uncertainty.SEED:,}",
        f"{robustness.DRAWS:,} times",
        f"−{robustness.SPREAD} to {robustness.SPREAD}",
        f"seed {robustness.SEED:,}",
        f"at least {robustness.STABLE}",
        f"fewer than {robustness.MINIMUM_CENTERS} centers",
        f"m = {claim_tests.PERMUTATIONS:,} random ones, seed {claim_tests.SEED:,}",
        f"above {claim_tests.MOST_PERMUTED} pairs",
        f"p < {claim_tests.ALPHA}",
        "≤ {:.2f} under development, ≤ {:.2f} potential, ≤ {:.2f} dev".format(*BOUNDS),
        f"above {scoring.NATURAL_BREAKS_SAMPLE} scores",
        f"weak (below {WEAK_BELOW:g})",
    ],
)
def test_the_method_tells_the_numbers_that_the_code_uses(told: str) -> None:
    assert told in read(DOCS / "method.en.md")


def test_the_limits_for_an_office_are_those_of_the_code() -> None:
    text, limits = read(DOCS / "office.en.md"), settings.Settings()
    table, form, lines = bounds.TABLE, bounds.FORM, bounds.LINES
    assert f"| {limits.upload_mb} MB; {table.rows:,} rows, {table.columns:,} columns" in text
    assert f"{table.cells:,} cells, {table.characters:,} characters" in text
    assert f"a workbook {table.unpacked_mb} MB unpacked |" in text
    assert f"| {form.rows:,} rows, {form.columns:,} columns |" in text
    assert (
        f"| {limits.roads_mb} MB, {lines.rows:,} lines, {roads.MAX_SEGMENTS:,} segments |" in text
    )
    borders, whole = polygons.POLYGONS.seconds, worker.SECONDS
    assert (
        f"| {table.seconds} s of the processor, {lines.seconds} s for roads, "
        f"{borders} s for borders; {whole} s in all up to {worker.SMALL_MB} MB, "
        "in proportion for larger ones |" in text
    )
    form_issues = assessment_sheets.MOST_ISSUES
    assert f"| about {validate.MOST_ISSUES:,}, of a form {form_issues:,}; " in text
    assert f"| {limits.session_mb} MB; the oldest go first |" in text
    assert (
        f"| {groups.MOST_WORKSHOPS} new ones a day, {groups.MOST_GROUPS} groups in each |" in text
    )
    assert f"| {store.BUSY_S:g} s |" in text
    assert f"client_max_body_size {limits.roads_mb}m;" in text


def is_on_screen(words: str, say: Messages) -> bool:
    """Whether words are a message, what stands in its braces being a message too or a number."""
    texts = {*say.catalogue.values()}
    if words in texts:
        return True
    for text in texts:
        parts = [re.escape(part) for part in re.split(r"\{\w+\}", text)]
        found = len("".join(parts)) > 2 and re.fullmatch("(.+)".join(parts), words)
        if found and all(part in texts or part.isdecimal() for part in found.groups()):
            return True
    return False


@pytest.mark.parametrize(
    ("file", "language"),
    [(DOCS / f"{n}.{code}.md", code) for n in ("guide", "data") for code in ("id", "en")],
    ids=["guide.id", "guide.en", "data.id", "data.en"],
)
def test_every_word_in_bold_stands_on_the_screen(file: Path, language: str) -> None:
    say = SAY[language]
    told = re.findall(r"\*\*(.+?)\*\*", prose(file))
    legend = {"tebal", "bold"}  # how the guides say what bold means
    assert len(told) > 5
    assert [words for words in told if not is_on_screen(words, say) and words not in legend] == []


def test_a_word_that_is_on_no_screen_would_be_found() -> None:
    say = SAY["en"]
    assert is_on_screen("Download map (PNG)", say)
    assert not is_on_screen("Download hat (PNG)", say)
    assert not is_on_screen("Maps", say)


def test_both_guides_have_the_same_chapters_steps_and_pictures() -> None:
    def shape(file: Path) -> list[tuple[str, int]]:
        lines = re.findall(r"^(#+|-|\d+\.|\||!\[)", read(file), re.MULTILINE)
        return [(kind, at) for at, kind in enumerate(lines)]

    assert shape(GUIDES["id"]) == shape(GUIDES["en"])
    names = {code: [name for _, name, _ in PICTURE.findall(read(f))] for code, f in GUIDES.items()}
    assert names["id"] == names["en"]
    for language, file in GUIDES.items():
        found = PICTURE.findall(read(file))
        assert {code for _, _, code in found} == {language}
        assert all(len(description) > 15 for description, _, _ in found)


DIGITS = re.compile(r"\d(?:[\d.,]*\d)?")


def bones(file: Path) -> list[dict[str, Any]]:
    """What both languages share, section by section: kinds of lines, code, links, numbers."""
    text = re.sub(r"\.(id|en)\b", "", read(file))  # which language a link leads to
    found: list[dict[str, Any]] = []
    for part in re.split(r"(?=^#+ )", text, flags=re.MULTILINE):
        links = [path for path, _ in LINK.findall(part)]
        words = re.sub(r"\]\([^)]*\)|^```.*?^```$|`[^`\n]*`", "", part, flags=re.M | re.S)
        found.append(
            {
                "lines": re.findall(r"^(#+|-|\d+\.|\||    |```|!\[)", part, re.MULTILINE),
                "cells": [line.count("|") for line in part.splitlines()],
                "code": sorted(re.findall(r"^```.*?^```$|`[^`\n]+`", part, re.M | re.S)),
                "links": [path for path in links if path],
                "numbers": sorted(re.sub("[.,]", "", n) for n in DIGITS.findall(words)),
                "symbols": sorted(re.findall(r"[ΣΠηρλαβπ√²³ᵢ₍₎≤≥±·^]", part)),
            }
        )
    return found


@pytest.mark.parametrize("name", TRANSLATED)
def test_both_languages_hold_the_same_headings_tables_formulas_settings_links_and_numbers(
    name: str,
) -> None:
    """Planner 19: method, data and office in Indonesian, and true to the English ones."""
    assert {"data", "guide", "method", "office", "register"} == set(TRANSLATED)
    both = [bones(DOCS / f"{name}.{language}.md") for language in ("id", "en")]
    assert len(both[0]) == len(both[1])
    for at, (indonesian, english) in enumerate(zip(*both, strict=True)):
        assert indonesian == english, headings(DOCS / f"{name}.en.md")[at]


def test_every_chapter_of_the_guide_has_a_picture() -> None:
    chapters = read(GUIDES["en"]).split("\n## ")[1:]
    assert len(chapters) == 11
    assert [chapter[:30] for chapter in chapters if not PICTURE.search(chapter)] == []


def test_every_picture_is_taken_by_the_script_used_and_small() -> None:
    screens = read(ROOT / "tools" / "screenshots.py").partition("\nSCREENS")[2]
    taken = set(re.findall(r'^    "(\w+)": \(', screens, re.MULTILINE))
    shown = read(GUIDES["en"]) + read(DOCS / "register.en.md")
    used = {name for _, name, _ in PICTURE.findall(shown)}
    assert used == taken
    files = {file.name for file in (DOCS / "images").iterdir()}
    assert files == {f"{name}.{language}.png" for name in taken for language in ("id", "en")}
    for name in files:
        picture = DOCS / "images" / name
        assert picture.stat().st_size < 200_000, name
        with Image.open(picture) as opened:
            assert opened.width >= 1_000, name
