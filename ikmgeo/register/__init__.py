"""The register of units: taken in, kept without people's data, searched for the centers in it."""
