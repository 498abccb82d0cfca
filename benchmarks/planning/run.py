"""Make the document of a plan: validate the simulation, then plan each load."""

from collections.abc import Sequence

from benchmarks.cost.assumptions import Assumptions
from benchmarks.cost.prices import Prices
from benchmarks.planning.document import PLAN_VERSION, PlanDocument, Validation
from benchmarks.planning.plan import plan
from benchmarks.planning.points import points
from benchmarks.planning.sources import FITTED, REFERENCE, SECOND, Sources
from benchmarks.planning.trial import SEED
from benchmarks.planning.validation import (
    P95_TOLERANCE,
    THROUGHPUT_TOLERANCE,
    repeated,
    stated_error,
    validated,
)

LOADS = (1e5, 1e6, 1e7, 1e8)  # submissions a day


def document(sources: Sources, prices: Prices, loads: Sequence[float] = LOADS) -> PlanDocument:
    """Return the validation, which takes a minute, and the plans. Raises PlanningError."""
    given = Assumptions()
    return PlanDocument(
        plan_version=PLAN_VERSION,
        seed=SEED,
        profile=sources.profile.run.id,
        environment=sources.profile.environment,
        reference=REFERENCE,
        utilisation=given.utilisation,
        peak_to_mean=given.peak_to_mean,
        prices=f"{prices.region}, {prices.date}",
        validation=validation(sources),
        plans=[plan(sources, prices, load) for load in loads],
    )


def validation(sources: Sources) -> Validation:
    """Return the simulation beside every point of the runs that it wasn't fitted on."""
    measured = {name: points(name, run) for name, run in sources.runs.items()}
    plain = [point for name in measured if name != FITTED for point in measured[name]]
    found = [
        point
        for name in measured
        if name != FITTED
        for point in validated(measured[name], sources.times_in(name))
    ]
    return Validation(
        fitted_on=FITTED,
        load_factor=sources.load_factor,
        speeds={
            name: {side: it.search for side, it in sources.speeds(name).items()}
            for name in measured
        },
        other_speeds={name: next(iter(sources.speeds(name).values())).other for name in measured},
        throughput_tolerance=THROUGHPUT_TOLERANCE,
        p95_tolerance=P95_TOLERANCE,
        points=found,
        repeated=repeated(measured[FITTED], measured[SECOND]),
        stated_error=stated_error(found, plain),
    )
