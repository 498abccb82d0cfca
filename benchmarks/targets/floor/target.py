"""The floor under every arm: the same work in a plain loop, on an object store and nothing else.

What an architecture costs above it is the price of its API, its queue and its database.
"""

import dataclasses
import shutil
import signal
import uuid
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from backing import Backing, Process, ProcessSpec, StartError, Supervisor
from benchmarks.targets.architectures import ARCHITECTURES
from benchmarks.targets.local.companions import Companion
from benchmarks.targets.local.deployment import clear, start_companions
from benchmarks.targets.local.settings import IMAGE_BUCKET, RESULT_BUCKET, environments_folder
from benchmarks.targets.measure.counters import Counters, loopback_bytes
from benchmarks.targets.measure.inventory import Counts, count_objects, store_client, warm_buckets
from benchmarks.targets.measure.process_samples import ProcessSample, take_samples

READY_SECONDS = 60.0
FINISH_SECONDS = 40.0
LOOP = "floor-loop-1"
UNIT = "floor"
_SCRIPT = Path(__file__).with_name("loop.py")
_HOST = ARCHITECTURES["monolith"]  # in whose environment the loop runs


class FloorTarget:
    """The running loop and its object store. As a context manager it ends both.

    The CPU of one iteration is that of both processes, `floor-loop-1` and `s3`.
    """

    def __init__(self, supervisor: Supervisor, backing: Backing, completed: Path) -> None:
        self._supervisor = supervisor
        self._backing = backing
        self._completed = completed
        self._finished = False

    @property
    def run_dir(self) -> Path:
        """Return the folder of logs, data and state."""
        return self._supervisor.run_dir

    @property
    def processes(self) -> tuple[Process, ...]:
        """Return all processes, the companions included."""
        return tuple(self._supervisor.processes.values())

    def sample(self) -> list[ProcessSample]:
        """Return CPU time (ms since the deployment) and memory of every process but companions."""
        return take_samples(p for p in self.processes if p.spec.role != "companion")

    def sample_companions(self) -> list[ProcessSample]:
        """Return CPU time and memory of the companions, which don't belong to the target."""
        return take_samples(p for p in self.processes if p.spec.role == "companion")

    def completed(self) -> list[float]:
        """Return the end of each iteration so far, on the monotonic clock, in seconds.

        StartError with the end of the loop's log if the loop has ended by itself.
        """
        if not self._finished and not self._loop.alive:
            raise StartError(self._failure_message("ended"))
        return read_stamps(self._completed)

    def finish(self) -> None:
        """End the loop after the current iteration, so that what is stored can be counted.

        StartError if it doesn't end in time or fails.
        """
        used = self._loop.usage().cpu_ms
        self._supervisor.kill(self._loop, signal.SIGTERM, descendants=False)
        status = self._supervisor.wait_end(self._loop, timeout_seconds=FINISH_SECONDS)
        if status != 0:
            raise StartError(self._failure_message("did not finish"))
        self._loop.retired_cpu_ms = used
        self._finished = True

    def counts(self) -> Counts:
        """Return the numbers of objects; without a database, a stored result counts as a row."""
        found = count_objects(self.store_environment())
        return dataclasses.replace(found, rows=found.results, states={"succeeded": found.results})

    def counters(self) -> Counters:
        """Return the bytes of the loopback; no backing service here counts anything else."""
        return Counters(loopback_bytes=loopback_bytes())

    @property
    def _loop(self) -> Process:
        return self._supervisor.processes[LOOP]

    def _failure_message(self, what: str) -> str:
        lines = "\n".join(f"  | {line}" for line in self._loop.last_lines())
        return f"The floor's loop {what}. Its log ({self._loop.log}) ends with:\n{lines}"

    def store_environment(self) -> dict[str, str]:
        """Return the settings with which the object store can be read."""
        return _store_environment(self._backing)

    def stop(self) -> None:
        """End all processes and remove the data; the logs stay."""
        self._supervisor.stop_all()
        self._backing.remove_leftovers()
        shutil.rmtree(self.run_dir / "data", ignore_errors=True)

    def __enter__(self) -> "FloorTarget":
        """Return the target; leaving the block stops it."""
        return self

    def __exit__(self, *_exception: object) -> None:
        """Stop the loop and the object store."""
        self.stop()


def deploy_floor(
    *,
    run_dir: Path,
    settings: Mapping[str, str],
    cores: Iterable[int] | None,
    image: Path,
    companions: Sequence[Companion] = (),
    companion_cores: Iterable[int] | None = None,
) -> FloorTarget:
    """Start an object store, stage the upload, start the loop; ready after its first iteration.

    The arguments are those of `deploy`; `settings` name the recognizer. Takes about 4 s. Raises
    what `deploy` raises, and then leaves nothing behind.
    """
    clear(run_dir)
    supervisor = Supervisor(run_dir)
    pinned = None if cores is None else frozenset(cores)
    try:
        companion_settings = start_companions(
            companions, supervisor, _HOST, settings=settings, cores=companion_cores
        )
        beside = list(supervisor.processes.values())
        backing = Backing.start(supervisor, services=("s3",), cores=pinned)
        upload_key = stage(_store_environment(backing), image)
        supervisor.wait_ready(*beside)
        completed = supervisor.run_dir / "data" / "completed.txt"
        environment = _store_environment(backing) | companion_settings
        loop = supervisor.start(loop_spec(upload_key, completed, environment, cores=pinned))
        supervisor.wait_ready(loop)
    except BaseException:
        supervisor.stop_all()
        raise
    return FloorTarget(supervisor, backing, completed)


def read_stamps(completed: Path) -> list[float]:
    """Return the times in the loop's file, in seconds, without an incomplete last line."""
    text = completed.read_text()
    return [float(line) for line in text[: text.rfind("\n") + 1].splitlines()]


def loop_spec(
    upload_key: str,
    completed: Path,
    environment: Mapping[str, str],
    *,
    cores: frozenset[int] | None,
    orders: Path | None = None,
) -> ProcessSpec:
    """Return how to start the loop; with `orders` it iterates as a pipe there has it."""
    arguments = (upload_key, str(completed), *(() if orders is None else (str(orders),)))
    python = environments_folder() / "monolith" / "bin" / "python"
    return ProcessSpec(
        name=LOOP,
        unit=UNIT,
        role="unit",
        # -P: the script imports none of the modules beside it.
        command=(str(python), "-P", str(_SCRIPT), *arguments),
        directory=completed.parent,
        environment=environment,
        ready=lambda _process: bool(read_stamps(completed)),
        ready_seconds=READY_SECONDS,
        cores=cores,
    )


def stage(environment: Mapping[str, str], image: Path) -> str:
    """Create the buckets, store the image as an API would, and return its key."""
    store, key = store_client(environment), f"uploads/{uuid.uuid4()}"
    images = environment["IMAGE_BUCKET"]
    for bucket in (images, environment["RESULT_BUCKET"]):
        location = {"LocationConstraint": environment["AWS_REGION"]}
        store.create_bucket(Bucket=bucket, CreateBucketConfiguration=location)
    warm_buckets(environment)
    store.put_object(Bucket=images, Key=key, Body=image.read_bytes())
    return key


def _store_environment(backing: Backing) -> dict[str, str]:
    buckets = {"IMAGE_BUCKET": IMAGE_BUCKET, "RESULT_BUCKET": RESULT_BUCKET}
    return backing.s3_environment() | buckets
