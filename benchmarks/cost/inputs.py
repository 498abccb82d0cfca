"""What the cost of one architecture is computed from."""

from dataclasses import dataclass, field

from benchmarks.cost.assumptions import Assumptions
from benchmarks.cost.prices import Prices
from benchmarks.cost.sizing import Sizes, Values
from benchmarks.cost.usage import Usage


@dataclass(frozen=True, slots=True)
class Inputs:
    """One architecture as measured, the prices and the assumptions.

    `function_ms` is what a warm call of the function was measured to take on one core with the
    store beside it; None: derived from the worker's CPU time.
    """

    usage: Usage
    prices: Prices
    assumptions: Assumptions = field(default_factory=Assumptions)
    function_ms: float | None = None

    @property
    def sizes(self) -> Sizes:
        """How numbers and classes are chosen."""
        return Sizes(whole=bool(self.assumptions.whole))

    @property
    def wait_ms(self) -> float:
        """What recognition waits for the object store, for one submission."""
        return self.assumptions.store_calls * self.assumptions.store_wait_ms

    def cpu_ms(self, name: str) -> float:
        """Return CPU-ms on one vCPU, of a process type or backing service for one submission."""
        given = self.assumptions
        measured = self.usage.submission_cpu_ms(
            name, sign_ins=given.sign_ins, sign_ups=given.sign_ups
        )
        return measured / given.vcpu_speed

    def vcpus(self, name: str, peak: Values) -> Values:
        """Return the vCPUs that a process type or backing service needs at the peak."""
        return peak * self.cpu_ms(name) / 1000 / self.assumptions.utilisation

    def memory_bytes(self, process_type: str) -> float:
        """Return the memory to give to one process, headroom included."""
        return self.usage.memory_bytes[process_type] * self.assumptions.memory_headroom
