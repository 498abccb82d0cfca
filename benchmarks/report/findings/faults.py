"""The page on faults: what works while one component is down, and how soon all works again."""

from collections.abc import Mapping
from statistics import fmean
from typing import Any

from benchmarks.report.figures.heat import Row, heat_maps
from benchmarks.report.findings.claims import Claim, Sentence, differences, rows, verdict_of
from benchmarks.report.findings.errors import require

ARCHITECTURES = ("monolith", "microservices")
KILLED, STALLED = "processes-killed", "backing-stalled"
SENTENCES = {
    "processes": Sentence(
        "While one process type is down, a larger share is served in time by the services, mean "
        "over features and process types (microservices \u2212 monolith).",
        verdict="supported",
    ),
    "backing": Sentence(
        "While one backing service or the edge is stalled, a larger share is served in time by the "
        "services, mean over features and components (microservices \u2212 monolith).",
        verdict="inconclusive",
    ),
    "recovery": Sentence(
        "After a process type was down, the seconds until all features work again are fewer for "
        "the services (monolith \u2212 microservices).",
        verdict="inconclusive",
    ),
}
KEPT = "supported"


def context(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the template needs of the results document."""
    faults = document["experiments"]["faults"]
    claims = differences(faults["claims"])
    sweeps = {sweep["name"]: sweep for sweep in faults["sweeps"]}
    require("verdict of what is kept", shown=faults["kept"]["verdict"], assumed=KEPT)
    arms = {name: {arm["name"]: arm for arm in sweeps[name]["arms"]} for name in (KILLED, STALLED)}
    return {
        "claim_rows": rows(SENTENCES, claims),
        "claims": claims,
        "features": faults["features"],
        "sweep": sweeps[KILLED],
        "killed": arms[KILLED],
        "stalled": [
            (one["component"], one, other)
            for one, other in zip(
                *(arms[STALLED][side]["faults"] for side in ARCHITECTURES), strict=True
            )
        ],
        "means": {
            (name, side): fmean(fault["mean"] for fault in arms[name][side]["faults"])
            for name in (KILLED, STALLED)
            for side in ARCHITECTURES
        },
        "kept": faults["kept"],
        "sweeps": faults["sweeps"],
        "alternatives": [
            (SENTENCES[claim["name"]].text, alternative["says"], _alternative(claim, alternative))
            for claim in faults["claims"]
            for alternative in claim["alternatives"]
        ],
    }


def _alternative(claim: Mapping[str, Any], alternative: Mapping[str, Any]) -> Claim:
    return Claim(
        name=claim["name"],
        value=alternative["difference"],
        low=alternative["low"],
        high=alternative["high"],
        unit=claim["unit"],
        verdict=verdict_of(alternative["verdict"]),
    )


def figure(document: Mapping[str, Any]) -> str:
    """Draw the share served in time of each feature while each process type is down."""
    faults = document["experiments"]["faults"]
    (sweep,) = (each for each in faults["sweeps"] if each["name"] == KILLED)
    return heat_maps(
        {
            arm["name"]: [
                Row(
                    fault["component"],
                    [fault["features"][name]["during"]["share"] for name in faults["features"]],
                    fault["mean"],
                )
                for fault in arm["faults"]
            ]
            for arm in sweep["arms"]
        },
        faults["features"],
        name="findings-faults",
        title="Share served in time while one process type is down",
    )
