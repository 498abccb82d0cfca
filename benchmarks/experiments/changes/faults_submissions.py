"""Mistakes in submissions. Where the two sides differ, the seam is the reason (docs/seam.md)."""

from functools import partial

from benchmarks.experiments.changes.editing import Edit
from benchmarks.experiments.changes.faulting import SUBMISSIONS
from benchmarks.experiments.changes.planting import fault, null

_fault = partial(fault, SUBMISSIONS)

_APIS, _SERVICES = "submissions/apis.py", "submissions/services.py"
_SELECTORS = "submissions/selectors.py"

_MIGRATION = '''"""A note becomes a remark."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("submissions", "0002_objectremoval")]
    operations = [
        migrations.RunSQL("ALTER TABLE submissions_submission RENAME COLUMN note TO remark")
    ]
'''
_KEY = "            idempotency_key=inputs.idempotency_key_read(request),\n"
_RELEASED = "        connection_release()\n"
_IMAGE_GET = "        image = image_get("
_ON_COMMIT = "transaction.on_commit(partial({call}))"

FAULTS = (
    _fault(
        "wrong-import",
        "wrong-import",
        "The waiting is imported from where it isn't.",
        "A module renamed in one's head only; the same line of the monolith's app.",
        both=[
            Edit(
                _APIS,
                "from submissions.waiting import WAIT_MAX_SECONDS",
                "from submissions.polling import WAIT_MAX_SECONDS",
            )
        ],
    ),
    _fault(
        "page-off-by-one",
        "off-by-one",
        "A page never knows that there is another one.",
        "The one row more than is shown forgotten; the same line, below a join in the monolith.",
        both=[Edit(_SELECTORS, 'order_by("-id")[: limit + 1]', 'order_by("-id")[:limit]')],
    ),
    _fault(
        "page-slow",
        "slow",
        "A page is cut out of all of the account's submissions, read one and all.",
        "A slice on the wrong side of a bracket; the same line, below a join in the monolith.",
        both=[
            Edit(
                _SELECTORS,
                'list(rows.order_by("-id")[: limit + 1])',
                'list(rows.order_by("-id"))[: limit + 1]',
            )
        ],
    ),
    _fault(
        "field-renamed",
        "field-renamed",
        "A submission tells its `face_count`.",
        "A name made clearer that others read; the same document, written out by hand.",
        both=[
            Edit(
                "submissions/schemas.py",
                '"detection_count": submission.detection_count',
                '"face_count": submission.detection_count',
            )
        ],
    ),
    _fault(
        "migration-fails",
        "migration-fails",
        "A column is renamed that isn't there.",
        "A migration tried on one's own database only; each side has the table by this name.",
        both=[Edit("submissions/migrations/0003_remark.py", "", _MIGRATION)],
    ),
    _fault(
        "retry-unbounded",
        "retry-unbounded",
        "What may be tried again is tried again without end.",
        "A bound lost in a rewording; the same line, whose attempt is a task or a message.",
        both=[Edit(_SERVICES, "retryable and attempt < _attempts_max(code):", "retryable:")],
    ),
    _fault(
        "key-ignored",
        "idempotency-ignored",
        "The Idempotency-Key isn't handed on.",
        "An argument that has a default forgotten; the same call of the monolith's view.",
        both=[Edit(_APIS, _KEY, "")],
    ),
    _fault(
        "owner-unchecked",
        "check-weakened",
        "Everybody who knows its id may read and delete a submission.",
        "A filter dropped, since ids can't be guessed; the same query.",
        both=[
            Edit(
                _SELECTORS,
                "filter(id=_uuid(submission_id), account_id=account_id)",
                "filter(id=_uuid(submission_id))",
            )
        ],
    ),
    _fault(
        "sent-before-commit",
        "transaction-left",
        "An attempt is handed over before the row that it tells of is committed.",
        "A callback called on the spot: the service's message, and the monolith's task.",
        service=[
            Edit(
                "submissions/messages.py",
                _ON_COMMIT.format(call="message_publish, message"),
                "message_publish(message)",
            )
        ],
        monolith=[
            Edit(
                "submissions/dispatching.py",
                _ON_COMMIT.format(call="_dispatch, submission.id, submission.attempt"),
                "_dispatch(submission.id, submission.attempt)",
            )
        ],
    ),
    _fault(
        "connection-kept",
        "resource-leaked",
        "A read of the stored image keeps the database connection meanwhile.",
        "A call dropped that seems to do nothing; the same view of the monolith's web process.",
        both=[Edit(_APIS, f"{_RELEASED}{_IMAGE_GET}", _IMAGE_GET)],
    ),
)
NULLS = (
    null(
        SUBMISSIONS,
        _SERVICES,
        "# An image at which an attempt ran out of time mostly does so again",
        "# An image at which an attempt ran out of time does so again mostly",
    ),
)
