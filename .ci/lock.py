"""`make lock`: make every lock file again, with the newest versions that the projects allow.

Run by the Python of the environment `lint`, with the installer of the environment `uv`.
"""

import argparse
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


def main(arguments: list[str]) -> int:
    """Make all locks, or those of the named projects; return the exit status."""
    parser = argparse.ArgumentParser(description="Make lock files with the newest versions.")
    parser.add_argument("projects", nargs="*", metavar="PROJECT", help="its name or folder")
    folders = {name: project.folder for name, project in PROJECTS.projects.items()}
    only = {folders.get(name, name) for name in parser.parse_args(arguments).projects}
    if unknown := only - set(folders.values()):
        known = ", ".join(folders)
        print(f"No such project: {', '.join(sorted(unknown))}. Use {known}.", file=sys.stderr)
        return 2
    return 0 if all(make(it) for it in LOCKS if not only or it.project in only) else 1


def make(lock: Lock) -> bool:
    """Make one lock from the start; keep the old one and return False where that fails."""
    print(f"{lock.project}/{lock.file}", flush=True)
    before = lock.path.read_bytes() if lock.path.exists() else None
    lock.path.unlink(missing_ok=True)
    made = False
    try:
        done = subprocess.run(command(lock), check=False, cwd=REPOSITORY / lock.project)
        made = done.returncode == 0
    finally:
        if not made and before is not None:
            lock.path.write_bytes(before)
    return made


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
