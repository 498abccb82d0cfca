"""The refusals: one sentence each, before anything is made."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).parents[1]
REPOSITORY = TOOLS.parent


def tool(folder: Path, name: str, script: str) -> None:
    """Put a stand-in for a program first on the path."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def preflight(tmp_path: Path, python: str = sys.executable) -> tuple[int, str]:
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    command = ["sh", str(TOOLS / "preflight.sh"), python, str(REPOSITORY)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    assert done.stdout == ""
    return done.returncode, done.stderr


def test_a_fit_machine_passes_in_silence(tmp_path: Path) -> None:
    assert preflight(tmp_path) == (0, "")


@pytest.mark.parametrize(
    ("stand_ins", "python", "told"),
    [
        ({"uname": "echo Darwin arm64"}, None, "This is Darwin"),
        ({}, "/no/such/python", "There is no /no/such/python: install Python 3.11"),
        ({"old": 'case "$2" in *%d*) echo 3.9;; *) exit 1;; esac'}, "old", "3.9"),
        (
            {"bare": 'case "$2" in *ensurepip*) exit 1;; *%d*) echo 3.11;; esac'},
            "bare",
            "python3-venv",
        ),
        ({"df": "echo h; echo x 9 9 100 9 /"}, None, "Only 100 MB are free"),
    ],
)
def test_an_unfit_one_is_told_what_to_do(
    tmp_path: Path, stand_ins: dict[str, str], python: str | None, told: str
) -> None:
    for name, script in stand_ins.items():
        tool(tmp_path, name, script)
    status, said = preflight(tmp_path, python or sys.executable)
    assert status == 1
    assert told in said
    assert said.count("\n") == 1


def make(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        env={**os.environ, **settings},
        timeout=60,
    )


@pytest.mark.parametrize("command", ["up", "down", "logs", "status"])
def test_an_unknown_architecture_is_refused(command: str) -> None:
    done = make(command, "ARCH=mainframe")
    assert done.returncode != 0
    assert done.stderr.startswith(
        "There is no ARCH=mainframe: say monolith, microservices or both."
    )


def test_make_alone_lists_the_commands() -> None:
    said = make().stdout
    for command in ("up", "down", "logs", "compare", "test", "check", "clean"):
        assert f"make {command} " in said


def test_a_taken_port_is_named_with_its_holder() -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        command = [sys.executable, str(TOOLS / "ports.py"), str(REPOSITORY), "up", str(port)]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert f"Port {port} of 127.0.0.1 is taken by " in done.stderr
    assert f"(process {os.getpid()}): end it first." in done.stderr


def test_what_make_up_left_is_no_obstacle_to_make_up(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        state = tmp_path / ".run" / "monolith" / "state.json"
        state.parent.mkdir(parents=True)
        state.write_text(
            f'{{"facts": {{"architecture": "monolith", "base_url": "http://127.0.0.1:{port}"}},'
            f' "processes": [{{"role": "edge", "pid": {os.getpid()}}}]}}'
        )
        command = [sys.executable, str(TOOLS / "ports.py"), str(tmp_path)]
        up = subprocess.run([*command, "up", str(port)], check=False, capture_output=True)
        compare = subprocess.run(
            [*command, "compare", str(port)], check=False, capture_output=True, text=True
        )
    assert up.returncode == 0
    assert "by the monolith that make up left running here: run make down first" in compare.stderr


@pytest.mark.parametrize("home", ["", "/no/such/home", "/proc"])
def test_an_unusable_home_is_replaced(home: str) -> None:
    make_path = shutil.which("make")
    assert make_path
    done = subprocess.run(
        [make_path, "-f", "Makefile", "-f", "-", "show-home"],
        input="show-home:\n\t@echo $$HOME\n",
        check=False,
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        env={**os.environ, "HOME": home},
    )
    assert done.stdout.strip() == str(REPOSITORY / ".build" / "home")
