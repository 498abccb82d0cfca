"""The features of the flow, and whether each request or submission was served in time.

A request is served in time with the expected response within `REQUEST_SECONDS`. A submission is
ready in time when its result is within `READY_SECONDS`. Both count from the intended start.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.analysis.trials import READY, SHED, Call

REQUEST_SECONDS = 2.0
READY_SECONDS = 3.0
SIGN_IN, SUBMIT, READ, PAGE, BECOME_READY = "sign in", "submit", "read", "page", "become ready"
FEATURES = (SIGN_IN, SUBMIT, READ, PAGE, BECOME_READY)

_SUBMIT_CALL = "/submissions (upload)"
_REQUESTS = {"/tokens": SIGN_IN, _SUBMIT_CALL: SUBMIT, "/submissions": READ, "/": PAGE}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One use of a feature. Moments are seconds of the monotonic clock.

    `served` is whether it was served at all, `in_time` whether within the limit. `accepted` is
    False for a submission that can't become ready because it was refused.
    """

    feature: str
    intended_at: float
    ended_at: float
    served: bool
    in_time: bool
    accepted: bool = True

    @property
    def seconds(self) -> float:
        """From the intended start to the end."""
        return self.ended_at - self.intended_at


def outcomes(calls: Iterable[Call]) -> list[Outcome]:
    """Return the outcome of each arrival for each feature that its calls use.

    A submission uses two features, so a refused one is refused in both. An arrival that was shed
    because every slot was busy counts as a submission: most slots are busy with these.
    """
    found = []
    for call in calls:
        if call.name == READY:
            found.append(_outcome(call, BECOME_READY, READY_SECONDS))
        elif call.name == SHED:
            found += _refused(call, (SUBMIT, BECOME_READY))
        elif call.name in _REQUESTS:
            found.append(_outcome(call, _REQUESTS[call.name], REQUEST_SECONDS))
            if call.name == _SUBMIT_CALL and call.failed:
                found += _refused(call, (BECOME_READY,))
    return found


def _outcome(call: Call, feature: str, limit_seconds: float) -> Outcome:
    in_time = not call.failed and call.ended_at - call.intended_at <= limit_seconds
    return Outcome(feature, call.intended_at, call.ended_at, not call.failed, in_time)


def _refused(call: Call, features: Sequence[str]) -> list[Outcome]:
    return [
        Outcome(it, call.intended_at, call.ended_at, served=False, in_time=False, accepted=False)
        for it in features
    ]


def submits(calls: Iterable[Call]) -> list[Call]:
    """Return the requests to submit, whatever became of them."""
    return [call for call in calls if call.name == _SUBMIT_CALL]
