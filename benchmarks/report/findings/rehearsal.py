"""The page on operation: what was rehearsed on each container engine, on both sides."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.report import svg
from benchmarks.report.figures.counts_over_time import Counted, counts_over_time
from benchmarks.report.findings.disturbance import is_disturbed
from benchmarks.report.findings.errors import FindingsError
from benchmarks.report.formats import NARROW_NO_BREAK, number
from benchmarks.report.styles import Style
from benchmarks.results_model.rehearsal import (
    Kind,
    RehearsalDocument,
    RehearsedStep,
    read_rehearsal,
)

NAME = "rehearsal"
FOLDER = "example-rehearsal"
ENGINES = {"compose": "Docker Compose", "kubernetes": "Kubernetes"}
SIDES = {"monolith": ("monolith", "first", "o"), "microservices": ("services", "second", "s")}
Documents = Mapping[tuple[str, str], RehearsalDocument]  # by engine and architecture


def read(results: Path) -> Documents:
    """Return the document of each engine and architecture. UnreadableRehearsal without one."""
    found = {}
    for engine in ENGINES:
        for side in SIDES:
            document = read_rehearsal(results / FOLDER / f"{engine}-{side}.json")
            if (document.engine, document.architecture) != (engine, side):
                message = f"{engine}-{side}.json in {FOLDER} is of another rehearsal."
                raise FindingsError(message)
            found[engine, side] = document
    return found


def context(documents: Documents) -> dict[str, Any]:
    """Return what the template needs."""
    every = list(documents.values())
    releases = [step for document in every for step in document.of("releases")]
    queues = [step for document in every for step in document.of("queue")]
    return {
        "folder": FOLDER,
        "engines": [
            (title, [_side(documents[engine, side], label) for side, (label, *_) in SIDES.items()])
            for engine, title in ENGINES.items()
        ],
        "problems": [
            f"{SIDES[document.architecture][0]} on {ENGINES[document.engine]}, {title(step)}: {it}"
            for document in every
            for step in document.steps
            for it in step.problems
        ],
        "releases": _sum(releases, "releases"),
        "released_requests": _sum(releases, "requests"),
        "released_failed": _sum(releases, "failed requests"),
        "replaced_failed": _sum(releases, "failed while the edge was replaced"),
        "never_ready": sum(len(document.of("never ready")) for document in every),
        "wrong": sum(len(document.of("wrong responses")) for document in every),
        "queued": _whole(queues[0], "accepted submissions"),
        "from_none": [
            f"{step.subject} {_span(step)}"
            for step in queues
            if step.figures["fewest workers"] == 0
        ],
        "disturbed": [
            f"{SIDES[it.architecture][0]} on {ENGINES[it.engine]}"
            for it in every
            if is_disturbed(it.environment)
        ],
    }


def figure(documents: Documents) -> str:
    """Draw the workers that Kubernetes ran while a queue grew and was emptied, on both sides."""
    arms = [
        Counted(
            f"{label}, at least {_whole(step, 'fewest workers')}",
            Style(svg.hue_colour(hue, 1), marker),
            [step.workers],
            float(step.figures["queue empty after, s"]),
        )
        for side, (label, hue, marker) in SIDES.items()
        for step in documents["kubernetes", side].of("queue")
    ]
    return counts_over_time(
        arms,
        name=NAME,
        title="Workers that Kubernetes ran by itself",
        counted="ready workers",
        start="the first submission; shaded until the queue was empty",
    )


def title(step: RehearsedStep) -> str:
    """Return what was done, in words."""
    titles: Mapping[Kind, str] = {
        "releases": f"{_whole(step, 'releases')} releases of {step.subject}",
        "never ready": f"a release of {step.subject} that never becomes ready",
        "wrong responses": f"a release of {step.subject} with wrong responses",
        "kill": f"{step.subject} killed in the middle of an attempt, others waiting",
        "restart": f"{step.subject} restarted",
        "cordon": f"{step.subject} evicted in the middle of an attempt, no node takes new pods",
        "queue": f"a queue for more than one {step.subject}, at the beginning and the end"
        f" {'one' if step.figures.get('fewest workers') else 'none'}",
        "evict": f"both pods of {step.subject} evicted, one by one",
        "order": f"{step.subject} scaled 1 → 2 → 1",
        "load": "a short load, four times the light one",
        "contract": "the conformance suite",
    }
    return titles[step.kind]


def _side(document: RehearsalDocument, label: str) -> dict[str, Any]:
    return {
        "label": label,
        "document": document,
        "ready": number(document.ready_seconds, 0),
        "rows": [(title(step), _outcome(step), _failed(step)) for step in document.steps],
        "failed": document.total("failed requests"),
        "requests": document.total("requests"),
    }


def _outcome(step: RehearsedStep) -> str:
    """Return what came of a step, as in "away for 2.5 s"."""

    def seconds(name: str) -> str:
        return f"{number(float(step.figures[name]))}{NARROW_NO_BREAK}s"

    texts: Mapping[Kind, Callable[[], str]] = {
        "releases": lambda: (
            f"{seconds('median, s')} each; the last undone by order within"
            f" {seconds('undone within, s')}"
        ),
        "never ready": lambda: (
            f"given up, and undone without an order, after {seconds('ended after, s')}"
        ),
        "wrong responses": lambda: f"refused by the canary after {seconds('ended after, s')}",
        "kill": lambda: f"all final after {seconds('all final after, s')}",
        "restart": lambda: f"away for {seconds('away, s')}",
        "cordon": lambda: f"all final after {seconds('all final after, s')}",
        "queue": lambda: f"{_span(step)} workers; {_times(step)}",
        "evict": lambda: "",
        "order": lambda: f"the second ready after {seconds('second process, s')}",
        "load": lambda: f"all final {seconds('final after, s')} later",
        "contract": lambda: (
            f"{_passed(step)} passed, {_whole(step, 'skipped')} skipped,"
            f" {_whole(step, 'failed')} failed"
        ),
    }
    return texts[step.kind]()


def _passed(step: RehearsedStep) -> int:
    cases, failed, skipped = (int(step.figures[it]) for it in ("cases", "failed", "skipped"))
    return cases - failed - skipped


def _span(step: RehearsedStep) -> str:
    """Return the numbers of workers: at first, the most, in the end."""
    counts = [it.count for it in step.workers]
    return f"{counts[0]} → {max(counts)} → {counts[-1]}"


def _times(step: RehearsedStep) -> str:
    """Return after how long a further one was ready, and the fewest were left."""
    first = number(float(step.figures["first new worker after, s"]), 0)
    last = number(step.workers[-1].at_seconds, 0)
    unit = f"{NARROW_NO_BREAK}s"
    return f"one more after {first}{unit}, the fewest after {last}{unit}"


def _failed(step: RehearsedStep) -> str:
    """Return the failed requests of all; nothing where none was sent."""
    if "requests" not in step.figures:
        return ""
    return f"{_whole(step, 'failed requests')} of {_whole(step, 'requests')}"


def _whole(step: RehearsedStep, name: str) -> str:
    """Return a count; nothing where the step has none."""
    return number(float(step.figures[name]), 0) if name in step.figures else ""


def _sum(steps: list[RehearsedStep], name: str) -> int:
    return sum(int(step.figures.get(name, 0)) for step in steps)
