"""Where the data are and what the app allows; frozen, passed in, never changed while running."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SHIPPED_DATA = Path(__file__).resolve().parent.parent / "data"


@dataclass(frozen=True)
class Settings:
    """Files and limits of one installation.

    Parameters
    ----------
    data
        Folder with the tables and ``geo/`` (see ``data/README.md``).
    districts
        District file that takes the place of the shipped one; None keeps the shipped one.
    upload_mb, roads_mb
        Largest file of centers and of roads, in MB (1,000,000 bytes), that a user may bring.
    """

    data: Path = SHIPPED_DATA
    districts: Path | None = None
    upload_mb: int = 50
    roads_mb: int = 200

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read ``IKMGEO_DATA`` and ``IKMGEO_DISTRICTS``; both are optional."""
        districts = environment.get("IKMGEO_DISTRICTS")
        return cls(
            data=Path(environment.get("IKMGEO_DATA") or SHIPPED_DATA),
            districts=Path(districts) if districts else None,
        )
