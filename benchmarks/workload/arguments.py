"""The arguments that the Locust files add to Locust's own; a test compares the README."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from locust import events
from locust.argument_parser import LocustArgumentParser

from benchmarks.repository import REPOSITORY
from benchmarks.workload import checks

DEFAULT_IMAGE = REPOSITORY / "shared" / "fixtures" / "load.jpg"


@dataclass(frozen=True, slots=True)
class Argument:
    """One command-line argument, with the environment variable that also sets it.

    `check` is a function of `checks`, which `validation` calls.
    """

    flag: str
    variable: str
    default: str | float | int
    help: str
    check: Callable[[Any], Any]

    @property
    def name(self) -> str:
        """Return its name among the parsed options."""
        return self.flag.removeprefix("--").replace("-", "_")


def _image_file(text: str) -> str:
    """Return the path of the file; an empty one, as of an empty field of the form, is ours."""
    return checks.image_file(text.strip() or str(DEFAULT_IMAGE))


IMAGE = Argument(
    "--image",
    "FLOW_IMAGE",
    str(DEFAULT_IMAGE),
    "Image file that the users upload",
    _image_file,
)
IMAGE_URL = Argument(
    "--image-url",
    "FLOW_IMAGE_URL",
    "",
    "URL of an image that the target may fetch; without it nothing is submitted by URL",
    checks.image_url,
)
READY_TIMEOUT = Argument(
    "--ready-timeout-seconds",
    "FLOW_READY_TIMEOUT_SECONDS",
    90.0,
    "How long a user waits for a submission to become final before it counts as a failure",
    checks.above_zero,
)
REPORT_FILE = Argument(
    "--report-file",
    "FLOW_REPORT_FILE",
    "",
    "File to which the report of the run is written as JSON, by the master alone",
    checks.anything,
)
LEVELS = Argument(
    "--levels", "FLOW_LEVELS", "1,2,4,8,16", "Users of each step, rising", checks.levels
)
STEP = Argument(
    "--step-seconds", "FLOW_STEP_SECONDS", 30.0, "Duration of each step", checks.above_zero
)
RATE = Argument(
    "--rate", "FLOW_RATE", 5.0, "Arrivals a second, of all workers together", checks.above_zero
)
ARRIVALS = Argument(
    "--arrival-seconds",
    "FLOW_ARRIVAL_SECONDS",
    60.0,
    "Duration of the arrivals",
    checks.above_zero,
)
SEED = Argument(
    "--arrival-seed", "FLOW_ARRIVAL_SEED", 1, "Seed of the arrivals' times", checks.anything
)

FLOW_ARGUMENTS = (IMAGE, IMAGE_URL, READY_TIMEOUT, REPORT_FILE)
STEP_ARGUMENTS = (LEVELS, STEP)
ARRIVAL_ARGUMENTS = (RATE, ARRIVALS, SEED)


_added: dict[str, Argument] = {}


def added() -> tuple[Argument, ...]:
    """Return the arguments that `add` has added in this process."""
    return tuple(_added.values())


def add(parser: LocustArgumentParser, arguments: tuple[Argument, ...], title: str) -> None:
    """Add the arguments to a parser as a group with this title."""
    _added.update({argument.name: argument for argument in arguments})
    group = parser.add_argument_group(title)
    for argument in arguments:
        group.add_argument(
            argument.flag,
            env_var=argument.variable,
            type=type(argument.default),
            default=argument.default,
            help=argument.help,
        )


def _add_flow_arguments(parser: LocustArgumentParser) -> None:
    add(parser, FLOW_ARGUMENTS, "Image submission flow")


events.init_command_line_parser.add_listener(_add_flow_arguments)
