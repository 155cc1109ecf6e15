"""One number is written one way on every medium: an aspect of 38.5 is nowhere 38."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import openpyxl
import pypdfium2
import pytest

from ikmgeo.handout import Handout
from ikmgeo.handouts import atlas, portable, workbook
from ikmgeo.view import View
from tests.rated import ASPECTS

KARO = "karo-coffee"
ASSESSED = (38.5, 38.0, 16.67, 100.0, 0.0, 12.125)
WRITTEN = {
    "id": ["38,5", "38", "16,67", "100", "0", "12,13"],
    "en": ["38.5", "38", "16.67", "100", "0", "12.13"],
}
"""By hand: no more decimals than there are, at most two; halves go up."""


@pytest.fixture(params=["id", "en"])
def handout(request: pytest.FixtureRequest, hand_out: Callable[..., Handout]) -> Handout:
    """What is taken away when Karo coffee has these aspects."""
    shown = hand_out(view=View(language=request.param))
    aspects = shown.aspects.copy()
    aspects.loc[KARO] = ASSESSED
    return replace(shown, aspects=aspects)


def plain(page: str) -> str:
    """Words of a page, those in its data too."""
    unpacked = re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), page)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", unpacked)).split())


def test_an_aspect_is_written_the_same_in_advice_table_pdf_page_and_workbook(
    handout: Handout,
) -> None:
    """Planner 1: "Produksi lemah (38)" in the advice, 38,5 in the table and the PDF."""
    say, written = handout.say, WRITTEN[handout.say.language]

    document = pypdfium2.PdfDocument(atlas.center_pdf(handout, KARO))
    pdf = " ".join(" ".join(p.get_textpage().get_text_bounded().split()) for p in document)
    assert " ".join(written) in pdf

    page = plain(portable.page(handout))
    names = [say(f"aspect.{aspect}") for aspect in ASPECTS]
    for name, number in zip(names, written, strict=True):
        assert f"{name} {number} " in page
    for text in (pdf, page):
        found = 0
        for name, number in zip(names, written, strict=True):
            begins = say("advice.reason_aspect", what=name, score="|").split("|")[0]
            advised = text.count(begins)
            assert text.count(say("advice.reason_aspect", what=name, score=number)) == advised
            found += advised
        assert found

    book = openpyxl.load_workbook(io.BytesIO(workbook.xlsx(handout)))
    heads, *rows = book[book.sheetnames[0]].iter_rows()
    columns = {cell.value: at for at, cell in enumerate(heads)}
    (row,) = [row for row in rows if KARO in [cell.value for cell in row]]
    cells = [row[columns[say(f"aspect.{a}")]] for a in ASPECTS]
    assert [cell.value for cell in cells] == list(ASSESSED)
    decimals = [len(text.replace(".", ",").partition(",")[2]) for text in written]
    assert [cell.number_format for cell in cells] == [
        "0" if not n else f"0.{'0' * n}" for n in decimals
    ]
