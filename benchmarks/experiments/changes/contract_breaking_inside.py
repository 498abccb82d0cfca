"""Changes that break what units give each other: messages, answers, the stored result.

In the monolith the one who gives is a function or a dataclass, and who takes calls it.
"""

from functools import partial

from benchmarks.experiments.changes.editing import Edit
from benchmarks.experiments.changes.offers import PAGE, Kind, offer

_breaking = partial(offer, Kind.BREAKING)

_OPENAPI = "openapi.yaml"
_MESSAGES, _SERVICES = "recognition/messages.py", "recognition/services.py"
_ERRORS = "recognition/errors.py"

_COUNTED = """\
        count = selectors.submission_count(account_id=account_of(request))
        return JsonResponse({"submission_count": count})
"""
_FAILED = """\
        _about(request)
        | {"code": code, "detail": detail, "retryable": retryable, "failed_at": utc_now()},
"""
_ATTEMPT_FAILED = """\
    def __init__(self, detail: str, *, code: str, retryable: bool) -> None:
        super().__init__(detail)
        self.code = code
        self.retryable = retryable
"""
_ATTEMPT_FAILED_FOR_SOME_REASON = """\
    def __init__(self, detail: str, *, code: str) -> None:
        super().__init__(detail)
        self.code = code
"""
_BOX_SCHEMA = '''\
@extend_schema_serializer(component_name="Box")
class BoxSchema(serializers.Serializer[Any]):
    """Fractions of the stored picture's width and height, from its top left corner."""

    left = serializers.FloatField(min_value=0, max_value=1)
    top = serializers.FloatField(min_value=0, max_value=1)
    width = serializers.FloatField(min_value=0, max_value=1)
    height = serializers.FloatField(min_value=0, max_value=1)


'''
_BOX_LIST = """\
    box = serializers.ListField(
        child=serializers.FloatField(min_value=0, max_value=1), min_length=4, max_length=4
    )
"""
_SIDE = """\
          type: number
          format: double
          maximum: 1
          minimum: 0
"""
_BOX_COMPONENT = (
    "    Box:\n"
    "      type: object\n"
    "      description: Fractions of the stored picture's width and height, from its top\n"
    "        left corner.\n"
    "      properties:\n"
    f"        left:\n{_SIDE}        top:\n{_SIDE}        width:\n{_SIDE}        height:\n{_SIDE}"
    "      required:\n"
    "      - height\n"
    "      - left\n"
    "      - top\n"
    "      - width\n"
)
_BOX_ITEMS = """\
          type: array
          items:
            type: number
            format: double
            maximum: 1
            minimum: 0
          maxItems: 4
          minItems: 4
"""
_WITH_LISTS = """\
        for detection in result["detections"]:
            box = detection["box"]
            detection["box"] = [box["left"], box["top"], box["width"], box["height"]]
        return _json(result)
"""

OFFERS = (
    _breaking(
        "count-renamed",
        "The caller's count has the name that the account shows it under.",
        unit="submissions",
        seen_by="accounts",
        service=(
            Edit(
                "submissions/internal.py",
                '        return JsonResponse({"count": '
                "selectors.submission_count(account_id=account_of(request))})\n",
                _COUNTED,
            ),
        ),
        # Accounts find it by its name in the settings, which no type checker reads.
        monolith=(
            Edit("submissions/selectors.py", "def submission_count(", "def submissions_counted("),
        ),
    ),
    _breaking(
        "image-kind-renamed",
        "What is asked of recognition names `kind` `type` (the monolith: `source` `image`).",
        unit="submissions",
        seen_by="recognition",
        service=(
            Edit("submissions/messages.py", '{"kind": "url", ', '{"type": "url", '),
            Edit("submissions/messages.py", '"kind": "upload",', '"type": "upload",'),
        ),
        monolith=(Edit("submissions/tasks.py", "source=services.", "image=services."),),
    ),
    _breaking(
        "completed-renamed",
        "An attempt that gave a result is told of as finished.",
        unit="recognition",
        seen_by="submissions",
        service=(
            Edit(_MESSAGES, 'Final = "recognition.completed"', 'Final = "recognition.finished"'),
            Edit(
                _MESSAGES,
                'Literal["recognition.started", "recognition.completed",',
                'Literal["recognition.started", "recognition.finished",',
            ),
            Edit(_SERVICES, ": recognition.completed or", ": recognition.finished or"),
        ),
        monolith=(
            Edit(_SERVICES, "class Outcome:", "class Finished:"),
            Edit(_SERVICES, "= None,\n) -> Outcome:", "= None,\n) -> Finished:"),
            Edit(_SERVICES, "return Outcome(", "return Finished("),
        ),
    ),
    _breaking(
        "result-flattened",
        "Where the result lies is told flat (the monolith: the result is told as a document).",
        unit="recognition",
        seen_by="submissions",
        service=(
            Edit(
                _MESSAGES,
                '            "result": {"bucket": result_at.bucket, "key": result_at.key},\n',
                '            "result_bucket": result_at.bucket,\n'
                '            "result_key": result_at.key,\n',
            ),
        ),
        monolith=(
            Edit(
                _SERVICES,
                "    result: dict[str, Any]\n    source_media_type",
                "    document: dict[str, Any]\n    source_media_type",
            ),
            Edit(_SERVICES, "return Outcome(result=result,", "return Outcome(document=result,"),
        ),
    ),
    _breaking(
        "failed-without-retryable",
        "A failure tells its code, and no longer whether another attempt can end otherwise.",
        unit="recognition",
        seen_by="submissions",
        service=(
            Edit(_MESSAGES, "detail: str, retryable: bool) ->", "detail: str) ->"),
            Edit(
                _MESSAGES,
                _FAILED,
                "        _about(request)"
                ' | {"code": code, "detail": detail, "failed_at": utc_now()},\n',
            ),
            Edit(_SERVICES, "error.detail, retryable=error.retryable\n", "error.detail\n"),
        ),
        monolith=(
            Edit(
                _ERRORS,
                "gives no result. Another one may, if it is retryable.\n",
                "gives no result; its code says whether another one may.\n",
            ),
            Edit(_ERRORS, _ATTEMPT_FAILED, _ATTEMPT_FAILED_FOR_SOME_REASON),
            Edit(_ERRORS, 'code="image-unreachable", retryable=True)', 'code="image-unreachable")'),
            Edit(
                _ERRORS, 'code="image-unreachable", retryable=False\n', 'code="image-unreachable"\n'
            ),
            Edit(
                _ERRORS,
                "        super().__init__(\n"
                '            "The result couldn\'t be stored.",'
                ' code="recognizer-unavailable", retryable=True\n'
                "        )\n",
                '        super().__init__("The result couldn\'t be stored.",'
                ' code="recognizer-unavailable")\n',
            ),
            Edit(
                _ERRORS,
                '            code="recognizer-crashed",\n            retryable=True,\n',
                '            code="recognizer-crashed",\n',
            ),
            Edit(_ERRORS, '"recognizer-crashed", retryable=True)', '"recognizer-crashed")'),
            Edit(_ERRORS, 'code="timed-out", retryable=True)', 'code="timed-out")'),
            Edit(_SERVICES, "code=error.code, retryable=error.retryable)", "code=error.code)"),
        ),
    ),
    _breaking(
        "box-as-list",
        "A face's box is answered as a list of four numbers.",
        unit="submissions",
        # Recognition stores it; no pact is of what is stored, so the answer is where it changes.
        seen_by=PAGE,
        both=(
            Edit("submissions/schemas.py", _BOX_SCHEMA, ""),
            Edit("submissions/schemas.py", "    box = BoxSchema()\n", _BOX_LIST),
            Edit(
                "submissions/apis.py",
                "        return HttpResponse(\n"
                "            result_get(submission_id=submission.id),"
                ' content_type="application/json"\n'
                "        )\n",
                "        result = json.loads(result_get(submission_id=submission.id))\n"
                f"{_WITH_LISTS}",
            ),
        ),
        service=(
            Edit(_OPENAPI, "          $ref: '#/components/schemas/Box'\n", _BOX_ITEMS),
            Edit(_OPENAPI, _BOX_COMPONENT, ""),
        ),
    ),
)
