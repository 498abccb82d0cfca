"""The page on the profile: where the CPU time of each kind of request goes, on both sides."""

from collections.abc import Iterable, Mapping
from typing import Any

from benchmarks.report.formats import NONE, count, interval, number, significant
from benchmarks.report.request_profile.names import SIDES, by_group, layers_of, total
from benchmarks.results_model.figures import Ratio
from benchmarks.results_model.request_profile import (
    ARCHITECTURES,
    Counted,
    OverBlocks,
    ProfiledKind,
    ProfileDocument,
    Side,
)

NAME = "profile"
DIGITS = 2
SHOWN_MS = 0.05  # what costs less is left out of a list
UPLOAD, URL, IDLE = "submission-upload", "submission-url", "idle"
PARTS = ("submit-upload", "wait-upload", "result")  # of a submission by upload
READS = ("read", "list", "result", "image", "account")


def context(document: ProfileDocument) -> dict[str, Any]:
    """Return what the template needs of a profile that is complete."""
    kinds = [kind for kind in document.kinds if kind.name != IDLE]
    return {
        "document": document,
        "blocks": count(document.run.blocks, "block"),
        "upload": document.kind(UPLOAD),
        "by_url": document.kind(URL),
        "idle": document.kind(IDLE),
        "parts": [document.kind(name) for name in PARTS],
        "dearest": max(
            (document.kind(name) for name in READS), key=lambda kind: kind.ratio.ratio or 0.0
        ),
        "kinds": kinds,
        "sides": SIDES,
        "cost": cost,
        "ratio": ratio,
        "mean": lambda side: number(side.cpu_ms.mean, DIGITS),
        "processes": processes,
        "counts": _both(kinds, _counts),
        "messages": {
            name: _count(_of(document.kind(UPLOAD).sides[name]).messages) for name in ARCHITECTURES
        },
        "details": _both(kinds, _counts_in_words),
        "layers": _layers(document.kind(UPLOAD)),
        "layer_lists": _both(kinds, _layer_list),
        "is_sampled": not document.sampling_problem,
        "figure_file": f"images/{NAME}.svg",
        "is_committed": True,
    }


def cost(found: OverBlocks) -> str:
    """Return CPU-ms with the interval beside it, where there is one."""
    return _with_interval(found.mean, found)


def ratio(found: Ratio) -> str:
    """Return a ratio with the interval beside it, where there is one."""
    return _with_interval(found.ratio, found)


def _with_interval(value: float | None, found: OverBlocks | Ratio) -> str:
    reach = interval(found, DIGITS)
    return number(value, DIGITS) + ("" if reach == NONE else f" ({reach})")


def processes(side: Side) -> str:
    """Return the CPU-ms of each group of processes as a list, the largest first."""
    return _list({group: ms for (_, group), ms in by_group(side).items()})


def _list(amounts: Mapping[str, float]) -> str:
    shown = sorted(amounts.items(), key=lambda amount: -amount[1])
    return ", ".join(f"{name} {number(ms, DIGITS)}" for name, ms in shown if ms >= SHOWN_MS) or NONE


def _both(kinds: Iterable[ProfiledKind], made: Any) -> list[tuple[str, Any, Any]]:
    """Return each kind's title with what is made of both sides."""
    return [(kind.title, *(made(kind.sides[name]) for name in ARCHITECTURES)) for kind in kinds]


def _of(side: Side) -> Counted:
    assert side.counted is not None  # noqa: S101 - the profile is complete
    return side.counted


def _counts(side: Side) -> list[str]:
    """Return statements, requests to S3, and commands of Valkey."""
    found = _of(side)
    amounts = (total(found.statements), total(found.s3), found.broker_commands)
    return [_count(amount) for amount in amounts]


def _count(amount: float) -> str:
    return number(amount, 0 if abs(amount - round(amount)) < SHOWN_MS else 1)


def _counts_in_words(side: Side) -> str:
    """Return the CPU-ms with their interval, and what was counted, by kind."""
    found = _of(side)
    named = {**found.statements, **found.s3, **found.dynamodb}
    listed = [f"{_count(it)} {name}" for name, it in named.items() if it >= SHOWN_MS]
    kilobytes = " + ".join(
        significant(it / 1000) for it in (found.request_bytes, found.response_bytes)
    )
    listed.insert(0, f"{cost(side.cpu_ms)} CPU-ms")
    return ", ".join([*listed, f"{_count(found.transactions)} transactions", f"{kilobytes} kB"])


def _layers(kind: ProfiledKind) -> list[tuple[str, list[str]]]:
    """Return the layers of the web processes and of the worker, on both sides, largest first."""
    columns = [
        layers_of(kind.sides[name]).get(("unit", group), {})
        for group in ("web", "worker")
        for name in ARCHITECTURES
    ]
    names = {name for column in columns for name in column}
    rows = [(name, [column.get(name, 0.0) for column in columns]) for name in names]
    shown = [row for row in rows if max(row[1]) >= SHOWN_MS]
    return [
        (name, [number(ms, DIGITS) for ms in values])
        for name, values in sorted(shown, key=lambda row: (-sum(row[1]), row[0]))
    ]


def _layer_list(side: Side) -> str:
    """Return the layers of the web processes as a list, the largest first."""
    found: dict[str, float] = {}
    for (_, group), layers in layers_of(side).items():
        if group.endswith("web"):
            for layer, ms in layers.items():
                found[layer] = found.get(layer, 0.0) + ms
    return _list(found)
