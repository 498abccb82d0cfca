"""`make lock`: make every lock file again, with the newest versions that the projects allow.

Run by the Python of the environment `lint`, with the installer of the environment `uv`.
"""

import subprocess
import sys

from locks import LOCKS, Lock

from repository import PROJECTS, REPOSITORY, VENVS

UV = VENVS / "uv" / "bin" / "uv"
OPTIONS = (
    *("--quiet", "--upgrade", "--universal", "--python-version", "3.11", "--generate-hashes"),
    *("--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"),
    *("--find-links", str(REPOSITORY / ".build" / "wheels"), "--no-emit-package", "flow-imaging"),
)


def command(lock: Lock) -> list[str]:
    """Return the installer's command that makes this lock."""
    folder = REPOSITORY / lock.project
    words = [str(UV), "pip", "compile", *OPTIONS, "--output-file", lock.file]
    if lock.agrees_with is not None:
        words += ["--constraint", lock.agrees_with]
    if lock.group is not None:
        words += ["--group", f"pyproject.toml:{lock.group}"]
    if not lock.alone:
        words += ["pyproject.toml"]
    return words if folder.exists() else []


def main(only: list[str]) -> int:
    """Make all locks, or those of the projects that are named by name or folder."""
    folders = {name: project.folder for name, project in PROJECTS.projects.items()}
    if unknown := set(only) - set(folders) - set(folders.values()):
        known = ", ".join(folders)
        print(f"No such project: {', '.join(sorted(unknown))}. Use {known}.", file=sys.stderr)
        return 2
    only = [folders.get(name, name) for name in only]
    for lock in LOCKS:
        if only and lock.project not in only:
            continue
        print(f"{lock.project}/{lock.file}", flush=True)
        lock.path.unlink(missing_ok=True)
        done = subprocess.run(command(lock), check=False, cwd=REPOSITORY / lock.project)
        if done.returncode != 0:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
