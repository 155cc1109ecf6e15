"""PDFs for paper: pages, bookmarks, tags, fonts, words, and how they look."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pypdfium2
import pytest
from PIL import Image
from pypdf import PdfReader

from ikmgeo import tables
from ikmgeo.analysis import Inputs
from ikmgeo.filters import Filters
from ikmgeo.handout import Handout
from ikmgeo.handouts import atlas, typeset
from ikmgeo.measures.linkage import Parameters
from ikmgeo.measures.scoring import Scheme
from ikmgeo.reading.own import Own
from ikmgeo.records.assessments import Assessment, standings
from ikmgeo.view import View
from tests.rated import ASPECTS
from tests.spans import span_km

Take = Callable[..., Handout]

BEFORE = 5
"""Pages before the first center's: cover, contents and how to read, two of maps, linkage."""

PICTURES = Path(__file__).parent / "pictures"
SQUARE = 8
"""Side in px, 4 mm of paper, of what is compared as one: no hair line counts."""

TOLERANCE = 8.0
"""Largest difference of grey, of 255, of any square of a page and its picture.

Another way of smoothing edges makes 1, a missing lake 12, a missing sign 55.
"""

LANGUAGES = pytest.mark.parametrize("language", ["id", "en"])
PAYLOADS = (
    '#panic("x") #read("/etc/passwd")',
    "$x$ *bold* _it_ = Heading @ref <label>",
    "</text></svg><script>window.PWN=1</script>",
    "{{ 31337*4243 }} ${window.PWN=3}",
    "\\u{41} // comment /* more */ [link](x)",
    "=HYPERLINK(1) @SUM -1+2",
    "bell\x07 null\x00 unit\x1f",
)


@pytest.fixture(scope="session")
def take(hand_out: Callable[..., Handout]) -> Take:
    """Hand-outs of the shipped data: ``take("en", places=True)``."""
    return lambda language="id", **chosen: hand_out(view=View(language=language, **chosen))


@pytest.fixture(scope="session")
def atlases(take: Take) -> dict[str, bytes]:
    """The atlas of the shipped data in both languages."""
    return {language: atlas.atlas_pdf(take(language)) for language in ("id", "en")}


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def pages(pdf: bytes) -> list[str]:
    """Text of each page by PDFium, on one line."""
    document = pypdfium2.PdfDocument(pdf)
    raw = (page.get_textpage().get_text_bounded() for page in document)
    # PDFium marks a hyphen at the end of a line and keeps the invisible breaks in long words.
    return [re.sub(r"\s+", " ", text.replace("\u200b", "").replace("\ufffe", "")) for text in raw]


def outline(pdf: bytes) -> list[tuple[int, str]]:
    found = pypdfium2.PdfDocument(pdf).get_toc()
    return [(mark.level, mark.get_title()) for mark in found]


def rendered(pdf: bytes, page: int, *, dpi: float = 50) -> Image.Image:
    bitmap = pypdfium2.PdfDocument(pdf)[page].render(scale=dpi / 72)
    return bitmap.to_pil().convert("L")


def renamed(handout: Handout, names: list[str]) -> Handout:
    """The same hand-out with other names for its first centers."""
    first = handout.shown.index[: len(names)]

    def rename(table: pd.DataFrame) -> pd.DataFrame:
        table = table.copy()
        for column in ("name_id", "name_en", "locality", "position_evidence"):
            table[column] = table[column].astype(object)
            table.loc[first, column] = names
        return table

    return replace(handout, shown=rename(handout.shown), centers=rename(handout.centers))


@LANGUAGES
def test_atlas_has_every_part_a_page_per_center_and_the_districts(
    take: Take, atlases: dict[str, bytes], language: str
) -> None:
    handout, pdf = take(language), atlases[language]
    say, column = handout.say, f"name_{language}"
    parts = ("how", "province", "categories", "matrix", "profiles", "districts", "sources")
    top = [title for level, title in outline(pdf) if level == 0]
    assert top == [say(f"atlas.{part}") for part in parts]
    ranked = handout.shown.sort_values("rank")[column].tolist()
    titles = [title for level, title in outline(pdf) if level == 1]
    assert [title for title in titles if title in ranked] == ranked
    text = pages(pdf)
    assert len(text) == BEFORE + 13 + 4 + 1
    for at, name in enumerate(ranked):
        page = text[BEFORE + at]
        assert page.startswith(name)
        told = ("advice", "distance", "claim", "place")
        order = [page.index(say(f"{part}.heading")) for part in told]
        assert order == sorted(order)  # as the panel has them
    districts = handout.inputs.districts
    studied = sorted(districts.loc[[*{*handout.centers["district"]}], "name_id"])
    assert titles[-len(studied) - 3 :][: len(studied)] == studied
    for at, name in enumerate(studied):
        assert name in text[BEFORE + 13 + at // 2]
    for name in ranked:  # no name can be had by pointing at paper
        assert name in text[3]
    assert say("atlas.title") in text[0]
    assert say("atlas.contents") in text[1]


@LANGUAGES
def test_atlas_is_tagged_and_tells_title_and_language(
    take: Take, atlases: dict[str, bytes], language: str
) -> None:
    reader = read(atlases[language])
    catalogue = reader.trailer["/Root"]
    assert catalogue["/Lang"] == language
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == take(language).say("atlas.title")
    assert b"pdfuaid:part" in catalogue["/Metadata"].get_data()


def roles(node: object) -> list[str]:
    """Roles of the structure tree, and the words that stand for pictures."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [role for child in node for role in roles(child)]
    if not isinstance(node, dict):
        return []
    own = [str(node["/S"])] if "/S" in node else []
    own += [f"alt: {node['/Alt']}"] if "/Alt" in node else []
    return own + (roles(node["/K"]) if "/K" in node else [])


def test_tags_name_headings_tables_and_pictures(take: Take, atlases: dict[str, bytes]) -> None:
    found = roles(read(atlases["en"]).trailer["/Root"]["/StructTreeRoot"])
    for role in ("/H1", "/H2", "/H3", "/Table", "/TH", "/Figure", "/L", "/TOC"):
        assert role in found
    say = take("en").say
    maps = [role for role in found if role.startswith("alt: ")]
    assert len(maps) == found.count("/Figure") == 1 + 1 + 4 + 13 + 8
    assert any("68.5 km" in words and "Karo Coffee Center" in words for words in maps)
    assert f"alt: {say('atlas.map_alt', count=say('filter.count', kept=13, of=13))}" in maps


def test_every_font_is_embedded(atlases: dict[str, bytes]) -> None:
    reader, fonts = read(atlases["id"]), {}
    for page in reader.pages:
        resources: Any = page["/Resources"]
        for font in resources.get("/Font", {}).values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            fonts[str(inner["/BaseFont"])] = inner["/FontDescriptor"].get_object()
    assert fonts
    assert all("SourceSansPro" in name for name in fonts)
    for description in fonts.values():
        assert {"/FontFile2", "/FontFile3"} & description.keys()


def test_pages_are_a4_and_numbered(atlases: dict[str, bytes]) -> None:
    reader = read(atlases["id"])
    sizes = {tuple(round(float(side)) for side in page.mediabox[2:]) for page in reader.pages}
    assert sizes == {(595, 842)}
    for number, text in enumerate(pages(atlases["id"]), 1):
        assert f"{number} / 23" in text


def test_maps_are_drawn_not_photographed(atlases: dict[str, bytes]) -> None:
    assert not re.search(rb"/Subtype\s*/Image", atlases["id"])


@LANGUAGES
def test_contradictions_and_uncertainty_are_told(
    atlases: dict[str, bytes], language: str, shipped: Inputs
) -> None:
    whole = " ".join(pages(atlases[language]))
    point = "," if language == "id" else "."
    for figure in ("50.466", "58.55", "30.658", "22.23"):
        assert figure.replace(".", point) in whole
    conflict = {"id": "Angka di sumber saling bertentangan", "en": "The source contradicts itself"}
    assert whole.count(conflict[language]) == 2
    area = shipped.subdistricts.geometry["120604"]  # Tigapanah, wholly in Karo
    low, high = span_km(area, *shipped.zones.loc["kim", ["lat", "lon"]])
    karo = f"68.5 ({low:.1f}–{high:.1f})".replace(".", point)
    assert whole.count(karo) == 3  # in the matrix, and with the center and its district
    unknown = {"id": "aplikasi ini tidak mengarangnya", "en": "this app does not invent them"}
    assert whole.count(unknown[language]) == 13


@LANGUAGES
def test_nothing_missing_shows_as_a_number_or_a_code(
    atlases: dict[str, bytes], language: str
) -> None:
    for text in pages(atlases[language]):
        assert not re.search(r"\b(nan|NaT|NA)\b", text)


@LANGUAGES
def test_atlas_says_what_made_it_and_whose_data_they_are(take: Take, language: str) -> None:
    chosen = {
        "scheme": Scheme("custom", (20.0, 41.5, 60.0)),
        "filters": Filters(categories=("excellent", "potential"), within_km=80.0),
        "link": Parameters(half_distance=33.0),
        "indicator": "huff_share",
    }
    handout = take(language, **chosen)
    text = pages(atlas.atlas_pdf(handout))
    last, say = " ".join(text[-2:]), handout.say  # the list of layers may need a second page
    assert 0 < len(handout.shown) < 13
    assert handout.count in text[0]
    for words in (
        handout.count,
        "22 November 2026",
        say.listed([say.number(20), say.number(41.5), say.number(60)]),
        "≤ 80 km",
        say("category.potential"),
        say.km(33),
        "GADM 4.1",
        "Hasanah, Faried, Sembiring",
        "km=80",
    ):
        assert words in last
    assert say("indicator.huff_share") in text[5]
    profiles = [
        name for name in handout.centers[f"name_{language}"] if name in " ".join(text[BEFORE:])
    ]
    assert set(handout.shown[f"name_{language}"]) <= set(profiles)
    assert len(text) - len(handout.shown) in range(BEFORE + 4, BEFORE + 8)


@pytest.mark.parametrize("fictional", [True, False])
def test_own_centers_are_named_as_such(take: Take, fictional: bool) -> None:
    handout = take("en")
    own = Own("desa.csv", handout.centers, in_place=True, fictional=fictional)
    text = pages(atlas.center_pdf(replace(handout, own=own), "karo-coffee"))[0]
    assert ("none of them is real" if fictional else "in place of the shipped data") in text
    assert "Centers: desa.csv" in text
    assert "Scores: Hasanah" not in text


@LANGUAGES
def test_every_center_fits_on_one_page(
    take: Take, atlases: dict[str, bytes], language: str
) -> None:
    names = take(language).centers[f"name_{language}"]
    text = pages(atlases[language])
    starts = [at for at, page in enumerate(text) if page.startswith(tuple(names))]
    assert starts == list(range(starts[0], starts[0] + 13))
    last = next(name for name in names if text[starts[-1]].startswith(name))
    assert not re.match(r"\d|$", text[starts[-1] + 1]), "the page after is no rest of a profile"
    (alone,) = pages(atlas.center_pdf(take(language), str(names.index[names == last][0])))
    assert alone.startswith(last)


def test_center_says_what_is_not_known(take: Take) -> None:
    handout = take("en")
    bare = handout.centers.loc[["karo-coffee"]].assign(
        score=np.nan, rank=np.nan, category="unscored", products=None, position_evidence=None
    )
    text = pages(atlas.center_pdf(replace(handout, centers=bare, shown=bare), "karo-coffee"))[0]
    assert "This center has no score yet" in text
    assert "Products not known" in text
    assert "Evidence not known" in text
    for lie in ("nan", "None", "NaT"):
        assert not re.search(rf"\b{lie}\b", text)
    assert " 0.00 " not in text


def test_center_that_is_filtered_out_says_so(take: Take) -> None:
    handout = take("en", filters=Filters(categories=("excellent",)))
    assert "does not pass the filters" in pages(atlas.center_pdf(handout, "karo-coffee"))[0]


def test_assessed_aspects_are_given_with_their_assessor(take: Take) -> None:
    handout = take("en")
    aspects = handout.aspects.copy()
    aspects.loc["karo-coffee", list(ASPECTS)] = [11.0, 22.0, 33.0, 44.0, 55.0, np.nan]
    made = Assessment(
        center_id="karo-coffee",
        author="#Dinas Karo",
        assessed_on=date(2026, 5, 3),
        scores={"institutional": 11.0},
    )
    known = replace(handout, aspects=aspects, standings=standings([made], ASPECTS))
    text = pages(atlas.center_pdf(known, "karo-coffee"))[0]
    assert "11 22 33 44 55 –" in text
    assert "Aspects as assessed by #Dinas Karo, 3 May 2026" in text
    assert "is weak (11)" in text
    without = pages(atlas.center_pdf(replace(handout, aspects=aspects), "karo-coffee"))[0]
    assert "11 22 33" in without
    assert "Aspects as assessed by" not in without


def test_saved_plan_leads_the_advice(take: Take) -> None:
    handout = take("en")
    suits = [a for a in handout.inputs.guidance.values() if "excellent" in a.categories]
    pinned = suits[-1].action_id
    made = Assessment(
        center_id="karo-coffee",
        author="A",
        assessed_on=date(2026, 5, 3),
        actions={"pinned": [pinned], "dropped": [], "order": []},
    )
    known = replace(handout, standings=standings([made], ASPECTS))
    words = suits[-1].text_en[:60]
    assert words in pages(atlas.center_pdf(known, "karo-coffee"))[0]
    assert words not in pages(atlas.center_pdf(handout, "karo-coffee"))[0]
    broken = replace(made, actions={"pinned": 7})
    text = pages(
        atlas.center_pdf(replace(handout, standings=standings([broken], ASPECTS)), "karo-coffee")
    )
    assert len(text) == 1


@LANGUAGES
def test_district_is_one_page_with_its_centers(take: Take, language: str) -> None:
    handout = take(language)
    pdf = atlas.district_pdf(handout, "1208")
    (text,) = pages(pdf)
    assert outline(pdf)[0] == (0, "Kabupaten Simalungun")
    inside = handout.centers[handout.centers["district"] == "1208"]
    assert len(inside) == 2
    for name in inside[f"name_{language}"]:
        assert name in text
    population = tables.cell(handout.inputs.districts, "1208", "population")
    assert handout.say.number(population, 0) in text
    assert "12.08" in text
    assert handout.count in text


@LANGUAGES
def test_district_without_centers_says_so(take: Take, language: str) -> None:
    handout = take(language)
    empty = sorted(set(handout.inputs.districts.index) - set(handout.centers["district"]))
    (text,) = pages(atlas.district_pdf(handout, empty[0]))
    assert handout.say("atlas.no_center") in text


def test_unknown_center_or_district_is_an_error(take: Take) -> None:
    with pytest.raises(KeyError):
        atlas.center_pdf(take(), "nowhere")
    with pytest.raises(KeyError):
        atlas.district_pdf(take(), "9999")


def test_attacks_in_names_stay_text(take: Take) -> None:
    handout = renamed(take(), list(PAYLOADS))
    handout = replace(handout, shown=handout.shown.iloc[: len(PAYLOADS)])
    pdf = atlas.atlas_pdf(handout)
    whole, titles = " ".join(pages(pdf)), [title for _, title in outline(pdf)]
    for payload in PAYLOADS:
        plain = re.sub(r"[\x00-\x1f]", "", payload)
        assert plain in whole
        assert plain in titles
    assert b"/JavaScript" not in pdf
    assert not re.search(rb"/(URI|Launch|EmbeddedFile)\b", pdf)


def test_text_without_glyphs_and_endless_words_still_make_a_tagged_page(take: Take) -> None:
    name = "مركز القهوة 🏺 " + "N" * 9_950
    pdf = atlas.center_pdf(renamed(take(), [name]), str(take().shown.index[0]))
    assert read(pdf).trailer["/Root"]["/MarkInfo"]["/Marked"]
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    right = max(text.get_charbox(at)[2] for at in range(text.count_chars()))
    assert right <= 595 - 40  # nothing runs into the margin
    assert len(pages(pdf)) <= 2


def test_hundreds_of_centers_make_a_bounded_atlas_that_says_so(
    take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atlas, "MOST_PROFILES", 3)
    handout = take("en")
    copies = [handout.centers.rename(index=f"{{}}-{n}".format) for n in range(40)]  # 520 centers
    many = pd.concat([handout.centers, *copies])
    many["rank"] = many["score"].rank(ascending=False, method="first")

    def spread(table: pd.DataFrame) -> pd.DataFrame:
        every = pd.concat([table] * 41)
        every.index = many.index
        return every

    linked = handout.linked
    large = replace(
        handout,
        centers=many,
        shown=many,
        aspects=spread(handout.aspects),
        measured=replace(
            handout.measured,
            centers=many,
            distances=spread(handout.measured.distances),
            low=spread(handout.measured.low),
            high=spread(handout.measured.high),
        ),
        linked=replace(
            linked,
            values=spread(linked.values),
            low=spread(linked.low),
            high=spread(linked.high),
            nearest_of={name: spread(table) for name, table in linked.nearest_of.items()},
        ),
    )
    text = pages(atlas.atlas_pdf(large))
    assert 3 + 8 <= len(text) <= 3 + 14
    assert sum("Only the first 3 of 533 centers by rank" in page for page in text) == 1


def test_no_center_left_still_makes_an_atlas(take: Take) -> None:
    handout = take("en", filters=Filters(score=(99.0, 100.0)))
    assert handout.shown.empty
    text = pages(atlas.atlas_pdf(handout))
    assert len(text) == BEFORE + 1
    assert "No center meets all filters." in text[BEFORE - 1]


def test_progress_rises_to_the_end_and_can_cancel(take: Take) -> None:
    few = take(filters=Filters(categories=("excellent",)))
    told: list[float] = []
    atlas.atlas_pdf(few, progress=told.append)
    assert told == [
        pytest.approx(part / 12) for part in range(1, 13)
    ]  # 7 parts, 2 centers, 2 districts, set

    class CancelledError(Exception):
        pass

    def cancel(part: float) -> None:
        if part > 0.2:
            raise CancelledError

    with pytest.raises(CancelledError):
        atlas.atlas_pdf(few, progress=cancel)


def test_same_handout_makes_the_same_pages(take: Take) -> None:
    one, two = (rendered(atlas.center_pdf(take(), "karo-coffee"), 0) for _ in range(2))
    assert np.array_equal(np.asarray(one), np.asarray(two))


def difference(one: Image.Image, other: Image.Image) -> float:
    """Largest difference of grey between two pages, square by square."""
    size = one.width // SQUARE, one.height // SQUARE
    grey = [np.asarray(page.resize(size, Image.Resampling.BOX), float) for page in (one, other)]
    return float(np.abs(grey[0] - grey[1]).max())


PAGES = ("cover", "contents", "province", "categories", "matrix")


@pytest.mark.parametrize("page", ["cover", "province", "categories", "matrix"])
def test_page_of_the_atlas_looks_as_before(atlases: dict[str, bytes], page: str) -> None:
    looks_like(f"atlas-{page}", rendered(atlases["id"], PAGES.index(page)))


def test_center_looks_as_before(take: Take) -> None:
    looks_like("center", rendered(atlas.center_pdf(take("en"), "karo-coffee"), 0))


def test_district_looks_as_before(take: Take) -> None:
    looks_like("district", rendered(atlas.district_pdf(take("en"), "1208"), 0))


def looks_like(name: str, page: Image.Image) -> None:
    """Compare a page with its committed picture; delete the file to have a new one made."""
    file = PICTURES / f"{name}.png"
    if not file.exists():
        PICTURES.mkdir(exist_ok=True)
        page.save(file, optimize=True)
        pytest.fail(f"{file.name} was missing and is made: look at it, then run again")
    known = Image.open(file)
    assert page.size == known.size
    assert difference(page, known) <= TOLERANCE


@pytest.mark.parametrize("lost", ["lake", "center", "zone"])
def test_what_is_lost_from_a_map_is_noticed(take: Take, lost: str) -> None:
    handout = take("en")
    inputs = handout.inputs
    moved = inputs.zones.copy()
    moved.loc["sei_mangkei", ["lat", "lon"]] = 5.0, 95.0
    without = {
        "lake": replace(handout, inputs=replace(inputs, lakes=inputs.lakes.iloc[:0])),
        "center": replace(handout, shown=handout.shown.drop("simalungun-honey")),
        "zone": replace(handout, inputs=replace(inputs, zones=moved)),
    }
    known = Image.open(PICTURES / "district.png")
    changed = rendered(atlas.district_pdf(without[lost], "1208"), 0)
    assert difference(changed, known) > TOLERANCE


def test_pages_need_no_font_of_the_machine() -> None:
    names = typeset._fonts().families()
    assert typeset.FONT in names
    assert {f.path for f in typeset._fonts().fonts() if f.family == typeset.FONT} <= {
        str(path) for path in typeset.FOLDER.iterdir()
    }
