"""The names of deployments in figures, tables and sentences."""

from benchmarks.cost.document import BreakEven, CrossingEntry
from benchmarks.report.formats import NARROW_NO_BREAK, NONE, number

PLATFORMS = {
    "fargate": "worker, Fargate",
    "ec2": "worker, EC2",
    "lambda-x86": "function, x86",
    "lambda-arm": "function, arm",
}
MILLION = 1e6
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
    """Return submissions a day with three digits that count: "205 000", "10 million"."""
    if per_day is None:
        return NONE
    rounded = float(f"{per_day:.3g}")
    if rounded >= MILLION:
        return f"{rounded / MILLION:g}{NARROW_NO_BREAK}million"
    return number(rounded, 0)


def crossing(found: CrossingEntry) -> str:
    """Return in words which of two deployments is cheaper at which loads."""
    below, above = (_short(found, it) for it in (found.cheaper_below, found.cheaper_above))
    same = ""
    if found.equal_from is not None:
        spread = _spread(found.equal_low, found.equal_high, found.share)
        same = f", the same from {load(found.equal_from)} a day on{spread}"
    if found.at is None:
        return _without_change(below, above, same)
    at = f"{load(found.at)} a day{_spread(found.low, found.high, found.share)}"
    if found.changes == 1 and below:
        return f"{below} below {at}" + (f", {above} above" if above else f", then the other{same}")
    count = f"{found.changes} changes, the last" if found.changes > 1 else "a change"
    begins = f"{below} with few, " if below else ""
    return f"{begins}{count} at {at}" + (f", {above} above" if above else same)


def _without_change(below: str, above: str, same: str) -> str:
    if below and above:
        return f"{below} at every load"
    if below:
        return f"{below} with few{same}"
    return f"{above} with many, the same with few" if above else "the same with few and with many"


def _short(found: CrossingEntry, name: str | None) -> str:
    """Return what differs between a deployment and the other: its side, or what recognizes."""
    if name is None:
        return ""
    sides = {it.partition("-")[0] for it in (found.first, found.second)}
    side, _, platform = name.partition("-")
    return SIDES[side] if len(sides) > 1 else PLATFORMS[platform].partition(",")[0]


def _spread(low: float | None, high: float | None, share: float | None) -> str:
    """Return the interval of a load; in its place that not every resample has it."""
    if low is not None and high is not None:
        return f" ({load(low)} to {load(high)})" if load(low) != load(high) else ""
    return "" if share is None else " (not in every resample)"


def break_even(found: BreakEven) -> str:
    """Return in a sentence which peak makes a function cheaper than workers on Fargate."""
    function = deployment(f"{found.architecture}-{found.platform}")
    if found.peak_to_mean is None:
        return f"{function}: at no peak does it cost what workers on Fargate cost."
    interval = ""
    if found.low is not None and found.high is not None:
        interval = f" ({number(found.low, 2)} to {number(found.high, 2)})"
    return (
        f"{function}: cheaper than workers on Fargate where the peak is above "
        f"{number(found.peak_to_mean, 2)} times the mean{interval}, at {load(found.per_day)} a day."
    )
