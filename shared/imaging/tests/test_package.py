"""The package matches its documentation: errors, README, wheel."""

import re
import subprocess
import sys
import tomllib
from importlib import metadata, resources
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import imaging
from imaging.recognizers.environment import DEFAULTS

HERE = Path(__file__).resolve().parents[1]
README = (HERE / "README.md").read_text()

ERRORS = {
    "InvalidUrl": ("invalid-image-url", False),
    "ImageUnreachable": ("image-unreachable", True),
    "ImageNotServed": ("image-unreachable", False),
    "ForbiddenAddress": ("image-forbidden-address", False),
    "ImageTooLarge": ("image-too-large", False),
    "ImageUnsupported": ("image-unsupported", False),
    "ImageCorrupt": ("image-corrupt", False),
    "RecognizerUnavailable": ("recognizer-unavailable", True),
    "RecognizerCrashed": ("recognizer-crashed", True),
}


def test_errors_are_those_of_the_contract() -> None:
    for name, (code, retryable) in ERRORS.items():
        kind = getattr(imaging, name)
        error = kind("what happened")
        assert isinstance(error, imaging.ImagingError)
        assert (error.code, error.retryable, error.detail) == (code, retryable, "what happened")
    public = {name for name in imaging.__all__ if isinstance(getattr(imaging, name), type)}
    errors = {name for name in public if issubclass(getattr(imaging, name), Exception)}
    assert errors == {*ERRORS, "ImagingError"}


def _table(heading: str) -> list[list[str]]:
    """Return the cells of the table under a heading of the README, without its header."""
    section = README.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def test_readme_names_the_whole_public_face() -> None:
    named = {name for row in _table("Public face") for name in re.findall(r"`(\w+)", row[0])}
    assert named == set(imaging.__all__)


def test_readme_names_every_variable_and_default() -> None:
    named = {row[0].strip("`"): row[1].strip("`") for row in _table("Environment")}
    assert named == DEFAULTS


def test_readme_names_every_limit() -> None:
    named = {row[0].strip("`"): float(row[1].replace(" ", "")) for row in _table("Limits")}
    limits = imaging.Limits()
    assert named == {name: float(getattr(limits, name)) for name in limits.__slots__}


def test_versions_agree() -> None:
    project = tomllib.loads((HERE / "pyproject.toml").read_text())["project"]
    assert metadata.version("flow-imaging") == project["version"]
    assert f"## [{project['version']}]" in (HERE / "CHANGELOG.md").read_text()


def test_installed_packages_suit_the_project() -> None:
    project = tomllib.loads((HERE / "pyproject.toml").read_text())["project"]
    for text in (*project["dependencies"], *project["optional-dependencies"]["centerface"]):
        wanted = Requirement(text)
        assert wanted.specifier.contains(metadata.version(wanted.name)), text


def test_the_wheel_under_test_is_of_this_source() -> None:
    package = resources.files("imaging")
    for source in (HERE / "src" / "imaging").rglob("*.py"):
        installed = package.joinpath(*source.relative_to(HERE / "src" / "imaging").parts)
        assert installed.read_text() == source.read_text(), "build and install the wheel again"


def test_the_wheel_carries_the_model_and_its_licence() -> None:
    package = resources.files("imaging")
    assert len(package.joinpath("centerface.onnx").read_bytes()) > 7_000_000
    assert "MIT" in package.joinpath("centerface.LICENSE").read_text() or (
        "Permission is hereby granted" in package.joinpath("centerface.LICENSE").read_text()
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "code",
    [
        "check_url('http://images.test/')",
        "inspect_image(open(sys.argv[1], 'rb').read(), limits=Limits())",
        "recognizer_from_environment({'RECOGNIZER': 'synthetic'})",
        "recognizer_from_environment({'RECOGNIZER': 'clarifai', 'CLARIFAI_API_KEY': 'k'})",
    ],
)
def test_only_centerface_needs_the_extra(code: str) -> None:
    program = f"""
import sys
sys.modules["numpy"] = sys.modules["onnxruntime"] = None
from imaging import *
{code}
normalize_image(open(sys.argv[1], "rb").read(), limits=Limits())
"""
    photograph = HERE.parent / "fixtures" / "load.jpg"
    subprocess.run([sys.executable, "-c", program, str(photograph)], check=True, timeout=20)


def test_imports_nothing_of_the_architectures() -> None:
    program = "import imaging, sys; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=20
    )
    assert not {"django", "celery", "boto3", "onnxruntime", "numpy"} & set(run.stdout.split())
