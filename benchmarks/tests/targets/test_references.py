"""The references beside a target: the loop by order, and minimal endpoints, on real stores."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from benchmarks.targets.floor.references import (
    ASGI,
    BUCKETS,
    WSGI,
    References,
    endpoint_command,
    start_references,
)
from benchmarks.targets.local.settings import IMAGE_BUCKET, RESULT_BUCKET
from benchmarks.targets.measure.inventory import count_objects, store_client
from benchmarks.tests.targets.conftest import TARGET_CORES

from backing import Backing, Process, StartError, Supervisor

IMAGE = Path(__file__).parents[3] / "shared" / "fixtures" / "load.jpg"
SETTINGS = {"RECOGNIZER": "synthetic", "SYNTHETIC_CPU_MS": "20"}
WEB = "granian --interface asgi --no-ws --port 1 --workers 1 config.asgi:application"


def test_an_endpoint_has_the_options_of_the_target_s_web_process() -> None:
    assert endpoint_command(WEB, "asgi") == WEB.replace("config.asgi:", "endpoints:")
    by_wsgi = "granian --interface wsgi --port 1 --workers 1 endpoints:application"
    assert endpoint_command(WEB, "wsgi") == by_wsgi


@pytest.mark.parametrize("web", ["gunicorn config.asgi:application", "granian other:application"])
def test_a_web_process_that_is_another_is_refused(web: str) -> None:
    with pytest.raises(ValueError, match="a web process is granian"):
        endpoint_command(web, "asgi")


class Stores:
    """Backing services without a unit, as far as the references need a target."""

    def __init__(self, supervisor: Supervisor) -> None:
        self.supervisor = supervisor
        self.backing = Backing.start(
            supervisor, services=("postgres", "valkey", "s3"), databases=["one"], cores=TARGET_CORES
        )

    @property
    def processes(self) -> tuple[Process, ...]:
        return tuple(self.supervisor.processes.values())

    def store_environment(self) -> dict[str, str]:
        buckets = {"IMAGE_BUCKET": IMAGE_BUCKET, "RESULT_BUCKET": RESULT_BUCKET}
        database = {"DATABASE_URL": self.backing.database_url("one")}
        return {**database, **self.backing.s3_environment(), **buckets}

    def broker_environment(self) -> dict[str, str]:
        return self.backing.broker_environment()


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    with Supervisor(tmp_path_factory.mktemp("references")) as supervisor:
        yield Stores(supervisor)


@pytest.fixture(scope="module")
def references(stores: Stores) -> Iterator[References]:
    target: Any = stores
    found = start_references(target, settings=SETTINGS, image=IMAGE)
    yield found
    found.close()


def test_the_loop_iterates_as_often_as_it_is_ordered(
    stores: Stores, references: References
) -> None:
    environment = {**stores.store_environment(), **BUCKETS}
    before = count_objects(environment)
    found = references.iterate(references.upload_key, 3)
    assert len(found.each_seconds) == 3
    assert all(it >= 0.02 for it in found.each_seconds), "the recognizer takes 20 ms"
    assert found.seconds == pytest.approx(sum(found.each_seconds))
    time.sleep(0.3)  # an iteration too many would end meanwhile
    after = count_objects(environment)
    assert (after.results - before.results, after.images - before.images) == (3, 3)
    store = store_client(environment)
    assert IMAGE_BUCKET not in {it["Name"] for it in store.list_buckets()["Buckets"]}


def test_all_run_on_the_target_s_cores_as_units_of_the_floor(
    stores: Stores, references: References
) -> None:
    assert references.urls.keys() == {ASGI, WSGI}
    mine = [it for it in stores.processes if it.spec.unit == "floor"]
    assert {it.name for it in mine} == {"floor-loop-1", ASGI, WSGI}
    assert all(os.sched_getaffinity(it.pid) == TARGET_CORES for it in mine)


def test_the_minimal_endpoints_respond(stores: Stores, references: References) -> None:
    for url in references.urls.values():
        assert httpx.get(f"{url}/json").json()["state"] == "succeeded"
    made = httpx.post(f"{references.urls[WSGI]}/insert", content=b"{}")
    assert made.status_code == 202
    with psycopg.connect(stores.store_environment()["DATABASE_URL"]) as database:
        rows = database.execute("SELECT id::text FROM minimal_submission").fetchall()
    assert rows == [(json.loads(made.content)["id"],)]


def test_a_loop_that_ends_is_reported(stores: Stores, references: References) -> None:
    """The last test here: the loop is gone afterwards."""
    with pytest.raises(StartError, match=r"(?s)did not iterate.*NoSuchKey"):
        references.iterate("uploads/none", 1)
