"""The wheel holds the three packages, whole, and nothing else."""

import subprocess
import sys
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = {"mechanism", "properties", "proofs"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.Path:
    folder = tmp_path_factory.mktemp("wheel")
    # The builder itself, not a front end: nothing is fetched.
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (file,) = folder.iterdir()
    return zipfile.Path(zipfile.ZipFile(file))


@pytest.fixture(scope="module")
def dist_info(wheel: zipfile.Path) -> zipfile.Path:
    (folder,) = (entry for entry in wheel.iterdir() if entry.name.endswith(".dist-info"))
    return folder


@pytest.fixture(scope="module")
def metadata(dist_info: zipfile.Path) -> Message:
    return Parser().parsestr((dist_info / "METADATA").read_text("utf-8"))


def test_top_level_is_the_three_packages(wheel: zipfile.Path, dist_info: zipfile.Path) -> None:
    assert {entry.name for entry in wheel.iterdir()} == PACKAGES | {dist_info.name}
    assert dist_info.name.startswith("strategyproof-")


def test_every_file_of_the_packages_is_in_it_and_no_other(wheel: zipfile.Path) -> None:
    # What git ignores stays out of a wheel without a word, so compare with the folders themselves.
    here = {
        file.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for file in (ROOT / package).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    there = {
        name
        for name in wheel.root.namelist()
        if name.split("/")[0] in PACKAGES and not name.endswith("/")
    }
    assert there == here


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_packages_are_typed(wheel: zipfile.Path, package: str) -> None:
    assert (wheel / package / "py.typed").exists()


def test_import_names_are_declared(metadata: Message) -> None:
    assert set(metadata.get_all("Import-Name", [])) == PACKAGES


def test_command_and_licence(dist_info: zipfile.Path, metadata: Message) -> None:
    scripts = (dist_info / "entry_points.txt").read_text("utf-8")
    assert "strategyproof = proofs.cli:main" in scripts
    assert metadata["License-Expression"] == "MIT"
    assert (dist_info / "licenses" / "LICENSE").exists()


def test_the_core_does_not_depend_on_scipy(metadata: Message) -> None:
    core = {
        requirement.split(">")[0]
        for requirement in metadata.get_all("Requires-Dist", [])
        if "extra ==" not in requirement
    }
    assert core == {"click", "hypothesis", "numpy", "rich", "sympy", "z3-solver"}
