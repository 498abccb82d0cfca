"""What a target has used and counted so far, read before and after the calls of a kind."""

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.request_profile.client import Client
from benchmarks.request_profile.statement_log import StatementLog
from benchmarks.results_model.request_profile import Counted
from benchmarks.targets import Target
from benchmarks.targets.measure.request_gate import RequestGate


@dataclass(frozen=True, slots=True)
class Part:
    """A process type of a target, or a backing service."""

    process: str
    unit: str
    role: str


def cpu_by_part(target: Target) -> dict[Part, float]:
    """Return the CPU-ms of each process type since the deployment."""
    found: dict[Part, float] = {}
    for sample in target.sample():
        is_unit = sample.role == "unit"
        name = sample.process.rpartition("-")[0] if is_unit else sample.process
        part = Part(name, sample.unit, str(sample.role))
        found[part] = found.get(part, 0.0) + sample.cpu_ms
    return found


def cpu_per_call(
    before: Mapping[Part, float], after: Mapping[Part, float], calls: int
) -> dict[Part, float]:
    """Return the CPU-ms of each process type for one call."""
    return {part: (ms - before.get(part, 0.0)) / calls for part, ms in after.items()}


@dataclass(frozen=True, slots=True)
class Counts:
    """Everything that is counted beside CPU time, since the deployment."""

    statements: Mapping[str, int]
    s3: Mapping[str, int]
    dynamodb: Mapping[str, int]
    others: Mapping[str, float]  # by the names of the fields of `Counted`


@dataclass(frozen=True, slots=True)
class Counter:
    """Reads the counts of a target behind gates, and of the client that sends the requests."""

    target: Target
    client: Client
    log: StatementLog
    s3: RequestGate
    dynamodb: RequestGate

    def read(self) -> Counts:
        """Return the counts so far. Raises ValueError for a request that can't be counted."""
        statements, services = self.log.read(), self.target.counters()
        return Counts(
            statements=statements.by_verb,
            s3=self.s3.counts(),
            dynamodb=self.dynamodb.counts(),
            others={
                "transactions": statements.transactions,
                "broker_commands": services.broker_commands or 0.0,
                "messages": services.messages_published or 0.0,
                "broker_bytes": services.broker_bytes or 0.0,
                "request_bytes": self.client.request_bytes,
                "response_bytes": self.client.response_bytes,
            },
        )


def counted_per_call(before: Counts, after: Counts, calls: int) -> Counted:
    """Return what one call did, on average; what didn't happen is left out of the mappings."""
    return Counted(
        statements=_each(before.statements, after.statements, calls),
        s3=_each(before.s3, after.s3, calls),
        dynamodb=_each(before.dynamodb, after.dynamodb, calls),
        **_each(before.others, after.others, calls, keep=True),
    )


def _each(
    before: Mapping[str, float], after: Mapping[str, float], calls: int, *, keep: bool = False
) -> dict[str, float]:
    counts = {name: after[name] - before.get(name, 0) for name in sorted(after)}
    return {name: count / calls for name, count in counts.items() if keep or count > 0}
