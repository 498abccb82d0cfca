"""Mistakes in what the parts promise: the shared files, and what goes from part to part.

Between services that is a message with its schema, of which each side keeps a copy. In the
monolith it is a task's arguments and the outcome that a call returns, which no file describes.
"""

from functools import partial

from benchmarks.experiments.changes.editing import Edit
from benchmarks.experiments.changes.faulting import CONTRACTS
from benchmarks.experiments.changes.planting import fault, null

_fault = partial(fault, CONTRACTS)

_SHARED = "shared/contracts"
_OPENAPI, _ERRORS = f"{_SHARED}/openapi.yaml", f"{_SHARED}/errors.yaml"
_SUBMISSIONS = "microservices/submissions"
_RECOGNITION = "microservices/recognition"
_ASKS = f"{_SUBMISSIONS}/submissions/messages.py"
_TELLS = f"{_RECOGNITION}/recognition/messages.py"
_STEP, _TASKS = "monolith/recognition/services.py", "monolith/submissions/tasks.py"
_HANDS_OVER = "monolith/submissions/dispatching.py"

_BYTES_REQUIRED = '        "source_media_type",\n        "source_bytes"\n'
_BYTES_DESCRIBED = """\
        "source_bytes": {
          "type": "integer",
          "minimum": 1,
          "description": "How many bytes were fetched or uploaded; the Submission's image.bytes"
        }
"""
_TYPE_DESCRIBED = """\
          "description": "Of what was fetched or uploaded; the Submission's image.media_type"
        },
"""
_ATTEMPT = '    "attempt": {\n      "type": "integer",\n      "minimum": 1,\n'
_UNREACHABLE = "    title: Image unreachable\n    retryable: true\n"
_DELETED = ('"status": 204', '"status": 200')


def _schema(message: str, *changes: tuple[str, str]) -> tuple[Edit, ...]:
    """The same changes to a message's schema and to both copies of it."""
    folders = (
        f"{_SHARED}/messages",
        f"{_SUBMISSIONS}/tests/contracts",
        f"{_RECOGNITION}/tests/contracts",
    )
    return tuple(
        Edit(f"{folder}/{message}.schema.json", old, new)
        for folder in folders
        for old, new in changes
    )


FAULTS = (
    _fault(
        "field-renamed",
        "field-renamed",
        "The document calls a submission's `detection_count` its `face_count`.",
        "A document made nicer than the code; both architectures are held to this one.",
        both=[
            Edit(_OPENAPI, "image, detection_count, error,", "image, face_count, error,"),
            Edit(
                _OPENAPI,
                '        detection_count:\n          type: [integer, "null"]',
                '        face_count:\n          type: [integer, "null"]',
            ),
        ],
    ),
    _fault(
        "status-differs",
        "wrong-status",
        "The document answers a new submission with 201.",
        "What most would expect, written down unasked; both architectures are held to it.",
        both=[
            Edit(
                _OPENAPI,
                '        "202":\n          description: Taken in;',
                '        "201":\n          description: Taken in;',
            )
        ],
    ),
    _fault(
        "code-renamed",
        "code-renamed",
        "The list of errors calls `email-taken` by another name.",
        "A code worded better in one file of several; both architectures are held to this one.",
        both=[Edit(_ERRORS, "  email-taken:\n", "  email-in-use:\n")],
    ),
    _fault(
        "retry-differs",
        "value-wrong",
        "The list of errors says that an image that can't be reached isn't tried again.",
        "A promise changed without the code; both architectures are held to this list.",
        both=[Edit(_ERRORS, _UNREACHABLE, _UNREACHABLE.replace("true", "false"))],
    ),
    _fault(
        "message-field-dropped",
        "field-dropped",
        "An outcome no longer tells how many bytes the image had.",
        "A field that its sender doesn't need: the message's, and the monolith's outcome's.",
        service=[
            *_schema(
                "recognition.completed",
                (_BYTES_REQUIRED, '        "source_media_type"\n'),
                (f"{_TYPE_DESCRIBED}{_BYTES_DESCRIBED}", _TYPE_DESCRIBED.replace("},", "}")),
                (
                    '        "source_media_type": "image/jpeg",\n        "source_bytes": 183204\n',
                    '        "source_media_type": "image/jpeg"\n',
                ),
            ),
            Edit(_TELLS, '                "source_bytes": picture.source_bytes,\n', ""),
        ],
        monolith=[
            Edit(_STEP, "    source_bytes: int\n", ""),
            Edit(
                _STEP,
                "source_media_type=header.media_type, source_bytes=len(data))",
                "source_media_type=header.media_type)",
            ),
        ],
    ),
    _fault(
        "message-field-renamed",
        "field-renamed",
        "A failure tells its `reason`, no longer its `detail`.",
        "A name agreed on with nobody: the message's, and the monolith's error's.",
        service=[
            *_schema(
                "recognition.failed",
                ('    "detail",\n', '    "reason",\n'),
                ('    "detail": {\n', '    "reason": {\n'),
                ('      "detail": "The image', '      "reason": "The image'),
            ),
            Edit(_TELLS, '"detail": detail, "retryable"', '"reason": detail, "retryable"'),
        ],
        monolith=[
            Edit(
                "monolith/recognition/errors.py",
                "        self.detail = detail\n",
                "        self.reason = detail\n",
            ),
        ],
    ),
    _fault(
        "message-field-optional",
        "check-weakened",
        "A request for an attempt needn't say which one it is.",
        "A default for old senders: the message's field, and the monolith's task's argument.",
        service=[
            *_schema(
                "recognition.requested",
                ('    "image",\n    "attempt",\n', '    "image",\n'),
            ),
            Edit(_TELLS, 'attempt = fields["attempt"]', 'attempt = fields.get("attempt", 1)'),
        ],
        monolith=[
            Edit(
                _TASKS,
                "submission_id: str, attempt: int) -> None",
                "submission_id: str, attempt: int = 1) -> None",
            )
        ],
    ),
    _fault(
        "message-type-changed",
        "type-changed",
        "The number of an attempt travels as a text.",
        "Everything made a text on its way: the message's field, and the monolith's argument.",
        service=[
            *_schema(
                "recognition.requested",
                (_ATTEMPT, '    "attempt": {\n      "type": "string",\n      "minLength": 1,\n'),
                ('      "attempt": 1,\n', '      "attempt": "1",\n'),
                ('      "attempt": 2,\n', '      "attempt": "2",\n'),
            ),
            Edit(_ASKS, '"attempt": submission.attempt', '"attempt": str(submission.attempt)'),
        ],
        monolith=[
            Edit(
                _HANDS_OVER,
                "args=[str(submission_id), attempt]",
                "args=[str(submission_id), str(attempt)]",
            )
        ],
    ),
    _fault(
        "queue-renamed",
        "address-wrong",
        "Attempts are asked for in a queue that nobody reads.",
        "A name put into the plural on one side: the service's message, and the monolith's task.",
        service=[
            Edit(_ASKS, 'REQUESTED_QUEUE = "recognition"', 'REQUESTED_QUEUE = "recognitions"')
        ],
        monolith=[Edit(_HANDS_OVER, 'QUEUE = "recognition"', 'QUEUE = "recognitions"')],
    ),
    _fault(
        "copy-differs",
        "copy-stale",
        "A unit's copy of the page's pact asks for another status.",
        "A copy mended by hand: each side keeps one of its own pact with the page.",
        service=[Edit(f"{_SUBMISSIONS}/tests/contracts/pacts/web-submissions.json", *_DELETED)],
        monolith=[Edit("monolith/tests/contracts/pacts/web-monolith.json", *_DELETED)],
    ),
)
NULLS = (
    null(
        CONTRACTS,
        _ERRORS,
        "# client      what a client should do",
        "# client      what whoever calls should do",
    ),
)
