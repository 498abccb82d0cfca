"""A made-up run: kinds that cost known amounts, on both sides, in some blocks."""

from collections.abc import Sequence
from typing import Any

from benchmarks.request_profile.kinds import Kind, Sizes, kinds_of
from benchmarks.request_profile.readings import Part
from benchmarks.request_profile.run import Records
from benchmarks.request_profile.summary import summarize
from benchmarks.request_profile.visit import CountedKind, Measured
from benchmarks.results_model.request_profile import ARCHITECTURES, Counted, ProfileDocument

SIZES = Sizes()
ENVIRONMENT: dict[str, Any] = {
    "cpu": {"model": "made up", "cores": 2},
    "source": {"commit": "0" * 40, "changed": False},
}
WEB = {"monolith": "monolith-web", "microservices": "submissions-web"}
WORKER = {"monolith": "monolith-worker", "microservices": "recognition-worker"}
COUNTED = Counted(
    statements={"BEGIN": 1.0, "COMMIT": 1.0, "SELECT": 2.5},
    transactions=1.0,
    s3={"PUT object": 2.0},
    dynamodb={},
    broker_commands=3.0,
    messages=1.0,
    broker_bytes=400.0,
    request_bytes=1234.0,
    response_bytes=70_000.0,
)
SHARES = {"ORM and psycopg": 0.5, "gateway": 0.5}


def cpu(architecture: str, block: int, place: int) -> dict[Part, float]:
    """Return the CPU-ms of a call: the services' are twice the monolith's; blocks differ a bit."""
    factor = (2 if architecture == "microservices" else 1) * (1 + block / 100)
    unit = WEB[architecture].removesuffix("-web")
    found = {
        Part(WEB[architecture], unit, "unit"): 3.0 * factor,
        Part(WORKER[architecture], WORKER[architecture].removesuffix("-worker"), "unit"): 50.0
        * factor
        * (place % 2),
        Part("edge", "edge", "edge"): 0.5 * factor,
        Part("postgres", "postgres", "backing"): 1.0 * factor,
    }
    if architecture == "microservices":
        found[Part("accounts-web", "accounts", "unit")] = 0.0
    return found


def records(
    *, blocks: int = 3, kinds: Sequence[Kind] | None = None, counted: bool = True
) -> Records:
    """Return the records of a run whose blocks are all there."""
    found = Records(7, blocks, ENVIRONMENT, "2026-11-29T12:00:00+00:00")
    for place, kind in enumerate(kinds_of(SIZES) if kinds is None else kinds):
        for name in ARCHITECTURES:
            found.measured += [
                Measured(name, block, kind.name, cpu(name, block, place))
                for block in range(1, blocks + 1)
            ]
            if counted:
                shares = {WEB[name]: SHARES} if kind.has_stacks else {}
                found.counted.append(CountedKind(name, kind.name, COUNTED, shares))
    return found


def document(**changed: Any) -> ProfileDocument:
    """Return the document of a made-up run; keywords are those of `records`."""
    return summarize(records(**changed), kinds_of(SIZES), run="made-up", image="load.jpg")
