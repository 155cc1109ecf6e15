"""A list of centers that somebody keeps: what is told of each version, and what is in it."""

import io
import secrets
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import pandas as pd

from ikmgeo.reading.texts import printable, seen, trimmed
from ikmgeo.reading.validate import CENTER_COLUMNS, CENTER_RANGES, REQUIRED

NAME_LENGTH: Final = 100
"""Most characters of the name of a list."""

NUMBERS: Final = ("row", *CENTER_RANGES)
"""Columns of the rows that are never text."""


@dataclass(frozen=True, kw_only=True)
class CenterList:
    """One version of a list, without its rows and its file; ``dataclasses.replace`` makes another.

    Parameters
    ----------
    list_id
        What all versions share, as ``LIST_ID``; nobody can guess it.
    name
        As people call it.
    file_name
        Of the file that this version came with.
    good, rejected
        How many rows the list has, and how many of that file were not taken.
    version
        1 and up; 0 before the first save.
    base_version
        Version that the writer started from; 0 for a new list.
    content_id
        Where its rows and its file are; versions that differ in nothing else share them.
    mapping
        Plain JSON: which column of the file stands for what, where somebody told it.
    remark
        Free text about the version.
    draft
        Whether nobody has saved it: it is listed for nobody, and forgotten after ``DRAFT_DAYS``.
    hidden
        Whether this version puts the list away; a later one can bring it back.
    saved_by, saved_at
        Who saved this version, and when, UTC; None before the save.
    """

    list_id: str
    name: str
    file_name: str
    good: int
    rejected: int = 0
    version: int = 0
    base_version: int = 0
    content_id: str = ""
    mapping: Mapping[str, Any] = field(default_factory=dict)
    remark: str = ""
    draft: bool = False
    hidden: bool = False
    saved_by: str = ""
    saved_at: datetime | None = None

    @property
    def crossed(self) -> bool:
        """Whether somebody else saved between the writer's start and this version."""
        return self.version > 0 and self.base_version != self.version - 1


@dataclass(frozen=True, eq=False)
class Content:
    """Checked rows, as ``validate.Checked.good`` of one or more files, and the last of these."""

    centers: pd.DataFrame
    file: bytes


def new_list(file_name: str, centers: pd.DataFrame, rejected: int) -> CenterList:
    """A list as it begins, from the good rows of a file."""
    return CenterList(
        list_id=secrets.token_hex(8),
        name=name_of(file_name),
        file_name=file_name,
        good=len(centers),
        rejected=rejected,
    )


def name_of(file_name: str) -> str:
    """Name for a list, from that of its file."""
    stem = file_name.rpartition(".")[0] or file_name
    words = " ".join(printable(seen(stem)).replace("_", " ").split())
    return trimmed(words[:NAME_LENGTH]) or "–"


def packed(content: Content) -> dict[str, bytes]:
    """Rows as Parquet, which any program can read and none can run; the file compressed."""
    buffer = io.BytesIO()
    content.centers.to_parquet(buffer, compression="zstd")
    return {"centers": buffer.getvalue(), "file": zlib.compress(content.file)}


def unpacked_centers(data: bytes) -> pd.DataFrame:
    """Rows as ``packed`` wrote them, with every column that centers have by now.

    Raises
    ------
    ValueError
        When something else has written them.
    """
    try:
        found = pd.read_parquet(io.BytesIO(data))
    except Exception as error:  # a parser raises anything on broken bytes
        raise ValueError("no rows") from error
    sound = found.index.name == "center_id" and found.index.is_unique
    if not sound or not {*REQUIRED, "row"} <= set(found):
        raise ValueError("rows of another form")
    for column in found.columns.intersection([*NUMBERS]):
        if not pd.api.types.is_numeric_dtype(found[column]):
            raise ValueError(f"{column} without numbers")
    texts = [c for c in CENTER_COLUMNS if c not in found and c not in NUMBERS]
    return found.assign(**{c: pd.Series(None, found.index, dtype="str") for c in texts})


def unpacked_file(data: bytes) -> bytes:
    """The file as it came.

    Raises
    ------
    ValueError
        When something else has written it.
    """
    try:
        return zlib.decompress(data)
    except zlib.error as error:
        raise ValueError("no file") from error
