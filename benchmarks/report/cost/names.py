"""The names of deployments in figures, tables and sentences."""

from benchmarks.cost.document import CrossingEntry
from benchmarks.report.formats import NARROW_NO_BREAK, NONE, number

PLATFORMS = {
    "fargate": "worker, Fargate",
    "ec2": "worker, EC2",
    "lambda-x86": "function, x86",
    "lambda-arm": "function, arm",
}
SIDES = {"monolith": "monolith", "microservices": "services"}


def deployment(name: str) -> str:
    """Return a deployment's name: "monolith, function, arm" for monolith-lambda-arm."""
    side, _, platform = name.partition("-")
    return f"{SIDES[side]}, {PLATFORMS[platform]}"


def dollars(value: float | None) -> str:
    """Return dollars without cents from 100 on, with them below; a dash for None."""
    if value is None:
        return NONE
    return f"${number(value, 0 if value >= 100 else 2)}"  # noqa: PLR2004 - three digits


def load(per_day: float | None) -> str:
    """Return submissions a day with two or three digits that count: "230 000", "10 million"."""
    if per_day is None:
        return NONE
    rounded = float(f"{per_day:.2g}")
    if rounded >= 1e6:  # noqa: PLR2004
        return f"{rounded / 1e6:g}{NARROW_NO_BREAK}million"
    return number(rounded, 0)


def loads(low: float | None, high: float | None) -> str:
    """Return an interval of loads; empty if there is none."""
    return "" if low is None or high is None else f" ({load(low)} to {load(high)})"


def crossing(found: CrossingEntry) -> str:
    """Return in words where the order of two costs changes, or that it never does."""
    if found.at is None:
        if found.cheaper_below is None and found.cheaper_above is None:
            return "the same at every load"
        if found.equal_from is not None:
            return f"no crossing; the same from {load(found.equal_from)} a day on" + loads(
                found.equal_low, found.equal_high
            )
        return "no crossing in the range"
    words = f"{load(found.at)} a day{loads(found.low, found.high)}"
    if found.changes > 1:
        words += f", the last of {found.changes} changes"
    if found.equal_from is not None:
        words += f"; the same from {load(found.equal_from)} on"
    return words
