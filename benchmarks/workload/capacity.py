"""A Locust file for capacity: users without pauses, in rising steps.

    locust -f benchmarks/workload/capacity.py --host http://127.0.0.1:8080 --headless \
        --levels 1,2,4,8,16 --step-seconds 30

Locust's statistics run over all steps together; the experiments use the same users and steps with a
generator of their own (`python -m benchmarks.workload`), which keeps each request as a row.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # whatever folder Locust runs in

from locust import events
from locust.argument_parser import LocustArgumentParser
from locust.env import Environment

from benchmarks.workload import arguments
from benchmarks.workload.schedule import Schedule, parse_levels
from benchmarks.workload.shapes import SteppedUsers
from benchmarks.workload.users import CapacityUser


class Submitter(CapacityUser):
    """Submits, waits, reads, without a pause."""


class Steps(SteppedUsers):
    """The steps that the arguments ask for."""

    abstract = False


def _add_step_arguments(parser: LocustArgumentParser) -> None:
    arguments.add(parser, arguments.STEP_ARGUMENTS, "Rising steps of load")


def _set_schedule(environment: Environment, **_: object) -> None:
    options = environment.parsed_options
    if options is not None:
        Steps.schedule = Schedule.closed(parse_levels(options.levels), 0.0, options.step_seconds)


events.init_command_line_parser.add_listener(_add_step_arguments)
events.init.add_listener(_set_schedule)
