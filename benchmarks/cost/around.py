"""What the services around the processes cost, which is computed alike for every platform."""

import numpy as np

from benchmarks.cost.assumptions import Assumptions
from benchmarks.cost.hours import DAY_SECONDS, DAYS, HOURS
from benchmarks.cost.inputs import Inputs
from benchmarks.cost.operations import ArchitectureCounts, Operations
from benchmarks.cost.sizing import Values
from benchmarks.cost.usage import CACHE, DATABASE

GB = 1e9
# What one capacity unit of a load balancer carries: new connections a second, and GB an hour.
CONNECTIONS_PER_UNIT = 25.0
GB_PER_UNIT_HOUR = 1.0


def monthly(inputs: Inputs, per_day: Values, peak: Values) -> dict[str, Values]:
    """Return dollars for a month by item."""
    given, prices, counts = inputs.assumptions, inputs.prices, inputs.usage.counts
    month = per_day * DAYS
    received, sent = _transferred(counts, given)
    gateways = given.nat_gateways * prices["nat_gateway_hours"] * HOURS
    return {
        "load balancer": _load_balancer(inputs, per_day, received + sent),
        "network": np.full_like(month, gateways),
        "database": _database(inputs, per_day, peak),
        "cache": _cache(inputs, peak),
        "object store": _object_store(inputs, per_day),
        "accounts table": month * _accounts_table(inputs),
        "data out": month * sent / GB * prices["gb_out"],
    }


def _load_balancer(inputs: Inputs, per_day: Values, transferred_bytes: float) -> Values:
    prices, rate = inputs.prices, per_day / DAY_SECONDS
    units = np.maximum(
        rate * inputs.assumptions.connections / CONNECTIONS_PER_UNIT,
        rate * 3600 * transferred_bytes / GB / GB_PER_UNIT_HOUR,
    )
    hourly = prices["load_balancer_hours"] + units * prices["load_balancer_capacity_unit_hours"]
    found: Values = hourly * HOURS
    return found


def _database(inputs: Inputs, per_day: Values, peak: Values) -> Values:
    """Return dollars for the smallest class with enough vCPUs, and for its disk; with standbys."""
    given, prices = inputs.assumptions, inputs.prices
    hourly = inputs.sizes.single(prices.databases, inputs.vcpus(DATABASE, peak))
    rows = per_day * given.retention_days * inputs.usage.counts.submission.database_bytes / GB
    disk = np.maximum(given.database_disk_gb, rows) * prices["rds_storage_gb_months"]
    found: Values = (hourly * HOURS + disk) * given.fewest_replicas
    return found


def _cache(inputs: Inputs, peak: Values) -> Values:
    """Return dollars for the cache, which is the workers' broker as well; with replicas."""
    hourly = inputs.sizes.several(inputs.prices.caches, inputs.vcpus(CACHE, peak))
    return hourly * HOURS * inputs.assumptions.fewest_replicas


def _object_store(inputs: Inputs, per_day: Values) -> Values:
    prices, submission = inputs.prices, inputs.usage.counts.submission
    writes = _requests(submission, "PUT", "POST", "COPY", "LIST") * prices["s3_writes"]
    reads = _requests(submission, "GET", "HEAD") * prices["s3_reads"]
    kept = per_day * inputs.assumptions.retention_days * submission.object_bytes / GB
    return per_day * DAYS * (writes + reads) + kept * prices["s3_gb_months"]


def _accounts_table(inputs: Inputs) -> float:
    """Return dollars of DynamoDB for a submission's share of the sign-ins and sign-ups."""
    given, prices, counts = inputs.assumptions, inputs.prices, inputs.usage.counts
    read = counts.sign_in.dynamodb.get("GetItem", 0.0) * given.sign_ins * given.read_units
    written = counts.sign_up.dynamodb.get("TransactWriteItems", 0.0) * given.sign_ups
    return (
        read * prices["dynamodb_read_units"]
        + written * given.write_units * prices["dynamodb_write_units"]
    )


def _requests(operations: Operations, *methods: str) -> float:
    """Return the object store's requests with one of these methods; a DELETE is free."""
    return sum(count for name, count in operations.s3.items() if name.startswith(methods))


def _transferred(counts: ArchitectureCounts, given: Assumptions) -> tuple[float, float]:
    """Return bytes in and out for a submission and its share of the sign-ins and sign-ups."""
    weighted = (
        (counts.submission, 1.0),
        (counts.sign_in, given.sign_ins),
        (counts.sign_up, given.sign_ups),
    )
    received = sum(operations.request_bytes * weight for operations, weight in weighted)
    return received, sum(operations.response_bytes * weight for operations, weight in weighted)
