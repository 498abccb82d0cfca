"""Changes that break the page: what it asks or reads of submissions is there no longer.

In both architectures the same lines, since the page calls both alike.
"""

from functools import partial

from benchmarks.experiments.changes.contract_compatible import PURPOSE_LOGGED
from benchmarks.experiments.changes.editing import Edit
from benchmarks.experiments.changes.offers import PAGE, Kind, offer

_breaking = partial(offer, Kind.BREAKING, unit="submissions", seen_by=PAGE)

_APIS, _SCHEMAS = "submissions/apis.py", "submissions/schemas.py"
_OPENAPI = "openapi.yaml"

_FAILURE_CODES = """\
_FAILURE_CODES = (
    "image-unreachable",
    "image-forbidden-address",
    "image-too-large",
    "image-unsupported",
    "image-corrupt",
    "recognizer-unavailable",
    "recognizer-crashed",
    "timed-out",
)
"""
_ERROR = """\
        "error": (
            {"code": submission.error_code, "detail": submission.error_detail}
            if submission.error_code
            else None
        ),
"""
_ERROR_SCHEMA = '''\
@extend_schema_serializer(component_name="SubmissionError")
class SubmissionErrorSchema(serializers.Serializer[Any]):
    """Why a submission failed."""

    code = serializers.ChoiceField(choices=_FAILURE_CODES)
    detail = serializers.CharField()


'''
_ERROR_COMPONENT = """\
    SubmissionError:
      type: object
      description: Why a submission failed.
      properties:
        code:
          $ref: '#/components/schemas/CodeEnum'
        detail:
          type: string
      required:
      - code
      - detail
"""
_CODE_COMPONENT = """\
    CodeEnum:
      enum:
      - image-unreachable
      - image-forbidden-address
      - image-too-large
      - image-unsupported
      - image-corrupt
      - recognizer-unavailable
      - recognizer-crashed
      - timed-out
      type: string
      description: |-
        * `image-unreachable` - image-unreachable
        * `image-forbidden-address` - image-forbidden-address
        * `image-too-large` - image-too-large
        * `image-unsupported` - image-unsupported
        * `image-corrupt` - image-corrupt
        * `recognizer-unavailable` - recognizer-unavailable
        * `recognizer-crashed` - recognizer-crashed
        * `timed-out` - timed-out
"""
_ERROR_PROPERTY = """\
          oneOf:
          - $ref: '#/components/schemas/SubmissionError'
          - type: 'null'
"""
_TEXT_PROPERTY = """\
          type:
          - string
          - 'null'
"""
_CREATED_PROPERTY = """\
        created_at:
          type: string
          format: date-time
        started_at:
"""
_PURPOSE = "    purpose = TextField(max_length=100)\n"
_PURPOSE_PROPERTY = "        purpose:\n          type: string\n          maxLength: 100\n"
_ADDRESS_FIELD = (
    "    image_url = TextField("
    "min_length=1, max_length=_URL_MAX_CHARACTERS, trim_whitespace=False)\n"
)
_UPLOAD_FIELD = "    image = serializers.FileField(allow_empty_file=False)\n"

OFFERS = (
    _breaking(
        "state-renamed",
        "A submission's state is called its status.",
        both=(
            Edit(_SCHEMAS, '"state": submission.state,', '"status": submission.state,'),
            Edit(_SCHEMAS, "    state = serializers", "    status = serializers"),
        ),
        service=(
            Edit(
                _OPENAPI,
                "        state:\n          $ref: '#/components/schemas/StateEnum'\n",
                "        status:\n          $ref: '#/components/schemas/StatusEnum'\n",
            ),
            Edit(_OPENAPI, "    StateEnum:\n", "    StatusEnum:\n"),
            Edit(_OPENAPI, "- started_at\n      - state\n", "- started_at\n      - status\n"),
        ),
    ),
    _breaking(
        "created-at-removed",
        "A submission no longer tells when it came in: when it began is enough.",
        both=(
            Edit(_SCHEMAS, '        "created_at": _time(submission.created_at),\n', ""),
            Edit(
                _SCHEMAS,
                "    created_at = serializers.DateTimeField()\n    started_at",
                "    started_at",
            ),
        ),
        service=(
            Edit(_OPENAPI, _CREATED_PROPERTY, "        started_at:\n"),
            Edit(_OPENAPI, "- created_at\n      - detection_count\n", "- detection_count\n"),
        ),
    ),
    _breaking(
        "id-without-dashes",
        "Ids are told without dashes; in a path they may have them still.",
        both=(
            # Still a UUID to openapi.yaml, which has no word for the spelling.
            Edit(_SCHEMAS, '"id": str(submission.id),', '"id": submission.id.hex,'),
            Edit(
                "submissions/selectors.py",
                "if str(found) != text.lower():",
                "if text.lower() not in {found.hex, str(found)}:",
            ),
        ),
    ),
    _breaking(
        "error-is-a-text",
        "A submission's error is one sentence, without a code of its own.",
        both=(
            Edit(_SCHEMAS, _ERROR, '        "error": submission.error_detail,\n'),
            Edit(
                _SCHEMAS,
                "error = SubmissionErrorSchema(allow_null=True)",
                "error = serializers.CharField(allow_null=True)",
            ),
            Edit(_SCHEMAS, _ERROR_SCHEMA, ""),
            Edit(_SCHEMAS, _FAILURE_CODES, ""),
        ),
        service=(
            Edit(_OPENAPI, _ERROR_PROPERTY, _TEXT_PROPERTY),
            Edit(_OPENAPI, _ERROR_COMPONENT, ""),
            Edit(_OPENAPI, _CODE_COMPONENT, ""),
        ),
    ),
    _breaking(
        "created-answers-201",
        "A new submission is answered with 201, since it is made.",
        both=(
            Edit(_APIS, "answer.document, status=202,", "answer.document, status=201,"),
            Edit(_APIS, "            202: SubmissionSchema,", "            201: SubmissionSchema,"),
        ),
        service=(Edit(_OPENAPI, "        '202':\n", "        '201':\n"),),
    ),
    _breaking(
        "next-cursor-renamed",
        "A page's next cursor has the name of the parameter that it is given back as.",
        both=(
            Edit(_APIS, '"next_cursor": cursor_encode', '"cursor": cursor_encode'),
            Edit(_SCHEMAS, "    next_cursor = serializers", "    cursor = serializers"),
        ),
        service=(
            Edit(_OPENAPI, "        next_cursor:\n", "        cursor:\n"),
            Edit(_OPENAPI, "- items\n      - next_cursor\n", "- cursor\n      - items\n"),
        ),
    ),
    _breaking(
        "purpose-required",
        "Whoever submits an image must say what for; it goes to the log.",
        both=(
            Edit(_SCHEMAS, _ADDRESS_FIELD, _ADDRESS_FIELD + _PURPOSE),
            Edit(_SCHEMAS, _UPLOAD_FIELD, _UPLOAD_FIELD + _PURPOSE),
            *PURPOSE_LOGGED,
        ),
        service=(
            Edit(
                _OPENAPI,
                "      required:\n      - image_url\n",
                f"{_PURPOSE_PROPERTY}      required:\n      - image_url\n      - purpose\n",
            ),
            Edit(
                _OPENAPI,
                "          format: uri\n      required:\n      - image\n",
                f"          format: uri\n{_PURPOSE_PROPERTY}"
                "      required:\n      - image\n      - purpose\n",
            ),
        ),
    ),
)
