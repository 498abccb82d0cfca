"""The document of a plan, `plan.json`: the validation, and what each load needs."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec

from benchmarks.results_model.base import Amount, Architecture, Count, Model, Number, about

PLAN_VERSION = 1


class UnreadablePlan(ValueError):
    """A `plan.json` that is missing or invalid; the text is one sentence."""


class ValidatedPoint(Model):
    """One level of a measured sweep, beside the simulation of the same conditions."""

    run: Annotated[str, about("Folder of the run, below the results.")]
    sweep: Annotated[str, about("The sweep.")]
    arm: Annotated[str, about("The arm.")]
    architecture: Annotated[Architecture, about("monolith or microservices.")]
    label: Annotated[str, about("The level in words.")]
    is_closed: Annotated[bool, about("Users that begin again; otherwise arrivals at a rate.")]
    throughput: Annotated[Amount, about("Measured submissions a second.")]
    modelled_throughput: Annotated[Amount, about("Simulated.")]
    throughput_error: Annotated[float, about("Simulated ÷ measured, minus 1.")]
    is_throughput_within: Annotated[bool, about("Whether the error is within the tolerance.")]
    p95_ms: Annotated[Amount | None, about("Measured, submit to ready; null from too few.")]
    modelled_p95_ms: Annotated[Amount, about("Simulated.")]
    p95_error: Annotated[float | None, about("Simulated ÷ measured, minus 1.")]
    is_p95_within: Annotated[bool | None, about("Whether the error is within the tolerance.")]
    is_in_interval: Annotated[
        bool | None,
        about("Whether the simulated p95 is within the measured trials' 95 % interval."),
    ]


class RepeatedLevel(Model):
    """The measured p95 of one level in two runs of one commit: how well it repeats itself."""

    architecture: Annotated[Architecture, about("monolith or microservices.")]
    label: Annotated[str, about("The level in words, of the first run.")]
    first_ms: Annotated[Amount, about("In the run that the model was fitted on.")]
    second_ms: Annotated[Amount, about("In the other one.")]
    difference: Annotated[float, about("Second ÷ first, minus 1.")]


class Validation(Model):
    """The simulation beside sweeps that it wasn't fitted on."""

    fitted_on: Annotated[str, about("The run whose CPU time the load factor is from.")]
    load_factor: Annotated[
        Amount, about("CPU time of all but the search, under load by that of the profile's client.")
    ]
    speeds: Annotated[
        Mapping[str, Mapping[str, Amount]],
        about("How long each run's machine searches by the profile's, by run and architecture."),
    ]
    other_speeds: Annotated[
        Mapping[str, Amount],
        about("How long each run's machine takes for all else, by that of the fitted run."),
    ]
    throughput_tolerance: Annotated[Amount, about("Of `throughput_error`.")]
    p95_tolerance: Annotated[Amount, about("Of `p95_error`.")]
    points: Annotated[Sequence[ValidatedPoint], about("In the order of the runs.")]
    repeated: Annotated[Sequence[RepeatedLevel], about("Levels of both runs of one commit.")]
    stated_error: Annotated[
        Mapping[str, Amount],
        about(
            "By architecture: the largest error of throughput with one process of each type and "
            "the real recognizer, which is the plan's case."
        ),
    ]


class ProcessPlan(Model):
    """The replicas of one process type, each on a vCPU of its own."""

    process: Annotated[str, about("As `monolith-web`.")]
    replicas: Annotated[Number, about("How many.")]
    vcpus: Annotated[Amount, about("What they compute at the peak, by the utilisation.")]


class Limit(Model):
    """Something that more replicas don't enlarge, with the load that it carries."""

    name: Annotated[str, about("cache, connections, database or object-store.")]
    per_second: Annotated[Amount, about("Submissions a second at which it is reached.")]
    per_day: Annotated[Amount, about("Submissions a day with that peak.")]
    parts: Annotated[Number, about("How many of it this load needs.")]


class HandCheck(Model):
    """The plan's cores beside those that one measured core gives, scaled by hand."""

    capacity: Annotated[Amount, about("Measured submissions a second of one core, all in all.")]
    needed_per_second: Annotated[Amount, about("Peak by utilisation.")]
    cores_by_hand: Annotated[Amount, about("needed_per_second ÷ capacity.")]
    cores_planned: Annotated[Amount, about("By the service times of all processes.")]
    difference: Annotated[float, about("cores_planned ÷ cores_by_hand, minus 1.")]


class ArchitecturePlan(Model):
    """What one architecture needs for a load. Rates are a second, at the peak."""

    architecture: Annotated[Architecture, about("monolith or microservices.")]
    processes: Annotated[Sequence[ProcessPlan], about("By name.")]
    database_vcpus: Annotated[Amount, about("Of PostgreSQL, by the utilisation.")]
    cache_vcpus: Annotated[Amount, about("Of Valkey, by the utilisation.")]
    rows_written: Annotated[Amount, about("Statements INSERT, UPDATE and DELETE.")]
    statements: Annotated[Amount, about("All statements of SQL.")]
    read_share: Annotated[Amount, about("Share of SELECT in the statements.")]
    messages: Annotated[Amount, about("Messages published.")]
    broker_commands: Annotated[Amount, about("Commands of Valkey.")]
    store_requests: Annotated[Amount, about("Requests to the object store.")]
    connections: Annotated[Number, about("Of all processes to PostgreSQL, pools full.")]
    limits: Annotated[Sequence[Limit], about("The first one that is reached comes first.")]
    p50_ms: Annotated[Amount, about("Simulated, submit to ready at the peak.")]
    p95_ms: Annotated[Amount, about("The same.")]
    worker_busy: Annotated[Amount, about("Simulated share of time in which a worker is taken.")]
    dollars_a_month: Annotated[Amount, about("With workers on Fargate, all items.")]
    hand_check: Annotated[HandCheck, about("Beside one measured core.")]


class LoadPlan(Model):
    """The plan for one number of submissions a day."""

    per_day: Annotated[Amount, about("Submissions a day.")]
    peak_per_second: Annotated[Amount, about("In the busiest hour.")]
    architectures: Annotated[Sequence[ArchitecturePlan], about("The monolith first.")]


class PlanDocument(Model):
    """The document."""

    plan_version: Annotated[int, about("Version of this form.")]
    seed: Annotated[Count, about("Of all simulations.")]
    profile: Annotated[str, about("Run of the service times.")]
    environment: Annotated[Mapping[str, Any], about("Machine and commit of the profile.")]
    reference: Annotated[str, about("The run on whose core the plan computes.")]
    utilisation: Annotated[Amount, about("Of the cost model.")]
    peak_to_mean: Annotated[Amount, about("Of the cost model.")]
    prices: Annotated[str, about("Region and date of the prices.")]
    validation: Annotated[Validation, about("How good the simulation is.")]
    plans: Annotated[Sequence[LoadPlan], about("By load, rising.")]


def read_plan(path: Path) -> PlanDocument:
    """Read a `plan.json`. Raises UnreadablePlan for one that is missing or invalid."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=PlanDocument)
    except OSError as error:
        raise UnreadablePlan(f"{path} can't be read: {error.strerror}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadablePlan(f"{path} is no plan: {error}.") from error
    if found.plan_version != PLAN_VERSION:
        raise UnreadablePlan(
            f"{path} is of version {found.plan_version}; this code reads {PLAN_VERSION}. "
            "Plan again: make plan INTO=…"
        )
    return found
