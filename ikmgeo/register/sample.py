"""A register that is made up, to try things out with: never to be taken for fact."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from ikmgeo.analysis import Inputs

UNITS: Final = 126_907
"""Units in the register of the province, as the paper has it."""

SEED: Final = 20_261
PIECE: Final = 100_000
"""Rows that are made at a time."""

FEW: Final = 3
"""Commodities that a district leans to."""

LEANING: Final = 6.0
"""How much more of them it has."""

HEADINGS: Final = (
    *("data fiktif", "No", "Nama Usaha", "KBLI 2020", "Komoditas", "Kode Desa"),
    *("Tenaga Kerja", "Investasi (Rp)", "Tahun"),
)


def write_sample(path: Path, inputs: Inputs, *, units: int = UNITS, seed: int = SEED) -> None:
    """Write a register of fictional units as CSV, every row marked so.

    Units lie at the gazetteer's villages: to each district in proportion to its population, where
    all are known, else to each village alike; within a district, villages have unequal shares.
    Each district leans to ``FEW`` commodities. The same seed makes the same file.
    """
    chance = np.random.default_rng(seed)
    villages = inputs.villages.index.to_numpy(str)
    weights = village_weights(inputs, chance)
    leaning = commodity_weights(inputs, chance)
    codes = inputs.commodities["kbli"].str.extract(r"(\d{5})", expand=False).fillna("")
    names = inputs.commodities["name_id"]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        for start in range(0, units, PIECE):
            count = min(PIECE, units - start)
            village = villages[chance.choice(len(villages), count, p=weights)]
            commodity = np.empty(count, dtype=object)
            districts = pd.Series(village).str[:4]
            for district, rows in districts.groupby(districts).groups.items():
                drawn = chance.choice(len(names), len(rows), p=leaning[str(district)])
                commodity[rows] = names.index.to_numpy()[drawn]
            workers = 1 + chance.geometric(0.35, count)
            rupiah = chance.lognormal(16.5, 1, count).round(-5).astype(np.int64)
            years = chance.choice([2022, 2023, 2024], count)
            numbers = range(start + 1, start + count + 1)
            columns = (
                ["ya"] * count,
                numbers,
                [f"Usaha fiktif {n}" for n in numbers],
                codes[commodity],
                names[commodity],
                village,
                workers,
                rupiah,
                years,
            )
            writer.writerows(zip(*columns, strict=True))


def village_weights(inputs: Inputs, chance: np.random.Generator) -> np.ndarray:
    """Share of the units that each village has, in the order of the gazetteer."""
    district = inputs.villages.index.str[:4]
    people = inputs.districts["population"].astype(float)
    own = pd.Series(chance.lognormal(0, 1, len(district)), inputs.villages.index)
    if people.reindex(district.unique()).isna().any():
        return (own / own.sum()).to_numpy()
    share = own / own.groupby(district).transform("sum") * people.reindex(district).to_numpy()
    return (share / share.sum()).to_numpy()


def commodity_weights(inputs: Inputs, chance: np.random.Generator) -> Mapping[str, np.ndarray]:
    """Share of each commodity among the units of each district."""
    found = {}
    for district in inputs.villages.index.str[:4].unique():
        weights = np.ones(len(inputs.commodities))
        few = min(FEW, len(weights))
        weights[chance.choice(len(weights), few, replace=False)] = LEANING
        found[district] = weights / weights.sum()
    return found
