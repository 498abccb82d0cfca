"""Changes to what submissions and recognition give others, and do inside: nothing is missed.

A message's schema and a unit's tests of whole documents tell of them, in that unit's own folder.
"""

from functools import partial

from benchmarks.experiments.changes.editing import Edit
from benchmarks.experiments.changes.offers import PAGE, Kind, added, offer

_compatible = partial(offer, Kind.COMPATIBLE)

_CONTRACTS = "tests/contracts"
_MESSAGES, _SERVICES = "recognition/messages.py", "recognition/services.py"

_PRIORITY = """\
    "priority": {
      "enum": [
        "low",
        "normal"
      ],
      "description": "How soon, beside others"
    },
"""
_BEST_SCORE = """\
    "best_score": {
      "type": [
        "number",
        "null"
      ],
      "minimum": 0,
      "maximum": 1,
      "description": "Of the face that is the surest; null without faces"
    },
"""
_HINT = """\
    "hint": {
      "type": "string",
      "minLength": 1,
      "description": "What the submission's owner can do"
    },
"""
_HINTS = '"Try again shortly." if retryable else "Submit another image."'
_FAILED = """\
        | {"code": code, "detail": detail, "retryable": retryable, "failed_at": utc_now()},
"""
_FAILED_WITH_HINT = f"""\
        | {{
            "code": code,
            "detail": detail,
            "retryable": retryable,
            "hint": {_HINTS},
            "failed_at": utc_now(),
        }},
"""
_BEST = 'max((found["score"] for found in result["detections"]), default=None)'
_OUTCOME = """\
    return Outcome(result=result, source_media_type=header.media_type, source_bytes=len(data))
"""
_OUTCOME_WITH_SCORE = f"""\
    return Outcome(
        result=result,
        source_media_type=header.media_type,
        source_bytes=len(data),
        best_score={_BEST},
    )
"""
_COUNT = """\
        return JsonResponse({"count": selectors.submission_count(account_id=account_of(request))})
"""
_COUNTS = """\
        account_id = account_of(request)
        counts = {
            "count": selectors.submission_count(account_id=account_id),
            "open": selectors.submission_open_count(account_id=account_id),
        }
        return JsonResponse(counts)
"""
_COUNTER = '''\
def submission_count(*, account_id: UUID, authorization: str = "") -> int:  # noqa: ARG001
    """Returns how many submissions the account has. Whoever calls here has been identified."""
'''
_COUNTER_OF_OPEN = '''\
def submission_count(
    *,
    account_id: UUID,
    authorization: str = "",  # noqa: ARG001
    only_open: bool = False,
) -> int:
    """Returns how many submissions the account has. Whoever calls here has been identified."""
    if only_open:
        return submission_open_count(account_id=account_id)
'''

OFFERS = (
    _compatible(
        "open-counted",
        "Who asks for the count can also have that of the open ones.",
        unit="submissions",
        seen_by="accounts",
        service=(
            Edit("submissions/internal.py", _COUNT, _COUNTS),
            Edit("tests/test_reading.py", '{"count": 3}', '{"count": 3, "open": 3}'),
            Edit("tests/test_reading.py", '{"count": 0}', '{"count": 0, "open": 0}'),
            Edit("tests/test_processes.py", '{"count": 1}', '{"count": 1, "open": 0}'),
        ),
        monolith=(Edit("submissions/selectors.py", _COUNTER, _COUNTER_OF_OPEN),),
    ),
    _compatible(
        "priority-asked",
        "What is asked of recognition also tells how soon it is wanted.",
        unit="submissions",
        seen_by="recognition",
        service=(
            added(
                "submissions/messages.py",
                '        "attempt": submission.attempt,\n',
                '        "priority": "normal",\n',
            ),
            Edit(
                f"{_CONTRACTS}/recognition.requested.schema.json",
                '    "requested_at": {\n',
                f'{_PRIORITY}    "requested_at": {{\n',
            ),
        ),
        monolith=(
            Edit(
                "submissions/dispatching.py",
                "args=[str(submission_id), attempt],",
                'args=[str(submission_id), attempt, "normal"],',
            ),
            Edit(
                "submissions/tasks.py",
                "        submission_id, attempt = args\n",
                "        submission_id, attempt, *_ = args\n",
            ),
            Edit(
                "submissions/tasks.py",
                "def recognize(self: RecognizeTask, submission_id: str, attempt: int) -> None:\n",
                "def recognize(\n"
                "    self: RecognizeTask, submission_id: str, attempt: int,"
                ' priority: str = "normal"\n'
                ") -> None:\n",
            ),
            Edit(
                "submissions/tasks.py",
                "    with structlog.contextvars.bound_contextvars("
                "submission_id=submission_id, attempt=attempt):\n",
                "    with structlog.contextvars.bound_contextvars(\n"
                "        submission_id=submission_id, attempt=attempt, priority=priority\n"
                "    ):\n",
            ),
        ),
    ),
    _compatible(
        "waiting-renamed",
        "A function within the unit has another name, and so have its callers' calls.",
        unit="submissions",
        seen_by=PAGE,
        both=(
            Edit("submissions/waiting.py", "def settled_or_gone(", "def settlement_wait("),
            Edit("config/exchange.py", ", settled_or_gone\n", ", settlement_wait\n"),
            Edit("config/exchange.py", "await settled_or_gone(", "await settlement_wait("),
        ),
    ),
    _compatible(
        "best-score-told",
        "An attempt's outcome also tells how sure the surest face is.",
        unit="recognition",
        seen_by="submissions",
        service=(
            added(
                _MESSAGES,
                '            "detection_count": len(result["detections"]),\n',
                f'            "best_score": {_BEST},\n',
            ),
            Edit(
                f"{_CONTRACTS}/recognition.completed.schema.json",
                '    "completed_at": {\n',
                f'{_BEST_SCORE}    "completed_at": {{\n',
            ),
            added(
                "tests/test_services.py",
                '        "detection_count": 1,\n',
                '        "best_score": 0.9,\n',
            ),
        ),
        monolith=(
            added(_SERVICES, "    source_bytes: int\n", "    best_score: float | None = None\n"),
            Edit(_SERVICES, _OUTCOME, _OUTCOME_WITH_SCORE),
        ),
    ),
    _compatible(
        "failure-hint",
        "A failure also tells what the submission's owner can do.",
        unit="recognition",
        seen_by="submissions",
        service=(
            Edit(_MESSAGES, _FAILED, _FAILED_WITH_HINT),
            Edit(
                f"{_CONTRACTS}/recognition.failed.schema.json",
                '    "failed_at": {\n',
                f'{_HINT}    "failed_at": {{\n',
            ),
        ),
        monolith=(
            added(
                "recognition/errors.py",
                "        self.retryable = retryable\n",
                f"        self.hint = {_HINTS}\n",
            ),
        ),
    ),
    _compatible(
        "failure-reworded",
        "An upload that can't be read is told of in other words, under the same code.",
        unit="recognition",
        seen_by="submissions",
        both=(
            Edit(
                "recognition/errors.py",
                "The image couldn't be read.",
                "The upload couldn't be read.",
            ),
        ),
    ),
)
