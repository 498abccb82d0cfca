"""The lock files: which there are, and whether each one still keeps what its project asks for.

`locks.py` checks and needs no network: every requirement of the project is pinned in its lock at
a version that satisfies it, every pin has hashes, and the lock for tests repeats the versions of
the one that runs. That nothing further is missing shows when the environment is made, since
installation with hashes refuses whatever the lock doesn't name.
"""

import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

REPOSITORY = Path(__file__).resolve().parents[1]
OURS = {"flow-imaging"}  # built here, installed from its wheel
_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+)")


@dataclass(frozen=True)
class Lock:
    """One lock file: the project it belongs to, and the dependency group that it adds, if any.

    `agrees_with` is the lock of the same project whose versions it must repeat. `alone` says that
    the group stands for itself, without the project's own dependencies.
    """

    project: str
    file: str
    group: str | None = None
    agrees_with: str | None = None
    alone: bool = False

    @property
    def path(self) -> Path:
        """The lock file."""
        return REPOSITORY / self.project / self.file

    def requirements(self) -> list[Requirement]:
        """What the project's pyproject.toml asks for."""
        content = tomllib.loads((REPOSITORY / self.project / "pyproject.toml").read_text())
        wanted = [] if self.alone else list(content["project"]["dependencies"])
        if self.group is not None:
            wanted += content["dependency-groups"][self.group]
        return [Requirement(text) for text in wanted]


def _unit(project: str) -> list[Lock]:
    return [
        Lock(project, "requirements.txt"),
        Lock(project, "requirements-dev.txt", group="dev", agrees_with="requirements.txt"),
    ]


LOCKS = [
    Lock(".ci", "requirements-uv.txt", group="uv", alone=True),
    Lock(".ci", "requirements-audit.txt", group="audit", alone=True),
    Lock(".ci", "requirements-lint.txt", group="lint", alone=True),
    *_unit("shared/backing"),
    Lock("shared/backing/dynamodb", "requirements.txt"),
    Lock("shared/imaging", "requirements-build.txt", group="build", alone=True),
    Lock("shared/imaging", "requirements-dev.txt", group="dev"),
    *_unit("shared/conformance"),
    *_unit("shared/web"),
    *_unit("benchmarks"),
    *_unit("monolith"),
    *_unit("microservices/accounts"),
    *_unit("microservices/submissions"),
    *_unit("microservices/recognition"),
    Lock("microservices/edge", "requirements-dev.txt", group="dev"),
    Lock("docs", "requirements.txt"),
]


def pins(path: Path) -> dict[str, tuple[Version, bool]]:
    """Map each pinned package to its version and whether hashes follow. Markers are left out."""
    found: dict[str, tuple[Version, bool]] = {}
    for line in path.read_text().replace("\\\n", " ").splitlines():
        match = _PIN.match(line)
        if match:
            name, version = canonicalize_name(match[1]), Version(match[2])
            found[name] = (version, "--hash=sha256:" in line)
    return found


def faults(lock: Lock) -> list[str]:
    """Say what is wrong with one lock; empty when nothing is."""
    name = f"{lock.project}/{lock.file}"
    if not lock.path.exists():
        return [f"{name} is missing"]
    held = pins(lock.path)
    found = [
        f"{name}: {package} has no hash" for package, (_, hashed) in held.items() if not hashed
    ]
    for wanted in lock.requirements():
        package = canonicalize_name(wanted.name)
        if package in OURS or (wanted.marker and not wanted.marker.evaluate()):
            continue
        if package not in held:
            found.append(f"{name}: {wanted} is not in it")
        elif not wanted.specifier.contains(held[package][0], prereleases=True):
            found.append(f"{name}: {package} {held[package][0]} is not {wanted}")
    if lock.agrees_with is not None and (lock.path.parent / lock.agrees_with).exists():
        for key, (version, _) in pins(lock.path.parent / lock.agrees_with).items():
            if key not in held or held[key][0] != version:
                found.append(f"{name}: {key} is not {version} as in {lock.agrees_with}")
    return found


def main() -> int:
    """Check all locks."""
    found = [fault for lock in LOCKS for fault in faults(lock)]
    if found:
        print("\n".join(found), "`make lock` makes them anew.", sep="\n", file=sys.stderr)
    else:
        print(f"{len(LOCKS)} locks keep what their projects ask for.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
