"""Other assumptions with as good reasons, and the pairs of deployments that are compared."""

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.cost.deployment import Deployment, Platform

MONOLITH, SERVICES = "monolith", "microservices"


@dataclass(frozen=True, slots=True)
class OtherAssumptions:
    """A set of assumptions with a name; `changed` are the values that differ from the defaults."""

    name: str
    description: str
    changed: Mapping[str, float]


OTHER: tuple[OtherAssumptions, ...] = (
    OtherAssumptions("as assumed", "the defaults", {}),
    OtherAssumptions("even load", "the same load all day", {"peak_to_mean": 1.0}),
    OtherAssumptions("sharp peaks", "a peak of ten times the mean", {"peak_to_mean": 10.0}),
    OtherAssumptions("one of each", "one replica of everything", {"fewest_replicas": 1.0}),
    OtherAssumptions(
        "whole vCPUs",
        "tasks of one vCPU, and the function with one",
        {"least_task_vcpus": 1.0, "function_least_mb": 1769.0},
    ),
    OtherAssumptions(
        "as the templates deploy",
        "no public addresses but one NAT gateway, tasks of one vCPU, the function with one",
        {
            "public_addresses": 0.0,
            "nat_gateways": 1.0,
            "least_task_vcpus": 1.0,
            "function_least_mb": 1769.0,
        },
    ),
    OtherAssumptions("no wait for S3", "as on the machine of the run", {"store_wait_ms": 0.0}),
    OtherAssumptions("a slow S3", "100 ms for each request", {"store_wait_ms": 100.0}),
    OtherAssumptions("slower vCPUs", "half as fast as the run's core", {"vcpu_speed": 0.5}),
    OtherAssumptions("slower arm", "20 % slower than x86", {"arm_speed": 0.8}),
    OtherAssumptions(
        "with the free tier",
        "a million calls and 400 000 GB-seconds a month",
        {"free_requests": 1_000_000.0, "free_gb_seconds": 400_000.0},
    ),
)


def pairs() -> list[tuple[Deployment, Deployment]]:
    """Return the pairs of deployments whose crossings are looked for."""
    of_each = [
        (Deployment(side, first), Deployment(side, second))
        for side in (MONOLITH, SERVICES)
        for first, second in (
            (Platform.LAMBDA_X86, Platform.FARGATE),
            (Platform.LAMBDA_ARM, Platform.FARGATE),
            (Platform.LAMBDA_ARM, Platform.EC2),
        )
    ]
    between = [
        (Deployment(SERVICES, platform), Deployment(MONOLITH, platform))
        for platform in (Platform.FARGATE, Platform.EC2, Platform.LAMBDA_ARM)
    ]
    offloaded = (Deployment(SERVICES, Platform.LAMBDA_ARM), Deployment(MONOLITH, Platform.FARGATE))
    return [*of_each, *between, offloaded]
