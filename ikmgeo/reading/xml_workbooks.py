"""Sheets of workbooks as Excel 2003 wrote them in XML, which portals still hand out as ``.xls``."""

import io
import xml.etree.ElementTree as ET  # definitions are refused before
from collections.abc import Iterator
from typing import IO, Final

from ikmgeo.errors import Issue
from ikmgeo.reading.bounds import Meter
from ikmgeo.reading.grids import Layer, cell_text
from ikmgeo.reading.probe import DEFINITIONS, SMALL, TEXTS
from ikmgeo.reading.workbooks import LAST_ROW, PERCENT_DIGITS, grid_of

SPACE: Final = "{urn:schemas-microsoft-com:office:spreadsheet}"
NUMBER: Final = "Number"


def xml_workbook_layers(data: bytes, meter: Meter) -> list[Layer]:
    """Every sheet of a workbook in XML; a percentage is read as it is shown.

    Raises
    ------
    ValueError
        When it has definitions of its own: entities can stand for gigabytes.
    """
    if b"\0" in data or DEFINITIONS.search(data):
        raise ValueError("definitions in XML")
    meter.parts(data.count(b"<"), TEXTS)
    return list(_Book(data, meter).layers())


class _Book:
    """Goes through the elements once and forgets each row behind it."""

    def __init__(self, data: bytes, meter: Meter) -> None:
        self._meter = meter
        self._events = self._counted(io.BytesIO(data))
        self._percent: set[str] = set()
        self._hidden = False
        self._changed = 0

    def _counted(self, file: IO[bytes]) -> Iterator[tuple[str, ET.Element]]:
        """Beginnings and ends of elements, no more of them in one row than a small part has."""
        begun = 0
        for event, element in ET.iterparse(file, ("start", "end")):  # noqa: S314
            begun += event == "start"
            self._meter.parts(begun, SMALL)
            yield event, element
            if event == "end" and element.tag == f"{SPACE}Row":
                element.clear()
                begun = 0

    def layers(self) -> Iterator[Layer]:
        style = ""
        for event, element in self._events:
            name = element.tag.removeprefix(SPACE)
            if event == "start" and name == "Style":
                style = element.get(f"{SPACE}ID", "")
            elif event == "start" and name == "NumberFormat":
                if "%" in (shown := element.get(f"{SPACE}Format", "")) or shown == "Percent":
                    self._percent.add(style)
            elif event == "start" and name == "Worksheet":
                yield self._layer(element.get(f"{SPACE}Name", ""))

    def _layer(self, title: str) -> Layer:
        self._hidden, self._changed = False, 0
        grid = grid_of(self._rows(), self._meter)
        issues: tuple[Issue, ...] = ()
        if self._changed:
            told: dict[str, object] = {"count": self._changed}
            issues = (Issue("percent_cells", self._meter.name, expected=told, severity="noted"),)
        return Layer(title, grid, issues, self._hidden, drawn=False)

    def _rows(self) -> Iterator[list[str]]:
        """Texts of the rows of a sheet, with those between that it leaves out."""
        number = 0
        for event, element in self._events:
            if event == "start":
                continue
            name = element.tag.removeprefix(SPACE)
            if name == "Row":
                at = int(element.get(f"{SPACE}Index", number + 1))
                if not number < at <= LAST_ROW:
                    raise ValueError("a row that no spreadsheet has")
                for _ in range(number + 1, at):
                    yield []
                number = at
                yield self._cells(element)
            elif element.tag.endswith("}Visible"):
                self._hidden |= (element.text or "").startswith("SheetHidden")
            elif name == "Worksheet":
                return

    def _cells(self, row: ET.Element) -> list[str]:
        texts: list[str] = []
        for cell in row.iter(f"{SPACE}Cell"):
            at = int(cell.get(f"{SPACE}Index", len(texts) + 1)) - 1
            across = int(cell.get(f"{SPACE}MergeAcross", 0))
            if at < len(texts) or across < 0:
                raise ValueError("cells that stand in one place")
            self._meter.shape(0, at + across + 1)
            texts += [""] * (at - len(texts))
            texts += [self._text(cell), *[""] * across]
        return texts

    def _text(self, cell: ET.Element) -> str:
        data = cell.find(f"{SPACE}Data")
        text = "" if data is None else "".join(data.itertext())
        if data is None or data.get(f"{SPACE}Type") != NUMBER:
            return text.removesuffix("T00:00:00.000")
        value = float(text)
        if cell.get(f"{SPACE}StyleID", "") in self._percent:
            self._changed += 1
            value = round(value * 100, PERCENT_DIGITS)
        return cell_text(value)
