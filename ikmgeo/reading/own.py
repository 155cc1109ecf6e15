"""A reader's own centers: one list, from one file or from several brought one after another."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from ikmgeo.reading.validate import MADE_ID, with_ids

WITHIN_LIST: Final = rf"{MADE_ID}|\d{{1,5}}"
"""Form of the ids that tell one center from another within its list only: made up, or a number."""


@dataclass(frozen=True)
class Own:
    """A reader's centers, and whether they stand in the place of the shipped ones."""

    name: str
    centers: pd.DataFrame
    in_place: bool
    fictional: bool = False

    @classmethod
    def of(cls, lists: "Sequence[Listed]", *, in_place: bool) -> "Own":
        """Several lists as one, each center under an id that no other has.

        What the center is called in assessments does not hang on which lists are shown with its
        own: an id of the form ``WITHIN_LIST`` always gets the list's before it, any other is as
        the file has it. Only where two lists give the same does one of them, always the same one,
        get the list's behind it. The column ``list`` has the name of the list.
        """
        tables: list[pd.DataFrame] = []
        taken: set[str] = set()
        for one in sorted(lists, key=lambda one: one.list_id):
            ids = one.centers.index.to_series()
            ids = ids.mask(ids.str.fullmatch(WITHIN_LIST), f"{one.list_id[:8]}-" + ids)
            ids = ids.mask(ids.isin(taken), ids + f"-{one.list_id[:8]}")
            free = ids.mask(ids.isin(taken) | ids.duplicated())  # a file may give even such an id
            ids = with_ids(pd.concat([pd.Series([*taken], dtype="str"), free])).iloc[len(taken) :]
            taken |= set(ids)
            index = pd.Index(ids, name=one.centers.index.name)
            tables.append(one.centers.set_axis(index).assign(list=one.name))
        names = " + ".join(one.name for one in lists)
        return cls(names, pd.concat(tables), in_place)

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


@dataclass(frozen=True, eq=False)
class Listed:
    """A list of centers: its id, its name, and its rows under the ids that they have in it."""

    list_id: str
    name: str
    centers: pd.DataFrame


def _identity(centers: pd.DataFrame) -> pd.MultiIndex:
    """What makes two rows tell of one center: name, commodity and coordinates."""
    names = centers["name_id"].str.strip().str.casefold()
    keys = [names, centers["commodity"], centers["lat"], centers["lon"]]
    return pd.MultiIndex.from_arrays(keys)
