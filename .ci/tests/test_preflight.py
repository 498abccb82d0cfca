"""The refusals: one sentence each, before anything is made."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from repository import REPOSITORY

TOOLS = REPOSITORY / ".ci"


def tool(folder: Path, name: str, script: str) -> None:
    """Put a stand-in for a program first on the path."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def preflight(
    tmp_path: Path, python: str = sys.executable, repository: Path = REPOSITORY
) -> tuple[int, str]:
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    command = ["sh", str(TOOLS / "preflight.sh"), python, str(repository)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    assert done.stdout == ""
    return done.returncode, done.stderr


def test_a_fit_machine_passes_in_silence(tmp_path: Path) -> None:
    assert preflight(tmp_path) == (0, "")


@pytest.mark.parametrize(
    ("stand_ins", "python", "message"),
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
def test_an_unfit_machine_is_refused_with_what_to_do(
    tmp_path: Path, stand_ins: dict[str, str], python: str | None, message: str
) -> None:
    for name, script in stand_ins.items():
        tool(tmp_path, name, script)
    status, printed = preflight(tmp_path, python or sys.executable)
    assert status == 1
    assert message in printed
    assert printed.count("\n") == 1


@pytest.mark.parametrize("name", ["a b", "it's 100% [x], #1 *&;(é)|<>?!~{}", "x" * 200])
def test_a_path_may_hold_any_other_character(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    assert preflight(tmp_path, repository=tmp_path / name) == (0, "")


@pytest.mark.parametrize("name", ["a$HOME", 'the "x"', "a`b", "a\\b", "a:b"])
def test_a_path_that_no_tool_takes_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    status, printed = preflight(tmp_path, repository=tmp_path / name)
    assert status == 1
    assert printed.startswith(f"The path of this checkout, {tmp_path / name}, holds one of")
    assert "move the checkout" in printed


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
        "There is no ARCH=mainframe: use monolith, microservices or both."
    )


def test_make_alone_lists_the_commands() -> None:
    printed = make().stdout
    for command in ("up", "down", "compare", "can-deploy", "test", "test-slow", "check"):
        assert f"make {command} " in printed


def ports(repository: Path, *arguments: str, **settings: str) -> tuple[int, str]:
    command = [sys.executable, str(TOOLS / "ports.py"), str(repository), *arguments]
    free = {"PORT_IMAGES": "1079", "PORT_MONOLITH": "1080", "PORT_MICROSERVICES": "1081"}
    environment = {**os.environ, **free, **settings}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    return done.returncode, done.stderr


def test_a_taken_port_is_named_with_its_holder_and_its_variable(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        status, printed = ports(tmp_path, "up", "monolith", PORT_MONOLITH=str(port))
    assert status == 1
    assert f"Port {port} of 127.0.0.1 is taken by " in printed
    assert (
        f"(process {os.getpid()}): end it first, or set PORT_MONOLITH to another port." in printed
    )


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"PORT_MONOLITH": "eighty"}, "PORT_MONOLITH=eighty is no port: set a number from 1"),
        ({"PORT_IMAGES": "65536"}, "PORT_IMAGES=65536 is no port"),
        ({"PORT_MICROSERVICES": "-1"}, "PORT_MICROSERVICES=-1 is no port"),
        ({"PORT_MONOLITH": "1081"}, "PORT_MICROSERVICES and PORT_MONOLITH are both 1081"),
    ],
)
def test_a_wrong_port_is_a_sentence(tmp_path: Path, settings: dict[str, str], message: str) -> None:
    status, printed = ports(tmp_path, "up", "monolith", **settings)
    assert status == 2
    assert printed.startswith(message)
    assert printed.count("\n") == 1


@pytest.mark.parametrize("is_ready", [True, False])
def test_what_make_up_left_is_no_obstacle_to_make_up(tmp_path: Path, is_ready: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = str(holder.getsockname()[1])
        state = tmp_path / ".run" / "monolith" / "state.json"
        state.parent.mkdir(parents=True)
        facts = f'{{"base_url": "http://127.0.0.1:{port}"}}' if is_ready else "{}"
        processes = f'[{{"role": "edge", "pid": {os.getpid()}}}]'
        state.write_text(f'{{"facts": {facts}, "processes": {processes}}}')
        assert ports(tmp_path, "up", "monolith", PORT_MONOLITH=port) == (0, "")
        for command, name in (("compare", "monolith"), ("up", "microservices")):
            variable = f"PORT_{name.upper()}"
            status, printed = ports(tmp_path, command, name, **{variable: port})
            assert status == 1
            assert "by the monolith that make up left running here: run make down first" in printed


def recipe(script: str, *arguments: str, **settings: str) -> str:
    """Return what a recipe of the Makefile prints, in this environment."""
    make_path = shutil.which("make")
    assert make_path
    done = subprocess.run(
        [make_path, "-f", "Makefile", "-f", "-", "shown", *arguments],
        input=f"shown:\n\t@{script}\n",
        check=False,
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        env={**os.environ, **settings},
    )
    return done.stdout.strip()


LEAKS = {
    "PYTHONHOME": "/nope",
    "PYTHONPATH": "/nope",
    "PYTHONSTARTUP": "/nope",
    "PYTHONOPTIMIZE": "2",
    "PYTHONWARNINGS": "error",
    "PYTHONINSPECT": "1",
    "VIRTUAL_ENV": "/nope",
    "AWS_PROFILE": "nope",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "GIT_DIR": "/nope",
    "GIT_INDEX_FILE": "/nope",
}


@pytest.mark.parametrize("name", sorted(LEAKS))
def test_what_the_caller_s_shell_is_set_up_for_stays_out(name: str) -> None:
    assert recipe(f"echo $${{{name}-unset}}", **{name: LEAKS[name]}) == "unset"


def test_a_setting_of_the_terminal_and_a_port_get_in() -> None:
    script = "echo $$PYTHONUNBUFFERED $$PORT_MONOLITH"
    assert recipe(script, "PORT_MONOLITH=9080", PYTHONUNBUFFERED="1") == "1 9080"


def test_loopback_is_past_every_proxy_and_the_caller_s_exceptions_stay() -> None:
    shown = recipe("echo $$NO_PROXY $$no_proxy", NO_PROXY="corp.example", no_proxy="10.0.0.0/8")
    upper, lower = shown.split()
    assert upper == lower == "127.0.0.1,localhost,::1,corp.example,10.0.0.0/8"


@pytest.mark.parametrize("home", ["", "/no/such/home", "/proc"])
def test_an_unusable_home_is_replaced(home: str) -> None:
    shown = recipe("echo $$HOME", HOME=home)
    assert shown == str(REPOSITORY / ".build" / "home")
