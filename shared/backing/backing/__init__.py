"""The real parts of both architectures, run as local processes.

Used by `benchmarks/targets` to stand up a whole target, and from the command line
(`python -m backing run …`) to give a unit's own tests the parts that they need.
"""

from backing.errors import BackingError, PlatformError, StartError
from backing.processes import Process, ProcessSpec, Role, Supervisor
from backing.services import PART_NAMES, Backing

__all__ = [
    "PART_NAMES",
    "Backing",
    "BackingError",
    "PlatformError",
    "Process",
    "ProcessSpec",
    "Role",
    "StartError",
    "Supervisor",
]
