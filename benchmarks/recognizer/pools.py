"""Images a second by Celery pool: one worker of each, with a queue of its own, used in turn."""

import json
import time
import uuid
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis

from backing import Backing, Process, ProcessSpec, Supervisor
from benchmarks.recognizer.errors import RecognizerError
from benchmarks.recognizer.plan import POOL_IMAGES, Pool, order
from benchmarks.targets.local import readiness
from benchmarks.targets.local.settings import environments_folder
from benchmarks.targets.measure.process_samples import take_samples

_FOLDER = Path(__file__).parent
_TASK = "recognize"
_READY_SECONDS = 60.0
_LIMIT_SECONDS = 120.0
_POLL_SECONDS = 0.005


@dataclass(frozen=True, slots=True)
class PoolReading:
    """One pool in one block."""

    images_per_second: float
    cpu_ms: float
    memory_bytes: float


class PoolWorker:
    """A started worker and its queue."""

    def __init__(self, process: Process, queue: str, completed: Path, broker: redis.Redis) -> None:
        self._process = process
        self._queue = queue
        self._completed = completed
        self._broker = broker

    def measure(self, image: Path, count: int = POOL_IMAGES) -> PoolReading:
        """Send so many messages at once and wait for the last. RecognizerError if it is late."""
        ended_before = len(self._ends())
        before = self._process.usage().cpu_ms
        began = time.monotonic()
        self._broker.lpush(self._queue, *(_message(self._queue, image) for _ in range(count)))
        while len(ends := self._ends()) < ended_before + count:
            if time.monotonic() - began > _LIMIT_SECONDS or not self._process.alive:
                raise RecognizerError(f"{self._process.name} did not complete {count} images.")
            time.sleep(_POLL_SECONDS)
        (sample,) = take_samples([self._process])
        return PoolReading(
            images_per_second=count / (max(ends[ended_before:]) - began),
            cpu_ms=(sample.cpu_ms - before) / count,
            memory_bytes=sample.pss_bytes,
        )

    def _ends(self) -> list[float]:
        text = self._completed.read_text(encoding="utf-8") if self._completed.exists() else ""
        return [float(line.split()[0]) for line in text[: text.rfind("\n") + 1].splitlines()]


def pool_blocks(
    image: Path, pools: Sequence[Pool], run_dir: Path, cores: list[int], blocks: int
) -> list[dict[Pool, PoolReading]]:
    """Return the readings of each block, by pool, each block in a random order."""
    with _workers(pools, run_dir, cores) as workers:
        for worker in workers.values():
            worker.measure(image, 2 * len(cores))  # each child loads the model
        return [
            {pool: workers[pool].measure(image) for pool in order(pools, block)}
            for block in range(blocks)
        ]


@contextmanager
def _workers(
    pools: Sequence[Pool], run_dir: Path, cores: list[int]
) -> Iterator[Mapping[Pool, PoolWorker]]:
    with Supervisor(run_dir) as supervisor:
        backing = Backing.start(supervisor, services=("valkey",), cores=frozenset(cores))
        url = backing.broker_environment()["BROKER_URL"]
        started = {
            pool: supervisor.start(_specification(pool, url, run_dir, frozenset(cores)))
            for pool in pools
        }
        supervisor.wait_ready(*started.values())
        broker = redis.Redis.from_url(url)
        yield {
            pool: PoolWorker(process, pool.name, _completed(run_dir, pool), broker)
            for pool, process in started.items()
        }
        broker.close()


def _specification(pool: Pool, url: str, run_dir: Path, cores: frozenset[int]) -> ProcessSpec:
    return ProcessSpec(
        name=f"pool-{pool.name}",
        unit="pool",
        role="unit",
        command=(
            str(environments_folder() / "monolith" / "bin" / "celery"),
            *("--app", "pool_worker", "worker", "--queues", pool.name),
            *("--pool", pool.kind, "--concurrency", str(pool.concurrency)),
            *("--hostname", f"{pool.name}@%h", "--loglevel", "WARNING"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        ),
        directory=_FOLDER,
        environment={
            "BROKER_URL": url,
            "COMPLETED_FILE": str(_completed(run_dir, pool)),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        ready=readiness.consumes(url),
        ready_seconds=_READY_SECONDS,
        cores=cores,
    )


def _completed(run_dir: Path, pool: Pool) -> Path:
    return run_dir / f"{pool.name}.completed"


def _message(queue: str, image: Path) -> str:
    """Return a task's message in the layout of Celery's protocol 2, without Celery."""
    identifier = str(uuid.uuid4())
    body = json.dumps([[str(image)], {}, {"callbacks": None, "errbacks": None, "chain": None}])
    return json.dumps(
        {
            "body": b64encode(body.encode()).decode(),
            "content-encoding": "utf-8",
            "content-type": "application/json",
            "headers": {"lang": "py", "task": _TASK, "id": identifier, "root_id": identifier},
            "properties": {
                "correlation_id": identifier,
                "delivery_info": {"exchange": "", "routing_key": queue},
                "delivery_mode": 2,
                "delivery_tag": identifier,
                "body_encoding": "base64",
            },
        }
    )
