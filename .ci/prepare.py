"""Make the virtual environments that a command needs; the table of projects names them.

Each environment has exactly what one lock file with hashes lists, plus the imaging wheel where a
unit uses it. It is made again when its lock, that wheel or the Python changes, and only then. A
call that follows an interrupted one finishes its work. Only the standard library is used here.
"""

import argparse
import fcntl
import functools
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import surroundings

from repository import ARCHITECTURES, DEV, MAIN, PROJECTS, REPOSITORY, VENVS, Table

BUILD = REPOSITORY / ".build"
WHEELS = BUILD / "wheels"
IMAGING = REPOSITORY / "shared" / "imaging"
AT_ONCE = 3  # installing is mostly unpacking; more than this on two cores only adds seeking


@dataclass(frozen=True)
class Environment:
    """A virtual environment: its lock, and whether the imaging wheel goes in as well."""

    lock: str
    imaging: bool = False


def environments_of(table: Table) -> dict[str, Environment]:
    """Map the name of every environment of every project to its lock."""
    return {
        project.environment_of(lock): Environment(
            f"{project.folder}/requirements{'' if lock == MAIN else f'-{lock}'}.txt",
            imaging=project.wheel and lock in {MAIN, DEV},
        )
        for project in table.projects.values()
        for lock in project.locks
    }


ENVIRONMENTS = environments_of(PROJECTS)
# For the isolation experiment: the suites of the components, and a build of a changed wheel.
ISOLATION = [
    *(p.environment_for_checks for p in PROJECTS.projects.values() if p.backing or p.wheel),
    "imaging-build",
]

_wheel_made = threading.Lock()


class PrepareError(Exception):
    """An environment could not be made; the message is for the person at the terminal."""


def main(arguments: list[str]) -> int:
    """Make the chosen environments, a few at a time, and print the progress."""
    options = _parser().parse_args(arguments)
    if options.list:
        for name, environment in ENVIRONMENTS.items():
            print(f"{name:18} {environment.lock}{' and the imaging wheel' * environment.imaging}")
        return 0
    names = [*PROJECTS.deployment(*options.deploy)] if options.deploy else []
    names += PROJECTS.functions(*options.deploy) if options.recognition == "lambda" else []
    names += PROJECTS.observed(*options.deploy) if options.observe else []
    names += ISOLATION if options.isolation else []
    names += options.names
    unknown = sorted(set(names) - set(ENVIRONMENTS))
    if unknown:
        known = ", ".join(ENVIRONMENTS)
        print(f"No such environment: {', '.join(unknown)}. Use {known}.", file=sys.stderr)
        return 2
    return _make(names, with_wheel=options.wheel)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Make virtual environments from their locks.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="an environment; see --list")
    parser.add_argument(
        "--deploy",
        action="append",
        choices=ARCHITECTURES,
        default=[],
        help="all that a deployed target of the architecture needs",
    )
    parser.add_argument(
        "--recognition",
        choices=("celery", "lambda"),
        default="celery",
        help="with lambda, also what the units' functions need (default: celery)",
    )
    parser.add_argument(
        "--observe", action="store_true", help="also what the units' traces and metrics need"
    )
    parser.add_argument(
        "--isolation", action="store_true", help="all that the isolation experiment needs"
    )
    parser.add_argument("--wheel", action="store_true", help="the imaging wheel")
    parser.add_argument("--list", action="store_true", help="list the environments, make none")
    return parser


def _make(names: list[str], *, with_wheel: bool) -> int:
    BUILD.mkdir(exist_ok=True)
    VENVS.mkdir(exist_ok=True)
    with (BUILD / "prepare.lock").open("w") as lock:
        _wait_for(lock)
        started = time.monotonic()
        try:
            make("uv")
            if with_wheel:
                imaging_wheel()
            made = _make_all([name for name in dict.fromkeys(names) if name != "uv"])
        except PrepareError as error:
            print(error, file=sys.stderr)
            return 1
        if made:
            seconds = time.monotonic() - started
            print(f"Environments ready after {seconds:.0f} s.", flush=True)
    return 0


def _wait_for(lock: object) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # type: ignore[arg-type]
    except BlockingIOError:
        print("Another make prepares environments here; waiting for it.", flush=True)
        fcntl.flock(lock, fcntl.LOCK_EX)  # type: ignore[arg-type]


def _make_all(names: list[str]) -> int:
    waiting = [name for name in names if _stale(name)]
    if not waiting:
        return 0
    print(f"Making {len(waiting)} environments from their locks.", flush=True)
    started = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        running = {pool.submit(make, name): name for name in waiting}
        try:
            for done, future in enumerate(as_completed(running), start=1):
                seconds = future.result()
                left = (time.monotonic() - started) / done * (len(waiting) - done)
                rest = f", about {left:.0f} s left" if done < len(waiting) else ""
                name = running[future]
                print(f"  [{done}/{len(waiting)}] {name} {seconds:.1f} s{rest}", flush=True)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return len(waiting)


def _stamp(name: str) -> str:
    """Return a hash of all that the environment is made from."""
    environment = ENVIRONMENTS[name]
    lock = REPOSITORY / environment.lock
    if not lock.exists():
        message = f"{environment.lock} is missing, so the environment {name} can't be made."
        raise PrepareError(message)
    inputs = [lock.read_bytes(), str(Path(sys.executable).resolve()).encode()]
    inputs.append(sys.version.encode())
    inputs.append(str(VENVS).encode())  # an environment doesn't survive being moved
    if environment.imaging:
        inputs.append(imaging_hash().encode())
    return hashlib.sha256(b"\0".join(inputs)).hexdigest()


def _stale(name: str) -> bool:
    stamp = VENVS / name / ".stamp"
    return not stamp.exists() or stamp.read_text() != _stamp(name)


def make(name: str) -> float:
    """Make one environment unless it is up to date; return the seconds taken."""
    started = time.monotonic()
    if not _stale(name):
        return 0.0
    environment, folder = ENVIRONMENTS[name], VENVS / name
    wheel = imaging_wheel() if environment.imaging else None
    (folder / ".stamp").unlink(missing_ok=True)
    lock = REPOSITORY / environment.lock
    if name == "uv":
        shutil.rmtree(folder, ignore_errors=True)
        _run(name, [sys.executable, "-m", "venv", str(folder)], surroundings.cleaned(os.environ))
        _pip_environment.cache_clear()
        install = [*_pip(), "install", "--quiet", "--require-hashes", "-r", str(lock)]
        _run(name, install, _pip_environment())
    else:
        _run(name, [*_uv(), "venv", "--clear", "--python", sys.executable, str(folder)])
        install = [*_uv(), "pip", "install", "--python", str(folder / "bin" / "python")]
        _run(name, [*install, "--require-hashes", "-r", str(lock)])
        if wheel is not None:
            # From a plain path: "#" and "[" in a path mean something else to uv.
            with tempfile.TemporaryDirectory(prefix="flow-wheel-") as scratch:
                copy = shutil.copy(wheel, scratch)
                _run(name, [*install, "--no-deps", str(copy)])
    (folder / ".stamp").write_text(_stamp(name))
    return time.monotonic() - started


def imaging_hash() -> str:
    """Return a hash of all that the imaging wheel is built from."""
    digest = hashlib.sha256()
    files = [path for path in (IMAGING / "src").rglob("*") if path.is_file()]
    files += [path for path in IMAGING.iterdir() if path.suffix in {".py", ".toml"}]
    files += [IMAGING / "README.md", *IMAGING.glob("requirements-[bm]*.txt")]
    for path in sorted(files):
        if "__pycache__" not in path.parts:
            digest.update(str(path.relative_to(IMAGING)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def imaging_wheel() -> Path:
    """Build the imaging wheel unless it is up to date; return its path."""
    with _wheel_made:
        record = WHEELS / "imaging.json"
        if record.exists():
            known: dict[str, str] = json.loads(record.read_text())
            if known["hash"] == imaging_hash() and (WHEELS / known["wheel"]).exists():
                return WHEELS / known["wheel"]
        make("imaging-build")
        for old in WHEELS.glob("flow_imaging-*.whl"):
            old.unlink()
        python = VENVS / "imaging-build" / "bin" / "python"
        _run(
            "imaging's wheel", [str(python), str(IMAGING / "build_wheel.py"), "--out", str(WHEELS)]
        )
        (wheel,) = WHEELS.glob("flow_imaging-*.whl")
        record.write_text(json.dumps({"hash": imaging_hash(), "wheel": wheel.name}))
        return wheel


def _pip() -> list[str]:
    return [str(VENVS / "uv" / "bin" / "python"), "-m", "pip"]


@functools.cache
def _pip_environment() -> dict[str, str]:
    return surroundings.for_pip(_pip(), os.environ)


def _uv_environment() -> dict[str, str]:
    has_pip = Path(_pip()[0]).exists()
    return surroundings.for_uv(os.environ, _pip_environment() if has_pip else {})


def _uv() -> list[str]:
    return [str(VENVS / "uv" / "bin" / "uv"), "--quiet", "--no-progress"]


def _run(name: str, command: list[str], environment: dict[str, str] | None = None) -> None:
    environment = _uv_environment() if environment is None else environment
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        lines = "\n".join(f"  | {line}" for line in done.stderr.strip().splitlines()[-15:])
        message = f"The environment {name} could not be made (network, or a full disk?):\n{lines}"
        raise PrepareError(message)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
