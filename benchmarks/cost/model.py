"""The cost of a deployment by submissions a day: pure functions of measurements and prices.

Every item is dollars for a month. What is fixed is the cost of no submission at all: the fewest
replicas, the load balancer, the smallest database and cache.
"""

import numpy as np

from benchmarks.cost import around, function, processes
from benchmarks.cost.deployment import Platform
from benchmarks.cost.hours import DAY_SECONDS, DAYS, HOURS
from benchmarks.cost.inputs import Inputs
from benchmarks.cost.sizing import Values
from benchmarks.cost.usage import WORKER, kind


def monthly(inputs: Inputs, platform: Platform, per_day: Values) -> dict[str, Values]:
    """Return dollars for a month by item, for each number of submissions a day."""
    peak = per_day / DAY_SECONDS * inputs.assumptions.peak_to_mean
    types = [
        name for name in inputs.usage.types if not (platform.is_function and kind(name) == WORKER)
    ]
    if platform is Platform.EC2:
        items = {"instances": processes.instances(inputs, types, peak) * HOURS}
    else:
        items = {name: processes.tasks(inputs, name, peak) * HOURS for name in types}
    if platform.is_function:
        items["function"] = function.monthly(inputs, platform, per_day * DAYS)
        items["queue"] = function.queue(inputs, per_day * DAYS)
    return items | around.monthly(inputs, per_day, peak)


def total(inputs: Inputs, platform: Platform, per_day: Values) -> Values:
    """Return dollars for a month in all, for each number of submissions a day."""
    found: Values = np.sum(list(monthly(inputs, platform, per_day).values()), axis=0)
    return found
