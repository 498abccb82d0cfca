"""The filled targets of one architecture, and the CPU time of a kind's calls on one of them."""

import itertools
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from backing.ports import free_port
from benchmarks.experiments.runner.cores import Cores
from benchmarks.experiments.runner.deployment import DATABASE_CONNECTIONS
from benchmarks.growth.client import Client
from benchmarks.growth.kinds import Kind, Session
from benchmarks.growth.rows import fill, ids_at
from benchmarks.targets import Target, deploy

SETTLE_SECONDS = 0.3  # after the last response: work that no client waits for
DEEP = 100
Show = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Bench:
    """What all deployments of a run have in common."""

    cores: Cores
    image: Path
    run_dir: Path
    sizes: Sequence[int]
    kinds: Sequence[Kind]
    blocks: int


@dataclass(frozen=True, slots=True)
class Measured:
    """CPU time of all processes of a target for all calls of a kind, and how long they took."""

    architecture: str
    rows: int
    block: int
    kind: str
    calls: int
    cpu_ms: float
    seconds: float


@dataclass(frozen=True, slots=True)
class FirstCount:
    """How long the first GET /account of a filled database took: it counts every row once."""

    architecture: str
    rows: int
    seconds: float


def measure(
    bench: Bench,
    architecture: str,
    drawn: random.Random,
    *,
    show: Show,
    keep: Callable[[Measured | FirstCount], None],
) -> None:
    """Deploy and fill a target for each size; give the CPU time of each kind to `keep`.

    In each block a kind is called on all targets, in random order, before the next kind is.
    Raises CallError, BackingError if the architecture can't be deployed, and psycopg.Error.
    """
    with ExitStack() as stack:
        filled = {
            rows: stack.enter_context(_filled(bench, architecture, rows, show=show, keep=keep))
            for rows in bench.sizes
        }
        for block in range(1, bench.blocks + 1):
            for _, session in filled.values():
                session.client.sign_in()
            for kind in bench.kinds:
                show(f"block {block} of {bench.blocks}, {kind.title}")
                for rows in drawn.sample(list(bench.sizes), len(bench.sizes)):
                    target, session = filled[rows]
                    cpu_ms, seconds = _calls(target, session, kind)
                    keep(
                        Measured(architecture, rows, block, kind.name, kind.calls, cpu_ms, seconds)
                    )
        show("stopping")


@contextmanager
def _filled(
    bench: Bench,
    architecture: str,
    rows: int,
    *,
    show: Show,
    keep: Callable[[Measured | FirstCount], None],
) -> Iterator[tuple[Target, Session]]:
    """Deploy an architecture, fill its database, and warm it up."""
    show(f"deploying for {rows} rows")
    target = deploy(
        architecture,
        run_dir=bench.run_dir / f"{architecture}-{rows}",
        edge_port=free_port(),
        settings={"RECOGNIZER": "synthetic", "SYNTHETIC_CPU_MS": "0"},
        cores=bench.cores.target,
        database_connections=DATABASE_CONNECTIONS,
    )
    with target, Client(target.base_url, bench.image) as client:
        account = client.sign_up()
        url = target.store_environment()["DATABASE_URL"]
        show(f"inserting {rows} rows")
        fill(url, architecture, account, rows)
        began = time.monotonic()
        client.send("GET", "/account", 200)
        keep(FirstCount(architecture, rows, time.monotonic() - began))
        deep = ids_at(url, account, skipped=rows // 2, count=DEEP)
        session = Session(client, itertools.cycle(deep))
        for kind in bench.kinds:
            for _ in range(min(kind.calls, 20)):
                kind.call(session)
        yield target, session


def _calls(target: Target, session: Session, kind: Kind) -> tuple[float, float]:
    """Make the calls of a kind; return the target's CPU-ms, and the seconds with the settling."""
    before, began = _cpu_ms(target), time.monotonic()
    for _ in range(kind.calls):
        kind.call(session)
    time.sleep(SETTLE_SECONDS)
    return _cpu_ms(target) - before, time.monotonic() - began


def _cpu_ms(target: Target) -> float:
    return sum(sample.cpu_ms for sample in target.sample())
