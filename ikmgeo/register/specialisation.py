"""What districts and subdistricts are specialised in, by the units of a register.

A register is a full count, so nothing here is an error of sampling. Intervals and tests take the
places of units for one outcome of chance that might have come out otherwise, and ask what of a
difference such chance alone would make.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from ikmgeo.analysis import Inputs
from ikmgeo.register.candidates import DISTRICT_DIGITS
from ikmgeo.register.suppression import suppressed, totals_hidden

if TYPE_CHECKING:
    import duckdb
    from libpysal.graph import Graph

Level = Literal["district", "subdistrict"]
Measure = Literal["units", "workers"]

AREA_CODE: Final[Mapping[Level, str]] = {
    "district": "district_code",
    "subdistrict": "subdistrict_code",
}
"""Column of a unit that tells its area."""

LEVELS: Final[tuple[Level, ...]] = ("district", "subdistrict")

BASIS: Final[Mapping[Measure, str]] = {"units": "units", "workers": "known"}
"""Column of ``Counted.cells`` with the units that a measure is of."""

FEWEST: Final = 5
"""Units of a commodity in an area, found or expected, below which nothing is said (the least
expected count of Cochran 1954)."""

FEWEST_AREAS: Final = 10
"""Areas below which no pattern is sought."""

ALPHA: Final = 0.05
"""What intervals leave out, level of significance, and false discovery rate."""

PERMUTATIONS: Final = 9_999
CHANCES: Final = 999
"""Random distributions of a commodity that its concentration is compared with."""

SEED: Final = 20_251
GAP_M: Final = 100
"""How far borders of neighbours may lie apart: those of other publishers do not always meet."""

NEAREST: Final = 6
"""Subdistricts that are neighbours of one."""

MOST_NAMED: Final = 3
"""Areas that a conclusion names."""

VERDICTS: Final = ("above", "below", "same", "too_few")
Cluster = Literal["high_high", "low_low", "high_low", "low_high", "none"]
CLUSTERS: Final[tuple[Cluster, ...]] = ("high_high", "low_high", "low_low", "high_low", "none")
"""By quadrant of Moran's scatter plot, 1 to 4, then those that are not significant."""

HEADS: Final = ("above", "below", "even", "too_few")
SPREADS: Final = ("clustered", "dispersed", "random", "untested")
Spread = Literal["clustered", "dispersed", "random", "untested"]
Head = Literal["above", "below", "even", "too_few"]


@dataclass(frozen=True)
class Question:
    """What is asked: of which commodity (empty for that of most units), by what, counted how."""

    commodity: str = ""
    level: Level = "district"
    measure: Measure = "units"


@dataclass(frozen=True)
class Counted:
    """Units by area and commodity.

    Parameters
    ----------
    level
        What an area is.
    cells
        A row for each ``area`` (Kemendagri code) and ``commodity`` (code; empty where a unit has
        none) that has units: ``units``, of which ``known`` tell their workers, ``workers`` and
        ``squares``, the sums of their workers and of the squares of these.
    left_out
        Units whose area is not known: those placed by their district alone, for subdistricts.
    """

    level: Level
    cells: pd.DataFrame
    left_out: int


def counted(units: "duckdb.DuckDBPyRelation", level: Level) -> Counted:
    """Units by area and commodity, added up by DuckDB."""
    code = AREA_CODE[level]
    there = units.filter(f"{code} IS NOT NULL")
    cells = there.aggregate(
        f"{code} AS area, coalesce(commodity, '') AS commodity, count(*) AS units, "
        "count(workers) AS known, coalesce(sum(workers), 0) AS workers, "
        "coalesce(sum(workers * workers), 0) AS squares"
    ).order("area, commodity")
    [(left_out,)] = units.filter(f"{code} IS NULL").count("*").fetchall()
    return Counted(level, cells.df(), left_out)


def quotients(cells: pd.DataFrame, commodity: str, measure: Measure = "units") -> pd.DataFrame:
    """The location quotient of a commodity in every area, with its interval.

    Parameters
    ----------
    cells
        As in ``Counted``.
    measure
        What is counted; of workers, those units that tell theirs.

    Returns
    -------
    pandas.DataFrame
        On ``area``: ``units`` of the commodity and ``area_units``; ``found`` and ``area_found``,
        the same in the measure; ``share`` (0 to 1) of the one in the other; ``expected`` units, if
        the area had its share of the whole; ``quotient``, ``low``, ``high`` and ``verdict``:
        ``above`` or ``below`` 1, the ``same`` where the interval holds 1, ``too_few`` (then without
        numbers) where fewer than ``FEWEST`` units are both found and expected, or, of workers,
        found.

    Notes
    -----
    (x_ia / x_a) / (x_i / x)

    Of units the interval is exact: given x_i, the units in the area are binomial with a share π of
    which the quotient is π / (x_a / x), and π has the interval of Clopper and Pearson. It takes for
    granted that units choose their place each for itself; where one draws others after it, as in a
    center, it is too narrow. Of workers it is log-normal, with the variance that drawing the units
    anew with replacement gives (linearised): a single large unit makes it wide.

    References
    ----------
    Isard (1960), Methods of regional analysis, MIT Press. Clopper and Pearson (1934), Biometrika
    26. Przyborowski and Wilenski (1940), Biometrika 31. Efron (1982), The jackknife, the bootstrap
    and other resampling plans, SIAM.
    """
    basis = BASIS[measure]
    wanted = {"units": basis, "found": measure, "squares": "squares"}
    columns = pd.DataFrame({name: cells[column] for name, column in wanted.items()})
    every = columns.groupby(cells["area"]).sum()
    own = columns[cells["commodity"] == commodity].groupby(cells["area"]).sum()
    table = own.reindex(every.index, fill_value=0).join(every.add_suffix("_all")).astype(float)
    whole = table.sum()
    bare = pd.DataFrame(
        {
            "units": table["units"],
            "area_units": table["units_all"],
            "found": table["found"],
            "area_found": table["found_all"],
            "share": table["found"] / table["found_all"].where(table["found_all"] > 0),
            "expected": whole["units"] * table["units_all"] / max(whole["units_all"], 1),
        }
    )
    quotient = bare["share"] / (whole["found"] / whole["found_all"] if whole["found"] else np.nan)
    if measure == "units":
        enough = bare[["units", "expected"]].max(axis=1) >= FEWEST
        low, high = exact_interval(table["units"], table["units_all"])
    else:
        enough = (bare["units"] >= FEWEST) & (bare["found"] > 0)
        low, high = _drawn_interval(table, quotient)
    enough &= quotient.notna()
    told = pd.DataFrame({"quotient": quotient, "low": low, "high": high}).where(enough)
    verdict = pd.Series("same", table.index).mask(told["low"] > 1, "above")
    verdict = verdict.mask(told["high"] < 1, "below").mask(~enough, "too_few")
    return bare.join(told).assign(verdict=verdict)


def exact_interval(units: pd.Series, area_units: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Bounds of the quotient of each area, of the units of a commodity and of all there."""
    from scipy import stats

    many, exposure = units.sum(), area_units / area_units.sum()
    low = stats.beta.ppf(ALPHA / 2, units, many - units + 1)
    high = stats.beta.ppf(1 - ALPHA / 2, units + 1, many - units)
    bounds = np.where(units == 0, 0, low), np.where(units == many, 1, high)
    first, last = (pd.Series(bound, units.index) / exposure for bound in bounds)
    return first, last


def _drawn_interval(table: pd.DataFrame, quotient: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Bounds of each quotient of workers.

    ln of the quotient changes with each worker of a unit by 1/W_ia if it is there and of the
    commodity, less 1/W_a if there, less 1/W_i if of it, plus 1/W.
    """
    from scipy.special import ndtri

    whole = table.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        there, of_it = 1 / table["found_all"], 1 / whole["found"]
        both, every = 1 / table["found"], 1 / whole["found_all"]
        variance = (
            table["squares"] * (both - there - of_it + every) ** 2
            + (table["squares_all"] - table["squares"]) * (every - there) ** 2
            + (whole["squares"] - table["squares"]) * (every - of_it) ** 2
            + (whole["squares_all"] - whole["squares"] - table["squares_all"] + table["squares"])
            * every**2
        )
        factor = np.exp(ndtri(1 - ALPHA / 2) * np.sqrt(variance))
    return quotient / factor, quotient * factor


@dataclass(frozen=True)
class Pattern:
    """Whether areas are like their neighbours.

    Parameters
    ----------
    moran, expected
        Moran's I, and what it is on average if areas changed places at random.
    p
        Share of such changes that are as far from the average, either way.
    clusters
        Of each area that was looked at, of ``CLUSTERS``.
    attached
        Areas without a common border, whose neighbour is the nearest one.
    """

    moran: float
    expected: float
    p: float
    clusters: pd.Series
    attached: tuple[str, ...]

    @property
    def spread(self) -> Spread:
        """What the test says."""
        if self.p >= ALPHA:
            return "random"
        return "clustered" if self.moran > self.expected else "dispersed"


def pattern(
    table: pd.DataFrame, inputs: Inputs, level: Level, measure: Measure = "units"
) -> Pattern | None:
    """Moran's I of the shares of a commodity, and the local clusters of them.

    Areas are looked at where at least ``FEWEST`` units are expected: what is found there must not
    decide, or only high shares would be left of small areas. None for fewer than ``FEWEST_AREAS``,
    and where all shares are one.

    Parameters
    ----------
    table
        As from ``quotients``.

    Notes
    -----
    Shares of units are standardised for the size of their area (Assunção and Reis 1999). Districts
    are neighbours where their borders meet, if in a corner only (queen); subdistricts the
    ``NEAREST`` nearest points. An area is compared with the mean of its neighbours; the local test
    holds it and changes the others (9,999 times, seeded). Local p are two-sided, and significant by
    a false discovery rate of 5 %.

    References
    ----------
    Moran (1950), Biometrika 37. Anselin (1995), Geographical Analysis 27. Assunção and Reis (1999),
    Statistics in Medicine 18. Benjamini and Hochberg (1995), Journal of the Royal Statistical
    Society B 57. Caldas de Castro and Singer (2006), Geographical Analysis 38.
    """
    from esda import Moran, Moran_Local
    from esda.smoothing import assuncao_rate

    places = inputs.districts if level == "district" else inputs.subdistricts
    some = table[table["expected"].ge(FEWEST) & table.index.isin(places.index)]
    some = some[some["share"].notna()]
    if len(some) < FEWEST_AREAS or some["share"].nunique() == 1:
        return None
    values = some["share"].to_numpy()
    if measure == "units":
        values = assuncao_rate(some["units"].to_numpy(), some["area_units"].to_numpy())
    near, attached = neighbours(places.loc[some.index].geometry.to_crs(inputs.crs), level)
    whole = Moran(values, near, permutations=0)
    local = Moran_Local(values, near, permutations=PERMUTATIONS, seed=SEED, keep_simulations=False)
    both_ways = np.minimum(2 * local.p_sim, 1)  # esda counts the nearer tail alone
    significant = discovered(both_ways)
    quadrant = np.where(significant, local.q, len(CLUSTERS))
    labels = pd.Series([CLUSTERS[at - 1] for at in quadrant], some.index, dtype="str")
    p = _chance_of(whole.I, values, near)
    return Pattern(float(whole.I), float(whole.EI), p, labels, attached)


def discovered(p: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Which of many tests are significant, so that of these a share of ``ALPHA`` is false.

    References
    ----------
    Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57.
    """
    from scipy import stats

    return np.asarray(stats.false_discovery_control(p) <= ALPHA)


def neighbours(places: gpd.GeoSeries, level: Level) -> tuple["Graph", tuple[str, ...]]:
    """Which areas are neighbours, weights of each adding up to 1, and which of them touch none.

    ``places`` are polygons in a projected CRS, m, by rising codes.
    """
    from libpysal.graph import Graph

    if level == "subdistrict":
        points = places.representative_point()
        return Graph.build_knn(points, k=min(NEAREST, len(points) - 1)).transform("r"), ()
    touching = Graph.build_fuzzy_contiguity(places, buffer=GAP_M / 2)
    links = touching.adjacency.index[touching.adjacency > 0].to_frame(index=False)
    alone = touching.isolates
    nearest = [places.drop(code).distance(places[code]).idxmin() for code in alone]
    ways = pd.DataFrame({"focal": [*alone, *nearest], "neighbor": [*nearest, *alone]})
    links = pd.concat([links, ways]).drop_duplicates()
    links = links.sort_values(["focal", "neighbor"])
    graph = Graph.from_arrays(links["focal"], links["neighbor"], np.ones(len(links)))
    return graph.transform("r"), tuple(map(str, alone))


def _chance_of(moran: float, values: npt.NDArray[np.float64], near: "Graph") -> float:
    """Share of random orders of the values with an I as far from the average.

    esda draws them from the one generator of numpy that all readers' threads share.
    """
    apart = values - values.mean()
    drawn = np.random.default_rng(SEED).permuted(np.tile(apart, (PERMUTATIONS, 1)), axis=1)
    sums = (drawn * (near.sparse @ drawn.T).T).sum(axis=1) / (apart @ apart)
    found, average = moran, -1 / (len(values) - 1)
    # Orders of equal values differ by rounding alone.
    beyond = np.abs(sums - average) >= abs(found - average) - 1e-12
    return float((1 + beyond.sum()) / (1 + PERMUTATIONS))


@dataclass(frozen=True)
class Concentration:
    """How unevenly a commodity is distributed, beside all units.

    Parameters
    ----------
    gini, hoover
        0 where every area has its share, towards 1 where one small area has all.
    chance
        Low and high Gini (95 %) if each unit were, by chance, where any unit may be: few units are
        uneven by themselves. None for workers, of which units have different numbers.
    """

    gini: float
    hoover: float
    chance: tuple[float, float] | None


def concentration(table: pd.DataFrame, measure: Measure = "units") -> Concentration | None:
    """Gini and Hoover of a commodity over areas; None for fewer than ``FEWEST`` units of it.

    Parameters
    ----------
    table
        As from ``quotients``.
    """
    own, base = table["found"].to_numpy(), table["area_found"].to_numpy()
    if table["units"].sum() < FEWEST or not own.sum():
        return None
    chance = None
    if measure == "units":
        draw = np.random.default_rng(SEED)
        drawn = draw.multinomial(int(own.sum()), base / base.sum(), CHANCES)
        ginis = [gini(one, base) for one in drawn]
        low, high = np.quantile(ginis, [ALPHA / 2, 1 - ALPHA / 2])
        chance = float(low), float(high)
    return Concentration(gini(own, base), hoover(own, base), chance)


def gini(own: npt.NDArray[np.float64], base: npt.NDArray[np.float64]) -> float:
    """Twice the area between the Lorenz curve of a commodity over all units and the diagonal.

    Notes
    -----
    Σ_a Σ_b s_a s_b |LQ_a - LQ_b| / 2, s the shares of all

    References
    ----------
    Krugman (1991), Geography and trade, MIT Press.
    """
    some = base > 0
    own_share, share = own[some] / own.sum(), base[some] / base.sum()
    order = np.argsort(own_share / share)
    below = np.cumsum(own_share[order]) - own_share[order] / 2
    return float(1 - 2 * (share[order] * below).sum())


def hoover(own: npt.NDArray[np.float64], base: npt.NDArray[np.float64]) -> float:
    """Share of a commodity that would have to move for every area to have its share.

    Notes
    -----
    Σ_a |x_ia / x_i - x_a / x| / 2

    References
    ----------
    Hoover (1936), Review of Economics and Statistics 18.
    """
    return float(np.abs(own / own.sum() - base / base.sum()).sum() / 2)


@dataclass(frozen=True)
class Conclusion:
    """What may be concluded.

    Parameters
    ----------
    head
        Some areas are surely ``above`` their share, or none but some ``below``; ``even`` where none
        can be told from 1; ``too_few`` where nothing can be said of any.
    areas
        Those above (or below), surest first, at most ``MOST_NAMED``.
    count
        How many there are.
    spread
        What the test of the pattern says.
    """

    head: Head
    areas: tuple[str, ...]
    count: int
    spread: Spread


def concluded(table: pd.DataFrame, found: Pattern | None) -> Conclusion:
    """What table and pattern allow to say."""
    spread: Spread = found.spread if found else "untested"
    above = table[table["verdict"] == "above"].sort_values("low", ascending=False)
    below = table[table["verdict"] == "below"].sort_values("high")
    head: Head = "even"
    if table["verdict"].eq("too_few").all():
        head = "too_few"
    elif len(above):
        head = "above"
    elif len(below):
        head = "below"
    named = {"above": above, "below": below}.get(head, table.iloc[:0])
    return Conclusion(head, (*named.index[:MOST_NAMED],), len(named), spread)


@dataclass(frozen=True)
class Answer:
    """All that is said of a question."""

    table: pd.DataFrame
    pattern: Pattern | None
    concentration: Concentration | None
    conclusion: Conclusion

    @property
    def clusters(self) -> pd.Series:
        """Local clusters by area; empty where no pattern was sought."""
        return self.pattern.clusters if self.pattern else pd.Series(dtype="str")


def answered(counted: Counted, inputs: Inputs, asked: Question) -> Answer:
    """Quotients, pattern, concentration and what may be concluded."""
    table = quotients(counted.cells, asked.commodity, asked.measure)
    found = pattern(table, inputs, asked.level, asked.measure)
    even = concentration(table, asked.measure)
    return Answer(table, found, even, concluded(table, found))


@dataclass(frozen=True)
class Open:
    """Counts that may be published, NaN for the others.

    Parameters
    ----------
    cells
        Units by ``area`` and ``commodity``.
    areas
        All units by ``area``.
    """

    cells: pd.Series
    areas: pd.Series


def publishable(
    counted: Counted, measure: Measure = "units", within: Counted | None = None
) -> Open:
    """Which counts may be published, of all commodities at once: files of several are one table.

    Parameters
    ----------
    within
        Of subdistricts, the same counts by district, whose table may be published as well.
    """
    basis = BASIS[measure]
    cells = counted.cells.loc[counted.cells[basis] > 0, ["area", "commodity", basis]]
    cells = cells.reset_index(drop=True).assign(district=cells["area"].str[:DISTRICT_DIGITS].array)
    sums, hidden = {}, pd.Series(False, cells.index)
    for of, groups in (("area", [["district"], []]), ("commodity", [[]])):
        whole = cells.groupby(of).agg({basis: "sum", "district": "first"})
        revealed = totals_hidden(cells, basis, [of]).groupby(cells[of]).any()
        sums[of] = suppressed(whole, basis, groups, revealed)
        hidden |= cells[of].map(sums[of].isna())
    totals = [["area"], ["commodity"]]
    if within is not None:
        wider = publishable(within, measure).cells
        key = pd.MultiIndex.from_frame(cells[["district", "commodity"]])
        hidden |= wider.reindex(key).isna().to_numpy()
        totals.append(["district", "commodity"])
    shown = suppressed(cells, basis, totals, hidden)
    key = pd.MultiIndex.from_frame(cells[["area", "commodity"]])
    return Open(shown.set_axis(key), sums["area"])


def published(table: pd.DataFrame, shown: Open, commodity: str) -> pd.DataFrame:
    """``quotients`` as they may leave the house: where a count is hidden, so is all that tells it.

    ``verdict`` is ``hidden`` there.
    """
    own = shown.cells[shown.cells.index.get_level_values("commodity") == commodity]
    units = own.droplevel("commodity").reindex(table.index, fill_value=0)
    area_units = shown.areas.reindex(table.index, fill_value=0)
    told = units.notna() & area_units.notna()
    numbers = ["found", "area_found", "share", "expected", "quotient", "low", "high"]
    kept = table.assign(units=units, area_units=area_units)
    kept[numbers] = table[numbers].where(told)
    kept["verdict"] = table["verdict"].where(told, "hidden")
    return kept
