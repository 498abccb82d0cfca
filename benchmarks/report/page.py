"""The report of load: one self-contained HTML file for screens, phones and paper."""

from benchmarks.analysis.intervals import BCA_FROM
from benchmarks.report.headlines import question_of
from benchmarks.report.sections import overhead, releases, sections, trials
from benchmarks.report.sections.accounting import accounting
from benchmarks.report.target_cores import target_cores
from benchmarks.report.template_environment import environment
from benchmarks.report.warnings import balance, warnings
from benchmarks.results_model.document import ResultsDocument
from benchmarks.results_model.experiments import TrialResults


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
            question=question_of(document.experiment, experiment.title),
            cores=target_cores(document),
            is_external=any(arm.base_url for arm in arms),
            bca_from_blocks=BCA_FROM,
            balance=balance(experiment.trials),
            warnings=warnings(document, experiment),
            overhead=overhead.card(document, experiment),
            sections=sections(experiment),
            accounting=accounting(experiment),
            during=releases.during(experiment),
            slow_limits=releases.slow_limits(experiment),
            trials=trials.by_sweep(experiment),
            void_trials=trials.void(experiment),
            limits=trials.LIMITS,
        )
    )
