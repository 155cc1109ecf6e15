"""Candidates for centers as a file, with their source; what may leave the house of them."""

import pandas as pd

from ikmgeo import tables
from ikmgeo.analysis import Inputs
from ikmgeo.handouts.export import rows_csv
from ikmgeo.register.candidates import Criterion
from ikmgeo.register.nearness import Nearness
from ikmgeo.register.store import Version
from ikmgeo.words import wording
from ikmgeo.words.messages import NOTHING, Messages


def csv(say: Messages, published: pd.DataFrame, source: str) -> bytes:
    """A row each candidate, as ``candidates.published`` gives them, and the source."""
    return rows_csv(published.reset_index().assign(source=source), language=say.language)


def attribution(
    say: Messages,
    version: Version,
    inputs: Inputs,
    definition: str,
    used: Criterion | Nearness,
    *,
    households: str = "",
) -> str:
    """Whence candidates are: register, definition and gazetteer; fictional ones say so.

    ``households`` is the file of their number, where one is in use.
    """
    if isinstance(used, Nearness):
        key, least, reach = "register.source_near", float(used.least), say.km(used.reach_km)
    else:
        key, least, reach = "register.source", used.units_from, NOTHING
    told = wording.source_of_register(
        say,
        key,
        version,
        reach=reach,
        definition=say.name(tables.row(inputs.center_definitions, definition)),
        basis=tables.cell(inputs.center_definitions, definition, "legal_basis"),
        least=say.number(least, 0),
        areas=say.data(inputs.sources.set_index("layer").at["areas", "source"]),
    )
    if households:
        told = f"{told} {say('register.source_households', file=households)}"
    return told
