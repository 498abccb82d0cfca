"""Rows made by hand: a steady stream of everything that people come for, and a failure in it."""

import dataclasses
from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any

from benchmarks.analysis.trials import READY, Call
from benchmarks.experiments.faults.features import submits
from benchmarks.experiments.faults.slots import Slot
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.tests.report import sample

SLOT = Slot(start=100.0, began=105.0, ended=113.0, end=127.0)
SUBMIT = "/submissions (upload)"
REQUESTS = {"sign in": "/tokens", "submit": SUBMIT, "read": "/submissions", "page": "/"}
EVERY_SECONDS = 0.5


def call(
    name: str, at: float, seconds: float = 0.1, *, failed: bool = False, about: str = ""
) -> Call:
    """A row; `about` is the submission's id."""
    return Call(
        name, at, at + seconds, seconds * 1000, failed, 0, measured=True, submission_id=about
    )


def stream(
    slot: Slot = SLOT,
    *,
    broken: Collection[str] = (),
    ready_after: Callable[[float], float] = lambda _at: 0.3,
    slow_seconds: float = 0.0,
) -> list[Call]:
    """Each feature every half a second; those that are `broken` fail while the failure lasts.

    `ready_after` gives the seconds until a submission of that moment is ready. For `slow_seconds`
    after the failure every request takes a second, which is in time.
    """
    found: list[Call] = []
    for number in range(round((slot.end - slot.start) / EVERY_SECONDS)):
        at = slot.start + 0.1 + number * EVERY_SECONDS
        fails = slot.began <= at < slot.ended
        seconds = 1.0 if slot.ended <= at < slot.ended + slow_seconds else 0.1
        for feature, name in REQUESTS.items():
            is_broken = fails and feature in broken
            about = f"submission-{number}" if name == SUBMIT and not is_broken else ""
            found.append(call(name, at, seconds, failed=is_broken, about=about))
            if about:
                found.append(call(READY, at, ready_after(at), about=about))
    return found


def note(fault: str, step: int, slot: Slot) -> dict[str, Any]:
    """What a trial writes down of a failure."""
    moments = {"calm_from": slot.start, "began_at": slot.began, "ended_at": slot.ended}
    return {"fault": fault, "step": step, **moments}


@cache
def _any_trial() -> Trial:
    """A trial of another experiment, for the fields that are the same in all."""
    return sample.trials()[0]


def trial(
    arm: str,
    block: int,
    broken: Mapping[str, Collection[str]],
    *,
    sweep: str = "processes-killed",
    lost: int = 0,
    slow_seconds: float = 0.0,
) -> Trial:
    """A trial in which each fault (by name, in this order) broke these features.

    Of what was accepted, `lost` have no row. For `slow_seconds` after each failure requests are
    slow, though in time.
    """
    made = _any_trial()
    length = SLOT.end - SLOT.start
    slots = [
        Slot(*(moment + place * length for moment in dataclasses.astuple(SLOT)))
        for place in range(len(broken))
    ]
    calls = [
        dataclasses.replace(it, submission_id=it.submission_id and f"{place}-{it.submission_id}")
        for place, (slot, names) in enumerate(zip(slots, broken.values(), strict=True))
        for it in stream(slot, broken=names, slow_seconds=slow_seconds)
    ]
    ids = [it.submission_id for it in submits(calls) if not it.failed][lost:]
    stores = {"rows": dict.fromkeys(ids, "succeeded"), "uploads": [], "strays": [], "documents": {}}
    document = {
        **made.document,
        "name": f"{block:03d}-{sweep}-block{block}-{arm}",
        "sweep": sweep,
        "block": block,
        "arm": arm,
        "architecture": arm,
        "windows": [
            {"step": place, "started_at": slot.start, "ended_at": slot.end}
            for place, slot in enumerate(slots)
        ],
        "actions": [
            *(note(name, place, slots[place]) for place, name in enumerate(broken)),
            {"stores": {**stores, "results": ids, "images": ids}},
        ],
        "drained": {"shed": 0},
    }
    return dataclasses.replace(made, calls=tuple(calls), document=document, void=())
