"""The commands behind make: locks, hygiene, environments, the count of tests."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import bytecode
import hygiene
import lock
import locks
import prepare
import pytest
import suite_runner
from locks import Lock
from suites import SUITES, Suite

from repository import REPOSITORY


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(locks, "REPOSITORY", tmp_path)
    (tmp_path / "pyproject.toml").write_text(
        "[project]\n"
        'dependencies = ["httpx[http2]>=0.28", "flow-imaging", "x; sys_platform==\'os2\'"]\n'
        '[dependency-groups]\ndev = ["pytest>=8"]\n'
    )
    (tmp_path / "requirements.txt").write_text(pin("httpx[http2]", "0.28.1"))
    return tmp_path


def pin(name: str, version: str, digest: str = "--hash=sha256:00") -> str:
    return f"{name}=={version} \\\n    {digest}\n"


def test_a_lock_that_satisfies_its_project_has_no_fault(project: Path) -> None:
    assert locks.faults(Lock(".", "requirements.txt")) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (pin("httpx", "0.27.0"), "httpx 0.27.0 is not httpx"),
        (pin("h11", "1.0"), "httpx[http2]>=0.28 is not in it"),
        (pin("httpx", "0.28.1", ""), "httpx has no hash"),
    ],
)
def test_each_fault_of_a_lock_is_reported(project: Path, content: str, message: str) -> None:
    (project / "requirements.txt").write_text(content)
    (found,) = locks.faults(Lock(".", "requirements.txt"))
    assert message in found


def test_the_lock_for_tests_must_repeat_the_versions(project: Path) -> None:
    newer = pin("httpx", "0.29.0") + pin("pytest", "9.0")
    (project / "requirements-dev.txt").write_text(newer)
    lock = Lock(".", "requirements-dev.txt", group="dev", agrees_with="requirements.txt")
    assert locks.faults(lock) == [
        "./requirements-dev.txt: httpx is not 0.28.1 as in requirements.txt"
    ]


def test_every_environment_s_lock_is_known() -> None:
    known = {str(Path(lock.project) / lock.file) for lock in locks.LOCKS}
    assert {environment.lock for environment in prepare.ENVIRONMENTS.values()} == known


@pytest.mark.parametrize(
    ("script", "content"),
    [("exit 1", "before"), ("echo x > requirements.txt; exit 1", "before"), ("echo x", None)],
)
def test_a_lock_that_can_t_be_made_stays_as_it_was(
    project: Path, monkeypatch: pytest.MonkeyPatch, script: str, content: str | None
) -> None:
    made = project / "requirements.txt"
    made.write_text("before")
    monkeypatch.setattr(lock, "REPOSITORY", project)
    monkeypatch.setattr(lock, "command", lambda _: ["/bin/sh", "-c", script])
    assert lock.make(Lock(".", "requirements.txt")) is (content is None)
    assert (made.read_text() if made.exists() else None) == content


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("url = https://pypi" + ".org/simple", "a registry's host"),
        ("--index" + "-url https://mirror.example/index", "a registry's address"),
        ('open("/home' + '/ann/x")', "a local path"),
    ],
)
def test_data_of_one_machine_is_reported(text: str, what: str) -> None:
    (found,) = hygiene.faults("a.py", f"fine\n{text}\n")
    assert found.startswith(f"a.py:2: {what}")


def test_invalid_yaml_is_reported() -> None:
    (found,) = hygiene.faults("a.yaml", "a: [1,")
    assert "no valid YAML" in found
    assert hygiene.faults("a.yaml", "a: [1]\n") == []


def test_every_suite_s_environments_are_known() -> None:
    assert {name for suite in SUITES for name in suite.environments} <= set(prepare.ENVIRONMENTS)
    assert len({suite.name for suite in SUITES}) == len(SUITES)
    assert all((REPOSITORY / suite.folder).is_dir() for suite in SUITES)


def test_every_folder_of_the_benchmarks_tests_is_in_a_suite() -> None:
    commands = [suite.command for suite in SUITES if suite.folder == "benchmarks"]
    folders = {it.parent.name for it in (REPOSITORY / "benchmarks" / "tests").glob("*/test_*.py")}
    assert len(folders) >= 7
    for mark in ("slow", "not slow"):
        taken = {
            name
            for command in commands
            if f"-m '{mark}'" in command or "-m '" not in command
            for name in folders
            if re.search(rf"(?<!--ignore )tests(/{name}\b| )", command)
            and f"--ignore tests/{name}" not in command
        }
        assert folders - taken == set(), f"no suite runs the {mark} tests there"


def test_every_file_beside_those_folders_is_in_a_suite() -> None:
    commands = [suite.command for suite in SUITES if suite.folder == "benchmarks"]
    files = {it.name for it in (REPOSITORY / "benchmarks" / "tests").glob("test_*.py")}
    assert files
    named = {name for name in files for command in commands if f" tests/{name}" in command}
    assert files - named == set()


REPORT = '<testsuites><testsuite tests="5" failures="1" errors="1" skipped="1"/></testsuites>'


@pytest.mark.parametrize(
    ("command", "counts", "green"),
    [
        (f"echo '{REPORT}' > $JUNIT_XML; exit 1", (2, 2, 1), False),
        ("echo '<testsuite tests=\"3\"/>' > $JUNIT_XML", (3, 0, 0), True),
        ("echo '<testsuite tests=\"3\"/>' > $JUNIT_XML; exit 3", (3, 1, 0), False),
        ("true", (0, 0, 0), False),
        ("exit 4", (0, 1, 0), False),
        ("sleep 60", (0, 1, 0), False),
    ],
)
def test_a_suite_s_outcome(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    counts: tuple[int, int, int],
    green: bool,
) -> None:
    monkeypatch.setattr(suite_runner, "OUT", tmp_path)
    suite = Suite("one", "lint", ".", f"sh {write(tmp_path, command)}", limit_seconds=1)
    outcome = suite_runner.Runner().run(suite)
    assert (outcome.passed, outcome.failed, outcome.skipped) == counts
    assert outcome.green is green


def write(folder: Path, script: str) -> Path:
    path = folder / "suite.sh"
    path.write_text(script)
    return path


def test_the_python_of_a_suite_keeps_its_bytecode_beside_the_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suite_runner, "OUT", tmp_path)
    monkeypatch.setattr(bytecode, "FOLDER", tmp_path / "bytecode")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.delenv("PYTHONPYCACHEPREFIX", raising=False)
    (tmp_path / "lasting.py").touch()
    script = f'touch $TMPDIR/temporary.py; PYTHONPATH={tmp_path}:$TMPDIR python -c "import {{}}"'
    command = write(tmp_path, script.format("lasting, temporary"))
    ended = suite_runner.Runner().run(Suite("one", "lint", ".", f"sh {command}"))
    assert ended.status == 0
    written = {it.name.partition(".")[0] for it in bytecode.FOLDER.rglob("*.pyc")}
    assert written & {"lasting", "temporary"} == {"lasting"}
    assert not (tmp_path / "__pycache__").exists()


def test_an_environment_is_stale_when_its_lock_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = tmp_path / "requirements.txt"
    lock.write_text("")
    monkeypatch.setattr(prepare, "REPOSITORY", tmp_path)
    monkeypatch.setattr(prepare, "VENVS", tmp_path / ".venvs")
    monkeypatch.setitem(prepare.ENVIRONMENTS, "empty", prepare.Environment("requirements.txt"))
    monkeypatch.setattr(prepare, "_uv", lambda: [str(REPOSITORY / ".venvs/uv/bin/uv"), "-q"])
    prepare.make("empty")
    python = tmp_path / ".venvs" / "empty" / "bin" / "python"
    assert subprocess.run([python, "-c", ""], check=False).returncode == 0
    assert prepare.make("empty") == 0.0
    lock.write_text("# changed\n")
    assert prepare.make("empty") > 0.0


def test_a_lock_that_can_t_be_installed_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "requirements.txt").write_text("no-hash-here==1.0\n")
    monkeypatch.setattr(prepare, "REPOSITORY", tmp_path)
    monkeypatch.setattr(prepare, "VENVS", tmp_path / ".venvs")
    monkeypatch.setitem(prepare.ENVIRONMENTS, "bad", prepare.Environment("requirements.txt"))
    monkeypatch.setattr(prepare, "_uv", lambda: [str(REPOSITORY / ".venvs/uv/bin/uv"), "-q"])
    with pytest.raises(prepare.PrepareError, match="bad could not be made"):
        prepare.make("bad")
    assert not (tmp_path / ".venvs" / "bad" / ".stamp").exists()


def test_ctrl_c_while_a_module_imports_is_a_sentence(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / ".ci").mkdir(parents=True)
    launcher = root / ".ci" / "interruptible.py"
    launcher.write_text((REPOSITORY / ".ci" / "interruptible.py").read_text())
    (root / "slow.py").write_text("import time\nprint('up', flush=True)\ntime.sleep(20)\n")
    process = subprocess.Popen(
        [sys.executable, str(launcher), "slow"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    process.send_signal(signal.SIGINT)
    _, printed = process.communicate(timeout=10)
    assert (process.returncode, printed) == (130, "\nInterrupted.\n")
