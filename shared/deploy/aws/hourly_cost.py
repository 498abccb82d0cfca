"""What the stacks cost by the hour, used or not: the templates' amounts times dated prices.

Left out is what is paid by use, and what costs less than a cent a day: secrets, alarms, logs.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aws.paths import REPOSITORY
from aws.templates import Template

PRICES = REPOSITORY / "benchmarks" / "cost" / "us-east-1.toml"
NAT, ADDRESS, BALANCER = "NAT gateway", "public IPv4 address", "application load balancer"
DATABASE, STORAGE, CACHE = "PostgreSQL", "PostgreSQL, GB", "Valkey"
VCPU, MEMORY = "Fargate, vCPU", "Fargate, GB"
_HOURS_OF_A_MONTH = 730
_COUNTED = {
    NAT: "AWS::EC2::NatGateway",
    ADDRESS: "AWS::EC2::EIP",
    BALANCER: "AWS::ElasticLoadBalancingV2::LoadBalancer",
    DATABASE: "AWS::RDS::DBInstance",
    CACHE: "AWS::ElastiCache::ReplicationGroup",
}


def amounts(template: Template) -> dict[str, float]:
    """Return how much of each a stack has all the time, with the defaults of its parameters."""
    found = {name: float(len(template.of_type(kind))) for name, kind in _COUNTED.items()}
    databases = [template.properties(it) for it in template.of_type(_COUNTED[DATABASE])]
    found[STORAGE] = sum(float(it["AllocatedStorage"]) for it in databases)
    found[VCPU] = found[MEMORY] = 0.0
    for service in template.of_type("AWS::ECS::Service"):
        properties = template.properties(service)
        task = template.properties(service.replace("Service", "Task"))
        count = int(properties["DesiredCount"])
        found[VCPU] += count * int(task["Cpu"]) / 1024
        found[MEMORY] += count * int(task["Memory"]) / 1024
    return found


def dollars(
    found: Mapping[str, float], *, database: str, cache: str, prices: Path = PRICES
) -> float:
    """Return dollars for an hour; `database` and `cache` are the names of their machines."""
    content = tomllib.loads(prices.read_text(encoding="utf-8"))
    units: dict[str, float] = {
        name: float(row["dollars"]) / row.get("per", 1) for name, row in content["prices"].items()
    }
    return (
        found[NAT] * units["nat_gateway_hours"]
        + found[ADDRESS] * units["public_ipv4_hours"]
        + found[BALANCER] * units["load_balancer_hours"]
        + found[DATABASE] * _machine(content["databases"], database)
        + found[STORAGE] * units["rds_storage_gb_months"] / _HOURS_OF_A_MONTH
        + found[CACHE] * _machine(content["caches"], cache)
        + found[VCPU] * units["fargate_vcpu_hours"]
        + found[MEMORY] * units["fargate_gb_hours"]
    )


def _machine(rows: list[dict[str, Any]], name: str) -> float:
    (price,) = [float(row["dollars"]) for row in rows if row["name"] == name]
    return price
