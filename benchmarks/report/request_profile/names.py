"""The groups of process types that a profile is drawn by, the same on both sides."""

from collections.abc import Iterable, Mapping

from benchmarks.report.formats import label
from benchmarks.results_model.request_profile import ProcessCost, Side

WEB, ACCOUNTS, WORKER, OTHERS = "web", "accounts web", "worker", "consumer and sweeper"
EDGE = "edge"
# (role, group): the same order and colours in every drawing
GROUPS: tuple[tuple[str, str], ...] = (
    *(("unit", name) for name in (WEB, ACCOUNTS, WORKER, OTHERS)),
    ("edge", EDGE),
    *(("backing", label(name)) for name in ("postgres", "valkey", "s3", "dynamodb")),
)
_ENDS = {"-web": WEB, "-worker": WORKER, "-consumer": OTHERS, "-sweeper": OTHERS}
_OWN_GROUP = {"accounts-web": ACCOUNTS}  # beside the web processes of the service with submissions
SIDES = {"monolith": "monolith", "microservices": "services"}


def group_of(process: ProcessCost) -> tuple[str, str]:
    """Return the (role, group) of a process type."""
    name = process.process
    if process.role == "edge":
        return process.role, EDGE  # with the DNS server that lists its upstreams
    if process.role != "unit":
        return process.role, label(name)
    found = _OWN_GROUP.get(name) or next(
        (group for end, group in _ENDS.items() if name.endswith(end)), OTHERS
    )
    return process.role, found


def by_group(side: Side) -> dict[tuple[str, str], float]:
    """Return the mean CPU-ms of each group, in the order of `GROUPS`; 0 where there is none."""
    found = dict.fromkeys(GROUPS, 0.0)
    for process in side.processes:
        found[group_of(process)] += process.cpu_ms.mean
    return found


def layers_of(side: Side) -> dict[tuple[str, str], Mapping[str, float]]:
    """Return the CPU-ms by layer of each group that was sampled."""
    found: dict[tuple[str, str], dict[str, float]] = {}
    for process in side.processes:
        for layer, ms in process.layers.items():
            layers = found.setdefault(group_of(process), {})
            layers[layer] = layers.get(layer, 0.0) + ms
    return dict(found)


def total(counts: Mapping[str, float]) -> float:
    """Return the sum of counts."""
    return sum(counts.values())


def drawn_groups(sides: Iterable[Side]) -> list[tuple[str, str]]:
    """Return the groups that have any CPU time on some side."""
    found = [by_group(side) for side in sides]
    return [group for group in GROUPS if any(groups[group] > 0 for groups in found)]
