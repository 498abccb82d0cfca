"""Releases, scaling and names of a target on Compose, with the engine in memory."""

import os
from pathlib import Path
from typing import cast

import pytest
from benchmarks.targets import ARCHITECTURES
from benchmarks.targets.architectures import unit_names
from benchmarks.targets.compose import ComposeTarget, replicas
from benchmarks.targets.compose.compose_command import Compose
from benchmarks.targets.compose.engine import Engine
from benchmarks.targets.compose.services import tag_variable
from benchmarks.targets.errors import EngineError, WrongResponseError
from benchmarks.tests.targets.fake_compose import FakeCompose, FakeEngine, running


class System:
    """A target, and the engine and Compose below it."""

    def __init__(self, arch: str, run_dir: Path) -> None:
        self.engine, self.compose, self.services = running(arch)
        architecture = ARCHITECTURES[arch]
        variables = {tag_variable(unit): "local" for unit in unit_names(architecture)}
        self.target = ComposeTarget(
            architecture,
            cast("Engine", self.engine),
            cast("Compose", self.compose),
            services=self.services,
            variables=variables | {f"PORT_{arch.upper()}": "8123"},
            run_dir=run_dir,
        )

    def images(self, process: str) -> list[str]:
        return [it.image.rpartition("@")[2] for it in self.engine.containers(process)]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replicas, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(replicas, "EDGE_SECONDS", 0.0)


@pytest.fixture
def monolith(tmp_path: Path) -> System:
    return System("monolith", tmp_path)


@pytest.fixture
def services(tmp_path: Path) -> System:
    return System("microservices", tmp_path)


def test_a_release_replaces_every_process_of_its_unit_and_no_other(services: System) -> None:
    release = services.target.release("submissions", "next")
    for process in ("submissions-web", "submissions-consumer", "submissions-sweeper"):
        assert services.images(process) == ["next"], process
    assert services.images("accounts-web") == ["local"]
    assert (release.started, release.interrupted) == (3, False)
    assert services.compose.calls[0][-1] == "submissions-release", "the release comes first"


def test_a_new_web_container_is_found_when_it_is_healthy_and_before_the_old_one_ends(
    monolith: System,
) -> None:
    monolith.target.release("monolith", "next")
    network = "one-flow-monolith_edge"
    calls = [it for it in monolith.engine.calls if "monolith-web#2" in it or "stop" in it]
    away = calls.index(("network", "disconnect", network, "monolith-web#2"))
    nameless = calls.index(("network", "connect", network, "monolith-web#2"))  # reaches others
    started = next(at for at, it in enumerate(calls) if it[0] == "start")
    named = ("network", "connect", "--alias=monolith-web", network, "monolith-web#2")
    stopped = calls.index(("stop", "-t", "45", "monolith-web#1"))
    assert away < nameless < started < calls.index(named) < stopped


def test_containers_of_the_wanted_image_stay(monolith: System) -> None:
    assert monolith.target.release("monolith", "local").started == 0
    assert monolith.images("monolith-web") == ["local"]
    assert not [it for it in monolith.engine.calls if it[0] in {"stop", "rm"}]


def test_a_release_that_never_becomes_healthy_leaves_the_former_one(monolith: System) -> None:
    before = monolith.engine.containers()
    with pytest.raises(EngineError, match=r"Not ready after 0\.1 s: .* is starting: log of"):
        monolith.target.release("monolith", "bad", timeout_seconds=0.1)
    assert monolith.engine.containers() == before
    assert not [it for it in monolith.engine.calls if "--alias=monolith-web" in it]
    monolith.target.undo("monolith")
    assert monolith.engine.containers() == before


def test_a_canary_compares_a_new_web_container_before_the_edge_finds_it(monolith: System) -> None:
    calls = monolith.engine.calls
    compared: list[tuple[list[str], list[str]]] = []

    def canary(serving: list[str], new: list[str]) -> None:
        assert not [it for it in calls if "--alias=monolith-web" in it]
        assert monolith.images("monolith-worker") == ["local"], "no new worker has begun"
        compared.append((serving, new))

    monolith.target.release("monolith", "next", canary=canary)
    assert compared == [(["http://172.20.0.8:8000"], ["http://172.20.0.9:8000"])]


def test_a_release_that_a_canary_refuses_leaves_the_former_one(monolith: System) -> None:
    before, images = monolith.engine.containers(), monolith.target.images("monolith")

    def refuse(_serving: list[str], _new: list[str]) -> None:
        message = "The canary got a wrong response."
        raise WrongResponseError(message)

    with pytest.raises(WrongResponseError, match="wrong response"):
        monolith.target.release("monolith", "next", canary=refuse)
    assert monolith.engine.containers() == before
    assert monolith.target.images("monolith") == images
    assert not [it for it in monolith.engine.calls if "--alias=monolith-web" in it]


def test_a_release_that_fails_starts_nothing(monolith: System) -> None:
    monolith.compose.release_fails = True
    with pytest.raises(EngineError, match="a migration failed"):
        monolith.target.release("monolith", "next")
    assert monolith.engine.calls == []


def test_an_undo_brings_the_former_images_back_without_a_release(monolith: System) -> None:
    monolith.target.release("monolith", "next")
    monolith.compose.calls.clear()
    monolith.target.undo("monolith")
    assert monolith.images("monolith-worker") == ["local"]
    assert not [it for it in monolith.compose.calls if it[0] == "run"]


def test_without_a_release_there_is_nothing_to_undo(monolith: System) -> None:
    with pytest.raises(EngineError, match="there is nothing to undo"):
        monolith.target.undo("monolith")


def test_without_an_image_nothing_is_released(monolith: System) -> None:
    with pytest.raises(EngineError, match="no container image one-flow/monolith:r9"):
        monolith.target.release("monolith", "r9")
    assert monolith.compose.calls == []


def test_an_edge_is_tried_without_its_port_and_then_replaced(services: System) -> None:
    services.engine.images["one-flow/microservices-edge:next"] = "one-flow/microservices-edge@next"
    release = services.target.release("edge", "next")
    assert services.images("microservices-edge") == ["next"]
    assert release.interrupted
    assert [it[0] for it in services.compose.calls] == ["run", "up"]
    assert not services.engine.containers(one_off=True)


def test_an_edge_that_never_becomes_ready_replaces_none(services: System) -> None:
    services.engine.images["one-flow/microservices-edge:bad"] = "one-flow/microservices-edge@bad"
    services.engine.sick.add("one-flow/microservices-edge@bad")
    before = services.engine.containers()
    with pytest.raises(EngineError, match="microservices-edge is starting"):
        services.target.release("edge", "bad", timeout_seconds=0.1)
    assert services.engine.containers() == before
    assert not services.engine.containers(one_off=True)


def test_a_later_container_has_the_released_image(monolith: System) -> None:
    monolith.target.release("monolith", "next")
    monolith.target.scale("monolith-worker", 3)
    assert monolith.images("monolith-worker") == ["next"] * 3


def test_the_newest_are_scaled_away_and_their_logs_stay(monolith: System, tmp_path: Path) -> None:
    monolith.target.scale("monolith-worker", 3)
    monolith.target.scale("monolith-worker", 1)
    assert [it.number for it in monolith.engine.containers("monolith-worker")] == [1]
    log = tmp_path / "logs" / "monolith-worker-3.log"
    assert log.read_text() == "log of monolith-worker#3\n"


@pytest.mark.parametrize("process", ["edge", "postgres"])
def test_what_there_is_one_of_is_not_scaled(monolith: System, process: str) -> None:
    with pytest.raises(EngineError, match="there is one of it"):
        monolith.target.scale(process, 2)


def test_processes_have_the_names_of_local_ones(services: System) -> None:
    services.target.scale("recognition-worker", 2)
    found = {it.process: it for it in services.target.running_containers()}
    assert set(found) == {
        *("accounts-web-1", "submissions-web-1", "submissions-consumer-1"),
        *("submissions-sweeper-1", "recognition-worker-1", "recognition-worker-2"),
        *("edge", "postgres", "valkey", "s3", "dynamodb", "image-server"),
    }
    roles = {it.role for it in found.values()}
    assert roles == {"unit", "edge", "backing", "companion"}
    assert found["recognition-worker-2"].unit == "recognition"
    assert found["image-server"].role == "companion"


def test_a_measured_target_has_no_image_server(monolith: System) -> None:
    monolith.target.stop_image_server()
    assert monolith.engine.calls == [("stop", "-t", "0", "image-server#1")]
    found = {it.role for it in monolith.target.running_containers()}
    assert found == {"unit", "edge", "backing"}


def test_a_process_is_found_by_its_type_and_by_its_name(monolith: System) -> None:
    monolith.target.scale("monolith-web", 2)
    ids = ["monolith-web#1", "monolith-web#2"]
    assert [it for it, _ in monolith.target.containers("monolith-web")] == ids
    assert [it for it, _ in monolith.target.containers("monolith-web-2")] == ids[1:]
    assert len(monolith.target.containers("edge")) == 1
    for name in ("monolith-web-7", "monolith-consumer", "monolith-release"):
        with pytest.raises(EngineError, match=f"There is no process '{name}'"):
            monolith.target.containers(name)


def test_a_process_of_another_machine_is_killed_by_the_engine_and_started(
    monolith: System,
) -> None:
    own = os.getpid()  # runs here, and isn't that of the container
    worker = monolith.engine.containers("monolith-worker")[0]
    monolith.engine._change(worker.id, pid=own)
    monolith.target.kill("monolith-worker")
    assert monolith.engine.calls[-2:] == [
        ("kill", "--signal=KILL", worker.id),
        ("start", worker.id),
    ]


def test_what_is_stalled_goes_on(monolith: System) -> None:
    monolith.target.stall("valkey")
    monolith.target.resume("valkey")
    assert monolith.engine.calls == [("pause", "valkey#1"), ("unpause", "valkey#1")]


def test_a_restart_gives_a_service_its_time_to_end(monolith: System) -> None:
    monolith.target.restart("s3")
    assert monolith.engine.calls == [("restart", "-t", "60", "s3#1")]


def test_the_stores_are_read_at_their_containers(services: System) -> None:
    target = services.target
    target._variables = {
        **target._variables,
        "SUBMISSIONS_DATABASE_PASSWORD": "secret",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "more",
    }
    assert target.store_environment() == {
        "DATABASE_URL": "postgresql://submissions:secret@172.20.0.8:5432/submissions",
        "AWS_ENDPOINT_URL_S3": "http://172.20.0.8:8333",
        "AWS_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "more",
        "IMAGE_BUCKET": "submissions-images",
        "RESULT_BUCKET": "recognition-results",
    }
    assert target.base_url == "http://127.0.0.1:8123"


def test_the_fakes_are_complete() -> None:
    """Each method of the fakes is one of the real class."""
    for fake, real in ((FakeEngine, Engine), (FakeCompose, Compose)):
        own = {name for name in vars(fake) if not name.startswith("_")} - {"add"}
        assert own <= set(vars(real)), fake
