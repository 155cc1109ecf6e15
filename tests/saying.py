"""Words about the shipped province, in both languages."""

from typing import Final

from ikmgeo.reading.load import read_table
from ikmgeo.reading.validate import check_region
from ikmgeo.settings import SHIPPED_DATA
from ikmgeo.words.messages import Messages
from tests.rated import INSTRUMENT

REGION: Final = check_region(read_table(SHIPPED_DATA / "region.csv", name="region.csv").rows)[0]
SAY: Final = {
    language: Messages(language, region=REGION, instrument=INSTRUMENT) for language in ("id", "en")
}
