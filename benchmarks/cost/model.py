"""The cost of a deployment by submissions a day: pure functions of usage, prices, assumptions.

Every item is dollars for a month. What is fixed is the cost of a load of nothing: the fewest
replicas, the load balancer, the smallest database and cache.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from benchmarks.cost import sizing
from benchmarks.cost.assumptions import Assumptions
from benchmarks.cost.prices import Prices
from benchmarks.cost.sizing import Values
from benchmarks.cost.usage import CACHE, DATABASE, SWEEPER, WORKER, Usage, kind

HOURS = 730.0  # of a month: 8760 / 12
DAYS = 365 / 12
DAY_SECONDS = 86_400.0
GB = 1e9
CONNECTIONS_PER_UNIT = 25.0  # new ones a second, of a load balancer's capacity unit
GB_PER_UNIT_HOUR = 1.0


class Platform(StrEnum):
    """Where the units run, and what recognizes."""

    FARGATE = "fargate"
    EC2 = "ec2"
    LAMBDA_X86 = "lambda-x86"
    LAMBDA_ARM = "lambda-arm"

    @property
    def is_function(self) -> bool:
        """Whether recognition is a function."""
        return self in (Platform.LAMBDA_X86, Platform.LAMBDA_ARM)


@dataclass(frozen=True, slots=True)
class Deployment:
    """One way to run an architecture on AWS."""

    architecture: str
    platform: Platform

    @property
    def name(self) -> str:
        """Return the name: `monolith-fargate`."""
        return f"{self.architecture}-{self.platform}"


@dataclass(frozen=True, slots=True)
class Model:
    """One architecture, the prices and the assumptions.

    `function_ms`, where it is not None, is what a call of the function was measured to take in
    whole on one vCPU; without it, it is derived from the worker's CPU time.
    """

    usage: Usage
    prices: Prices
    assumptions: Assumptions = Assumptions()
    function_ms: float | None = None

    def monthly(self, platform: Platform, per_day: Values) -> dict[str, Values]:
        """Return dollars for a month by item, for each number of submissions a day."""
        peak = per_day / DAY_SECONDS * self.assumptions.peak_to_mean
        items = self._processes(platform, peak)
        if platform.is_function:
            items["function"] = self._function(platform, per_day * DAYS)
            items["queue"] = self._queue(per_day * DAYS)
        return items | self._around(per_day, peak)

    def total(self, platform: Platform, per_day: Values) -> Values:
        """Return dollars for a month in all."""
        found: Values = np.sum(list(self.monthly(platform, per_day).values()), axis=0)
        return found

    def function_seconds(self, platform: Platform) -> float:
        """Return the billed seconds of one warm call, at the function's memory."""
        given = self.assumptions
        vcpus = min(1.0, self.function_memory_mb() / given.function_vcpu_mb)
        speed = vcpus * (given.arm_speed if platform is Platform.LAMBDA_ARM else 1.0)
        if self.function_ms is not None:
            return self.function_ms / speed / 1000
        worker_ms = self._cpu_ms(self.usage.worker) / given.vcpu_speed / speed
        return (worker_ms + self._wait_ms() + given.function_overhead_ms) / 1000

    def function_memory_mb(self) -> float:
        """Return the function's memory: what the worker was measured to hold, with headroom."""
        needed = sizing.function_memory_mb(self._memory(self.usage.worker))
        return max(self.assumptions.function_least_mb, needed)

    def tasks(self, process_type: str, peak: Values) -> Values:
        """Return dollars for an hour of the cheapest tasks of one size for a rate at the peak."""
        given, memory = self.assumptions, self._memory(process_type)
        options = []
        for task in sizing.tasks_with(memory, least_vcpus=given.least_task_vcpus):
            processes = 1.0
            if kind(process_type) == WORKER:  # WORKER_CONCURRENCY
                processes = np.floor(task.memory_gb * sizing.GIB / memory)
            count = self._count(process_type, peak, vcpus=task.vcpus, processes=processes)
            options.append(count * task.hourly(self.prices))
        found: Values = np.minimum.reduce(options)
        return found

    def _count(
        self, process_type: str, peak: Values, *, vcpus: float, processes: float = 1.0
    ) -> Values:
        """Return the tasks for a rate, each with so many processes of a type on so many vCPUs."""
        given = self.assumptions
        if kind(process_type) == SWEEPER:
            return np.ones_like(peak)
        carried = self._carried(process_type, vcpus=vcpus, processes=processes)
        return self._sizes.count(
            peak / (carried * given.utilisation), fewest=given.fewest_replicas
        )

    def _carried(self, process_type: str, *, vcpus: float, processes: float) -> float:
        """Return submissions a second of some processes that share so many vCPUs, used in full.

        One process computes on one vCPU at most. A worker recognizes one image after the other, so
        it also waits for the store.
        """
        seconds = self._cpu_ms(process_type) / 1000 / self.assumptions.vcpu_speed
        wait = self._wait_ms() / 1000 if kind(process_type) == WORKER else 0.0
        if not seconds + wait:
            return float("inf")
        alone = processes / (seconds / min(1.0, vcpus) + wait)
        return min(alone, vcpus / seconds) if seconds else alone

    @property
    def _sizes(self) -> sizing.Sizes:
        return sizing.Sizes(whole=bool(self.assumptions.whole))

    def _cpu_ms(self, name: str) -> float:
        given = self.assumptions
        return self.usage.submission_cpu_ms(name, sign_ins=given.sign_ins, sign_ups=given.sign_ups)

    def _wait_ms(self) -> float:
        return self.assumptions.store_calls * self.assumptions.store_wait_ms

    def _memory(self, process_type: str) -> float:
        return self.usage.memory_bytes[process_type] * self.assumptions.memory_headroom

    def _types(self, platform: Platform) -> list[str]:
        """Return the process types that run as tasks or on instances."""
        return [
            name
            for name in self.usage.types
            if not (platform.is_function and kind(name) == WORKER)
        ]

    def _processes(self, platform: Platform, peak: Values) -> dict[str, Values]:
        if platform is Platform.EC2:
            return {"instances": self._instances(peak)}
        return {name: self.tasks(name, peak) * HOURS for name in self._types(platform)}

    def _instances(self, peak: Values) -> Values:
        given, prices = self.assumptions, self.prices
        vcpus, memory_gb = np.zeros_like(peak), np.zeros_like(peak)
        for name in self._types(Platform.EC2):
            vcpus = vcpus + peak * self._cpu_ms(name) / 1000 / given.vcpu_speed / given.utilisation
            held = self._count(name, peak, vcpus=1.0) * self._memory(name) / sizing.GIB
            memory_gb = memory_gb + held
        disk = given.instance_disk_gb * prices["ebs_gb_months"] / HOURS
        hourly = self._sizes.instances(
            prices.instances,
            vcpus,
            memory_gb,
            beside=disk + prices["public_ipv4_hours"],
            reserve_gb=given.instance_reserve_gb,
            fewest=given.fewest_replicas,
        )
        return hourly * HOURS

    def _function(self, platform: Platform, calls: Values) -> Values:
        given, prices = self.assumptions, self.prices
        seconds = self.function_seconds(platform)
        seconds += given.cold_start_share * given.cold_start_ms / 1000
        gb_seconds = calls * seconds * self.function_memory_mb() / 1024
        is_arm = platform is Platform.LAMBDA_ARM
        price = prices["lambda_gb_seconds_arm" if is_arm else "lambda_gb_seconds_x86"]
        billed: Values = np.maximum(0, gb_seconds - given.free_gb_seconds) * price
        return billed + np.maximum(0, calls - given.free_requests) * prices["lambda_requests"]

    def _queue(self, submissions: Values) -> Values:
        given = self.assumptions
        requests = submissions * given.queue_messages * given.requests_per_message
        return (requests + given.polls_per_month) * self.prices["sqs_requests"]

    def _around(self, per_day: Values, peak: Values) -> dict[str, Values]:
        """Return what is the same on every platform: the services around the processes."""
        given, prices, counts = self.assumptions, self.prices, self.usage.counts
        month = per_day * DAYS
        kept = per_day * given.retention_days
        requests = _shared(counts, "request_bytes", given), _shared(counts, "response_bytes", given)
        s3 = counts.submission.s3
        writes = sum(count for name, count in s3.items() if name.startswith(("PUT", "POST")))
        reads = sum(count for name, count in s3.items() if name.startswith(("GET", "HEAD")))
        signed_in = counts.sign_in.dynamodb.get("GetItem", 0.0) * given.sign_ins
        signed_up = counts.sign_up.dynamodb.get("TransactWriteItems", 0.0) * given.sign_ups
        objects = counts.submission.object_bytes / GB * kept
        nat = np.full_like(month, given.nat_gateways * prices["nat_gateway_hours"] * HOURS)
        return {
            "load balancer": self._load_balancer(per_day, sum(requests)),
            "network": nat,
            "database": self._database(kept, peak),
            "cache": self._cache(peak),
            "object store": month * (writes * prices["s3_writes"] + reads * prices["s3_reads"])
            + objects * prices["s3_gb_months"],
            "accounts table": month
            * (
                signed_in * given.read_units * prices["dynamodb_read_units"]
                + signed_up * given.write_units * prices["dynamodb_write_units"]
            ),
            "data out": month * requests[1] / GB * prices["gb_out"],
        }

    def _load_balancer(self, per_day: Values, transferred_bytes: float) -> Values:
        prices = self.prices
        rate = per_day / DAY_SECONDS
        units = np.maximum(
            rate * self.assumptions.connections / CONNECTIONS_PER_UNIT,
            rate * 3600 * transferred_bytes / GB / GB_PER_UNIT_HOUR,
        )
        hourly = prices["load_balancer_hours"] + units * prices["load_balancer_capacity_unit_hours"]
        return hourly * HOURS

    def _vcpus(self, name: str, peak: Values) -> Values:
        given = self.assumptions
        return peak * self._cpu_ms(name) / 1000 / given.vcpu_speed / given.utilisation

    def _database(self, kept: Values, peak: Values) -> Values:
        given, prices = self.assumptions, self.prices
        hourly = self._sizes.single(prices.databases, self._vcpus(DATABASE, peak))
        held = kept * self.usage.counts.submission.database_bytes / GB
        disk = np.maximum(given.database_disk_gb, held) * prices["rds_storage_gb_months"]
        return (hourly * HOURS + disk) * given.fewest_replicas

    def _cache(self, peak: Values) -> Values:
        hourly = self._sizes.several(self.prices.caches, self._vcpus(CACHE, peak))
        return hourly * HOURS * self.assumptions.fewest_replicas


def _shared(counts: object, name: str, given: Assumptions) -> float:
    """Return bytes of a submission and of its share of the sign-ins and sign-ups."""
    weights: Mapping[str, float] = {
        "submission": 1.0,
        "sign_in": given.sign_ins,
        "sign_up": given.sign_ups,
    }
    return float(sum(getattr(getattr(counts, it), name) * by for it, by in weights.items()))
