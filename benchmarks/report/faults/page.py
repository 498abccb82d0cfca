"""The page: verdicts, the two heat maps of each sweep, every fault in figures, trials, doubts."""

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

from markupsafe import Markup

from benchmarks.report.documents import experiment_of
from benchmarks.report.figures.heat import Row, heat_map
from benchmarks.report.templating import environment
from benchmarks.report.wording import NONE, number, percent

VERDICT_CLASSES = {"supported": "holds", "not supported": "fails", "inconclusive": "open"}
POINTS = 100


def render(results: Mapping[str, Any], *, packed: bool = False) -> str:
    """Render a results document that has passed `schema.check`."""
    found = experiment_of(results)
    made = environment()
    made.filters |= {
        "difference": difference,
        "amount": amount,
        "since": since,
        "mean_of": mean_of,
    }
    return made.get_template("faults.html.j2").render(
        results=results,
        packed=packed,
        run=results["run"],
        environment=results["environment"],
        is_external=False,
        faults=found,
        verdict_classes=VERDICT_CLASSES,
        warnings=warnings(results),
        drawings={sweep["name"]: _maps(sweep, found["features"]) for sweep in found["sweeps"]},
        unrecovered=_unrecovered(found),
        void=[it for it in found["trials"] if it["void"]],
    )


def difference(value: float | None, unit: str) -> str:
    """A difference of shares in percentage points, of seconds in seconds; always with its sign."""
    if value is None:
        return NONE
    sign = "+" if value > 0 else ""
    if unit == "share":
        return f"{sign}{number(value * POINTS, 1)} points"
    return f"{sign}{number(value, 1)} s"


def amount(value: float, unit: str) -> str:
    """A measurement of a claim with its unit."""
    return percent(value, 1) if unit == "share" else f"{number(value, 1)} s"


def mean_of(fault: Mapping[str, Any], phase: str) -> float | None:
    """The mean over features of one phase; None where one feature has no share."""
    if phase == "during":
        return None if fault["mean"] is None else float(fault["mean"])
    shares = [it[phase] for it in fault["features"].values()]
    return None if None in shares else fmean(shares)


def since(seconds: Mapping[str, Any]) -> str:
    """How long something took after a failure; with how often that wasn't seen."""
    missing = f"{seconds['not_seen']} not seen" if seconds["not_seen"] else ""
    if seconds["mean"] is None:
        return missing or NONE
    mean = f"{number(seconds['mean'], 1)} s"
    return f"{mean}; {missing}" if missing else mean


def warnings(results: Mapping[str, Any]) -> list[str]:
    """What a reader must know before believing the figures, each in one or two sentences."""
    run, found = results["run"], experiment_of(results)
    said = []
    if run["status"] != "complete":
        said.append(
            f"The run is not complete: {run['status'].rstrip('.')}. "
            "What was measured until then is shown."
        )
    if run["core_shared"]:
        said.append("The load generator shared a core with what it measured.")
    if run["resumed_at"]:
        said.append("The run was stopped and resumed: its blocks are of different hours.")
    disturbed = [it for it in found["trials"] if it["disturbed"]]
    if disturbed:
        said.append(
            f"Something else used over a tenth of the target's core, or of the one beside it, in "
            f"{len(disturbed)} of {len(found['trials'])} trials: latency and recovery tell of that "
            "too."
        )
    if results["environment"].get("source", {}).get("changed"):
        said.append("The source had changes that were in no commit.")
    return said


def _maps(sweep: Mapping[str, Any], features: Sequence[str]) -> list[dict[str, Any]]:
    most = max(len(arm["faults"]) for arm in sweep["arms"])
    return [
        {
            "arm": arm["name"],
            "drawing": Markup(  # noqa: S704 - drawn here
                heat_map(
                    _rows(arm, features),
                    features,
                    most_rows=most,
                    name=f"{sweep['name']}-{arm['name']}",
                    title=f"{sweep['title']}: {arm['name']}, availability by feature",
                )
            ),
        }
        for arm in sweep["arms"]
    ]


def _rows(arm: Mapping[str, Any], features: Sequence[str]) -> list[Row]:
    return [
        Row(
            fault["component"],
            [fault["features"][it]["during"]["share"] for it in features],
            fault["mean"],
        )
        for fault in arm["faults"]
    ]


def _unrecovered(found: Mapping[str, Any]) -> list[str]:
    """Where the target wasn't well again in the watched time: "monolith, kill monolith-web, 2"."""
    return [
        f"{arm['name']}, {fault['name']}: {fault['recovered']['not_seen']} of {fault['trials']}"
        for sweep in found["sweeps"]
        for arm in sweep["arms"]
        for fault in arm["faults"]
        if fault["recovered"]["not_seen"]
    ]
