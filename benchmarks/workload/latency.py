"""A Locust file for latency: arrivals at a set rate, which don't wait for earlier ones.

    locust -f benchmarks/workload/latency.py --host http://127.0.0.1:8080 --headless \
        --rate 5 --arrival-seconds 60 -u 50 -r 50

The users are the slots that flows run in; arrivals begin when all users have started, and the run
ends by itself after the last flow. "FLOW submit to ready" counts from an arrival's intended start.
An arrival that finds all slots busy and too many waiting is a failure named "FLOW arrival shed".
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # independent of Locust's folder

from locust import events
from locust.argument_parser import LocustArgumentParser
from locust.env import Environment
from locust.runners import Runner

from benchmarks.workload import arguments
from benchmarks.workload.locust_arrivals import LocustArrivals
from benchmarks.workload.slots import ArrivalUser


class Slot(ArrivalUser):
    """A slot that runs one arrival's flow at a time."""


def _add_arrival_arguments(parser: LocustArgumentParser) -> None:
    arguments.add(parser, arguments.ARRIVAL_ARGUMENTS, "Arrivals")


def _begin(environment: Environment, runner: Runner, **_: object) -> None:
    LocustArrivals(environment, runner, Slot)


events.init_command_line_parser.add_listener(_add_arrival_arguments)
events.init.add_listener(_begin)
