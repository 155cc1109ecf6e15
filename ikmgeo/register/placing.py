"""Where the units of a register are: each different way of telling a place is looked up once."""

from collections.abc import Iterable
from typing import Final, NamedTuple

import pandas as pd

from ikmgeo.analysis import Inputs
from ikmgeo.errors import Issue
from ikmgeo.reading import gazetteer, validate
from ikmgeo.reading.places import located_district
from ikmgeo.register.columns import PLACE

ANCHOR: Final = 500
"""Places of the first rows that are looked at beside all later ones: they tell whose codes the
file has, of BPS or of Kemendagri."""

REMEMBERED: Final = 200_000
"""Places that are remembered."""

FINER: Final = ("village", "subdistrict", "area_code", "subdistrict_code")
"""Columns that tell what else an address is asked for."""

BETWEEN: Final = "\x1f"


class Place(NamedTuple):
    """Where a unit is: Kemendagri codes (missing where not known), degrees, by which of ``WAYS``.

    ``issue`` is why a row has no place.
    """

    district_code: str | None
    subdistrict_code: str | None
    village_code: str | None
    lat: float
    lon: float
    placed_by: str
    issue: Issue | None


class Places:
    """What one file calls places, each looked up once in the gazetteer."""

    def __init__(self, inputs: Inputs, file: str) -> None:
        """Begin with nothing known; ``file`` is its name as the user knows it."""
        self.inputs, self.file = inputs, file
        self._known: dict[str, Place] = {}
        self._anchor: pd.DataFrame | None = None

    def of(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The place of each row, columns as in ``Place``, on the index of ``rows``."""
        told = rows.reindex(columns=[*PLACE]).astype("str")
        # An address is as good as unique, and only asked where nothing better is told.
        told["locality"] = told["locality"].where(told[[*FINER]].isna().all(axis=1))
        key = told[PLACE[0]].fillna("")
        for column in PLACE[1:]:
            key = key.str.cat(told[column].fillna(""), sep=BETWEEN)
        number, names = pd.factorize(key)
        first = pd.Series(range(len(key))).groupby(number).first()
        if len(self._known) > REMEMBERED:
            self._known.clear()
        new = [n for n, name in enumerate(names) if name not in self._known]
        if new:
            looked_up = self._look_up(told.iloc[first.iloc[new]])
            self._known |= zip((names[n] for n in new), looked_up, strict=True)
        places = pd.DataFrame([self._known[name] for name in names], columns=Place._fields)
        return places.take(number).set_axis(rows.index).astype({"lat": float, "lon": float})

    def _look_up(self, told: pd.DataFrame) -> Iterable[Place]:
        beside = self._anchor if self._anchor is not None else told.iloc[:0]
        if self._anchor is None:
            self._anchor = told.head(ANCHOR)
        rows = pd.concat([beside, told], ignore_index=True)
        rows = rows.loc[:, rows.notna().any()].rename_axis("row")
        inputs, areas = self.inputs, self.inputs.gazetteer
        text, ways, issues = validate.placed(
            rows,
            district_names=inputs.districts,
            former_names=inputs.former_names,
            land=inputs.land,
            bounds=inputs.bounds,
            areas=areas,
            file=self.file,
        )
        refused: dict[int, Issue] = {}
        for issue in issues:
            if issue.row is not None and issue.severity == "rejected":
                refused.setdefault(issue.row, issue)
        spots = text[["lat", "lon"]].apply(pd.to_numeric, errors="coerce")
        within = located_district(spots.dropna(), inputs.districts).reindex(text.index)
        district = text["district_code"].fillna(within.astype("str"))
        code = gazetteer.areas(text, district, areas)
        # Of an area that is known by its code alone, the district too.
        district = district.where(code.str.len() < 6, code.str[:4])
        found = pd.DataFrame(
            {
                "district_code": district.astype(object).where(district.notna(), None),
                "subdistrict_code": code.str[:6].astype(object).where(code.str.len() >= 6, None),
                "village_code": code.astype(object).where(code.str.len() == 10, None),
                **spots,
                "placed_by": ways,
            }
        ).iloc[len(beside) :]
        for row, district_code, *cells, placed_by in found.itertuples(name=None):
            why = refused.get(row)
            if why is None and (placed_by == "none" or district_code is None):
                why = Issue("place_missing", self.file, row, "lat")
            yield Place._make((district_code, *cells, placed_by, why))
