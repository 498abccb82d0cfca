"""The claims of the platform experiment: each a ratio of two measurements of one block."""

from benchmarks.experiments.platform.sweeps import LOAD
from benchmarks.experiments.runner.arms import MONOLITH, SERVICES
from benchmarks.experiments.runner.claim import Claim

_ENGINES = {"kubernetes": "Kubernetes", "compose": "Docker Compose"}
_SIDES = {MONOLITH: "the monolith", SERVICES: "the services"}
_OWN = {
    "kubernetes": "the engine itself is on the same core, with its whole control plane, and counts",
    "compose": "the engine itself is on the same core, and counts",
}


def engine_name(platform: str) -> str:
    """Return the name of an engine as its makers write it."""
    return _ENGINES[platform]


def _depends(platform: str) -> tuple[str, ...]:
    return (
        "the recognizer takes most of the CPU: the less it takes, the larger the ratio",
        "the core is full, so that what idle processes use is shared by the most submissions",
        _OWN[platform],
        "the backing services run on the engine too, some as other programs of the same kind",
        "probes count: they run in the containers",
    )


def claims_on(platform: str) -> tuple[Claim, ...]:
    """Return the claims about one engine, the more general first."""
    engine = engine_name(platform)
    return (
        *(_cpu(engine, platform, side) for side in (MONOLITH, SERVICES)),
        *(_latency(engine, platform, side) for side in (MONOLITH, SERVICES)),
        _sides(engine, platform),
    )


def _cpu(engine: str, platform: str, side: str) -> Claim:
    return Claim(
        name=f"platform-cpu-{side}",
        statement=f"On {engine}, a submission costs {_SIDES[side]} more CPU than as local "
        "processes.",
        measure="CPU-ms per completed submission",
        sweep=LOAD,
        unit="ms",
        first=f"{side}-{platform}",
        second=side,
        smallest=0.05,
        sentence=f"on {engine}, {_SIDES[side]} {_need(side)} {{times}} the CPU for a submission",
        depends=_depends(platform),
    )


def _need(side: str) -> str:
    return "needs" if side == MONOLITH else "need"


def _latency(engine: str, platform: str, side: str) -> Claim:
    return Claim(
        name=f"platform-latency-{side}",
        statement=f"On {engine}, one user waits longer for {_SIDES[side]}.",
        measure="submit to ready with one user, median, in ms",
        sweep=LOAD,
        unit="ms",
        first=f"{side}-{platform}",
        second=side,
        smallest=0.10,
        sentence=f"on {engine}, one user waits {{times}} as long for {_SIDES[side]}",
        depends=(
            "one user: no other request waits for the core, but the engine uses it",
            "a user's request reaches the edge from the same machine",
        ),
    )


def _sides(engine: str, platform: str) -> Claim:
    return Claim(
        name="cpu-per-submission",
        statement=f"On {engine} too, the services need more CPU for each submission.",
        measure="CPU-ms per completed submission",
        sweep=LOAD,
        unit="ms",
        first=f"{SERVICES}-{platform}",
        second=f"{MONOLITH}-{platform}",
        smallest=0.02,
        sentence=f"on {engine}, the services need {{times}} the CPU of the monolith",
        depends=_depends(platform),
    )
