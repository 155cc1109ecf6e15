"""The table of location quotients as a file, without counts under three and what tells them."""

import pandas as pd

from ikmgeo.analysis import Inputs
from ikmgeo.handouts.export import rows_csv
from ikmgeo.register.candidates import DISTRICT_DIGITS
from ikmgeo.register.specialisation import Open, Question, published
from ikmgeo.register.store import Version
from ikmgeo.words import wording
from ikmgeo.words.messages import NOTHING, Messages


def csv(
    say: Messages,
    inputs: Inputs,
    asked: Question,
    table: pd.DataFrame,
    clusters: pd.Series,
    shown: Open,
    source: str,
) -> bytes:
    """A row each area with its quotient, interval, verdict and local cluster, and the source."""
    kept = published(table, shown, asked.commodity)
    codes = kept.index.to_series()
    district = codes.str[:DISTRICT_DIGITS].map(inputs.districts["name_id"])
    told = ~kept["verdict"].isin(["hidden", "too_few"])
    workers = {"workers": kept["found"], "area_workers": kept["area_found"]}
    rows = pd.DataFrame(
        {
            "area_code": codes,
            "area": codes.map(area_names(inputs)),
            "district": district,
            "commodity": asked.commodity,
            "units": kept["units"].astype("Int64"),
            "area_units": kept["area_units"].astype("Int64"),
            **(workers if asked.measure == "workers" else {}),
            "share": kept["share"].round(4),
            "location_quotient": kept["quotient"].round(3),
            "low": kept["low"].round(3),
            "high": kept["high"].round(3),
            "verdict": kept["verdict"],
            "cluster": clusters.reindex(kept.index).where(told),
            "source": source,
        }
    )
    return rows_csv(rows, language=say.language)


def area_names(inputs: Inputs) -> pd.Series:
    """Names of districts and subdistricts by their codes."""
    names: pd.Series = pd.concat([inputs.districts["name_id"], inputs.subdistricts["name_id"]])
    return names


def attribution(
    say: Messages,
    version: Version,
    inputs: Inputs,
    asked: Question,
    years: tuple[int | None, int | None],
) -> str:
    """Whence the table is: register, years and areas; fictional units say so."""
    first, last = (NOTHING if year is None else str(year) for year in years)
    layer = "districts" if asked.level == "district" else "areas"
    return wording.source_of_register(
        say,
        "special.source",
        version,
        measure=say(f"special.measure_{asked.measure}"),
        years=say("special.years", first=first, last=last) if any(years) else say("special.all"),
        areas=say.data(inputs.sources.set_index("layer").at[layer, "source"]),
    )
