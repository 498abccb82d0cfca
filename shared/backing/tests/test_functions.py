"""The emulator of SQS and Lambda: functions start for messages and end by themselves."""

import io
import json
import shlex
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import psutil
import pytest
from botocore.config import Config

from backing import Backing, Process, Supervisor, functions
from backing.binaries import emulator_python
from backing.functions import read_starts, specification
from backing.ports import free_port

REGION = "eu-central-1"
# A runtime of a few lines, which handles one record: a body is how long to sleep, or "bad".
RUNTIME = """
import json, os, time, urllib.request

base = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation"
while True:
    with urllib.request.urlopen(f"{base}/next") as response:
        event, request = json.load(response), response.headers["Lambda-Runtime-Aws-Request-Id"]
    (record,) = event["Records"]
    failed = record["body"] == "bad"
    time.sleep(0 if failed else float(record["body"]))
    failures = [{"itemIdentifier": record["messageId"]}] if failed else []
    body = json.dumps({"batchItemFailures": failures}).encode()
    urllib.request.urlopen(f"{base}/{request}/response", data=body).close()
"""


class Emulator:
    """A running emulator with a function, its queue and its dead-letter queue."""

    def __init__(self, *, port: int, process: Process, runtime: Path) -> None:
        self.log = process.log
        self._process = psutil.Process(process.pid)
        keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
        config = Config(proxies={})
        endpoint = f"http://127.0.0.1:{port}"

        def client(service: Any) -> Any:
            return boto3.client(
                service, endpoint_url=endpoint, region_name=REGION, config=config, **keys
            )

        self.sqs, functions = client("sqs"), client("lambda")
        self.dead_letters = self.sqs.create_queue(QueueName="dead")["QueueUrl"]
        redrive = {"deadLetterTargetArn": self._arn(self.dead_letters), "maxReceiveCount": 2}
        attributes = {"VisibilityTimeout": "60", "RedrivePolicy": json.dumps(redrive)}
        self.queue = self.sqs.create_queue(QueueName="work", Attributes=attributes)["QueueUrl"]
        functions.create_function(
            FunctionName="worker",
            Runtime="provided.al2023",
            Role="arn:aws:iam::000000000000:role/worker",
            Handler="none",
            Code={"ZipFile": package(runtime)},
        )
        functions.create_event_source_mapping(
            FunctionName="worker",
            EventSourceArn=self._arn(self.queue),
            BatchSize=1,
            FunctionResponseTypes=["ReportBatchItemFailures"],
            ScalingConfig={"MaximumConcurrency": 3},
        )

    def send(self, body: str) -> None:
        self.sqs.send_message(QueueUrl=self.queue, MessageBody=body)

    def visible_again_after(self, seconds: int) -> None:
        attributes = {"VisibilityTimeout": str(seconds)}
        self.sqs.set_queue_attributes(QueueUrl=self.queue, Attributes=attributes)

    def running(self) -> int:
        """How many environments of the function there are."""
        return len(self._process.children())

    def listening(self) -> set[str]:
        """The addresses at which the emulator and the environments listen."""
        processes = [self._process, *self._process.children(recursive=True)]
        found = [it for process in processes for it in process.net_connections("tcp")]
        return {it.laddr.ip for it in found if it.status == psutil.CONN_LISTEN}

    def count(self, queue: str) -> int:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names)
        return sum(int(found["Attributes"][name]) for name in names)

    def _arn(self, url: str) -> str:
        found = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return str(found["Attributes"]["QueueArn"])


def package(runtime: Path) -> bytes:
    script = f"#!/bin/sh\nexec {shlex.quote(sys.executable)} {shlex.quote(str(runtime))}\n"
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr = 0o755 << 16
        zipped.writestr(entry, script)
    return archive.getvalue()


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    folder = tmp_path_factory.mktemp("functions")
    runtime = folder / "a runtime.py"
    runtime.write_text(RUNTIME)
    with Supervisor(folder / "run") as supervisor:
        port = free_port()
        data = folder / "data"
        spec = specification(data, port=port, region=REGION, idle_seconds=1)
        process = supervisor.start(spec)
        supervisor.wait_ready(process)
        yield Emulator(port=port, process=process, runtime=runtime)


def until(condition: Callable[[], bool], *, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_environments_start_up_to_the_maximum_and_all_end(emulator: Emulator) -> None:
    until(lambda: emulator.running() == 0)
    for _ in range(12):
        emulator.send("0.5")
    counts = []

    def done() -> bool:
        counts.append(emulator.running())
        return emulator.count(emulator.queue) == 0

    until(done)
    assert max(counts) == 3
    until(lambda: emulator.running() == 0)
    assert emulator.count(emulator.dead_letters) == 0


LOOKS = """
from ministack.core import lambda_runtime
import lambda_server
environment = lambda_runtime.ProvidedWorker("worker", {}, b"")
environment.in_use, environment.last_used = True, 0
lambda_runtime._workers["worker"] = [environment]
ended = [lambda_server.end_idle(60)]
environment.in_use = False
ended += [lambda_server.end_idle(60)]
environment.last_used -= 61
ended += [lambda_server.end_idle(60), lambda_server.end_idle(60)]
print(ended)
"""


def test_the_idle_time_begins_at_the_end_of_a_call() -> None:
    folder = Path(functions.__file__).parent
    command = [emulator_python(), "-c", LOOKS]
    done = subprocess.run(
        command, cwd=folder, check=True, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.splitlines()[-1] == "[0, 0, 1, 0]"


def test_each_start_is_reported(emulator: Emulator) -> None:
    until(lambda: emulator.running() == 0)
    before, now = len(read_starts(emulator.log)), time.time()
    emulator.send("0")
    emulator.send("0")
    until(lambda: emulator.count(emulator.queue) == 0)
    starts = read_starts(emulator.log)[before:]
    assert {start.function for start in starts} == {"worker"}
    assert 1 <= len(starts) <= 2
    assert all(start.at >= now - 1 and start.seconds > 0 for start in starts)
    assert read_starts(emulator.log.with_name("none")) == []


def test_a_record_that_fails_comes_again_and_then_is_a_dead_letter(emulator: Emulator) -> None:
    emulator.visible_again_after(1)
    emulator.send("bad")
    until(lambda: emulator.count(emulator.dead_letters) == 1)
    until(lambda: emulator.count(emulator.queue) == 0)
    emulator.visible_again_after(60)


def test_it_listens_on_loopback_alone(emulator: Emulator) -> None:
    emulator.send("2")
    until(lambda: emulator.running() > 0)
    assert emulator.listening() == {"127.0.0.1"}
    until(lambda: emulator.count(emulator.queue) == 0)


def test_it_is_started_only_where_it_is_named(tmp_path: Path) -> None:
    with Supervisor(tmp_path / "run") as supervisor:
        backing = Backing.start(supervisor, services=("lambda",))
        assert set(backing.ports) == {"lambda"}
        endpoint = f"http://127.0.0.1:{backing.ports['lambda']}"
        settings = backing.environment()
        assert settings["AWS_ENDPOINT_URL_SQS"] == settings["AWS_ENDPOINT_URL_LAMBDA"] == endpoint
        process = supervisor.processes["lambda"]
    assert not process.alive
