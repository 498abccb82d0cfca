"""The page of two runs: the table of verdicts, then each experiment's claims, arms, conditions."""

from benchmarks.report.replication.paired_claims import Agreement
from benchmarks.report.replication.pairs import Replication
from benchmarks.report.template_environment import environment

_CLASSES = {
    Agreement.SAME: "holds",
    Agreement.DIFFERS: "open",
    Agreement.FLIPS: "fails",
    Agreement.ONE_RUN: "none",
}


def render(found: Replication) -> str:
    """Return the page of two runs."""
    template = environment().get_template("replication.html.j2")
    return template.render(found=found, agreement_classes=_CLASSES)
