"""A Locust file for capacity: users without pauses, in rising steps.

    locust -f benchmarks/workload/capacity.py --host http://127.0.0.1:8080 --headless \
        --levels 1,2,4,8,16 --step-seconds 30

Locust's statistics run over all steps together; the experiments use the same users and steps with a
generator of their own (`python -m benchmarks.workload`), which keeps each request as a row.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # independent of Locust's folder

from locust import events
from locust.argument_parser import LocustArgumentParser

from benchmarks.workload import arguments
from benchmarks.workload.schedule import Schedule, parse_levels
from benchmarks.workload.shapes import SteppedUsers
from benchmarks.workload.users import CapacityUser


class Submitter(CapacityUser):
    """A user that submits, waits and reads, without a pause."""


class Steps(SteppedUsers):
    """The steps of the arguments or the web page's form, as they are when a test starts."""

    abstract = False

    def reset_time(self) -> None:
        """Restart the clock with the schedule of the current options."""
        super().reset_time()  # type: ignore[no-untyped-call]  # Locust has no types for it
        options = self.runner.environment.parsed_options if self.runner is not None else None
        if options is not None:
            levels = parse_levels(options.levels)
            type(self).schedule = Schedule.closed(levels, 0.0, options.step_seconds)


def _add_step_arguments(parser: LocustArgumentParser) -> None:
    arguments.add(parser, arguments.STEP_ARGUMENTS, "Rising steps of load")


events.init_command_line_parser.add_listener(_add_step_arguments)
