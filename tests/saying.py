"""Words about the shipped data, in both languages, without reading all of them."""

from pathlib import Path
from typing import Final

from ikmgeo.load import read_table
from ikmgeo.messages import Messages
from ikmgeo.settings import SHIPPED_DATA
from ikmgeo.validate import check_region


def _rows(name: str):
    return read_table(Path(SHIPPED_DATA / f"{name}.csv"), name=name).rows


REGION: Final = check_region(_rows("region"))[0]
SAY: Final = {language: Messages(language, region=REGION) for language in ("id", "en")}
