"""A deploy that stands up the fake target, with CPU times that are set and not measured."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from benchmarks.experiments.runner.arms import Arm
from benchmarks.tests.fake_target import FakeApplication, Faults, Server

DATABASE_MS = 0.04
WORK_TO_CPU = 160  # a submission's time in the worker over the CPU time that it claims


@dataclass(frozen=True)
class FakeSample:
    process: str
    unit: str
    role: str
    pid: int
    cpu_ms: float
    pss_bytes: int


@dataclass(frozen=True)
class FakeCounts:
    rows: int
    states: Mapping[str, int]
    results: int


@dataclass(frozen=True)
class FakeCounters:
    """Three messages for every result."""

    messages_published: float

    def since(self, earlier: "FakeCounters") -> dict[str, float]:
        return {"messages_published": self.messages_published - earlier.messages_published}


@dataclass
class FakeTarget(AbstractContextManager["FakeTarget"]):
    """Costs `web_ms` and `worker_ms` of CPU for every result, and `DATABASE_MS` in the database.

    So little, because it is made up: a target that claims more CPU than its core was busy for is
    void, and on a quiet machine that core is idle. Some 60 results a second must stay well below
    the twentieth of a core that is forgiven.
    """

    run_dir: Path
    web_ms: float
    worker_ms: float
    application: FakeApplication
    companion_share: float = 0.0  # of its core
    scaled: list[tuple[str, int]] = field(default_factory=list)
    server: Server = field(init=False)

    def __enter__(self) -> "FakeTarget":
        (self.run_dir / "logs").mkdir(parents=True, exist_ok=True)
        (self.run_dir / "logs" / "web.log").write_text("started\n")
        self.server = Server(self.application).__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.server.__exit__()

    @property
    def base_url(self) -> str:
        return self.server.base_url

    def sample(self) -> list[FakeSample]:
        done = len(self.application.results)
        return [
            FakeSample("app-web-1", "app", "unit", 11, done * self.web_ms, 50 << 20),
            FakeSample("app-worker-1", "app", "unit", 12, done * self.worker_ms, 150 << 20),
            FakeSample("postgres", "postgres", "backing", 13, done * DATABASE_MS, 30 << 20),
        ]

    def sample_companions(self) -> list[FakeSample]:
        used_ms = self.companion_share * 1000 * time.monotonic()
        return [FakeSample("stub", "stub", "companion", 14, used_ms, 20 << 20)]

    def counters(self) -> "FakeCounters":
        return FakeCounters(3.0 * len(self.application.results))

    def scale_all(self, counts: Mapping[str, int]) -> None:
        self.scaled += counts.items()

    def counts(self) -> FakeCounts:
        states = Counter(it["state"] for it in self.application.submissions.values())
        every = self.application.faults.lose_every
        lost = states.total() // every if every else 0
        return FakeCounts(states.total() - lost, states, len(self.application.results))


def deployer(
    *,
    work_ms: Mapping[str, float],
    web_ms: Mapping[str, float],
    faults: Faults | None = None,
    companion_share: float = 0.0,
) -> Callable[..., FakeTarget]:
    """A `deploy` whose arms take so long and cost so much for each submission."""

    def deploy(arm: Arm, *, run_dir: Path, **_: object) -> FakeTarget:
        application = FakeApplication(work_ms=work_ms[arm.name], faults=faults or Faults())
        worker_ms = work_ms[arm.name] / WORK_TO_CPU
        return FakeTarget(run_dir, web_ms[arm.name], worker_ms, application, companion_share)

    return deploy
