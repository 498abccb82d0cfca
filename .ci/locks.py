"""The lock files, from the table of projects, and a check that each one satisfies its project.

`locks.py` checks and needs no network: every requirement of the project is pinned in its lock at
a version that satisfies it, every pin has hashes, and the lock of the tests repeats the versions
of the main lock. A dependency of a dependency that is missing shows when the environment is made:
an installation with hashes refuses a package that the lock doesn't name.
"""

import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from repository import DEV, LOAD, MAIN, OBSERVE, PROJECTS, REPOSITORY, Table

OURS = {"flow-imaging"}  # built here, installed from its wheel
_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+)")


@dataclass(frozen=True)
class Lock:
    """One lock file: its project's folder, and the dependency group that it adds, if any.

    `agrees_with` is the lock of the same project whose versions it must repeat. A lock that is
    `alone` has the group without the project's own dependencies; then it repeats the versions of
    the packages that both have.
    """

    project: str
    file: str
    group: str | None = None
    agrees_with: str | None = None
    alone: bool = False

    @property
    def path(self) -> Path:
        """Return the path of the lock file."""
        return REPOSITORY / self.project / self.file

    def requirements(self) -> list[Requirement]:
        """Return the requirements in the project's pyproject.toml."""
        content = tomllib.loads((REPOSITORY / self.project / "pyproject.toml").read_text())
        wanted = [] if self.alone else list(content["project"]["dependencies"])
        if self.group is not None:
            wanted += _group(content["dependency-groups"], self.group)
        return [Requirement(text) for text in wanted]


def _group(groups: dict[str, Any], name: str) -> list[str]:
    """Return a group's requirements, with those of the groups that it includes."""
    return [
        text
        for entry in groups[name]
        for text in ([entry] if isinstance(entry, str) else _group(groups, entry["include-group"]))
    ]


def locks_of(table: Table) -> list[Lock]:
    """Return the locks of all projects."""
    return [
        _lock(project.folder, name, has_main=MAIN in project.locks)
        for project in table.projects.values()
        for name in project.locks
    ]


def _lock(folder: str, name: str, *, has_main: bool) -> Lock:
    if name == MAIN:
        return Lock(folder, "requirements.txt")
    file = f"requirements-{name}.txt"
    main = "requirements.txt" if has_main else None
    if name == DEV:
        return Lock(folder, file, group=DEV, agrees_with=main)
    # Observed, one process reads both; and the container image has the Locust of the harness.
    agrees_with = main if name in {OBSERVE, LOAD} else None
    return Lock(folder, file, group=name, alone=True, agrees_with=agrees_with)


LOCKS = locks_of(PROJECTS)


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
    """Return what is wrong with one lock; empty when nothing is."""
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
            if key not in held and lock.alone:
                continue
            if key not in held or held[key][0] != version:
                found.append(f"{name}: {key} is not {version} as in {lock.agrees_with}")
    return found


def main() -> int:
    """Check all locks; return the exit status."""
    found = [fault for lock in LOCKS for fault in faults(lock)]
    if found:
        print("\n".join(found), file=sys.stderr)
        print("`make lock` makes the lock files again.", file=sys.stderr)
    else:
        print(f"{len(LOCKS)} locks satisfy their projects.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
