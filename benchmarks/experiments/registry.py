"""The experiments that there are. To add one: its package, and its name below."""

from importlib import import_module

from benchmarks.experiments.runner.errors import UsageError
from benchmarks.experiments.runner.experiment import Experiment

# The packages beside this module; each has its EXPERIMENT in `run`.
NAMES = (
    "scaling",
    "deploy",
    "isolation",
    "contract",
    "faults",
    "edge",
    "offload",
)


# Needs a container engine, so it is run where one is named, and never with all others
ENGINE = "platform"
ALL = "all"
# The three questions that the project exists for: what a quick comparison answers.
HEADLINES = ("scaling", "deploy", "isolation")
# The only experiment that can load targets which it didn't deploy.
EXTERNAL = "scaling"
_KNOWN = f"{', '.join((*NAMES, ENGINE))}, or {ALL}"


def default_names(
    profile: str, *, is_external: bool = False, on_engine: bool = False
) -> tuple[str, ...]:
    """Return which experiments are run where none is named."""
    if on_engine:
        return (ENGINE,)
    if is_external:
        return (EXTERNAL,)
    return HEADLINES if profile == "quick" else NAMES


def names_in(text: str) -> tuple[str, ...]:
    """Return the names in a list with commas between, or all, in the registry's order.

    Raises UsageError for a name that isn't registered, and for an empty list.
    """
    wanted = {name.strip() for name in text.split(",") if name.strip()}
    unknown = sorted(wanted - {*NAMES, ENGINE, ALL})
    if unknown:
        raise UsageError(f"There is no experiment {unknown[0]!r}: there is {_KNOWN}.")
    if not wanted:
        raise UsageError(f"No experiment is named: there is {_KNOWN}.")
    named = tuple(name for name in NAMES if name in wanted or ALL in wanted)
    return (*named, *({ENGINE} & wanted))


def experiment_named(name: str) -> Experiment:
    """Find one experiment by its name. Raises UsageError for a name that isn't registered."""
    if name not in {*NAMES, ENGINE}:
        raise UsageError(f"There is no experiment {name!r}: there is {_KNOWN}.")
    experiment: Experiment = import_module(f"{__package__}.{name}.run").EXPERIMENT
    return experiment
