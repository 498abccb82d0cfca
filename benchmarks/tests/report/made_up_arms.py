"""What made-up arms cost by process, and how fast they are, which follows from it.

The core does 1000 CPU-ms a second, and `speed` is how fast the machine happens to be.
"""

from benchmarks.analysis.usage import Part, Reading
from benchmarks.experiments.runner.arms import EXTERNAL, FLOOR, Arm
from benchmarks.workload.schedule import Step

WORKERS = {"monolith": "monolith-worker", "microservices": "recognition-worker"}
RECOGNITION_MS = 40.0
COSTS: dict[str, dict[Part, float]] = {
    "monolith": {
        Part("unit", "monolith", "monolith-worker-1"): 10.0,
        Part("unit", "monolith", "monolith-web-1"): 20.0,
        Part("backing", "postgres", "postgres"): 6.0,
        Part("edge", "edge", "edge"): 2.0,
    },
    "microservices": {
        Part("unit", "recognition", "recognition-worker-1"): 12.0,
        Part("unit", "submissions", "submissions-web-1"): 20.0,
        Part("unit", "submissions", "submissions-consumer-1"): 9.0,
        Part("backing", "postgres", "postgres"): 8.0,
        Part("edge", "edge", "edge"): 2.5,
    },
    FLOOR: {
        Part("unit", "floor", "floor-loop-1"): 8.0,
        Part("backing", "s3", "s3"): 4.0,
    },
}
COSTS[EXTERNAL] = COSTS["monolith"]


def costs(arm: Arm) -> dict[Part, float]:
    """CPU-ms of each process of an arm for one submission."""
    found = dict(COSTS[arm.architecture])
    worker = next(iter(found))
    recognition = RECOGNITION_MS if arm.work_cpu_ms is None else arm.work_cpu_ms
    found[worker] += 2.0 if arm.stub_latency_ms else recognition
    for kind, count in arm.replicas.items():
        unit = kind.split("-")[0]
        for number in range(2, count + 1):
            found[Part("unit", unit, f"{kind}-{number}")] = 0.5
    return found


def capacity(arm: Arm) -> float:
    """Submissions a second at most."""
    most = 1000.0 / sum(costs(arm).values())
    if arm.stub_latency_ms:
        workers = arm.replicas.get(WORKERS[arm.architecture], 1)
        most = min(most, workers * 1000.0 / arm.stub_latency_ms)
    return most


def throughput(arm: Arm, step: Step, speed: float) -> float:
    """Submissions a second in a step."""
    if step.is_open:
        return min(step.rate, capacity(arm) * speed)
    return 1.0 / (0.015 / step.users + 1.0 / capacity(arm)) * speed


def latency_ms(arm: Arm, step: Step, speed: float) -> float:
    """From submit to ready, typically."""
    if step.is_open:
        load = min(0.95, step.rate / (capacity(arm) * speed))
        return 150.0 / (1.0 - load)
    return step.users / throughput(arm, step, speed) * 1000.0


def readings(arm: Arm, at: float, completed: float) -> tuple[Reading, ...]:
    """What the processes have used after so many submissions."""
    return tuple(
        Reading(at, part, 100 + number, cost * completed, (20 + 10 * number) * 2**20)
        for number, (part, cost) in enumerate(costs(arm).items())
    )
