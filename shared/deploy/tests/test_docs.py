"""The table of `docs/aws.md` of what is paid for by the hour is that of the templates."""

import re
from pathlib import Path

import pytest
from aws import hourly_cost
from aws.paths import REPOSITORY

from tests.stacks import template

STACKS = {
    "shared": ("shared",),
    "monolith": ("monolith",),
    "services": ("edge", "accounts", "submissions", "recognition"),
}
_DOLLARS = "dollars an hour"


def _table() -> dict[str, dict[str, float]]:
    """Return the rows of the page: amounts by stack, by what is paid for."""
    text = (REPOSITORY / "docs" / "aws.md").read_text()
    _, _, after = text.partition("| by the hour, whether it is used or not |")
    lines = after.partition("\n\n")[0].splitlines()
    found = {}
    for line in lines[2:]:
        name, *cells = (cell.strip(" *$") for cell in line.strip("|").split("|"))
        amounts = dict(zip(STACKS, (float(cell or 0) for cell in cells), strict=True))
        found[re.sub(r" \(.*\)", "", name)] = amounts
    return found


def _amounts(stack: str) -> dict[str, float]:
    """Return the amounts of a stack with what it nests."""
    each = [hourly_cost.amounts(template(name)) for name in STACKS[stack]]
    return {name: sum(it[name] for it in each) for name in each[0]}


@pytest.mark.parametrize("stack", list(STACKS))
def test_the_page_has_what_is_paid_by_the_hour(stack: str) -> None:
    table = _table()
    for name, amount in _amounts(stack).items():
        assert table[name][stack] == amount, name


@pytest.mark.parametrize("stack", list(STACKS))
def test_the_page_has_the_dollars_of_the_price_file(stack: str) -> None:
    machines = {
        name: template(it).document["Parameters"][name]["Default"]
        for it, name in (("monolith", "DatabaseClass"), ("shared", "CacheNodeType"))
    }
    cost = hourly_cost.dollars(
        _amounts(stack), database=machines["DatabaseClass"], cache=machines["CacheNodeType"]
    )
    assert _table()[_DOLLARS][stack] == round(cost, 3)


def test_dollars_are_amounts_times_prices(tmp_path: Path) -> None:
    """By hand: 2 vCPU at 3, 4 GB at 5, 1 database at 7, 730 GB at 11 for a month: 44 dollars."""
    file = tmp_path / "prices.toml"
    names = ("nat_gateway", "public_ipv4", "load_balancer", "fargate_vcpu", "fargate_gb")
    prices = dict.fromkeys((f"{name}_hours" for name in names), 0)
    prices |= {"fargate_vcpu_hours": 3, "fargate_gb_hours": 5, "rds_storage_gb_months": 11}
    file.write_text(
        "".join(f"[prices.{name}]\ndollars = {it}\n" for name, it in prices.items())
        + '[[databases]]\nname = "d"\ndollars = 7\n[[caches]]\nname = "c"\ndollars = 13\n'
    )
    amounts = dict.fromkeys(_amounts("shared"), 0.0)
    amounts |= {"Fargate, vCPU": 2, "Fargate, GB": 4, "PostgreSQL": 1, "PostgreSQL, GB": 730}
    found = hourly_cost.dollars(amounts, database="d", cache="c", prices=file)
    assert found == pytest.approx(2 * 3 + 4 * 5 + 7 + 11)


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
