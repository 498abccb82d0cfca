"""Without an engine, each thing that is missing ends in one sentence; programs are scripts here."""

import json
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest
from benchmarks.targets import ARCHITECTURES
from benchmarks.targets.compose import deploy
from benchmarks.targets.compose.compose_command import Compose, find_compose
from benchmarks.targets.compose.engine import Engine
from benchmarks.targets.compose.services import FILE, variables
from benchmarks.targets.errors import EngineError

PROJECT = "one-flow-monolith"
# A program that responds to the commands of `responses`, a line each: status, output, error; it
# writes what it was called with, and what Compose reads of its environment.
PROGRAM = """\
#!/bin/sh
printf '%s\\n' "$0 $*" >>"{folder}/calls"
env | grep -E '^(COMPOSE_|MONOLITH_TAG|RECOGNIZER)' | sort >>"{folder}/environment"
key=$(printf '%s' "$*" | tr -c 'a-zA-Z0-9' '_')
for file in "{folder}"/responses/"${{0##*/}}".*; do
    [ -e "$file" ] || continue
    pattern=${{file#*responses/"${{0##*/}}".}}
    case "$key" in
        *$pattern*)
            cat "$file"
            [ ! -e "$file-error" ] || {{ cat "$file-error" >&2; exit 1; }}
            exit 0 ;;
    esac
done
exit "{otherwise}"
"""


class Programs:
    """Scripts in the place of docker and docker-compose, alone in the PATH with a few others."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        (folder / "bin").mkdir()
        (folder / "responses").mkdir()
        for name in ("sh", "cat", "env", "grep", "sort", "tr"):
            (folder / "bin" / name).symlink_to(str(shutil.which(name)))
        monkeypatch.setenv("PATH", str(folder / "bin"))

    def install(self, name: str, *, otherwise: int = 0) -> None:
        path = self.folder / "bin" / name
        path.write_text(PROGRAM.format(folder=self.folder, otherwise=otherwise))
        path.chmod(0o755)

    def respond(self, name: str, part: str, output: str = "", *, error: str | None = None) -> None:
        """Have a program print something where its arguments contain `part`."""
        key = "".join(letter if letter.isalnum() else "_" for letter in part)
        path = self.folder / "responses" / f"{name}.{key}"
        path.write_text(output)
        if error is not None:
            path.with_name(f"{path.name}-error").write_text(error)

    def calls(self, part: str = "") -> list[str]:
        path = self.folder / "calls"
        lines = path.read_text().splitlines() if path.exists() else []
        return [line for line in lines if part in line]


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    return Programs(tmp_path, monkeypatch)


@pytest.fixture
def engine(programs: Programs) -> Programs:
    """An engine of which nothing is known yet, with docker-compose 1.29."""
    programs.install("docker")
    programs.install("docker-compose")
    programs.respond("docker", "compose version", error="docker: 'compose' is no command\n")
    programs.respond("docker-compose", "version --short", "1.29.2\n")
    return programs


def refused(run_dir: Path, **options: Any) -> str:
    with pytest.raises(EngineError) as raised:
        deploy("monolith", run_dir=run_dir / "run", **options)
    return str(raised.value)


@pytest.mark.usefixtures("programs")
def test_no_docker_is_one_sentence(tmp_path: Path) -> None:
    assert refused(tmp_path) == "docker is missing: install Docker Engine."


def test_no_compose_is_one_sentence(programs: Programs, tmp_path: Path) -> None:
    programs.install("docker", otherwise=1)
    assert refused(tmp_path).startswith("Docker Compose is missing: install its plugin")


def test_an_old_compose_is_named(programs: Programs, tmp_path: Path) -> None:
    programs.install("docker", otherwise=1)
    programs.install("docker-compose")
    programs.respond("docker-compose", "version --short", "1.25.0\n")
    assert refused(tmp_path).endswith("is 1.25.0: version 1.29 or a later one is needed.")


@pytest.mark.parametrize("version", ["2.24.5", "v2.40.1", "5.0.0"])
def test_the_plugin_comes_before_the_program(engine: Programs, version: str) -> None:
    error = engine.folder / "responses" / "docker.compose_version-error"
    error.unlink()
    engine.respond("docker", "compose version", f"{version}\n")
    found = find_compose()
    assert (found.name, found.version) == ("docker compose", version)


def test_without_the_plugin_it_is_the_program(engine: Programs) -> None:
    del engine
    assert (find_compose().name, find_compose().version) == ("docker-compose", "1.29.2")


def test_a_daemon_that_does_not_respond_is_one_sentence(engine: Programs, tmp_path: Path) -> None:
    engine.respond("docker", "version --format", error="Cannot connect to the Docker daemon\n")
    assert refused(tmp_path) == "No Docker daemon responds: start it, or set DOCKER_HOST."


@pytest.mark.parametrize("kind", ["ps --all", "network ls", "volume ls"])
def test_a_project_that_exists_is_refused_and_stays(
    engine: Programs, tmp_path: Path, kind: str
) -> None:
    engine.respond("docker", kind, "0123\n")
    sentence = refused(tmp_path)
    assert sentence.startswith(f"The Compose project '{PROJECT}' exists")
    assert f"`docker-compose --profile monolith -p {PROJECT} down -v`" in sentence
    assert not engine.calls(" down")
    assert not engine.calls(" up")


def test_a_port_that_is_taken_is_named_with_its_variable(engine: Programs, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        sentence = refused(tmp_path, edge_port=port)
    assert sentence.startswith(f"Port {port} of 127.0.0.1 is taken")
    assert "PORT_MONOLITH" in sentence
    assert not engine.calls(" up")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_an_image_that_cannot_be_built_is_one_sentence(engine: Programs, tmp_path: Path) -> None:
    error = "Step 3/9 : RUN pip\nERROR: Service 'monolith-web' failed to build : no space\n"
    engine.respond("docker-compose", " build ", error=error)
    sentence = refused(tmp_path, edge_port=free_port())
    assert sentence == ("docker-compose build: Service 'monolith-web' failed to build : no space")
    assert engine.calls(" down "), "what was begun is removed"
    assert not (tmp_path / "run" / "compose").exists(), "its secrets are removed"


def test_the_reason_of_a_failed_build_is_that_of_docker(engine: Programs, tmp_path: Path) -> None:
    error = (
        "DEPRECATED: The legacy builder is deprecated.\n"
        "pull access denied for caddy, repository does not exist\n"
        "ERROR: Service 'monolith-edge' failed to build : Build failed\n"
    )
    engine.respond("docker-compose", " build ", error=error)
    sentence = refused(tmp_path, edge_port=free_port())
    assert sentence.endswith("build: pull access denied for caddy, repository does not exist")


def test_a_missing_image_is_named_if_it_is_not_built(engine: Programs, tmp_path: Path) -> None:
    sentence = refused(tmp_path, edge_port=free_port(), build=False)
    assert sentence.startswith("There is no container image one-flow/")
    assert not engine.calls(" build ")


def test_a_container_that_is_not_healthy_is_named_with_the_end_of_its_log(
    engine: Programs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.respond("docker", "images --quiet", "sha256:1\n")
    engine.respond("docker-compose", " up ", error="ERROR: Container is unhealthy.\n")
    sick = {
        "Id": "ab12",
        "Image": "sha256:1",
        "RestartCount": 0,
        "State": {"Status": "running", "Pid": 7, "Health": {"Status": "unhealthy"}},
        "Config": {"Labels": {"com.docker.compose.service": "monolith-web"}},
        "NetworkSettings": {"Networks": {}},
    }
    engine.respond("docker", "inspect --type", json.dumps([sick]))
    engine.respond("docker", "logs ab12", "starting\nno route to postgres\n")
    listed = Engine._ids
    monkeypatch.setattr(Engine, "_ids", lambda self, filters: [*listed(self, filters), "ab12"])
    sentence = refused(tmp_path, edge_port=free_port())
    assert sentence == "monolith-web is unhealthy: starting / no route to postgres"
    kept = tmp_path / "run" / "logs" / "monolith-web-1.log"
    assert kept.read_text() == "starting\nno route to postgres\n"


def test_compose_gets_the_project_the_profile_and_no_other_variables(
    engine: Programs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPOSE_FILE", "other.yml")
    monkeypatch.setenv("RECOGNIZER", "clarifai")
    given = {"MONOLITH_TAG": "local"}
    compose = Compose(PROJECT, profile="monolith", variables=given, folder=tmp_path)
    (engine.folder / "environment").unlink()
    compose.run("ps", variables={"MONOLITH_TAG": "next"})
    assert (engine.folder / "environment").read_text().splitlines() == [
        "COMPOSE_HTTP_TIMEOUT=300",
        "COMPOSE_PROFILES=monolith",
        f"COMPOSE_PROJECT_NAME={PROJECT}",
        "MONOLITH_TAG=next",
    ]
    (call,) = engine.calls(" ps")
    assert f"--file {FILE} --env-file {tmp_path / 'empty.env'} ps" in call
    assert (tmp_path / "empty.env").read_text() == ""


def test_every_setting_of_the_file_is_documented_and_no_other() -> None:
    example = file_example()
    assert variables() == set(example)
    assert ARCHITECTURES.keys() == {"monolith", "microservices"}


def file_example() -> dict[str, str]:
    text = FILE.with_name(".env.example").read_text()
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def test_what_an_earlier_run_left_is_no_obstacle(engine: Programs, tmp_path: Path) -> None:
    """Docker makes a folder of a mounted file that is gone when it starts a container again."""
    (tmp_path / "run" / "compose" / "s3.json").mkdir(parents=True)
    sentence = refused(tmp_path, edge_port=free_port(), build=False)
    assert sentence.startswith("There is no container image one-flow/")
    del engine
