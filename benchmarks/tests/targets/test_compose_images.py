"""The images that are released in a rehearsal: made of the built ones, by docker's build."""

import os
import subprocess
from pathlib import Path

import pytest
from benchmarks.experiments.deploy.release_actor import scenario_named
from benchmarks.repository import REPOSITORY
from benchmarks.targets import ARCHITECTURES
from benchmarks.targets.compose import images

FAKE = """\
#!/bin/sh
# Keeps the Dockerfile of each image that is built, and the name of each that is tagged.
case $1 in
build) cat > "$KEPT/$(echo "$3" | tr '/:' '__')" ;;
tag) : > "$KEPT/$(echo "$3" | tr '/:' '__')" ;;
*) exit 1 ;;
esac
"""


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A docker before the real one on the PATH, and the folder of what it was given."""
    programs, kept = tmp_path / "bin", tmp_path / "kept"
    programs.mkdir()
    kept.mkdir()
    (programs / "docker").write_text(FAKE)
    (programs / "docker").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("KEPT", str(kept))
    return kept


def make(arch: str) -> None:
    images.make_variants(ARCHITECTURES[arch], better="next", worse="bad", wrong="wrong")


def test_every_image_of_a_released_unit_has_the_tags(kept: Path) -> None:
    for arch in ARCHITECTURES:
        make(arch)
    both = ("monolith", "monolith-edge", "accounts", "submissions", "recognition")
    wanted = {f"one-flow_{it}_{tag}" for it in both for tag in ("next", "bad")}
    wanted |= {f"one-flow_microservices-edge_{tag}" for tag in ("next", "bad")}
    wanted |= {f"one-flow_{it}_wrong" for it in ("monolith", "monolith-edge", "submissions")}
    assert {it.name for it in kept.iterdir()} == wanted


@pytest.mark.parametrize("arch", ARCHITECTURES)
def test_wrong_responses_are_those_of_the_deploy_experiment(
    arch: str, kept: Path, tmp_path: Path
) -> None:
    make(arch)
    architecture = ARCHITECTURES[arch]
    unit = architecture.unit(architecture.database_unit)
    dockerfile = (kept / f"one-flow_{unit.name}_wrong").read_text()
    command = dockerfile.replace("\\\n", "").partition("RUN ")[2].partition("\n")[0]
    ((edit,),) = [change.edits[arch] for change in scenario_named("wrong-answers").changes]
    (hunk,) = edit.hunks
    original = REPOSITORY / edit.file
    copy = tmp_path / original.relative_to(unit.folder)
    copy.parent.mkdir()
    copy.write_text(original.read_text())
    subprocess.run(["sh", "-c", command], check=True, cwd=tmp_path, timeout=10)
    assert copy.read_text() == original.read_text().replace(hunk.old, hunk.new)
    assert copy.read_text() != original.read_text()
