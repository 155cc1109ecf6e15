"""Number fields as a reader fills them in and reads them."""

from typing import Any


def fill(box: Any, value: float | None, language: str = "id") -> Any:
    """Type a number into a field with the decimal sign of a language, which is written by hand."""
    text = "" if value is None else f"{value:.9f}".rstrip("0").rstrip(".")
    return box.set_value(text.replace(".", {"id": ",", "en": "."}[language]))


def filled(box: Any, language: str = "id") -> float | None:
    """The number that a field shows; no other sign than that of its language is one."""
    sign, other = {"id": (",", "."), "en": (".", ",")}[language]
    assert other not in box.value
    return float(box.value.replace(sign, ".")) if box.value else None
