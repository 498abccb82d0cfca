"""The table of `docs/aws.md` of what is paid for by the hour is that of the templates."""

import re

import pytest
from aws.paths import REPOSITORY

from tests.stacks import template

STACKS = {
    "shared": ("shared",),
    "monolith": ("monolith",),
    "services": ("edge", "accounts", "submissions", "recognition"),
}
_COUNTED = {
    "NAT gateway": "AWS::EC2::NatGateway",
    "Valkey": "AWS::ElastiCache::ReplicationGroup",
    "application load balancer": "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "PostgreSQL": "AWS::RDS::DBInstance",
}


def _table() -> dict[str, dict[str, float]]:
    """Return the rows of the page: amounts by stack, by what is paid for."""
    text = (REPOSITORY / "docs" / "aws.md").read_text()
    _, _, after = text.partition("| by the hour, whether it is used or not |")
    lines = after.partition("\n\n")[0].splitlines()
    found = {}
    for line in lines[2:]:
        name, *cells = (cell.strip() for cell in line.strip("|").split("|"))
        amounts = dict(zip(STACKS, (float(cell or 0) for cell in cells), strict=True))
        found[re.sub(r" \(.*\)", "", name)] = amounts
    return found


def _running(name: str) -> dict[str, float]:
    """Return the vCPUs and GB of all tasks that a stack's services run."""
    found = template(name)
    sums = {"Fargate, vCPU": 0.0, "Fargate, GB": 0.0}
    for service in found.of_type("AWS::ECS::Service"):
        properties = found.properties(service)
        task = found.properties(service.replace("Service", "Task"))
        count = int(properties["DesiredCount"])
        sums["Fargate, vCPU"] += count * int(task["Cpu"]) / 1024
        sums["Fargate, GB"] += count * int(task["Memory"]) / 1024
    return sums


@pytest.mark.parametrize("stack", list(STACKS))
def test_the_page_counts_what_is_paid_by_the_hour(stack: str) -> None:
    table = _table()
    for name, kind in _COUNTED.items():
        count = sum(len(template(it).of_type(kind)) for it in STACKS[stack])
        assert table[name][stack] == count, name
    for name in ("Fargate, vCPU", "Fargate, GB"):
        assert table[name][stack] == sum(_running(it)[name] for it in STACKS[stack]), name


def test_the_page_names_every_template() -> None:
    text = (REPOSITORY / "docs" / "aws.md").read_text()
    committed = {
        str(path.relative_to(REPOSITORY))
        for pattern in ("*/deploy/aws.yaml", "*/*/deploy/aws.yaml")
        for path in REPOSITORY.glob(pattern)
    }
    assert set(re.findall(r"^\| `(\S+/aws\.yaml)` \|", text, re.MULTILINE)) == committed


def _commands() -> str:
    """Return the text of the page with each continued line joined to the one before."""
    return (REPOSITORY / "docs" / "aws.md").read_text().replace("\\\n", " ")


def test_the_outputs_that_the_page_reads_exist() -> None:
    read = set(re.findall(r"output flow-(\w+) (\w+)", _commands()))
    assert len(read) > 5
    for stack, name in read:
        assert name in template(stack).document["Outputs"], (stack, name)


def test_the_parameters_that_the_page_gives_exist_and_none_is_missing() -> None:
    command = r"sam deploy --template-file (\w+)/deploy/aws\.yaml ((?:[^\n`]|\n(?!\$|```))*)"
    found = {
        stack: set(re.findall(r"\b([A-Z]\w+)=", options))
        for stack, options in re.findall(command, _commands())
    }
    assert set(found) == {"shared", "monolith", "microservices"}
    for stack, names in found.items():
        declared = template(stack).document["Parameters"]
        needed = {name for name, it in declared.items() if "Default" not in it}
        assert names <= set(declared), stack
        assert needed <= names, stack
