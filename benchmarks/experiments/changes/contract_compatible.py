"""Changes to what submissions answer the page, which misses nothing.

In both architectures the same lines. The service's `openapi.yaml` tells of them, and tests that
compare whole documents know them.
"""

from functools import partial

from benchmarks.experiments.changes.editing import Edit
from benchmarks.experiments.changes.offers import PAGE, Kind, added, offer

_compatible = partial(offer, Kind.COMPATIBLE, unit="submissions", seen_by=PAGE)

_OPENAPI, _INPUTS = "openapi.yaml", "submissions/inputs.py"
_APIS, _SCHEMAS = "submissions/apis.py", "submissions/schemas.py"

_TOLD_ATTEMPT = (
    '        "completed_at": None,\n    }\n',
    '        "completed_at": None,\n        "attempt": 1,\n    }\n',
)
_REFUSED_LIMITS = ('("0", "101", "-1",', '("0", "201", "-1",')

_LOGGED = '    logger.info("submitted for: %s", body.validated_data.get("purpose"))\n'
# Both kinds of body have it; what is said goes to the log.
PURPOSE_LOGGED = (
    Edit(_INPUTS, "import re\n", "import logging\nimport re\n"),
    Edit(
        _INPUTS,
        "_KEY_MAX_CHARACTERS = 255\n",
        "logger = logging.getLogger(__name__)\n\n_KEY_MAX_CHARACTERS = 255\n",
    ),
    added(_INPUTS, '    url: str = body.validated_data["image_url"]\n', _LOGGED),
    added(
        _INPUTS,
        '    data: bytes = body.validated_data["image"].read()\n',
        _LOGGED,
    ),
)
_PURPOSE = "    purpose = TextField(max_length=100, required=False)\n"
_PURPOSE_PROPERTY = "        purpose:\n          type: string\n          maxLength: 100\n"

OFFERS = (
    _compatible(
        "attempt-told",
        "A submission also tells which attempt it is at.",
        both=(
            added(
                _SCHEMAS,
                '        "detection_count": submission.detection_count,\n',
                '        "attempt": submission.attempt,\n',
            ),
            added(
                _SCHEMAS,
                "    completed_at = serializers.DateTimeField(allow_null=True)\n",
                "    attempt = serializers.IntegerField(min_value=1)\n",
            ),
        ),
        service=(
            Edit("tests/test_create.py", *_TOLD_ATTEMPT),
            Edit(
                _OPENAPI,
                "      required:\n      - completed_at\n",
                "        attempt:\n          type: integer\n          minimum: 1\n"
                "      required:\n      - attempt\n      - completed_at\n",
            ),
        ),
        monolith=(Edit("tests/submissions/test_create.py", *_TOLD_ATTEMPT),),
    ),
    _compatible(
        "purpose-may-be-given",
        "Whoever submits an image may say what for; it goes to the log.",
        both=(
            added(
                _SCHEMAS,
                "max_length=_URL_MAX_CHARACTERS, trim_whitespace=False)\n",
                _PURPOSE,
            ),
            added(
                _SCHEMAS,
                "    image = serializers.FileField(allow_empty_file=False)\n",
                _PURPOSE,
            ),
            *PURPOSE_LOGGED,
        ),
        service=(
            Edit(
                _OPENAPI,
                "      required:\n      - image_url\n",
                f"{_PURPOSE_PROPERTY}      required:\n      - image_url\n",
            ),
            added(_OPENAPI, "          format: uri\n", _PURPOSE_PROPERTY),
        ),
    ),
    _compatible(
        "longer-pages",
        "A page of submissions may have 200 of them.",
        both=(Edit(_APIS, "_LIMIT_DEFAULT = 100, 20", "_LIMIT_DEFAULT = 200, 20"),),
        service=(
            Edit(_OPENAPI, "          maximum: 100\n", "          maximum: 200\n"),
            Edit("tests/test_paging.py", *_REFUSED_LIMITS),
        ),
        monolith=(Edit("tests/submissions/test_paging.py", *_REFUSED_LIMITS),),
    ),
    _compatible(
        "picture-kept-longer",
        "Browsers may keep a picture for a week.",
        both=(Edit(_APIS, "max-age=86400,", "max-age=604800,"),),
    ),
)
