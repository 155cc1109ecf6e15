"""Where the data are and what the app allows; frozen, passed in, never changed while running."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

from ikmgeo.folders import ROOT

SHIPPED_DATA = ROOT / "data"


STORE_FILE = "assessments.sqlite"


def default_store() -> Path:
    """SQLite's file where no address of a database is set; it appears with the first save."""
    return platformdirs.user_data_path("ikmgeo", appauthor=False) / STORE_FILE


@dataclass(frozen=True)
class Settings:
    """Files and limits of one installation.

    Parameters
    ----------
    data
        Folder with the tables and ``geo/`` (see ``data/README.md``).
    districts
        District file that takes the place of the shipped one; None keeps the shipped one.
    upload_mb, roads_mb, register_mb
        Largest file of centers, of roads and of units, in MB (1,000,000 bytes), that a user may
        bring.
    session_mb
        Most that the files of one session may have together, in MB; the oldest go first.
    routing_servers
        Addresses of OSRM or Valhalla that readers may choose from.
    database_url
        Where assessments are kept, for ``records.store``; None is a file in the platform's folder
        of user data. It may hold a password: never show it.
    register
        Folder of the register of units; None is one beside the file of assessments, or in the
        platform's folder of user data.
    keep_personal
        Whether the register keeps the columns with people's data that a file has.
    """

    data: Path = SHIPPED_DATA
    districts: Path | None = None
    upload_mb: int = 50
    roads_mb: int = 200
    register_mb: int = 200
    session_mb: int = 300
    routing_servers: tuple[str, ...] = ()
    database_url: str | None = field(default=None, repr=False)
    register: Path | None = None
    keep_personal: bool = False

    @property
    def register_folder(self) -> Path:
        """Where the register of units is kept."""
        file = (self.database_url or "").partition("sqlite:///")[2]
        beside = Path(file) if file else default_store()
        return self.register or beside.parent / "register"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read ``IKMGEO_DATA``, ``IKMGEO_DISTRICTS``, ``IKMGEO_DATABASE_URL``; all optional.

        So are ``IKMGEO_ROUTING_SERVERS``, addresses with blanks or commas between,
        ``IKMGEO_REGISTER``, and ``IKMGEO_KEEP_PERSONAL``, of which only ``yes`` keeps anything.
        """
        districts = environment.get("IKMGEO_DISTRICTS")
        register = environment.get("IKMGEO_REGISTER")
        return cls(
            data=Path(environment.get("IKMGEO_DATA") or SHIPPED_DATA),
            districts=Path(districts) if districts else None,
            database_url=environment.get("IKMGEO_DATABASE_URL") or None,
            register=Path(register) if register else None,
            keep_personal=environment.get("IKMGEO_KEEP_PERSONAL") == "yes",
            routing_servers=tuple(
                environment.get("IKMGEO_ROUTING_SERVERS", "").replace(",", " ").split()
            ),
        )
