"""Defects of data, as codes with their particulars; ``Messages`` puts them into sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["rejected", "noted"]


@dataclass(frozen=True)
class Issue:
    """One defect: where it is, what stands there and what was expected.

    Parameters
    ----------
    code
        Name of the defect, such as ``"score_out_of_range"``; the message catalogues hold one
        sentence and one remedy for each.
    file
        Name of the file as the user knows it.
    row
        Row as a spreadsheet numbers it: the header is row 1. None for the whole file.
    column, value
        The cell; the value as the user wrote it.
    expected
        Particulars that the sentence names, such as ``{"low": 0, "high": 100}``.
    severity
        ``rejected`` when the row (or, without a row, the file) is left out, ``noted`` when it is
        kept and the reader should know.
    """

    code: str
    file: str
    row: int | None = None
    column: str | None = None
    value: str | None = None
    expected: Mapping[str, object] = field(default_factory=dict)
    severity: Severity = "rejected"

    def __str__(self) -> str:
        """Place, cell and code, for logs and tracebacks."""
        place = self.file if self.row is None else f"{self.file} row {self.row}"
        cell = "" if self.column is None else f": {self.column} is {self.value!r}"
        expected = f" (expected {dict(self.expected)})" if self.expected else ""
        return f"{place}{cell}: {self.code}{expected}"


class DataError(ValueError):
    """A file that cannot be used at all, with every defect that was found in it."""

    def __init__(self, issues: Sequence[Issue]) -> None:
        """Keep the defects; the message lists them, one a line."""
        self.issues = tuple(issues)
        super().__init__("\n".join(map(str, self.issues)))
