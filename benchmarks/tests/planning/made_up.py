"""Service times with round numbers."""

from benchmarks.planning.points import Conditions
from benchmarks.planning.service_times import ServiceTimes

NOTHING: dict[str, dict[str, float]] = {
    call: {} for call in ("submit-upload", "wait-upload", "result")
}


def times(**wait_ms: float) -> ServiceTimes:
    """Return times of which only the wait has any, by process; the worker's is the search."""
    return ServiceTimes(
        cpu_ms={**NOTHING, "wait-upload": wait_ms},
        background_ms={},
        search_ms=wait_ms.get("worker", 0.0),
        floor_ms=wait_ms.get("worker", 0.0),
    )


def conditions(**changed: object) -> Conditions:
    """Return one user of the monolith with the real recognizer, or others."""
    given: dict[str, object] = {
        "architecture": "monolith",
        "replicas": {},
        "work_cpu_ms": None,
        "stub_ms": None,
        "users": 1,
        "rate": 0.0,
        "warm_up_seconds": 1.0,
        "window_seconds": 5.0,
    }
    return Conditions(**{**given, **changed})  # type: ignore[arg-type]
