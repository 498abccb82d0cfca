"""The report of load: one self-contained HTML file for screens, phones and paper."""

from markupsafe import Markup

from benchmarks.analysis.ratios import BCA_FROM_BLOCKS, Verdict
from benchmarks.report import interval_plot
from benchmarks.report.sections import releases, sections, trials
from benchmarks.report.sections.accounting import accounting
from benchmarks.report.template_environment import environment
from benchmarks.report.warnings import balance, warnings
from benchmarks.results_model.claims import RatioClaim
from benchmarks.results_model.document import ResultsDocument
from benchmarks.results_model.experiments import TrialResults

VERDICT_CLASSES = {
    Verdict.HOLDS: "holds",
    Verdict.DOES_NOT_HOLD: "fails",
    Verdict.TOO_CLOSE: "open",
    Verdict.NOT_MEASURED: "open",
}


def render(document: ResultsDocument, experiment: TrialResults, *, packed: bool = False) -> str:
    """Return the page of an experiment with trials, of a document whose raw files may be packed."""
    arms = [arm for sweep in experiment.sweeps for arm in sweep.arms]
    return (
        environment()
        .get_template("page.html.j2")
        .render(
            results=document,
            packed=packed,
            run=document.run,
            environment=document.environment,
            experiment=experiment,
            is_external=any(arm.base_url for arm in arms),
            bca_from_blocks=BCA_FROM_BLOCKS,
            verdict_classes=VERDICT_CLASSES,
            plots={claim.name: draw_interval(claim) for claim in experiment.claims},
            balance=balance(experiment.trials),
            warnings=warnings(document, experiment),
            sections=sections(experiment),
            accounting=accounting(experiment),
            during=releases.during(experiment),
            trials=trials.by_sweep(experiment),
            void_trials=trials.void(experiment),
            limits=trials.LIMITS,
        )
    )


def draw_interval(claim: RatioClaim) -> Markup:
    """Return the small plot of a claim's ratio, interval and blocks."""
    blocks = [block.ratio for block in claim.blocks]
    return Markup(interval_plot.draw(claim.ratio, claim.low, claim.high, blocks))  # noqa: S704
