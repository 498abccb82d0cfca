"""`make check`: every check that runs nothing of the product; one line each."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
VENVS = REPOSITORY / ".venvs"
AT_ONCE = 2
NOT_DONE = 75  # a check's status where what it needs can't be reached; see audit.py


@dataclass(frozen=True)
class Check:
    """A command in a folder, run by a program of one of the environments."""

    name: str
    environment: str
    command: tuple[str, ...]
    folder: str = "."
    settings: dict[str, str] = field(default_factory=dict)


def _types(name: str, environment: str, folder: str, *more: str) -> Check:
    return Check(f"types {name}", environment, ("mypy", *more), folder)


def _boundaries(name: str, folder: str) -> Check:
    return Check(f"boundaries {name}", f"{name}-dev", ("lint-imports", "--no-cache"), folder)


def _edge(name: str, folder: str) -> Check:
    command = ("caddy", "validate", "--config", "Caddyfile", "--adapter", "caddyfile")
    settings = {
        "EDGE_PORT": "8080",
        "EDGE_ADMIN_PORT": "2019",
        "WEB_ROOT": "/srv/web",
        "WEB_UPSTREAMS": "127.0.0.1:1",
        "ACCOUNTS_UPSTREAMS": "127.0.0.1:1",
        "SUBMISSIONS_UPSTREAMS": "127.0.0.1:2",
        "XDG_DATA_HOME": str(REPOSITORY / ".build" / "caddy"),
        "XDG_CONFIG_HOME": str(REPOSITORY / ".build" / "caddy"),
    }
    return Check(f"edge {name}", "backing", command, folder, settings)


CHECKS = [
    Check("lint", "lint", ("ruff", "check", "--output-format", "concise", ".")),
    Check("format", "lint", ("ruff", "format", "--check", ".")),
    Check("locks", "lint", ("python", ".ci/locks.py")),
    Check("hygiene", "lint", ("python", ".ci/hygiene.py")),
    Check("advisories", "audit", ("python", ".ci/audit.py")),
    _types("tools", "lint", ".ci"),
    _types("backing", "backing-dev", "shared/backing"),
    _types("imaging", "imaging-dev", "shared/imaging"),
    _types("conformance", "conformance-dev", "shared/conformance", "."),
    _types("benchmarks", "bench-dev", "benchmarks"),
    _types("web", "web-dev", "shared/web"),
    _types("docs", "docs", "docs", "."),
    _types("monolith", "monolith-dev", "monolith"),
    _types("accounts", "accounts-dev", "microservices/accounts"),
    _types("submissions", "submissions-dev", "microservices/submissions"),
    _types("recognition", "recognition-dev", "microservices/recognition"),
    _types("edge", "edge-dev", "microservices/edge"),
    _boundaries("monolith", "monolith"),
    _boundaries("accounts", "microservices/accounts"),
    _boundaries("submissions", "microservices/submissions"),
    _boundaries("recognition", "microservices/recognition"),
    Check(
        "boundaries benchmarks",
        "bench-dev",
        ("lint-imports", "--no-cache"),
        "benchmarks",
        {"PYTHONPATH": str(REPOSITORY)},
    ),
    Check("boundaries backing", "bench-dev", ("lint-imports", "--no-cache"), "shared/backing"),
    _edge("monolith", "monolith/edge"),
    _edge("microservices", "microservices/edge"),
    Check("docs", "docs", ("sphinx-build", "-q", "-W", "-b", "html", ".", "_build/html"), "docs"),
]


def run(check: Check) -> tuple[int, str, float]:
    """Run one check; return its exit status, its output, and the seconds it took."""
    started = time.monotonic()
    binaries = VENVS / check.environment / "bin"
    command = [str(binaries / check.command[0]), *check.command[1:]]
    environment = {**os.environ, "PATH": f"{binaries}:{os.environ['PATH']}", **check.settings}
    done = subprocess.run(
        command,
        check=False,
        cwd=REPOSITORY / check.folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.returncode, done.stdout, time.monotonic() - started


def main() -> int:
    """Prepare the environments, run all checks, two at a time."""
    environments = sorted({check.environment for check in CHECKS})
    prepare = [sys.executable, str(REPOSITORY / ".ci" / "prepare.py"), *environments]
    if subprocess.run(prepare, check=False).returncode != 0:
        return 1
    failed, undone = [], []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for check, (status, output, seconds) in zip(CHECKS, pool.map(run, CHECKS), strict=True):
            verdict = {0: "ok", NOT_DONE: "NOT DONE"}.get(status, "FAILED")
            print(f"  {check.name:24} {verdict:8} {seconds:5.1f} s", flush=True)
            if status == NOT_DONE:
                undone.append(check.name)
            elif status != 0:
                failed.append(check.name)
            if status != 0:
                print("\n".join(f"    | {line}" for line in output.splitlines()[-40:]), flush=True)
    if failed:
        print(f"{len(failed)} of {len(CHECKS)} checks failed: {', '.join(failed)}.")
        return 1
    if undone:
        print(f"{len(CHECKS) - len(undone)} checks passed; NOT DONE: {', '.join(undone)}.")
    else:
        print(f"All {len(CHECKS)} checks passed.")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
