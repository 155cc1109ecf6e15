"""What the page tells of each indicator is what its docstring says, and what the method is."""

import re

import pytest

from ikmgeo.measures import linkage
from ikmgeo.measures.district_measures import MEASURES
from ikmgeo.measures.indicators import INDICATORS
from ikmgeo.words import method


def test_every_indicator_has_its_function() -> None:
    assert {*INDICATORS, *MEASURES} < set(method.functions())


@pytest.mark.parametrize("indicator", method.functions())
def test_a_formula_needs_no_translation(indicator: str) -> None:
    words = set(re.findall(r"[A-Za-z]{2,}", method.formula(indicator)))
    assert words <= {"WGS", "km", "min", "max", "ln", "Var"}


@pytest.mark.parametrize("indicator", method.functions())
def test_formula_and_source_stand_in_the_docstring(indicator: str) -> None:
    told = " ".join((method.functions()[indicator].__doc__ or "").split())
    assert method.formula(indicator) in told
    assert method.source(indicator)
    assert "``" not in method.formula(indicator) + method.source(indicator)


@pytest.mark.parametrize(
    ("indicator", "formula", "author"),
    [
        ("proximity", "100·e^(-β·d), β = ln 2 / h", "Hansen (1959)"),
        ("proximity_index", "100·e^(-β·min d), β = ln 2 / h", "Hansen (1959)"),
        ("gravity", "100·Σ O·e^(-β·d) / Σ O, β = ln 2 / h", "Hansen (1959)"),
        ("huff_share", "S^α·d^-λ / Σ S^α·d^-λ, d ≥ 1", "Huff (1963)"),
        ("zones_within", "Σ 1[d ≤ T]", "Wachs and Kumagai (1973)"),
        ("cost", "d(p, z), WGS84, km; p ∈ z: d = 0", "Karney (2013)"),
        ("seat_km", "min d(s, z), WGS84, km; s ∈ z: d = 0", "Karney (2013)"),
        ("score", "S = Σ w·x / 100; S = Π x^(w / 100)", "OECD and JRC (2008)"),
        ("correlation_ratio", "η² = Var(E[S | x]) / Var(S)", "Paruolo, Saisana"),
        ("rank_shift", "R = Σ |r' - r| / n", "OECD and JRC (2008)"),
    ],
)
def test_the_formulas_are_those_of_the_method(indicator: str, formula: str, author: str) -> None:
    assert method.formula(indicator) == formula
    assert method.source(indicator).startswith(author)


def test_a_docstring_without_its_formula_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linkage.proximity, "__doc__", "Proximity.")
    with pytest.raises(LookupError, match="proximity has no Notes"):
        method.formula("proximity")
