"""Makes the virtual environments that a command needs: `prepare.py [--wheel] NAME…`.

Each environment is exactly one lock file with hashes, plus the imaging wheel where a unit uses it.
It is made anew when its lock, that wheel or the Python changes, and only then. Interrupted at any
moment, the next call makes good what is unfinished. Only the standard library is used here.
`--wheel` asks for the imaging wheel itself.
"""

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

REPOSITORY = Path(__file__).resolve().parents[1]
VENVS = REPOSITORY / ".venvs"
BUILD = REPOSITORY / ".build"
WHEELS = BUILD / "wheels"
IMAGING = REPOSITORY / "shared" / "imaging"
AT_ONCE = 3  # installing is mostly unpacking; more than this on two cores only adds seeking


@dataclass(frozen=True)
class Environment:
    """A virtual environment: its lock, and whether the imaging wheel goes in as well."""

    lock: str
    imaging: bool = False


ENVIRONMENTS = {
    "uv": Environment(".ci/requirements-uv.txt"),
    "lint": Environment(".ci/requirements-lint.txt"),
    "audit": Environment(".ci/requirements-audit.txt"),
    "backing": Environment("shared/backing/requirements.txt"),
    "backing-dev": Environment("shared/backing/requirements-dev.txt"),
    "dynamodb": Environment("shared/backing/dynamodb/requirements.txt"),
    "imaging-build": Environment("shared/imaging/requirements-build.txt"),
    "imaging-dev": Environment("shared/imaging/requirements-dev.txt", imaging=True),
    "conformance": Environment("shared/conformance/requirements.txt"),
    "conformance-dev": Environment("shared/conformance/requirements-dev.txt"),
    "web": Environment("shared/web/requirements.txt"),
    "web-dev": Environment("shared/web/requirements-dev.txt"),
    "bench": Environment("benchmarks/requirements.txt"),
    "bench-dev": Environment("benchmarks/requirements-dev.txt"),
    "monolith": Environment("monolith/requirements.txt", imaging=True),
    "monolith-dev": Environment("monolith/requirements-dev.txt", imaging=True),
    "accounts": Environment("microservices/accounts/requirements.txt"),
    "accounts-dev": Environment("microservices/accounts/requirements-dev.txt"),
    "submissions": Environment("microservices/submissions/requirements.txt", imaging=True),
    "submissions-dev": Environment("microservices/submissions/requirements-dev.txt", imaging=True),
    "recognition": Environment("microservices/recognition/requirements.txt", imaging=True),
    "recognition-dev": Environment("microservices/recognition/requirements-dev.txt", imaging=True),
    "edge-dev": Environment("microservices/edge/requirements-dev.txt"),
    "docs": Environment("docs/requirements.txt"),
}

_wheel_made = threading.Lock()


class PrepareError(Exception):
    """An environment could not be made; the text is for a person."""


def main(names: list[str]) -> int:
    """Make the named environments, a few at a time, and tell the progress."""
    with_wheel = "--wheel" in names
    names = [name for name in names if name != "--wheel"]
    unknown = sorted(set(names) - set(ENVIRONMENTS))
    if unknown:
        print(f"No such environment: {', '.join(unknown)}.", file=sys.stderr)
        return 2
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
    """All that the environment is made from, as a hash."""
    environment = ENVIRONMENTS[name]
    lock = REPOSITORY / environment.lock
    if not lock.exists():
        message = f"{environment.lock} is missing, so the environment {name} can't be made."
        raise PrepareError(message)
    parts = [lock.read_bytes(), str(Path(sys.executable).resolve()).encode()]
    parts.append(sys.version.encode())
    parts.append(str(VENVS).encode())  # environments don't survive being moved
    if environment.imaging:
        parts.append(imaging_hash().encode())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _stale(name: str) -> bool:
    stamp = VENVS / name / ".stamp"
    return not stamp.exists() or stamp.read_text() != _stamp(name)


def make(name: str) -> float:
    """Make one environment if it isn't as its lock says; returns the seconds taken."""
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
            # From a plain path: uv takes "#" and "[" in one for its own.
            with tempfile.TemporaryDirectory(prefix="flow-wheel-") as scratch:
                copy = shutil.copy(wheel, scratch)
                _run(name, [*install, "--no-deps", str(copy)])
    (folder / ".stamp").write_text(_stamp(name))
    return time.monotonic() - started


def imaging_hash() -> str:
    """All that the imaging wheel is built from, as a hash."""
    digest = hashlib.sha256()
    files = [path for path in (IMAGING / "src").rglob("*") if path.is_file()]
    files += [path for path in IMAGING.iterdir() if path.suffix in {".py", ".toml"}]
    files += [IMAGING / "README.md", *IMAGING.glob("requirements-[bm]*.txt")]
    for path in sorted(files):
        if "__pycache__" not in path.parts:
            digest.update(str(path.relative_to(IMAGING)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def imaging_wheel() -> Path:
    """Build the imaging wheel if it isn't there for the present source; returns its path."""
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
