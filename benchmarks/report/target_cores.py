"""How many cores the target of a run had."""

from benchmarks.results_model.document import ResultsDocument


def target_cores(document: ResultsDocument) -> int:
    """Return how many cores the target had; 1 where it isn't known."""
    return len(document.environment.get("cpu", {}).get("target_cores", [0]))
