"""A reader's own centers: one list, from one file or from several brought one after another."""

from dataclasses import dataclass, replace

import pandas as pd

from ikmgeo.reading.validate import MADE_ID, with_ids


@dataclass(frozen=True)
class Own:
    """A reader's centers, and whether they stand in the place of the shipped ones."""

    name: str
    centers: pd.DataFrame
    in_place: bool
    fictional: bool = False

    def matched(self, more: pd.DataFrame) -> pd.DataFrame:
        """Rows of another file under the ids that they have, or get, in this list.

        Parameters
        ----------
        more
            As ``validate.check_centers`` types centers, on ``center_id``.

        Returns
        -------
        pandas.DataFrame
            A row equal to one of the list in name, commodity and coordinates takes its id,
            whatever id its file gave. An id that ikmgeo made up (``MADE_ID``) and that another
            center of the list has is made up anew; one that the file itself gives stays.
        """
        there = pd.Series(self.centers.index, index=_identity(self.centers))
        there = there[~there.index.duplicated()]
        met = pd.Series(there.reindex(_identity(more)).to_numpy(), index=more.index)
        given = more.index.to_series()
        renamed = given.map(self.centers["name_id"]).ne(more["name_id"])
        clash = met.isna() & given.isin(self.centers.index) & renamed
        clash &= given.str.fullmatch(MADE_ID)
        wanted = met.where(met.notna(), given.mask(clash))
        ids = with_ids(pd.concat([self.centers.index.to_series(), wanted])).iloc[-len(more) :]
        found = more.set_axis(pd.Index(ids, name=more.index.name))
        return found[~found.index.duplicated(keep="last")]

    def plus(self, name: str, more: pd.DataFrame) -> "Own":
        """The list with another file's centers; a row with the id of one in it takes its place."""
        found = self.matched(more)
        centers = pd.concat([self.centers.drop(found.index, errors="ignore"), found])
        names = self.name if name in self.name.split(" + ") else f"{self.name} + {name}"
        return replace(self, name=names, centers=centers)


def _identity(centers: pd.DataFrame) -> pd.MultiIndex:
    """What makes two rows tell of one center: name, commodity and coordinates."""
    names = centers["name_id"].str.strip().str.casefold()
    keys = [names, centers["commodity"], centers["lat"], centers["lon"]]
    return pd.MultiIndex.from_arrays(keys)
