"""Build the artifact of a release: a unit's files at a commit, and an environment from its lock.

An artifact is a folder that is written once: `source/`, with the layout of the repository,
`environment/`, and `artifact.json`, which is written last. Its name is the hash of its inputs, so
a commit that changes nothing of a unit has the artifact of the commit before.
"""

import fcntl
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import time
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.targets.architectures import REPOSITORY, WEB_SITE, Architecture
from benchmarks.targets.errors import ReleaseError
from benchmarks.targets.git import git, git_bytes, uncommitted
from benchmarks.targets.local.placement import Installed
from benchmarks.targets.local.settings import environments_folder
from benchmarks.targets.releases.web_release import add_web_release

ARTIFACTS = REPOSITORY / ".run" / "artifacts"
BUILD_SECONDS = 600
SHOWN = 3  # files that a refusal names
FREE_BYTES = 2 << 30  # an environment takes up to half a gigabyte
IMAGING = REPOSITORY / "shared" / "imaging"


@dataclass(frozen=True)
class Recipe:
    """The inputs of a unit's artifact: folders of the repository, a lock, the imaging wheel.

    `project` is the folder of the unit itself, whose pyproject.toml has the version.
    """

    unit: str
    project: Path
    folders: tuple[Path, ...]
    lock: Path | None
    has_wheel: bool

    @property
    def paths(self) -> list[str]:
        """Return the folders as git names them, relative to the repository."""
        return [str(folder.relative_to(REPOSITORY)) for folder in self.folders]


@dataclass(frozen=True)
class Artifact:
    """A complete artifact; `seconds` is the time of the build, 0 if it existed already."""

    folder: Path
    version: str
    commit: str
    seconds: float

    @property
    def installed(self) -> Installed:
        """Return the artifact as an installed version of the unit."""
        executables = self.folder / "environment" / "bin"
        return Installed(
            self.folder / "source", executables, self.version, self.commit, is_release=True
        )


def recipe(architecture: Architecture, unit_name: str) -> Recipe:
    """Return the inputs of a unit's artifact. ReleaseError for an unknown unit."""
    edge = (architecture.edge_folder, WEB_SITE)
    for unit in architecture.units:
        if unit.name == unit_name:
            folders = [unit.folder]
            if unit.has_wheel:
                folders.append(IMAGING)
            if architecture.edge_unit == unit_name:
                folders += [path for path in edge if not path.is_relative_to(unit.folder)]
            lock = unit.folder / "requirements.txt"
            return Recipe(unit_name, unit.folder, tuple(folders), lock, unit.has_wheel)
    if architecture.edge_unit == unit_name:
        return Recipe(unit_name, architecture.edge_folder, edge, None, has_wheel=False)
    message = f"{architecture.name} has no unit {unit_name}."
    raise ReleaseError(message)


def build(inputs: Recipe, commit: str, *, store: Path = ARTIFACTS) -> Artifact:
    """Return the artifact of a commit; build it if it doesn't exist. ReleaseError if that fails.

    Wait for another build of the same unit. An incomplete artifact is removed.
    """
    began = time.monotonic()
    place = store / inputs.unit
    place.mkdir(parents=True, exist_ok=True)
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = place / _key(inputs, commit)
        record = folder / "artifact.json"
        if record.exists():
            known = json.loads(record.read_text())
            return Artifact(folder, f"{known['version']}+{commit[:8]}", commit, 0.0)
        _refuse_full_disk(place)
        try:
            version = _make(inputs, commit, folder)
            record.write_text(json.dumps({"version": version}))
        except BaseException as error:
            shutil.rmtree(folder, ignore_errors=True)
            if isinstance(error, OSError):
                message = f"The artifact of {inputs.unit} could not be written: {error}."
                raise ReleaseError(message) from error
            raise
        return Artifact(folder, f"{version}+{commit[:8]}", commit, time.monotonic() - began)


def refuse_uncommitted(inputs: Recipe) -> None:
    """Raise ReleaseError if a unit has uncommitted changes."""
    changed = uncommitted(inputs.paths)
    if changed:
        shown = ", ".join(changed[:SHOWN]) + (", …" if len(changed) > SHOWN else "")
        message = (
            f"{inputs.unit} has uncommitted changes ({shown}): a release is a commit, "
            "so commit or stash them first."
        )
        raise ReleaseError(message)


def _key(inputs: Recipe, commit: str) -> str:
    """Return the name of the artifact: a hash of git's hashes of its files, and of the Python."""
    trees = git("ls-tree", commit, "--", *inputs.paths)
    if len(trees.splitlines()) < len(inputs.paths):
        message = f"Commit {commit[:12]} has no {' and '.join(inputs.paths)}: release another."
        raise ReleaseError(message)
    return hashlib.sha256(f"{sys.version}\n{trees}".encode()).hexdigest()[:12]


def _make(inputs: Recipe, commit: str, folder: Path) -> str:
    shutil.rmtree(folder, ignore_errors=True)
    source = folder / "source"
    source.mkdir(parents=True)
    archive = git_bytes("archive", commit, "--", *inputs.paths)
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(source, filter="data")
    if WEB_SITE in inputs.folders:
        add_web_release(commit, source, folder.parents[1] / "pages")
    if inputs.lock is not None:
        wheel = wheel_of(inputs, commit, source, folder)
        lock = source / inputs.lock.relative_to(REPOSITORY)
        make_environment(inputs.unit, lock, wheel, folder / "environment")
    project = source / inputs.project.relative_to(REPOSITORY) / "pyproject.toml"
    version: str = tomllib.loads(project.read_text())["project"]["version"]
    return version


def make_environment(unit: str, lock: Path, wheel: Path | None, environment: Path) -> None:
    """Install a lock with its hashes, and the wheel, in a new environment. ReleaseError."""
    uv = [str(environments_folder() / "uv" / "bin" / "uv"), "--quiet", "--no-progress"]
    _run(unit, [*uv, "venv", "--python", sys.executable, str(environment)])
    install = [*uv, "pip", "install", "--python", str(environment / "bin" / "python")]
    locked = [*install, "--require-hashes", "-r", str(lock)]
    try:
        # Else uv requests the index again for what is in its cache, and may wait 5 s for it.
        _run(unit, [*locked, "--offline"])
    except ReleaseError:  # something isn't in the cache yet
        _run(unit, locked)
    if wheel is not None:
        _run(unit, [*install, "--offline", "--no-deps", str(wheel)])


def wheel_of(inputs: Recipe, commit: str, source: Path, folder: Path) -> Path | None:
    """Return the imaging wheel of a commit, built once per content; None if the unit has none."""
    if not inputs.has_wheel:
        return None
    path = str(IMAGING.relative_to(REPOSITORY))
    tree = git("rev-parse", f"{commit}:{path}").strip()[:12]
    wheels = folder.parents[1] / "wheels" / tree
    if not list(wheels.glob("flow_imaging-*.whl")):
        builder = environments_folder() / "imaging-build" / "bin" / "python"
        script = source / path / "build_wheel.py"
        _run(inputs.unit, [str(builder), str(script), "--out", str(wheels)])
    return next(wheels.glob("flow_imaging-*.whl"))


def _run(unit: str, command: Sequence[str]) -> None:
    try:
        done = subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            timeout=BUILD_SECONDS,
            env={**os.environ, "UV_PYTHON_DOWNLOADS": "never"},
        )
    except subprocess.TimeoutExpired as error:
        message = f"The artifact of {unit} wasn't made within {BUILD_SECONDS} s; nothing changed."
        raise ReleaseError(message) from error
    if done.returncode != 0:
        lines = "\n".join(f"  | {line}" for line in done.stderr.strip().splitlines()[-15:])
        message = f"The artifact of {unit} could not be made; what runs goes on as it was:\n{lines}"
        raise ReleaseError(message)


def _refuse_full_disk(place: Path) -> None:
    free = shutil.disk_usage(place).free
    if free < FREE_BYTES:
        message = (
            f"{free >> 20} MB are free at {place}, and an artifact may need {FREE_BYTES >> 20} MB: "
            "remove what you don't need (`make clean`, or the oldest folders there)."
        )
        raise ReleaseError(message)
