"""One deployment of an architecture, on which every request kind is measured or counted."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from backing.ports import free_ports
from benchmarks.experiments.runner.cores import Cores
from benchmarks.experiments.runner.deployment import DATABASE_CONNECTIONS
from benchmarks.request_profile.client import Client
from benchmarks.request_profile.errors import CallError
from benchmarks.request_profile.kinds import Kind, Session, Sizes, kinds_of, warm_up
from benchmarks.request_profile.readings import (
    Counter,
    Part,
    counted_per_call,
    cpu_by_part,
    cpu_per_call,
)
from benchmarks.request_profile.stacks import Sampler, Shares
from benchmarks.request_profile.statement_log import StatementLog
from benchmarks.results_model.request_profile import Counted
from benchmarks.targets import Target, deploy
from benchmarks.targets.injection.signals import stalled
from benchmarks.targets.local.gates import Gate
from benchmarks.targets.measure.request_gate import (
    RequestGate,
    dynamodb_operation,
    s3_operation,
)

SETTLE_SECONDS = 0.5  # after the last response: work that no client waits for
WORKER = "worker"
SHOWN_EVERY = 10  # calls
Show = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Bench:
    """What all deployments of a run have in common."""

    cores: Cores
    image: Path
    run_dir: Path
    folder: Path
    sizes: Sizes
    sample_seconds: float


@dataclass(frozen=True, slots=True)
class Measured:
    """The CPU time of one call of a kind in one block, by process type."""

    architecture: str
    block: int
    kind: str
    cpu_ms: Mapping[Part, float]


@dataclass(frozen=True, slots=True)
class CountedKind:
    """What one call of a kind did, and the shares of the layers in its CPU time."""

    architecture: str
    kind: str
    counted: Counted
    shares: Shares = field(default_factory=dict)


def measure(
    bench: Bench, architecture: str, block: int, *, show: Show, keep: Callable[[Measured], None]
) -> None:
    """Deploy an architecture, and give the CPU time of each kind to `keep` as it is known.

    Raises CallError, and BackingError if the architecture can't be deployed.
    """
    with _deployed(bench, architecture, show=show) as (target, session):
        for kind in kinds_of(bench.sizes):
            before = cpu_by_part(target)
            _make_calls(target, session, kind, show=show)
            cpu = cpu_per_call(before, cpu_by_part(target), kind.calls)
            keep(Measured(architecture, block, kind.name, cpu))
        show("stopping")


def count(
    bench: Bench,
    architecture: str,
    sampler: Sampler,
    *,
    show: Show,
    keep: Callable[[CountedKind], None],
) -> None:
    """Deploy an architecture behind gates, and give what each kind does to `keep`.

    Raises CallError, also for a request to a store that can't be counted, and BackingError.
    """
    gates = {"s3": RequestGate(s3_operation), "dynamodb": RequestGate(dynamodb_operation)}
    with _deployed(bench, architecture, show=show, gates=gates) as (target, session):
        log = StatementLog(target.supervisor.processes["postgres"].log)
        counter = Counter(target, session.client, log, **gates)
        for kind in kinds_of(bench.sizes):
            show(f"sampling: {kind.title}")
            shares = _sample(target, session, kind, sampler)
            try:
                before = counter.read()
                _make_calls(target, session, kind, show=show)
                counted = counted_per_call(before, counter.read(), kind.calls)
            except ValueError as error:
                raise CallError(f"{kind.title} can't be counted: {error}.") from error
            keep(CountedKind(architecture, kind.name, counted, shares))
        show("stopping")


@contextmanager
def _deployed(
    bench: Bench,
    architecture: str,
    *,
    show: Show,
    gates: Mapping[str, Gate] | None = None,
) -> Iterator[tuple[Target, Session]]:
    """Deploy an architecture with a server of images and warm it up; behind gates, also count."""
    show("deploying")
    edge_port, image_port = free_ports(2)
    target = deploy(
        architecture,
        run_dir=bench.run_dir / architecture,
        edge_port=edge_port,
        settings={
            "RECOGNIZER": "centerface",
            "IMAGE_FETCH_ALLOW": f"127.0.0.1:{image_port}",
        },
        # Samples are truer where no process waits for a core that another one has.
        cores=bench.cores.target if gates is None else None,
        database_connections=DATABASE_CONNECTIONS,
        count_statements=gates is not None,
        gates=gates,
    )
    with target:
        target.start_image_server(image_port)
        image_url = f"http://127.0.0.1:{image_port}/{bench.image.name}"
        with Client(target.base_url, bench.image, image_url) as client:
            session = Session(client)
            show("warming up")
            kinds = {kind.name: kind for kind in kinds_of(bench.sizes)}
            warm_up(session, kinds, bench.sizes)
            yield target, session


def _make_calls(target: Target, session: Session, kind: Kind, *, show: Show) -> None:
    """Make the calls of a kind, and wait until nothing that they caused is left to do."""
    with ExitStack() as stopped:
        for process in _worker_types(target) if kind.worker_stopped else ():
            stopped.enter_context(stalled(target, process))
        for done in range(kind.calls):
            if done % SHOWN_EVERY == 0:
                show(f"{kind.title}, {done} of {kind.calls}")
            kind.call(session)
        time.sleep(SETTLE_SECONDS)


def _sample(target: Target, session: Session, kind: Kind, sampler: Sampler) -> Shares:
    """Sample a kind with the worker running, so that its submissions end; then await them."""
    if not kind.has_stacks:
        return {}
    found = sampler.sample(target, kind.name, lambda: kind.call(session))
    session.drain()
    return found


def _worker_types(target: Target) -> list[str]:
    types = {it.name.rpartition("-")[0] for it in target.processes if it.spec.role == "unit"}
    return sorted(name for name in types if name.endswith(f"-{WORKER}"))
