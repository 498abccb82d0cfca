"""The report: one self-contained HTML file that opens offline, for screens, phones and paper."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from benchmarks.analysis.ratios import BCA_FROM_BLOCKS, Verdict
from benchmarks.report import strip
from benchmarks.report.cautions import balance, warnings
from benchmarks.report.documents import experiment_of
from benchmarks.report.sections import releases, sections, trials
from benchmarks.report.sections.accounting import accounting
from benchmarks.report.templating import environment

VERDICT_CLASSES = {
    Verdict.HOLDS: "holds",
    Verdict.DOES_NOT_HOLD: "fails",
    Verdict.TOO_CLOSE: "open",
    Verdict.NOT_MEASURED: "open",
}


def render(results: Mapping[str, Any], *, packed: bool = False) -> str:
    """Render a results document that has passed `schema.check`."""
    scaling = experiment_of(results)
    arms = [arm for sweep in scaling["sweeps"] for arm in sweep["arms"]]
    return (
        environment()
        .get_template("page.html.j2")
        .render(
            results=results,
            packed=packed,
            run=results["run"],
            environment=results["environment"],
            scaling=scaling,
            is_external=any(arm["base_url"] for arm in arms),
            bca_from_blocks=BCA_FROM_BLOCKS,
            verdict_classes=VERDICT_CLASSES,
            strips={claim["name"]: draw_strip(claim) for claim in scaling["claims"]},
            balance=balance(scaling["trials"]),
            warnings=warnings(results),
            sections=sections(scaling),
            accounting=accounting(scaling),
            during=releases.during(scaling),
            trials=trials.by_sweep(scaling),
            void_trials=trials.void(scaling),
            limits=trials.LIMITS,
        )
    )


def draw_strip(claim: Mapping[str, Any]) -> Markup:
    """The small picture of a claim's ratio, interval and blocks."""
    blocks = [block["ratio"] for block in claim["blocks"]]
    return Markup(strip.draw(claim["ratio"], claim["low"], claim["high"], blocks))  # noqa: S704
