"""A target whose backing services and recognizer lie behind gates."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from backing.ports import free_port
from benchmarks.targets import ClarifaiStub, Target, deploy
from benchmarks.targets.injection import (
    FaultProxy,
    SmallDisk,
    Unprivileged,
    VanishingHost,
)
from benchmarks.targets.local.gates import Gate

DISK_BYTES = 512 * 2**20


@dataclass(frozen=True)
class Gated:
    """The target and its gates. `why_not`: why there are no hosts and disks; empty if there are."""

    target: Target
    proxies: dict[str, FaultProxy]
    hosts: dict[str, VanishingHost]
    disks: frozenset[str]
    why_not: str


@contextmanager
def deploy_gated(
    architecture: str, *, run_dir: Path, settings: Mapping[str, str], seed: int
) -> Iterator[Gated]:
    """Deploy behind proxies before S3, DynamoDB and the recognizer.

    As root, PostgreSQL and Valkey also get hosts that can vanish, and the stores small disks.
    """
    with ExitStack() as stack:
        names = ("s3", "dynamodb", "recognizer")
        proxies = {name: FaultProxy(seed=seed) for name in names}
        for proxy in proxies.values():
            stack.callback(proxy.close)
        hosts: dict[str, VanishingHost] = {}
        disks: dict[str, SmallDisk] = {}
        why_not = ""
        try:
            for name in ("postgres", "valkey"):
                hosts[name] = VanishingHost()
                stack.callback(hosts[name].close)
            disks = {name: SmallDisk(DISK_BYTES) for name in ("postgres", "valkey", "s3")}
        except Unprivileged as reason:
            why_not = str(reason)
        gates: dict[str, Gate] = {**proxies, **hosts}
        deployed = deploy(
            architecture,
            run_dir=run_dir,
            edge_port=free_port(),
            settings=settings,
            companions=[ClarifaiStub(latency_ms=100)],
            gates=gates,
            disks=disks,
        )
        stack.enter_context(deployed)
        yield Gated(deployed, proxies, hosts, frozenset(disks), why_not)
