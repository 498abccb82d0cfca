"""What opens the first page of a comparison: which questions the run settles, and its size."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from benchmarks.analysis.verdicts import Verdict
from benchmarks.report.formats import count
from benchmarks.results_model.claims import JudgedClaim
from benchmarks.results_model.contract import ContractResults
from benchmarks.results_model.document import ResultsDocument, Run
from benchmarks.results_model.experiments import ExperimentResults
from benchmarks.results_model.isolation import IsolationResults

NUMBERS = ("none", "one", "two", "three", "four", "five")
PROFILES: Mapping[str, str] = {
    "smoke": "It runs everything once, to see that it works, and concludes nothing.",
    "quick": (
        "It repeats as little as a verdict allows, to find large effects and give first guesses. "
        "Standard repeats more, with more faults and two further questions; full runs for a night."
    ),
    "standard": (
        "It repeats as often as its questions need given how its blocks vary. "
        "Full repeats more, overnight, for narrower intervals."
    ),
    "full": "It repeats all night, for the narrowest intervals.",
}


def is_settled(claim: JudgedClaim) -> bool:
    """Return whether a run decides a claim."""
    return claim.verdict not in {None, Verdict.INCONCLUSIVE}


def size(results: ExperimentResults, claim: JudgedClaim) -> str:
    """Return how many times a claim was measured: "5 blocks", "8 faults"."""
    match results:
        case IsolationResults():
            return count(len(claim.blocks), "fault")
        case ContractResults():
            return count(len(claim.blocks), "change")
    return count(len(claim.blocks), "block")


def settled(profile: str, answers: Sequence[tuple[str, bool]]) -> str:
    """Return how many questions are settled, from the size of each and whether it is settled."""
    sizes = ", ".join(dict.fromkeys(size for size, _ in answers))
    decided, questions = sum(is_decided for _, is_decided in answers), len(answers)
    found = "all" if decided == questions > 1 else _number(decided)
    noun = "question" if questions == 1 else "questions"
    return f"This {profile} run ({sizes}) settles {found} of the {_number(questions)} {noun}."


def _number(amount: int) -> str:
    return NUMBERS[amount] if amount < len(NUMBERS) else str(amount)


def minutes(runs: Sequence[Run]) -> int | None:
    """Return from the first start to the last end of the experiments; None while one runs."""
    ends = [run.finished_at for run in runs]
    if not runs or any(end is None for end in ends):
        return None
    began = min(datetime.fromisoformat(run.started_at) for run in runs)
    ended = max(datetime.fromisoformat(end) for end in ends if end is not None)
    return round((ended - began).total_seconds() / 60)


def profile_note(profile: str, documents: Sequence[ResultsDocument]) -> str:
    """Return a sentence on how long the run took, what its profile is for, and what others add."""
    took = minutes([document.run for document in documents])
    lasted = "" if took is None else f"It took {count(took, 'minute')}. "
    return lasted + PROFILES.get(profile, "")
