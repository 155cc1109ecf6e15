"""Pieces of HTML that every page is made of."""

import re

import numpy as np
import pytest
from markupsafe import Markup

from ikmgeo.folders import STATIC
from ikmgeo.words import markup

ROW = (
    *("Karo", "68,5 km", "-0,34", "P06", "2026-11-30", "1.015.256", np.nan, "12,5%"),
    *(Markup("50%<br><small>47%–56%</small>"), "0.32 – 0.51", "18,8 (14,7–20,3)", "3 sentra", 7),
)


def aligned(rows: list[tuple[object, ...]]) -> set[int]:
    made = markup.table([str(at) for at in range(len(rows[0]))], rows, "judul")
    classes = re.findall(r"<table class='([^']*)'>", made)
    return {int(name.removeprefix("figures-")) for name in classes[0].split()}


def test_columns_of_figures_are_aligned_and_names_codes_and_dates_are_not() -> None:
    assert aligned([ROW]) == {2, 3, 6, 7, 8, 9, 10, 11}  # the style knows no thirteenth


@pytest.mark.parametrize("other", ["tidak diketahui", "=1+1", "<b>1</b>"])
def test_one_cell_of_words_keeps_a_column_at_its_beginning(other: str) -> None:
    assert aligned([("Karo", "1"), ("Dairi", other)]) == set()
    assert aligned([("Karo", "1"), ("Dairi", "2")]) == {2}


def test_every_class_has_its_style() -> None:
    style = (STATIC / "page.css").read_text(encoding="utf-8")
    found = re.findall(r"\.figures-(\d+) :is\(th, td\):nth-child\((\d+)\)", style)
    assert found == [(str(at), str(at)) for at in range(1, markup.MOST_FIGURES + 1)]
