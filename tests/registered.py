"""A small register for tests of pages and server: units of a village, one with a hostile name."""

from collections.abc import Sequence
from pathlib import Path

from ikmgeo.analysis import Inputs
from ikmgeo.register.store import Register
from ikmgeo.register.taking_in import take_in

VILLAGE, OTHER = "1207022016", "1207022002"
"""Kemendagri codes of Bangun Sari and Ujung Serdang in Tanjung Morawa, neither at its middle."""

NEAR, ALONE = 6, 3
"""Units of coffee with coordinates, near one another over a border of villages, and far off."""

HOSTILE = "<img src=x onerror=alert(1)>"
COFFEES, CASSAVAS, ELSEWHERE = 12, 4, 6
UNITS = COFFEES + CASSAVAS + ELSEWHERE + 1


def taken(folder: Path, inputs: Inputs, name: str, lines: Sequence[str]) -> Register:
    """A register in a folder, of one file with these lines."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    register = Register(folder / "register")
    take_in(
        file, inputs, register, remark=lambda issue: issue.code, rejected=folder / "rejected.csv"
    )
    return register


def registered(folder: Path, inputs: Inputs) -> Register:
    """Twelve units of coffee and four of cassava in a village, six of cassava in the next one.

    One more is known by its subdistrict only.
    """
    lines = ["Nama Usaha,KBLI 2020,Komoditas,Kode Desa,Kecamatan,Kabupaten,Tenaga Kerja,Tahun"]
    there = "Tanjung Morawa,Deli Serdang"
    for n in range(COFFEES):
        name = HOSTILE if n == 0 else f"Kopi {n}"
        lines.append(f"{name},10761,Kopi,{VILLAGE},{there},{n + 1},{2022 + n % 2}")
    lines += [f"Ubi {n},10794,Ubi kayu,{VILLAGE},{there},2,2022" for n in range(CASSAVAS)]
    lines += [f"Ubi lain {n},10794,Ubi kayu,{OTHER},{there},2,2022" for n in range(ELSEWHERE)]
    lines.append(f"Kopi jauh,10761,Kopi,,{there},3,2022")
    return taken(folder, inputs, "unit.csv", lines)


def spread(folder: Path, inputs: Inputs) -> Register:
    """Three units in a village of each of eight districts, one of a subdistrict, one at KIM's gate.

    By district then village of the gazetteer, the first of each.
    """
    gate = inputs.zones.loc["kim"]
    lines = ["Nama Usaha,Komoditas,Kode Desa,Kecamatan,Kabupaten,Latitude,Longitude"]
    villages = inputs.villages.index.to_series().groupby(inputs.villages.index.str[:4]).first()
    for code in villages.iloc[1:9]:
        lines += [f"Usaha {code} {n},{('Kopi', 'Ubi kayu')[n % 2]},{code},,,," for n in range(3)]
    lines.append("Usaha jauh,Kopi,,Tanjung Morawa,Deli Serdang,,")
    lines.append(f"Usaha gerbang,Kopi,,,Kota Medan,{gate['lat']},{gate['lon']}")
    return taken(folder, inputs, "tersebar.csv", lines)


def with_points(folder: Path, inputs: Inputs) -> Register:
    """Coffee every 500 m on a crooked line over two villages, a hostile product on one spot.

    Three more of coffee lie 4 km apart from all, one has no coordinates; five of cassava neither.
    """
    lines = ["Komoditas,Produk,Kode Desa,Tenaga Kerja,lat,lon"]
    for n in range(NEAR):
        village = VILLAGE if n < NEAR // 2 else OTHER
        lines.append(f"Kopi,Bubuk,{village},2,{3.52 + n % 2 / 1000},{98.80 + n * 0.0045:.4f}")
    lines += [f"Kopi,Kursi,{VILLAGE},2,3.52,{98.70 - n * 0.036:.3f}" for n in range(ALONE)]
    lines.append(f"Kopi,Kursi,{VILLAGE},2,,")
    lines += [f"Ubi kayu,Keripik,{OTHER},1,,"] * 5
    lines += [f"{HOSTILE},,{VILLAGE},1,3.53,98.85"] * 5
    numbered = [f"{line},{n}" if n else f"{line},No" for n, line in enumerate(lines)]
    return taken(folder, inputs, "titik.csv", numbered)
