"""One version of an npm package that data are built from, told by its hash."""

from __future__ import annotations

import hashlib
import subprocess
from dataclasses import dataclass
from pathlib import Path


class SourceError(ValueError):
    """The package or the facts are not what a tool was written for."""


@dataclass(frozen=True)
class Package:
    """A package of the npm registry and the SHA-256 of its tarball."""

    name: str
    version: str
    sha256: str

    def download(self, folder: Path) -> Path:
        """Fetch the package with npm into ``folder`` and return the tarball."""
        command = ["npm", "pack", f"{self.name}@{self.version}", "--pack-destination", str(folder)]
        command += ["--fetch-retries=1", "--fetch-retry-mintimeout=1000"]  # fail soon when offline
        try:
            subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)
        except (OSError, subprocess.SubprocessError) as error:
            said = str(getattr(error, "stderr", None) or "").splitlines()
            reason = next((line for line in said if line.startswith("npm error")), str(error))
            raise SourceError(
                f"npm could not fetch {self.name}@{self.version}; "
                f"get the tarball elsewhere and pass it with --tarball ({reason})."
            ) from error
        return folder / f"{self.name}-{self.version}.tgz"

    def check(self, tarball: Path) -> None:
        """Raise unless ``tarball`` is the very package the committed files were made from."""
        found = hashlib.sha256(tarball.read_bytes()).hexdigest()
        if found != self.sha256:
            raise SourceError(
                f"{tarball.name} has sha256 {found}; expected {self.sha256}. "
                f"Fetch {self.name} {self.version} again or leave out --tarball."
            )
