"""The report: one self-contained HTML file that opens offline, for screens, phones and paper."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from benchmarks.analysis.ratios import BCA_FROM_BLOCKS
from benchmarks.report import figures, strip, svg, wording
from benchmarks.report.kinds import kind_of, kinds_in

HERE = Path(__file__).parent
VERDICT_CLASSES = {
    "holds": "holds",
    "does not hold": "fails",
    "too close to call on this machine": "open",
}


def render(results: Mapping[str, Any]) -> str:
    """Render a results document that has passed `schema.check`."""
    templates = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=select_autoescape(("html", "j2")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= {
        "number": wording.number,
        "percent": wording.percent,
        "ms": wording.ms,
        "mib": wording.mib,
        "moment": wording.moment,
        "span": wording.span,
        "label": wording.label,
        "kind": kind_of,
    }
    scaling = results["experiments"]["scaling"]
    return templates.get_template("page.html.j2").render(
        results=results,
        run=results["run"],
        environment=results["environment"],
        scaling=scaling,
        style=Markup((HERE / "page.css").read_text(encoding="utf-8")),  # noqa: S704 - our own file
        bca_from_blocks=BCA_FROM_BLOCKS,
        verdict_classes=VERDICT_CLASSES,
        strips={claim["name"]: _strip(claim) for claim in scaling["claims"]},
        balance=wording.balance(scaling["trials"]),
        warnings=wording.warnings(results),
        **_drawings(scaling),
    )


def _strip(claim: Mapping[str, Any]) -> Markup:
    blocks = [block["ratio"] for block in claim["blocks"]]
    return Markup(strip.draw(claim["ratio"], claim["low"], claim["high"], blocks))  # noqa: S704


def _drawings(scaling: Mapping[str, Any]) -> dict[str, Any]:
    arms = scaling["arms"]
    if not any(arm["levels"] for arm in arms.values()):
        return {"drawings": {}, "kind_legend": []}
    cpu = {arm: summary["cpu_parts"] for arm, summary in arms.items()}
    memory = {arm: summary["memory_parts"] for arm, summary in arms.items()}
    # The same kinds in both figures, so that one colour is one kind.
    kinds = kinds_in([part for parts in cpu.values() for part in parts], "cpu_ms")
    drawings = {
        "throughput": figures.curves(
            arms,
            name="throughput",
            title="Throughput by users",
            axis="ready submissions per second",
            lines=[("throughput", lambda level: level["throughput"]["mean"])],
            dots="throughput",
        ),
        "cost": figures.curves(
            arms,
            name="cost",
            title="CPU time per submission by users",
            axis="CPU-ms per completed submission",
            lines=[("CPU-ms", lambda level: level["cpu_ms_per_submission"]["mean"])],
            dots="cpu_ms_per_submission",
        ),
        "ready": figures.curves(
            arms,
            name="ready",
            title="Submit to ready by users",
            axis="submit to ready, ms",
            lines=[
                ("median", lambda level: level["ready_ms"]["p50"]),
                ("95th percentile", lambda level: level["ready_ms"]["p95"]),
            ],
            logarithmic=True,
        ),
        "submit": figures.curves(
            arms,
            name="submit",
            title="The submit call by users",
            axis="submit call, ms",
            lines=[
                ("median", lambda level: level["submit_ms"]["p50"]),
                ("95th percentile", lambda level: level["submit_ms"]["p95"]),
            ],
            logarithmic=True,
        ),
        "parts": figures.stacked(
            cpu,
            kinds,
            name="parts",
            title="Where the CPU time goes",
            axis="CPU-ms per completed submission",
            amount="cpu_ms",
        ),
        "memory": figures.stacked(
            memory,
            kinds,
            name="memory",
            title="Memory under load",
            axis="MiB under load",
            amount="loaded_bytes",
            scale=1 / 2**20,
        ),
    }
    legend = [
        {
            "name": wording.label(kind[1]),
            "variable": svg.kind_variable(svg.kind_number(kinds, kind)),
        }
        for kind in kinds
    ]
    return {
        "drawings": {name: Markup(drawn) for name, drawn in drawings.items()},  # noqa: S704
        "kind_legend": legend,
    }
