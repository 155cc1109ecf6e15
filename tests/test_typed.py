"""Numbers as people type them, in the signs of either language."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikmgeo.errors import DataError
from ikmgeo.reading.typed import LONGEST, PERCENT, Scale, read
from ikmgeo.words.messages import Messages

ID, EN = Messages("id"), Messages("en")
ANY = Scale(-1e12, 1e12)
LON = Scale(-180, 180)
SCORE = Scale(0, 100, ("%",), optional=True)


def refused(text: str, scale: Scale) -> str:
    """Code of the refusal."""
    with pytest.raises(DataError) as told:
        read(text, scale)
    (issue,) = told.value.issues
    return issue.code


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("38,5", 38.5),
        ("38.5", 38.5),
        ("38,50", 38.5),
        (" 38,5 ", 38.5),
        ("\u00a038,5\t", 38.5),
        ("38", 38),
        ("+38", 38),
        ("-3", -3),
        ("\N{MINUS SIGN}3,25", -3.25),
        ("-0", 0),
        (",5", 0.5),
        (".5", 0.5),
        ("0,125", 0.125),
        ("0.125", 0.125),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1.234.567", 1_234_567),
        ("1,234,567", 1_234_567),
        ("1 234 567,5", 1_234_567.5),
        ("1.234.567,125", 1_234_567.125),
        ("1234,567", 1234.567),
        ("1234.567", 1234.567),
        ("007", 7),
        ("３８，５", 38.5),
        ("٣٨", 38),
    ],
)
def test_a_number_is_read_whichever_sign_is_its_decimal_sign(text: str, value: float) -> None:
    """Planner 1: 38,5 typed became 385."""
    found = read(text, ANY)
    assert found == value
    assert math.copysign(1, found) == math.copysign(1, value)


@pytest.mark.parametrize(
    "text",
    [
        *("abc", "1e3", "1E3", "nan", "NaN", "inf", "-inf", "3 8", "3  8", "38,", "38.", "1,2,3"),
        *("1.23,4", "1.2345,6", "12.34.567", "1.234,567.8", "1,234.567,8", "1.234 567", "--3"),
        *("- 3", "3-", "0x10", "1_000", "5²", "½", "38,5 km", "38;5", "38'5", "3\u200b8", "="),
        *("1..5", ",", ".", "-", "1 2345", "0.123.456", "1" * (LONGEST + 1), "Rp 5", "五"),
    ],
)
def test_what_is_no_number_is_refused_as_such(text: str) -> None:
    assert refused(text, ANY) == "typed_unreadable"


@pytest.mark.parametrize("text", ["1.234", "1,234", "100.000", "999,999", "-1.234"])
def test_a_single_sign_before_three_digits_is_refused_where_both_readings_fit(text: str) -> None:
    """1.234 is 1234 to one reader and 1,234 to the other: a factor of 1000 is never guessed."""
    assert refused(text, ANY) == "typed_ambiguous"
    with pytest.raises(DataError) as told:
        read("1.234", Scale(0, 1e6, ("ha",)))
    (issue,) = told.value.issues
    assert (issue.expected["small"], issue.expected["large"]) == (1.234, 1234)


@pytest.mark.parametrize(
    ("text", "scale", "value"),
    [
        ("98.672", LON, 98.672),  # a longitude as maps print it
        ("98,672", LON, 98.672),
        ("-98.672", LON, -98.672),
        ("12.500", PERCENT, 12.5),
        ("100.000", PERCENT, 100),
        ("1.234", Scale(1000, 5000), 1234),
    ],
)
def test_it_is_the_one_number_that_lies_in_the_scale(text: str, scale: Scale, value: float) -> None:
    assert read(text, scale) == value


@pytest.mark.parametrize("text", ["385", "100,01", "-0,01", "1.234,5", "1 234", "9" * LONGEST])
def test_a_number_beyond_the_scale_is_refused_with_the_scale(text: str) -> None:
    assert refused(text, PERCENT) == "typed_out_of_range"
    with pytest.raises(DataError) as told:
        read(text, PERCENT)
    assert dict(told.value.issues[0].expected) == {"low": 0, "high": 100}


@pytest.mark.parametrize("text", ["12,5", "12.5", "0,001"])
def test_a_part_of_a_worker_is_refused_and_thousands_of_workers_are_read(text: str) -> None:
    workers = Scale(0, 1e6, whole=True)
    assert refused(text, workers) == "typed_not_whole"
    assert read("1.234", workers) == read("1,234", workers) == read("1234,0", workers) == 1234


@pytest.mark.parametrize("text", ["38,5 %", "38,5%", "38.5 ％"])
def test_a_unit_of_the_field_may_follow(text: str) -> None:
    assert read(text, PERCENT) == 38.5
    assert refused(text, Scale(0, 100)) == "typed_unreadable"
    assert read("38,5 km", Scale(0, 100, ("km",))) == 38.5


@pytest.mark.parametrize("text", ["", " ", "\n"])
def test_an_empty_field_is_none_only_where_it_may_be_empty(text: str) -> None:
    assert read(text, SCORE) is None
    assert refused(text, PERCENT) == "typed_empty"
    assert refused("%", PERCENT) == "typed_empty"


@pytest.mark.parametrize("say", [ID, EN], ids=["id", "en"])
@given(value=st.decimals(-180, 180, places=5).map(float))
def test_what_a_field_shows_is_read_as_the_same_number(say: Messages, value: float) -> None:
    assert read(say.in_field(value), LON) == value + 0.0


@pytest.mark.parametrize(
    ("value", "indonesian", "english"),
    [
        (38.5, "38,5", "38.5"),
        (60.0, "60", "60"),
        (16.67, "16,67", "16.67"),
        (1933.8, "1933,8", "1933.8"),  # without thousands: 1.933 would be read two ways
        (1e6, "1000000", "1000000"),
        (2.12346, "2,12346", "2.12346"),
        (0.1 + 0.2, "0,3", "0.3"),
        (-0.0, "0", "0"),
        (None, "", ""),
    ],
)
def test_a_field_shows_the_sign_of_its_language(
    value: float | None, indonesian: str, english: str
) -> None:
    assert (ID.in_field(value), EN.in_field(value)) == (indonesian, english)


@pytest.mark.parametrize(
    ("text", "scale", "named"),
    [
        ("385", SCORE, ("385", "0", "100")),
        ("3 8", SCORE, ("3 8", "0", "100")),
        ("abc", Scale(0, 1e6), ("abc", "1.000.000")),
        ("1.234", Scale(0, 1e6), ("1.234", "1234", "1,23")),
        ("", PERCENT, ("0", "100")),
    ],
)
def test_the_refusal_is_a_sentence_with_the_field_the_text_and_the_scale(
    text: str, scale: Scale, named: tuple[str, ...]
) -> None:
    with pytest.raises(DataError) as told:
        read(text, scale)
    (issue,) = told.value.issues
    sentence = ID.mistyped(issue, "Produksi")
    assert sentence.startswith("Produksi")
    assert [word for word in named if word not in sentence] == []
    assert EN.mistyped(issue, "Production").startswith("Production")
