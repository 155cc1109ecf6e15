"""The register of this installation, and what all pages tell of it."""

from contextlib import suppress

import pandas as pd
import streamlit as st

from ikmgeo.errors import DataError
from ikmgeo.register import households
from ikmgeo.register.households import Households
from ikmgeo.register.in_districts import Registered, in_districts
from ikmgeo.register.store import Register, Version
from ikmgeo.ui.state import installation, session


def register() -> Register:
    """The register of this installation."""
    return Register(installation.settings().register_folder)


def version() -> Version:
    """Its newest version, read once for an answer."""
    return session.once("register", register().version)


def named(name: str) -> Version:
    """The version of a ``Version.name``, which stands for no other one, also of another folder."""
    return register().version(int(name.partition("-")[0]))


def its_households() -> Households | None:
    """The table of households that is kept with it; None where it cannot be read."""
    with suppress(DataError):  # its own page says so
        return session.once("households", lambda: households.kept(register()))
    return None


def by_district() -> Registered:
    """What the register holds of each district; nothing where it cannot be read."""
    with suppress(DataError):  # its own page says so
        return _by_district(version().name, session.shipped_study().inputs.center_definitions)
    return Registered()


@st.cache_resource(max_entries=2, show_spinner=False)
def _by_district(name: str, _definitions: pd.DataFrame) -> Registered:
    return in_districts(register(), named(name), _definitions)
