"""The prices: a dated file of AWS's, or one of the user's in the same form.

A price that is missing, unknown, negative or no number is refused in one sentence, so that no cost
comes from a typing error.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

AWS = Path(__file__).with_name("us-east-1.toml")
NAMES = (
    "fargate_vcpu_hours",
    "fargate_gb_hours",
    "ebs_gb_months",
    "public_ipv4_hours",
    "nat_gateway_hours",
    "load_balancer_hours",
    "load_balancer_capacity_unit_hours",
    "gb_out",
    "s3_writes",
    "s3_reads",
    "s3_gb_months",
    "dynamodb_read_units",
    "dynamodb_write_units",
    "sqs_requests",
    "lambda_requests",
    "lambda_gb_seconds_x86",
    "lambda_gb_seconds_arm",
    "rds_storage_gb_months",
    "step_functions_transitions",
)
MACHINES = ("instances", "databases", "caches")
_TEXTS = ("region", "date", "note")  # `date` is a text: the day on which the prices were entered
_PRICE_KEYS = {"dollars", "per", "source"}
_MACHINE_KEYS = {"name", "dollars", "vcpus", "memory_gb", "source"}


class PriceError(ValueError):
    """A file of prices that can't be used; the text is one sentence that names the place."""


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars for one unit, and where they come from."""

    dollars: float
    source: str


@dataclass(frozen=True, slots=True)
class Machine:
    """An instance class: dollars for an hour, the vCPUs that it may use all the time, memory."""

    name: str
    dollars: float
    vcpus: float
    memory_gb: float
    source: str


@dataclass(frozen=True, slots=True)
class Prices:
    """All prices, by name, and the machines, from the smallest on."""

    region: str
    date: str
    note: str
    units: Mapping[str, Price]
    instances: Sequence[Machine]
    databases: Sequence[Machine]
    caches: Sequence[Machine]

    def __getitem__(self, name: str) -> float:
        """Return dollars for one unit."""
        return self.units[name].dollars


def read_prices(path: Path = AWS) -> Prices:
    """Read a file of prices. Raises PriceError for one that is missing, incomplete or invalid."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PriceError(f"{path} can't be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PriceError(f"{path} is no TOML file: {error}.") from error
    try:
        return _prices(document)
    except PriceError as error:
        raise PriceError(f"{path}: {error}") from error


def _prices(document: Mapping[str, Any]) -> Prices:
    _check_keys(document, {*_TEXTS, *MACHINES, "prices"}, "the file")
    units = _table(document["prices"], "prices")
    _check_keys(units, set(NAMES), "prices")
    return Prices(
        region=_text(document["region"], "region"),
        date=_text(document["date"], "date"),
        note=_text(document["note"], "note"),
        units={name: _price(units[name], name) for name in NAMES},
        instances=_machines(document["instances"], "instances"),
        databases=_machines(document["databases"], "databases"),
        caches=_machines(document["caches"], "caches"),
    )


def _price(entry: Any, name: str) -> Price:
    place = f"prices.{name}"
    table = {"per": 1, **_table(entry, place)}
    _check_keys(table, _PRICE_KEYS, place)
    per = _number(table["per"], f"{place}.per")
    if per == 0:
        raise PriceError(f"{place}.per is 0, and must be above it.")
    dollars = _number(table["dollars"], f"{place}.dollars")
    return Price(dollars / per, _text(table["source"], f"{place}.source"))


def _machines(entries: Any, kind: str) -> tuple[Machine, ...]:
    if not isinstance(entries, list) or not entries:
        raise PriceError(f"{kind} must be a list of at least one machine.")
    found = []
    for number, entry in enumerate(entries, 1):
        place = f"{kind}[{number}]"
        table = _table(entry, place)
        _check_keys(table, _MACHINE_KEYS, place)
        machine = Machine(
            name=_text(table["name"], f"{place}.name"),
            source=_text(table["source"], f"{place}.source"),
            dollars=_number(table["dollars"], f"{place}.dollars"),
            vcpus=_number(table["vcpus"], f"{place}.vcpus"),
            memory_gb=_number(table["memory_gb"], f"{place}.memory_gb"),
        )
        if not (machine.vcpus and machine.memory_gb):
            raise PriceError(f"{place} has no vCPU or no memory.")
        found.append(machine)
    return tuple(found)


def _check_keys(table: Mapping[str, Any], expected: set[str], place: str) -> None:
    if unknown := sorted(set(table) - expected):
        raise PriceError(f"{place} has the unknown key {unknown[0]!r}.")
    if missing := sorted(expected - set(table)):
        raise PriceError(f"{place} lacks the key {missing[0]!r}.")


def _table(value: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise PriceError(f"{place} must be a table, not {value!r}.")
    return value


def _text(value: Any, place: str) -> str:
    if not isinstance(value, str) or not value:
        raise PriceError(f"{place} must be a text, not {value!r}.")
    return value


def _number(value: Any, place: str) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0 <= value < float("inf"):
        raise PriceError(f"{place} must be a number of 0 or more, not {value!r}.")
    return float(value)
