"""Centers by nearness: drawn by hand on a plane, and beside DBSCAN as its authors define it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import DBSCAN

from ikmgeo.analysis import Inputs
from ikmgeo.measures import linkage
from ikmgeo.register import candidates as by_law
from ikmgeo.register.candidates import Criterion, compared, linked, medoid, published
from ikmgeo.register.nearness import Nearness, beside, candidates, clusters
from ikmgeo.register.store import Register
from ikmgeo.register.taking_in import take_in
from tests.registered import HOSTILE

HERE, BESIDE, THIRD, NOWHERE = "1207022017", "1207022008", "1207022016", ""
"""Villages of Tanjung Morawa, and none that is told."""

MIDDLE = (3.52, 98.80)
"""What metres are counted from, north and east."""

WITHOUT = "Kopi,{village},{subdistrict},Deli Serdang,2,,"
"""A row without coordinates."""

Unit = tuple[float, float, str]
Find = Callable[..., pd.DataFrame]


@pytest.fixture
def find(tmp_path: Path, shipped: Inputs) -> Find:
    """What a function finds in a register of units at metres east and north, each of a village."""

    def run(
        units: Sequence[Unit],
        used: Any,
        *more: str,
        product: str = "Kopi",
        how: Callable[..., pd.DataFrame] = candidates,
        **asked: Any,
    ) -> pd.DataFrame:
        plane = linkage.plane(shipped.crs)
        x, y = plane.transform(MIDDLE[1], MIDDLE[0])
        lines = ["Komoditas,Kode Desa,Kecamatan,Kabupaten,Tenaga Kerja,lat,lon,No"]
        for east, north, village in units:
            lon, lat = plane.transform(x + east, y + north, direction="INVERSE")
            lines.append(f"{product},{village},,Deli Serdang,2,{lat!r},{lon!r}")
        lines += more
        path = tmp_path / "units.csv"
        numbered = [lines[0], *(f"{line},{n}" for n, line in enumerate(lines[1:]))]
        path.write_text("\n".join(numbered) + "\n")
        register = Register(Path(mkdtemp(dir=tmp_path)))
        taken = take_in(path, shipped, register, remark=str, rejected=tmp_path / "back.csv")
        assert taken.entry.rejected == 0
        with register.connect(register.version()) as connection:
            return how(connection, shipped, used, **asked)

    return run


def chain(count: int, *, step: float, villages: Sequence[str]) -> list[Unit]:
    return [(n * step, 0, villages[n * len(villages) // count]) for n in range(count)]


def clump(east: float, village: str) -> list[Unit]:
    """A unit amid four in the corners of a square of 400 m."""
    corners = [(-200, -200), (-200, 200), (200, -200), (200, 200), (0, 0)]
    return [(east + x, y, village) for x, y in corners]


def test_a_chain_across_a_border_is_one_candidate_that_no_village_holds(find: Find) -> None:
    units = chain(6, step=900, villages=[HERE, BESIDE])
    (one,) = find(units, Nearness(1, 3)).to_dict("records")
    assert (one["units"], one["villages"], one["workers"]) == (6, 2, 12)
    assert one["lies_in"] == (BESIDE, HERE)
    assert one["area_km2"] == pytest.approx(0, abs=1e-6)
    assert one["commodity"] == "coffee"
    assert one["village_code"] in (HERE, BESIDE)
    assert one["subdistrict"] == "Tanjung Morawa"
    assert (one["district_code"], one["district_share"]) == ("1207", 1)
    assert find(units, Criterion(5), how=by_law.candidates).empty
    assert find(units, Nearness(0.89, 3)).empty


def test_two_clumps_are_two_until_the_reach_spans_them(find: Find) -> None:
    units = [*clump(0, HERE), *clump(5_000, HERE), (20_000, 0, BESIDE)]  # one far off is in none
    two = find(units, Nearness(1, 5))
    assert two["units"].tolist() == [5, 5]
    assert two["area_km2"].tolist() == pytest.approx([0.16, 0.16], rel=1e-6)
    assert two["district_share"].tolist() == [5 / 11, 5 / 11]
    (one,) = find(units, Nearness(4.6, 5)).to_dict("records")
    assert (one["units"], one["area_km2"]) == (10, pytest.approx(0.4 * 5.4, rel=1e-6))


def test_the_place_is_the_unit_amid_the_others(find: Find) -> None:
    (one,) = find(clump(0, THIRD), Nearness(1, 5)).to_dict("records")
    assert (one["lat"], one["lon"]) == pytest.approx(MIDDLE, abs=1e-9)
    assert (one["village_code"], one["village"]) == (THIRD, "Bangun Sari")
    assert one["position_precision"] == "site"
    assert one["hull"].bounds == pytest.approx((98.7982, 3.51819, 98.8018, 3.52181), abs=1e-5)


def test_a_thousand_units_on_one_spot_are_a_candidate_without_an_area(find: Find) -> None:
    (one,) = find([(0, 0, HERE)] * 1_000, Nearness(1, 5)).to_dict("records")
    assert (one["units"], one["workers"], one["area_km2"]) == (1_000, 2_000, 0)
    assert one["hull"] is None


def test_units_without_coordinates_are_unsure(find: Find) -> None:
    more = [
        *[WITHOUT.format(village=BESIDE, subdistrict="")] * 3,
        *[WITHOUT.format(village="", subdistrict="Tanjung Morawa")] * 2,
        *[WITHOUT.format(village="", subdistrict="")] * 4,
        WITHOUT.format(village="", subdistrict="Percut Sei Tuan"),  # too far to be here
        WITHOUT.format(village=HERE, subdistrict="").replace("Kopi", "Madu"),
    ]
    (one,) = find(clump(0, HERE), Nearness(1, 5), *more).to_dict("records")
    assert (one["unsure_subdistrict"], one["unsure_district"]) == (5, 4)
    assert (one["units"], one["district_units"], one["district_share"]) == (5, 15, 5 / 15)


def test_units_that_tell_no_village_are_found_and_all_others_of_the_district_unsure(
    find: Find, shipped: Inputs
) -> None:
    more = [WITHOUT.format(village="", subdistrict="Percut Sei Tuan")] * 2
    found = find(clump(0, NOWHERE), Nearness(1, 5), *more)
    (one,) = found.to_dict("records")
    assert (one["district_code"], one["villages"], one["unsure_district"]) == ("1207", 0, 2)
    assert pd.isna(one["village_code"])
    assert linked(found, shipped)["nearest_zone"].tolist() == ["kim"]


def test_differences_from_the_law_are_those_of_units(find: Find) -> None:
    """By law HERE and THIRD; by nearness a chain over HERE and BESIDE, one clump in no village."""
    units = [*chain(6, step=500, villages=[HERE, BESIDE]), *clump(9_000, NOWHERE)]
    units += [(0, -6_000 - 3_000 * n, THIRD) for n in range(5)]  # apart from one another
    units += [(3_000, 8_000, HERE)] * 2
    law = find(units, Criterion(5), how=by_law.candidates)
    assert sorted(law.index) == [f"{THIRD}:coffee", f"{HERE}:coffee"]
    both = beside(find(units, Nearness(1, 4)), law)
    told = both[["units", "differs", "shares_with", "found_by"]].to_numpy().tolist()
    assert told == [
        [6, "crosses", f"{HERE}:coffee", "nearness"],
        [5, "near_only", "", "nearness"],
        [5, "law_only", "", "village"],
    ]
    assert both.index[2] == f"{THIRD}:coffee"
    (same,) = beside(find(clump(0, HERE), Nearness(1, 5)), law)["differs"][:1]
    assert same == "same"


def test_a_recorded_center_is_confirmed_wherever_units_of_the_cluster_lie(
    find: Find, shipped: Inputs
) -> None:
    found = find(chain(6, step=900, villages=[HERE, BESIDE]), Nearness(1, 3))
    columns = ["commodity", "district_code", "area_code", "position_precision"]
    centers = pd.DataFrame(
        [("coffee", "1207", code, "village") for code in (HERE, BESIDE, THIRD)], columns=columns
    )
    status, lists = compared(found, centers, shipped)
    assert status["recorded"].tolist() == ["0; 1"]
    assert lists["status"].tolist() == ["confirmed", "confirmed", "unconfirmed"]
    assert lists["units"].tolist() == [6, 6, 0]


def test_nothing_under_three_is_published(find: Find) -> None:
    units = [*clump(0, HERE), (9_000, 0, BESIDE), (9_000, 0, BESIDE)]
    shown = published(find(units, Nearness(1, 2)))
    assert shown["units"].tolist() == [5, pd.NA]
    assert shown[["district_units", "district_share"]].isna().all(axis=None)
    assert shown[["workers", "area_km2"]].isna().all(axis=1).tolist() == [False, True]
    assert not {"hull", "lies_in", "points", "units_in_district"} & {*shown}


def test_what_one_unit_in_another_district_would_tell_is_not_published(find: Find) -> None:
    found = find(clump(0, HERE), Nearness(1, 5)).assign(units=6, district_units=10)
    assert pd.isna(published(found)["district_units"]).all()  # 5 of 10, and 6 in all: 1 beyond
    assert published(found.assign(units=5))["district_units"].tolist() == [10]


def test_products_stay_apart_and_keep_a_hostile_name_as_it_is(find: Find) -> None:
    other = [
        line.replace("Kopi", "Keripik")
        for line in [f"Kopi,{HERE},,Deli Serdang,2,{MIDDLE[0]},{MIDDLE[1]}"] * 4
    ]
    (key,) = find(clump(0, HERE), Nearness(1, 5), *other, product=HOSTILE).index
    assert key.endswith(f":{HOSTILE}")


def test_an_id_stays_when_reach_and_number_change_and_tells_no_place(find: Find) -> None:
    units = clump(0, HERE)
    first, second = (find(units, used).index[0] for used in (Nearness(1, 5), Nearness(2, 3)))
    assert first == second
    assert first.startswith("near-")
    assert "3.5" not in first


def test_an_empty_register_holds_none(find: Find) -> None:
    none = find([], Nearness(), WITHOUT.format(village=HERE, subdistrict=""))
    assert none.empty
    assert {"candidate_id", "lat", "differs", "area_km2"} <= {
        *beside(none, none).reset_index().columns
    }


def by_definition(
    plane: np.ndarray, units: np.ndarray, reach: float, least: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Core points, their clusters and who is near whom, of Ester et al. (1996), definitions 1-5.

    Density-connected core points are those of one another's transitive neighbours.
    """
    near = np.hypot(*(plane[:, None] - plane[None]).transpose(2, 0, 1)) <= reach
    core = near @ units >= least
    reached = (near & core & core[:, None]) | np.eye(len(plane), dtype=bool)
    while True:
        farther = (reached.astype(int) @ reached.astype(int)) > 0
        if (farther == reached).all():
            return core, reached, near
        reached = farther


points = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=40, unique=True
)


@settings(deadline=None, max_examples=300)
@given(
    points,
    st.floats(0, 1),
    st.sampled_from([1.0, 2**0.5, 2.0, 3.3]),
    st.integers(1, 7),
    st.randoms(use_true_random=False),
)
def test_clusters_are_those_of_the_definition(
    spots: list[tuple[int, int]], stirred: float, reach: float, least: int, chance: Any
) -> None:
    """On a grid, where many lie on one circle or line, and stirred; in metres of a plane."""
    plane = np.array([(x + stirred * chance.random(), y) for x, y in spots]) * 1_000 + 400_000
    units = np.array([chance.randint(1, 3) for _ in spots])
    core, reached, near = by_definition(plane, units, 1_000 * reach, least)
    labels = clusters(plane, units, 1_000 * reach, least)
    assert ((labels[core][:, None] == labels[core]) == reached[core][:, core]).all()
    for n in np.flatnonzero(~core):
        there = labels[near[n] & core]
        assert labels[n] in there if len(there) else labels[n] == -1


def test_a_point_at_the_very_reach_is_near() -> None:
    line = np.array([[0.0, 0], [1_000, 0], [2_000, 0]])
    assert clusters(line, np.ones(3, dtype=int), 1_000, 3).tolist() == [0, 0, 0]
    assert clusters(line, np.ones(3, dtype=int), 999.999, 3).tolist() == [-1, -1, -1]


def test_points_that_nearly_coincide_are_together() -> None:
    """Nearer than a triangulation tells apart."""
    chance = np.random.default_rng(3)
    spots = np.repeat([[400_000.0, 390_000], [401_500, 390_000]], 40, axis=0)
    spots += chance.integers(-3, 4, spots.shape) * 1e-9
    spots = np.unique(spots, axis=0)
    labels = clusters(spots, np.ones(len(spots), dtype=int), 1_000, 5)
    assert labels.tolist() == [int(x > 400_750) for x in spots[:, 0]]


def test_a_thousand_points_are_in_the_clusters_of_another_program() -> None:
    chance = np.random.default_rng(7)
    middles = chance.uniform(0, 60_000, (40, 2))
    plane = middles[chance.integers(0, 40, 3_000)] + chance.normal(0, 600, (3_000, 2))
    other = DBSCAN(eps=700, min_samples=8).fit(plane)
    labels = clusters(plane, np.ones(3_000, dtype=int), 700, 8)
    assert ((labels >= 0) == (other.labels_ >= 0)).all()
    core = other.core_sample_indices_
    pairs = {*zip(labels[core], other.labels_[core], strict=True)}
    assert len(pairs) == len({*labels[core]}) == len({*other.labels_[core]}) > 10


def test_the_medoid_of_very_many_units_is_sought_among_fewer() -> None:
    spread = np.column_stack([np.linspace(3, 4, 40_001), np.full(40_001, 98.0)])
    assert medoid(spread) == 20_000
