"""The wheel holds all that the app needs, and finds it without a checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hatchling.build import build_wheel

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
    for name in ("locales/id.po", "migrations/env.py", "static/map.js", "shipped/data/centers.csv"):
        assert f"ikmgeo/{name}" in held
    assert f"ikmgeo-{__version__}.dist-info/licenses/LICENSE" in wheel.namelist()


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
