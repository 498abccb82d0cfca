"""The command line: every command has its module, its help, and one sentence for a wrong call."""

import importlib
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import command_line
from benchmarks.command_line import COMMANDS, INTERRUPTED, MISUSED, main, sentence
from benchmarks.repository import REPOSITORY


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_its_module_and_its_help(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    module = importlib.import_module(f"benchmarks.commands.{name.replace('-', '_')}")
    assert all(issubclass(error, Exception) for error in module.ERRORS)
    assert set(module.ERRORS.values()) <= {1, 2}
    assert module.INTERRUPTED.startswith("Interrupted")
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert sentence(COMMANDS[name]) in shown


def test_every_module_of_a_command_is_on_the_command_line() -> None:
    folder = Path(command_line.__file__).with_name("commands")
    with_run = {path.stem for path in folder.glob("*.py") if "\ndef run(" in path.read_text()}
    assert with_run == {name.replace("-", "_") for name in COMMANDS}


def test_the_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert re.findall(r"^    ([a-z-]+)\s", shown, re.MULTILINE) == list(COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["launch"], "invalid choice: 'launch'"),
        (["up", "mainframe"], "no architecture mainframe: use monolith or microservices"),
        (["run", "mainframe", "--", "true"], "no architecture mainframe"),
        (["up", "--", "true"], "nothing may follow -- in up"),
        (["release", "accounts"], "the following arguments are required: REF"),
        (["release", "accounts", "HEAD", "somehow"], "invalid choice: 'somehow'"),
        (["soak", "--minutes", "0"], "use 1 to 1440 minutes"),
        (["selfcheck", "--size", "huge"], "invalid choice: 'huge'"),
    ],
)
def test_wrong_arguments_are_a_sentence_and_status_2(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == MISUSED
    shown = capsys.readouterr().err
    assert message in shown
    assert "Traceback" not in shown


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "monolith"], "Name a command"),
        (["reliability", "--only", "earthquake"], "No job earthquake: use stall-valkey, "),
    ],
)
def test_a_wrong_call_that_a_command_finds_is_status_2(
    arguments: list[str], message: str, tmp_path: Path
) -> None:
    done = _start(*arguments, cwd=tmp_path)
    _, shown = done.communicate(timeout=60)
    assert done.returncode == MISUSED
    assert shown.startswith(message)
    assert len(shown.splitlines()) == 1


def test_a_status_needs_no_numpy() -> None:
    code = (
        "import sys; from benchmarks.command_line import main; main(['status']); "
        "sys.exit('numpy' in sys.modules or 'gevent' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, cwd=REPOSITORY, timeout=60)
    assert done.returncode == 0


@pytest.mark.slow
@pytest.mark.timeout(600)  # a worker that still starts takes its time to end on a busy machine
def test_ctrl_c_ends_run_with_130_and_nothing_is_left() -> None:
    mark = f"MARK_{os.getpid()}"
    script = "sleep 300 & echo ready; wait"  # a shell's background job ignores SIGINT
    process = _start("run", "monolith", "--", "sh", "-c", script, environment={mark: "1"})
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    os.killpg(process.pid, signal.SIGINT)
    _, shown = process.communicate(timeout=400)
    assert process.returncode == INTERRUPTED
    assert "Interrupted; what this command started has ended." in shown
    assert _marked(mark) == []


def _start(
    *arguments: str, cwd: Path = REPOSITORY, environment: dict[str, str] | None = None
) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def _marked(mark: str) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"{mark}=1".encode() in path.read_bytes():
                found.append((path.parent / "cmdline").read_text())
        except OSError:
            continue
    return found
