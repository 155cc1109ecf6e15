"""A small register for tests of pages and server: units of a village, one with a hostile name."""

from pathlib import Path

from ikmgeo.analysis import Inputs
from ikmgeo.register.store import Register
from ikmgeo.register.taking_in import take_in

VILLAGE, OTHER = "1207022016", "1207022002"
"""Kemendagri codes of Bangun Sari and Ujung Serdang in Tanjung Morawa, neither at its middle."""

HOSTILE = "<img src=x onerror=alert(1)>"
COFFEES, CASSAVAS, ELSEWHERE = 12, 4, 6
UNITS = COFFEES + CASSAVAS + ELSEWHERE + 1


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
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "unit.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    register = Register(folder / "register")
    take_in(
        file, inputs, register, remark=lambda issue: issue.code, rejected=folder / "rejected.csv"
    )
    return register


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
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "tersebar.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    register = Register(folder / "register")
    take_in(
        file, inputs, register, remark=lambda issue: issue.code, rejected=folder / "rejected.csv"
    )
    return register
