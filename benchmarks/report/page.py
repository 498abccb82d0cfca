"""The report of load: one self-contained HTML file for screens, phones and paper."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from benchmarks.analysis.ratios import BCA_FROM_BLOCKS, Verdict
from benchmarks.report import interval_plot
from benchmarks.report.documents import experiment_of
from benchmarks.report.sections import releases, sections, trials
from benchmarks.report.sections.accounting import accounting
from benchmarks.report.template_environment import environment
from benchmarks.report.warnings import balance, warnings

VERDICT_CLASSES = {
    Verdict.HOLDS: "holds",
    Verdict.DOES_NOT_HOLD: "fails",
    Verdict.TOO_CLOSE: "open",
    Verdict.NOT_MEASURED: "open",
}


def render(results: Mapping[str, Any], *, packed: bool = False) -> str:
    """Return the page of a results document that has passed `schema.check`."""
    experiment = experiment_of(results)
    arms = [arm for sweep in experiment["sweeps"] for arm in sweep["arms"]]
    return (
        environment()
        .get_template("page.html.j2")
        .render(
            results=results,
            packed=packed,
            run=results["run"],
            environment=results["environment"],
            experiment=experiment,
            is_external=any(arm["base_url"] for arm in arms),
            bca_from_blocks=BCA_FROM_BLOCKS,
            verdict_classes=VERDICT_CLASSES,
            plots={claim["name"]: draw_interval(claim) for claim in experiment["claims"]},
            balance=balance(experiment["trials"]),
            warnings=warnings(results),
            sections=sections(experiment),
            accounting=accounting(experiment),
            during=releases.during(experiment),
            trials=trials.by_sweep(experiment),
            void_trials=trials.void(experiment),
            limits=trials.LIMITS,
        )
    )


def draw_interval(claim: Mapping[str, Any]) -> Markup:
    """Return the small plot of a claim's ratio, interval and blocks."""
    blocks = [block["ratio"] for block in claim["blocks"]]
    return Markup(interval_plot.draw(claim["ratio"], claim["low"], claim["high"], blocks))  # noqa: S704
