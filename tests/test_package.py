"""The wheel holds all that the app needs, and finds it without a checkout."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from hatchling.build import build_wheel
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from ikmgeo import __version__

ROOT = Path(__file__).parents[1]
BESIDE = ("data", "docs", "pages", ".streamlit")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        return zipfile.ZipFile(folder / build_wheel(str(folder)))


def test_the_wheel_holds_code_words_migrations_data_guides_and_pages(
    wheel: zipfile.ZipFile,
) -> None:
    files = {str(f.relative_to(ROOT)) for f in (ROOT / "ikmgeo").rglob("*") if f.is_file()}
    for name in BESIDE:
        found = (ROOT / name).rglob("*")
        files |= {f"ikmgeo/shipped/{f.relative_to(ROOT)}" for f in found if f.is_file()}
    files = {file for file in files if "__pycache__" not in file} | {"ikmgeo/shipped/app.py"}
    held = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert held == files
    for name in (
        "words/locales/id.po",
        "records/migrations/env.py",
        "static/map.js",
        "shipped/data/centers.csv",
    ):
        assert f"ikmgeo/{name}" in held
    assert f"ikmgeo-{__version__}.dist-info/licenses/LICENSE" in wheel.namelist()


def pins(name: str) -> dict[str, str]:
    found = re.findall(r"^([\w.-]+)(?:\[\w+\])?==(\S+)", (ROOT / name).read_text(), re.MULTILINE)
    return {canonicalize_name(package): version for package, version in found}


def test_every_dependency_is_pinned_within_its_range_and_every_pin_has_a_hash() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = {
        "requirements.txt": told["project"]["dependencies"],
        "requirements-dev.txt": told["dependency-groups"]["dev"],
    }
    for name, lines in asked.items():
        for required in map(Requirement, lines):
            pinned = pins(name)[canonicalize_name(required.name)]
            assert required.specifier.contains(pinned), f"{name}: {required} is {pinned}"
        text = (ROOT / name).read_text()
        entries = re.findall(r"^[\w.-]+(?:\[\w+\])?==", text, re.MULTILINE)  # also for some Pythons
        assert len(re.findall(r"==\S+ (?:;[^\\]+)?\\\n    --hash=sha256:", text)) == len(entries)
    both = pins("requirements.txt").items() & pins("requirements-dev.txt").items()
    assert {n for n, _ in both} == pins("requirements.txt").keys() & pins("requirements-dev.txt")


def test_the_installed_package_finds_its_files_from_any_folder(
    wheel: zipfile.ZipFile, tmp_path: Path
) -> None:
    wheel.extractall(tmp_path / "site")
    code = (
        "from ikmgeo import cli, settings\n"
        "print(cli.APP, settings.SHIPPED_DATA / 'centers.csv', sep='\\n')"
    )
    found = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    shipped = tmp_path / "site" / "ikmgeo" / "shipped"
    assert found == [str(shipped / "app.py"), str(shipped / "data" / "centers.csv")]
    assert all(Path(file).is_file() for file in found)


def test_the_first_page_imports_nothing_that_only_other_pages_need() -> None:
    code = (
        "import sys, ikmgeo.ui.frame, ikmgeo.ui.parts.explore, ikmgeo.ui.share\n"
        "print(*sys.modules, sep='\\n')"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert "ikmgeo.ui.parts.explore" in loaded
    others = {"alembic", "altair", "openpyxl", "sklearn", "sqlalchemy", "typst", "xlsxwriter"}
    assert others.isdisjoint(loaded)
    assert {"scipy.optimize", "scipy.sparse", "scipy.stats"}.isdisjoint(loaded)
