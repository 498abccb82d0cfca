"""Mistakes in recognition: an app that returns its outcome, or a service that tells of it."""

from functools import partial

from benchmarks.experiments.changes.editing import Edit
from benchmarks.experiments.changes.faulting import RECOGNITION
from benchmarks.experiments.changes.planting import fault, null

_fault = partial(fault, RECOGNITION)

_SERVICES, _STORAGE = "recognition/services.py", "recognition/storage.py"
_ERRORS, _RESULTS = "recognition/errors.py", "recognition/results.py"

_IMPORTED = "    inspect_image,\n    normalize_image,\n"
_SPENT = "        if spent_seconds >= {limit} - _TIME_LIMIT_TOLERANCE_SECONDS:\n"
_PUT_MONOLITH = 'ContentType=media_type, IfNoneMatch="*"'
_PUT_SERVICE = '                IfNoneMatch="*",\n'


def _box(indent: int, found: str, *names: str) -> str:
    """The lines that give left and top their values."""
    fields = zip(("left", "top"), names, strict=True)
    return "".join(f'{" " * indent}"{field}": {found}.{name},\n' for field, name in fields)


FAULTS = (
    _fault(
        "wrong-import",
        "wrong-import",
        "What makes a picture fit to be kept is imported by another spelling.",
        "A British hand; the same import of the monolith's app, which its worker makes too.",
        both=[Edit(_SERVICES, _IMPORTED, _IMPORTED.replace("normalize", "normalise"))],
    ),
    _fault(
        "box-swapped",
        "values-swapped",
        "A box's left is its top, and its top its left.",
        "Two lines mixed up: the service's result document, and the one in the monolith's step.",
        service=[
            Edit(
                _RESULTS,
                _box(20, "detection", "left", "top"),
                _box(20, "detection", "top", "left"),
            )
        ],
        monolith=[
            Edit(_SERVICES, _box(12, "found", "left", "top"), _box(12, "found", "top", "left"))
        ],
    ),
    _fault(
        "field-renamed",
        "field-renamed",
        "The stored result tells the picture's `digest`.",
        "A name made clearer that others read: the service's document, and the monolith's.",
        service=[Edit(_RESULTS, '"sha256": image.sha256', '"digest": image.sha256')],
        monolith=[Edit(_SERVICES, '"sha256": image.sha256', '"digest": image.sha256')],
    ),
    _fault(
        "written-over",
        "write-unguarded",
        "A picture or a result is stored over the one of an earlier attempt.",
        "A condition dropped that the emulator at hand didn't know; the same call to the store.",
        service=[Edit(_STORAGE, _PUT_SERVICE, "")],
        monolith=[Edit(_STORAGE, _PUT_MONOLITH, "ContentType=media_type")],
    ),
    _fault(
        "upload-uncapped",
        "limit-ignored",
        "An upload is read whole, however large it is.",
        "A condition that seems to make no difference; the same read from the store.",
        both=[
            Edit(
                _STORAGE,
                "return body.read() if whole else body.read(max_bytes + 1)",
                "return body.read() if whole else body.read()",
            )
        ],
    ),
    _fault(
        "client-not-kept",
        "resource-leaked",
        "Every call to the store makes a client and connections of its own.",
        "A cache dropped that seemed to be early optimizing; the service's store is an object.",
        service=[
            Edit(_STORAGE, "from functools import cached_property\n", ""),
            Edit(
                _STORAGE, "    @cached_property\n    def _client", "    @property\n    def _client"
            ),
        ],
        monolith=[
            Edit(_STORAGE, "from functools import cache\n", ""),
            Edit(_STORAGE, "@cache\ndef _client", "def _client"),
        ],
    ),
    _fault(
        "code-renamed",
        "code-renamed",
        "An attempt whose process died ends with the code `holder-lost`.",
        "A code named as its class is; the same error of the monolith's app.",
        service=[
            Edit(
                _ERRORS,
                'code = "recognizer-crashed"\n    detail = "The recognizer stopped',
                'code = "holder-lost"\n    detail = "The recognizer stopped',
            )
        ],
        monolith=[
            Edit(
                _ERRORS,
                'code="recognizer-crashed",\n            retryable',
                'code="holder-lost",\n            retryable',
            )
        ],
    ),
    _fault(
        "time-misread",
        "off-by-one",
        "What ends at the time limit isn't taken for timed out.",
        "The tolerance on the wrong side of the bound; the same line of the monolith's step.",
        service=[
            Edit(
                _SERVICES,
                _SPENT.format(limit="parts.time_limit_seconds"),
                _SPENT.format(limit="parts.time_limit_seconds").replace(" - ", " + "),
            )
        ],
        monolith=[
            Edit(
                _SERVICES,
                _SPENT.format(limit="settings.TIME_LIMIT_SECONDS"),
                _SPENT.format(limit="settings.TIME_LIMIT_SECONDS").replace(" - ", " + "),
            )
        ],
    ),
    _fault(
        "found-twice",
        "slow",
        "Every picture is searched for faces twice.",
        "A comparison lost that only spares work; the same branch of the monolith's step.",
        service=[Edit(_SERVICES, "if picture.data != image.data:", "if picture.data:")],
        monolith=[Edit(_SERVICES, "if stored.sha256 != image.sha256:", "if stored.sha256:")],
    ),
    _fault(
        "dependency-conflict",
        "dependency-conflict",
        "A version of boto3 is asked for that the lock doesn't have.",
        "A dependency raised in one file of two; the monolith's own pyproject.toml asks as well.",
        both=[Edit("pyproject.toml", '  "boto3>=1.44",\n', '  "boto3>=99",\n')],
    ),
)
NULLS = (
    null(
        RECOGNITION,
        _STORAGE,
        "# Only a whole read notices a body that was cut.",
        "# A body that was cut is noticed by a whole read only.",
    ),
)
