"""Texts as people write them: without the characters that no screen, file or database takes."""

import re
from typing import Final

UNSEEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Control characters but tab and line ends, halves of characters, and what is no character."""


LINE_END: Final = re.compile(r"\r\n|[\r\v\f]")


def seen(text: str) -> str:
    """The text without unseen characters, its line ends all of one kind."""
    return UNSEEN.sub("", LINE_END.sub("\n", text))


def is_seen(text: str) -> bool:
    """Whether a text has no unseen character."""
    return UNSEEN.search(text) is None


def printable(value: object) -> str:
    """Text with a question mark for each character that has no UTF-8."""
    return str(value).encode(errors="replace").decode()
