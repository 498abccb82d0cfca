"""The backing services of both architectures, run as local processes.

Used by `benchmarks/targets` to stand up a whole target, and from the command line
(`python -m backing run …`) to give a unit's tests the services that they need.
"""

from backing.errors import BackingError, PlatformError, StartError
from backing.processes import Process, ProcessSpec, Role, Supervisor
from backing.services import ON_DEMAND, SERVICE_NAMES, Backing, run_apart

__all__ = [
    "ON_DEMAND",
    "SERVICE_NAMES",
    "Backing",
    "BackingError",
    "PlatformError",
    "Process",
    "ProcessSpec",
    "Role",
    "StartError",
    "Supervisor",
    "run_apart",
]
